//! Runs the usage fold: takes events in, keeps the log, and asks `usage` for every number.
//!
//! The order of things is the promise. An event is judged against the fold, appended to the log in a batch
//! that is one record and one durable commit, applied to the fold, and only then acknowledged. What is in
//! memory is a cache of the log: a start reads the newest checkpoint and replays the rest.
//!
//! Facts that others own (price sheets, channel edges, subscriptions) come through the outbox and become log
//! records too, so that the fold stays a pure function of the log. They are followed before each batch: an
//! event sent right after an order finds its subscription.

mod close;
mod engine;
mod events_of;
pub mod files;
mod follow;
mod intake;
mod judging;
mod scope;
mod views;

pub use close::Closed;
pub use engine::Metering;
pub use events_of::{EventQuery, FoundEvent};
pub use intake::{BATCH_EVENTS_MAX, Submitted, Verdict};
pub use scope::{EdgeScope, UsageScope};
