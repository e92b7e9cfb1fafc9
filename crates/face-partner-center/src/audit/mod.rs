//! Audit records: what the partner's people and applications did to customers and in their own tenant, in the words of
//! partner-center-v1.md 2.17, 3.19, 4.12 and 9.14.
//!
//! The trail holds every act. Shown is what has a word there (`operations`): others, such as signing in or setting a price,
//! would be unknown words to the clients, which do not read on then. What the platform did by itself is in nobody's list.

mod list;
mod operations;
mod record;
mod window;

pub(crate) use list::{get, list};
