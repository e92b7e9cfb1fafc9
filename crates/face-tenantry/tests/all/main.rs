//! The face from outside: requests and answers, on both engines.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]

mod access_explain;
mod access_roles;
mod access_scene;
mod access_tenants;
mod accounts;
mod bodies;
mod budgets;
mod channel;
mod clock;
mod customer_bills;
mod events;
mod house;
mod money;
mod named_prices;
mod openapi;
mod qualifications;
mod resellers;
mod schemas;
mod second_factor;
mod support;
mod tokens;
mod uploads;
