//! Tenantry in a box, for tests: the engines, worlds on them, a channel with partner and customers, a client of
//! the faces, and the comparison with committed files.
//!
//! A test says what happens, not how it is set up:
//!
//! ```no_run
//! use tenantry_testkit::{CARD, Channel, HOURS, events, on_every_engine};
//!
//! on_every_engine(|bench| async move {
//!     let channel = Channel::new(&bench.world("2026-01-01").await).await;
//!     channel.import_card(CARD).await;
//!     let subscription = channel.order_usage(&channel.customer("Northwind").await).await;
//!     channel.advance_to("2026-01-05").await;
//!     channel.accept(events(&subscription, HOURS, &[("2026-01-02T10:00:00Z", "3")])).await;
//!     channel.advance_to("2026-02-10").await;
//!     let channel = channel.reopen(&bench).await;
//!     assert_eq!(channel.world().metering().read_all(|fold| fold.closes().len()).await, 1);
//! });
//! ```
//!
//! This is a library of test code: it stops at the first surprise, and is a dev-dependency only.
#![expect(clippy::unwrap_used, clippy::panic, reason = "test code")]

mod bench;
mod card;
mod channel;
mod client;
mod engines;
pub mod fuzz;
mod golden;
mod hold;
mod lines;
mod long_form;
mod person;
mod postgres;
mod private_server;
mod shared_data;
mod signing_key;
mod usage;
mod worlds;

pub use bench::{Bench, on_every_engine};
pub use card::{CARD, HOURS, INCLUDED, THIRD_PARTY, TIERED, UNPRICED, meter};
pub use channel::{App, Channel, SEAT_OFFER, USAGE_OFFER};
pub use client::{Client, Reply, Sending};
pub use engines::engines;
pub use golden::golden;
pub use hold::cut_off;
pub use long_form::{OnFailure, number_said};
pub use shared_data::shared_data;
pub use usage::{event, events};
pub use worlds::{GRACE_SECONDS, ORIGIN, SUFFIX, settings, time};
