//! The face as its clients see it, on both engines.
#![expect(clippy::unwrap_used, reason = "test code")]

mod catalogue;
mod customers;
mod desk;
mod openapi;
mod orders;
mod paging;
mod profiles;
mod refusals;
mod strangers;
mod subscriptions;
