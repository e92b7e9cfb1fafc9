//! Laws 2, 3 and 4 under the hardest of ends: the process is killed (SIGKILL) at any moment, and the disk is full.
//!
//! What is killed is a process of its own: this test program in another role (`child.rs`), which opens the world
//! through the library and says on stdout what was acknowledged, and the real program behind HTTPS (`served.rs`). The
//! moments are drawn from the number of the kill, which a failed test prints. After each kill the world is opened again
//! and all that was acknowledged is sent once more, together with what was under way: the first must be duplicates to
//! the last event, the second is whole or not there at all, and everything adds up.
//!
//! `fail_point.rs` is the same with the moment counted in writes instead of microseconds: before, after or in the middle of
//! the n-th. `damage.rs` is what a disk does, `backup.rs` what an operator does against that.
//!
//! In the suite some dozens are killed on each engine. The long form, before a release or after a change to `db`,
//! `metering` or `billing`:
//!
//! ```text
//! TENANTRY_CRASH_KILLS=1000 cargo test -p tenantry --test crash
//! ```
#![cfg(test)]

mod backup;
mod child;
mod damage;
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

/// How many are killed on each engine, by each of the tests that take many.
const KILLS: &str = "TENANTRY_CRASH_KILLS";

/// Kills of one world; more need another, so that a long run takes no longer for each.
const KILLS_OF_A_WORLD: usize = 50;

/// The numbers of all kills, by world.
fn kills(otherwise: u64) -> Vec<Vec<u64>> {
    let kills = variable(KILLS)
        .map_or(otherwise, |said| said.parse().unwrap_or_else(|_| panic!("{KILLS}={said} is no number")));
    let numbers: Vec<u64> = (0..kills).collect();
    numbers.chunks(KILLS_OF_A_WORLD).map(<[u64]>::to_vec).collect()
}

#[expect(clippy::disallowed_methods, reason = "a switch of the test run, not a setting of the program")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
