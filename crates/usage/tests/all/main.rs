//! Proof of the usage fold: its laws as properties over random logs, its refusals, its stored forms.
//!
//! [`builder`] writes logs as readable code. [`scenario`] draws random ones; [`oracle`] says what they must come
//! to, with arithmetic of its own ([`exact`]); [`report`] brings both to the same text, so a failure reads well.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test may stop at the first surprise")]

mod admission;
mod buckets;
mod budgets;
mod builder;
mod channels;
mod conservation;
#[path = "../../../rating/tests/all/exact.rs"]
mod exact;
mod faults;
mod laws;
mod months;
mod oracle;
mod own_prices;
mod range;
mod report;
mod running;
mod runs;
mod scenario;
mod seats;
mod stored;
