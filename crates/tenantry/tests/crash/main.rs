//! Laws 2, 3 and 4 under the hardest of ends: the process is killed (SIGKILL) at any moment, and the disk is full.
//!
//! What is killed is a process of its own: this test program in another role (`child.rs`), which opens the world
//! through the library and says on stdout what was acknowledged, and the real program behind HTTPS (`served.rs`). The
//! moments are drawn from the number of the kill; a failed test prints what brings its kill back. After each kill the world is opened again
//! and all that was acknowledged is sent once more, together with what was under way: the first must be duplicates to
//! the last event, the second is whole or not there at all, and everything adds up.
//!
//! `death.rs` and `fail_point.rs` are the same with the moment counted in writes instead of microseconds: before, after or in the middle of
//! the n-th. `damage.rs` is what a disk does, `backup.rs` what an operator does against that.
//!
//! In the suite some dozens are killed on each engine. The long form (`cargo xtask prove` has it and the others), before a release or after a change to `db`,
//! `metering` or `billing`:
//!
//! ```text
//! TENANTRY_CRASH_KILLS=1000 cargo test -p tenantry --test crash
//! TENANTRY_CRASH_SEED=5000 ..                                      begins with another kill
//! ```
#![cfg(test)]

mod backup;
mod child;
mod damage;
mod death;
mod disk;
mod export;
mod fail_point;
mod https;
mod intake;
mod months;
mod proof;
mod served;
mod setting;
mod victim;
mod work;

use std::ops::Range;
use tenantry_testkit::{OnFailure, number_said};

/// How many are killed on each engine, by each of the tests that take many.
const KILLS: &str = "TENANTRY_CRASH_KILLS";
/// The number of the first.
const SEED: &str = "TENANTRY_CRASH_SEED";

/// Kills of one world; more need another, so that a long run takes no longer for each.
const KILLS_OF_A_WORLD: u64 = 50;

/// The numbers of all kills, by world.
fn kills(otherwise: u64) -> Vec<Range<u64>> {
    let (first, count) = (number_said(SEED).unwrap_or(0), number_said(KILLS).unwrap_or(otherwise));
    let end = first + count;
    let worlds = (0..count.div_ceil(KILLS_OF_A_WORLD)).map(|world| first + world * KILLS_OF_A_WORLD);
    worlds.map(|begins| begins..end.min(begins + KILLS_OF_A_WORLD)).collect()
}

/// A world is what all its kills so far made of it: what brings one back are those before it.
fn brought_back(of_a_world: &Range<u64>, kill: u64) -> OnFailure {
    let Range { start, .. } = of_a_world;
    OnFailure(format!("kill {kill}: {SEED}={start} {KILLS}={} brings it back", kill + 1 - start))
}

#[expect(clippy::disallowed_methods, reason = "a switch of the test run, not a setting of the program")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
