//! Killed while usage comes in: what was acknowledged is there, what was not is whole or not there, nothing is doubled.

use crate::child::{Does, LANES, Role, acknowledged};
use crate::setting::{Setting, first_month, send};
use crate::victim::Moment;
use crate::{brought_back, kills, proof};
use std::collections::BTreeSet;
use tenantry_core::Chance;
use tenantry_metering::Verdict;
use tenantry_testkit::on_every_engine;

const KILLS: u64 = 40;
/// Batches acknowledged before a kill, at most.
const LINES: u64 = 24;
/// A batch takes about that long.
const MICROS: u64 = 4_000;
/// Every so many kills one comes while the process starts: it reads a checkpoint and replays.
const AT_START: u64 = 5;
const START_MICROS: u64 = 120_000;

#[test]
fn whoever_is_killed_during_intake_has_lost_and_doubled_nothing() {
    on_every_engine(|bench| async move {
        for kills in kills(KILLS) {
            let setting = Setting::new(bench.another_location(), 2).await;
            let mut counted = BTreeSet::new();
            let mut in_between = 0;
            for number in kills.clone() {
                let _which = brought_back(&kills, number);
                in_between += kill(&setting, number, &mut counted).await;
            }
            let world = setting.reopen().await;
            for batch in &counted {
                let again = send(&world, setting.batch(first_month(), *batch)).await;
                assert_eq!(again, Verdict::Duplicate, "batch {batch}");
            }
            proof::counted(&setting, &world, &counted).await;
            proof::logged(&setting, &world, &counted).await;
            proof::books(&world).await;
            let (engine, batches) = (bench.engine(), counted.len());
            eprintln!("{engine:?}: {batches} batches; {in_between} were saved when a kill came before their answer");
        }
    });
}

/// Kills once and proves the world. Gives how many batches were saved and not acknowledged.
async fn kill(setting: &Setting, number: u64, counted: &mut BTreeSet<u64>) -> u64 {
    let moment = match number % AT_START {
        0 => Moment::of(number, 0, START_MICROS),
        _ => Moment::of(number, LINES, MICROS),
    };
    let first = counted.last().map_or(0, |last| last + 1);
    let said = Role::new(setting, Does::Intake { first }).start().kill_at(moment);
    nothing_is_lost_or_doubled(setting, number, first, &said, counted).await
}

/// Sends again what a process sent that is dead, from a batch on, and proves the world.
pub async fn nothing_is_lost_or_doubled(
    setting: &Setting,
    number: u64,
    first: u64,
    said: &[String],
    counted: &mut BTreeSet<u64>,
) -> u64 {
    let safe = acknowledged(said);
    let world = setting.reopen().await;
    let mut in_between = 0;
    // Each lane has at most one batch under way, the one after its last.
    let end = safe.last().map_or(first, |last| last + 1) + LANES;
    for batch in shuffled(number, first..end) {
        match send(&world, setting.batch(first_month(), batch)).await {
            Verdict::Duplicate => in_between += u64::from(!safe.contains(&batch)),
            Verdict::Accepted { .. } => assert!(!safe.contains(&batch), "batch {batch} was acknowledged and is lost"),
            refused @ Verdict::Refused { .. } => panic!("batch {batch}: {refused:?}"),
        }
        counted.insert(batch);
    }
    // One from long ago: for ever means for ever.
    if first > 0 {
        let old = Chance::from_seed(number).below(first);
        assert_eq!(send(&world, setting.batch(first_month(), old)).await, Verdict::Duplicate, "batch {old}");
    }
    proof::counted(setting, &world, counted).await;
    if number.is_multiple_of(AT_START) {
        proof::books(&world).await;
    }
    in_between
}

/// Not in the order they were sent in.
fn shuffled(kill: u64, batches: std::ops::Range<u64>) -> Vec<u64> {
    let chance = Chance::from_seed(kill);
    let mut batches: Vec<_> = batches.collect();
    batches.sort_by_cached_key(|_| chance.below(1 << 32));
    batches
}
