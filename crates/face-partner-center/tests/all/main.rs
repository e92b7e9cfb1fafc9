//! The face as its clients see it, on both engines.
#![expect(clippy::unwrap_used, clippy::panic, reason = "test code")]

mod catalogue;
mod customers;
mod desk;
mod ids;
mod invoices;
mod openapi;
mod orders;
mod paging;
mod profiles;
mod rate_cards;
mod refusals;
mod strangers;
mod subscriptions;
mod usage;
mod utilizations;
