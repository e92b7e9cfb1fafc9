//! Tenantry in a box, for tests: the engines, worlds on them, a channel with partner and customers, and what is
//! compared with committed files.
//!
//! A test says what happens, not how it is set up:
//!
//! ```no_run
//! tenantry_testkit::on_every_engine(|bench| async move {
//!     let db = tenantry_db::Db::open(bench.location().clone()).await.unwrap();
//!     // ...
//! });
//! ```
//!
//! This is a library of test code: it stops at the first surprise, and is a dev-dependency only.
#![expect(clippy::unwrap_used, clippy::panic, reason = "test code")]

mod bench;
mod engines;
mod golden;
mod lines;
mod postgres;
mod private_server;
mod shared_data;

pub use bench::{Bench, on_every_engine};
pub use engines::engines;
pub use golden::golden;
pub use shared_data::shared_data;
