//! Killed while usage comes in: what was acknowledged is there, what was not is whole or not there, nothing is doubled.

use crate::child::{Does, LANES, Role, acknowledged};
use crate::setting::{Setting, first_month, send};
use crate::victim::{Kill, Moment};
use crate::{kills, proof};
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
        let setting = Setting::new(bench.location().clone(), 2).await;
        let mut counted = BTreeSet::new();
        let (mut first, mut in_between) = (0, 0);
        for number in 0..kills(KILLS) {
            let moment = match number % AT_START {
                0 => Moment::of(number, 0, START_MICROS),
                _ => Moment::of(number, LINES, MICROS),
            };
            let _kill = Kill { number, moment };
            let said = Role::new(&setting, Does::Intake { first }).start().kill_at(moment);
            let safe = acknowledged(&said);

            let world = setting.reopen().await;
            // Each lane has at most one batch under way, the one after its last.
            let end = safe.last().map_or(first, |last| last + 1) + LANES;
            for batch in order(number, first..end) {
                match send(&world, setting.batch(first_month(), batch)).await {
                    Verdict::Duplicate => in_between += u64::from(!safe.contains(&batch)),
                    Verdict::Accepted { .. } => {
                        assert!(!safe.contains(&batch), "batch {batch} was acknowledged and is lost")
                    }
                    refused @ Verdict::Refused { .. } => panic!("batch {batch}: {refused:?}"),
                }
                counted.insert(batch);
            }
            // One from long ago: for ever means for ever.
            if first > 0 {
                let old = Chance::from_seed(number).below(first);
                assert_eq!(send(&world, setting.batch(first_month(), old)).await, Verdict::Duplicate, "batch {old}");
            }
            proof::counted(&setting, &world, &counted).await;
            if number % AT_START == 0 {
                proof::books(&world).await;
            }
            first = end;
        }
        let world = setting.reopen().await;
        for batch in &counted {
            assert_eq!(send(&world, setting.batch(first_month(), *batch)).await, Verdict::Duplicate, "batch {batch}");
        }
        proof::counted(&setting, &world, &counted).await;
        proof::logged(&setting, &world, &counted).await;
        proof::books(&world).await;
        let (batches, engine) = (counted.len(), bench.engine());
        eprintln!(
            "{engine:?}: {batches} batches, {in_between} were saved when the kill came before their acknowledgement"
        );
    });
}

/// Not in the order they were sent in.
fn order(kill: u64, batches: std::ops::Range<u64>) -> Vec<u64> {
    let chance = Chance::from_seed(kill);
    let mut batches: Vec<_> = batches.collect();
    batches.sort_by_cached_key(|_| chance.below(1 << 32));
    batches
}
