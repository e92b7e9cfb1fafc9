//! Proof of the rating rules: against an independent calculator, and against real cards and real usage.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]

mod exact;
mod real_data;
mod rows;
mod seats;
