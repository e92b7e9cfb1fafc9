//! The face as its clients see it, on both engines.
#![expect(clippy::unwrap_used, clippy::panic, reason = "test code")]

mod accounts;
mod catalogue;
mod compat;
mod customers;
mod desk;
mod ids;
mod invoice_seats;
mod invoices;
mod openapi;
mod orders;
mod paging;
mod profiles;
mod rate_cards;
mod refusals;
mod relationships;
mod strangers;
mod subscriptions;
mod usage;
mod users;
mod utilizations;
mod validations;
