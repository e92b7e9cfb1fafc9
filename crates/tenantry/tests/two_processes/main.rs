//! Several `tenantry serve` processes for one live world on PostgreSQL: the real program, over HTTPS.
//!
//! What one process promises, several must: an event counts once for ever, sums are exact, a month is closed once, and
//! what is taken from somebody is gone. Clients send the same events to both at the same time, one process is killed
//! (SIGKILL) or stopped (SIGSTOP) at the worst of moments, and at the end the log, both processes and `tenantry check`
//! must say the same. Moments are drawn from the number of the round; a failed test prints what brings its round back.
//!
//! In the suite a few rounds are played. The long form (`cargo xtask prove` has it and the others), before a release or after a change to `db`,
//! `metering` or `worlds`:
//!
//! ```text
//! TENANTRY_TWO_PROCESSES_ROUNDS=100 cargo test -p tenantry --test two_processes
//! TENANTRY_TWO_PROCESSES_SEED=1000 ..                                             begins with another round
//! ```
#![cfg(test)]

#[path = "../crash/death.rs"]
mod death;
#[path = "../crash/https.rs"]
mod https;

mod access;
mod closing;
mod measure;
mod node;
mod repeated;
mod scene;
mod stopped;
mod takeover;
mod usage;

use std::ops::Range;
use tenantry_testkit::{OnFailure, number_said};

/// How often a process is killed, by each of the tests that do it in rounds.
const ROUNDS: &str = "TENANTRY_TWO_PROCESSES_ROUNDS";
/// The number of the first round.
const SEED: &str = "TENANTRY_TWO_PROCESSES_SEED";

/// The numbers of all rounds.
fn rounds(otherwise: u64) -> Range<u64> {
    let first = number_said(SEED).unwrap_or(0);
    first..first + number_said(ROUNDS).unwrap_or(otherwise)
}

/// What brings a round back: it and those before it in the same world.
fn brought_back(of_a_world: &Range<u64>, round: u64) -> OnFailure {
    let first = of_a_world.start;
    OnFailure(format!("round {round}: {SEED}={first} {ROUNDS}={} brings it back", round + 1 - first))
}
