//! Several `tenantry serve` processes for one live world on PostgreSQL: the real program, over HTTPS.
//!
//! What one process promises, several must: an event counts once for ever, sums are exact, a month is closed once, and
//! what is taken from somebody is gone. Clients send the same events to both at the same time, one process is killed
//! (SIGKILL) or stopped (SIGSTOP) at the worst of moments, and at the end the log, both processes and `tenantry check`
//! must say the same. Moments are drawn from the number of the round, which a failed test prints.
//!
//! In the suite a few rounds are played, in seconds. The long form, before a release or after a change to `db`,
//! `metering` or `worlds`:
//!
//! ```text
//! TENANTRY_TWO_PROCESSES_ROUNDS=200 cargo test -p tenantry --test two_processes
//! ```
#![cfg(test)]

#[path = "../crash/https.rs"]
mod https;

mod access;
mod closing;
mod measure;
mod node;
mod repeated;
mod scene;
mod stopped;
mod usage;

/// How often a process is killed.
fn rounds(otherwise: u64) -> u64 {
    const ROUNDS: &str = "TENANTRY_TWO_PROCESSES_ROUNDS";
    variable(ROUNDS).map_or(otherwise, |said| said.parse().unwrap_or_else(|_| panic!("{ROUNDS}={said} is no number")))
}

#[expect(clippy::disallowed_methods, reason = "a switch of the test run, not a setting of the program")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
