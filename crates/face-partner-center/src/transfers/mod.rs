//! Transfers: subscriptions of a customer that go from one of its partners to another. Source: partner-center-v1.md 2.14,
//! 3.17, 4.14.
//!
//! As the documents of 2021 have it, the partner that sells now offers and the other accepts. What changes hands stays the
//! same subscription, with its id and the order it came from, so acceptance makes no new orders.

mod act;
mod create;
mod read;
mod wire;

pub(crate) use act::{accept, reject, withdraw};
pub(crate) use create::create;
pub(crate) use read::{eligibility, get, list};
