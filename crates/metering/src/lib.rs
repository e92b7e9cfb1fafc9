//! Runs the usage fold: takes events in, keeps the log, and asks `usage` for every number.
//!
//! The order of things is the promise. An event is judged against the fold, appended to the log in a batch
//! that is one record and one durable commit, applied to the fold, and only then acknowledged. What is in
//! memory is a cache of the log: a start reads the newest checkpoint and replays the rest.
//!
//! Facts that others own (price sheets, channel edges, subscriptions) come through the outbox and become log
//! records too, so that the fold stays a pure function of the log. They are followed before each batch: an
//! event sent right after an order finds its subscription.

mod ahead;
pub mod alert;
mod alert_rows;
mod alerts;
pub mod anomaly;
mod budget;
mod budget_put;
mod budget_remove;
mod budgets;
mod checkpoints;
mod close;
mod edge_prices;
mod engine;
mod events_of;
pub mod files;
mod follow;
mod guard;
mod intake;
mod judging;
mod keeping;
mod names;
mod owed;
mod queue;
mod scope;
mod turn;
mod upkeep;
pub mod uploads;
mod usage_budget;
mod views;
mod watch;

pub use alert::{Alert, AlertKind};
pub use alerts::{ALERTS_MAX, AlertFilter};
pub use budget::{BudgetStatus, PutBudget, WantedScope};
pub use close::Closed;
pub use edge_prices::EdgePrices;
pub use engine::Metering;
pub use events_of::{EventQuery, FoundEvent};
pub use guard::BUDGET_MONTH;
pub use intake::{BATCH_EVENTS_MAX, Submitted, Taken, Verdict};
pub use queue::{WAITING_BYTES_MAX, WAITING_EVENTS_MAX};
pub use scope::{EdgeScope, UsageScope};
pub use usage_budget::UsageBudget;
pub use watch::SPEND_WATCH;

/// The tables of this slice.
pub const SLICE: tenantry_db::Slice = tenantry_db::Slice {
    name: "metering",
    migrations: &[
        tenantry_db::Migration { number: 1, name: "spend_guard", sql: include_str!("migrations/0001_spend_guard.sql") },
        tenantry_db::Migration { number: 2, name: "uploads", sql: include_str!("migrations/0002_uploads.sql") },
    ],
};
