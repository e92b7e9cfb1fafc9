//! Webhooks: where a partner is told what happens, in the words of partner-center-v1.md 2.21, 3.23, 4.13 and 9.13.
//!
//! Registrations are written as the samples have them, in PascalCase; the swagger has camelCase, and the clients that read
//! them take either. Validation events are camelCase everywhere.
//!
//! The routes begin with `/webhooks/v1`, not `/v1`, and are the only ones here that do.

mod certificate;
mod event;
mod registration;
mod validation;

pub(crate) use certificate::handle as certificate;
pub(crate) use event::with_fraction;
pub use event::wording;
pub(crate) use registration::{change, create, events, get};
pub(crate) use validation::{ask, find};
