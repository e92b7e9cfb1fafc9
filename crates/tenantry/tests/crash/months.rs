//! Killed while months are closed: after the restart the due job completes, and each partner has exactly one document
//! for each month, whatever was finished when.

use crate::child::{Does, Role, acknowledged, numbers};
use crate::setting::{Setting, fifth, first_month, send};
use crate::victim::{Kill, Moment};
use crate::{kills, proof};
use std::collections::{BTreeMap, BTreeSet};
use tenantry_core::Month;
use tenantry_db::sql;
use tenantry_metering::Verdict;
use tenantry_testkit::on_every_engine;
use tenantry_worlds::World;

const KILLS: u64 = 40;
/// Lines before a kill, at most: a month has four.
const LINES: u64 = 5;
/// A month takes about that long.
const MICROS: u64 = 60_000;
const PARTNERS: usize = 4;

#[test]
fn a_close_that_was_killed_is_completed_after_the_restart() {
    on_every_engine(|bench| async move {
        let setting = Setting::new(bench.location().clone(), PARTNERS).await;
        let mut open = first_month();
        let mut closed = BTreeMap::new();
        let mut half_closed = 0;
        for number in 0..kills(KILLS) {
            // One line is there always: the process has begun.
            let moment = Moment::of(number, LINES, MICROS);
            let moment = Moment { lines: moment.lines + 1, ..moment };
            let _kill = Kill { number, moment };
            let said = Role::new(&setting, Does::Months).start().kill_at(moment);

            let world = setting.reopen().await;
            half_closed += u64::from(is_half_closed(&world).await);
            open = settle(&setting, &world, open, &acknowledged(&said), &mut closed).await;
            proof::documents(&setting, &world, &closed).await;
            proof::counted(&setting, &world, &closed.values().flatten().copied().collect()).await;
            if number % 10 == 0 {
                proof::books(&world).await;
            }
        }
        let world = setting.reopen().await;
        let all: BTreeSet<u64> = closed.values().flatten().copied().collect();
        for (month, numbers) in &closed {
            for number in numbers {
                assert_eq!(send(&world, setting.batch(*month, *number)).await, Verdict::Duplicate, "batch {number}");
            }
        }
        proof::documents(&setting, &world, &closed).await;
        proof::logged(&setting, &world, &all).await;
        proof::books(&world).await;
        // Else the moments are wrong, and nothing was tested.
        assert!(half_closed > 0, "no kill came between the first and the last step of a close");
        eprintln!("{:?}: {half_closed} closes were killed half way, {} months", bench.engine(), closed.len());
    });
}

/// Whether the job of a close had begun (it moves the clock to its own time) and is not done.
async fn is_half_closed(world: &World) -> bool {
    tenantry_db::job::next_due(world.db(), world.clock().now()).await.unwrap().is_some()
}

/// Completes what was interrupted, and closes the month that the clock shows. Gives the next.
async fn settle(
    setting: &Setting,
    world: &World,
    mut open: Month,
    safe: &BTreeSet<u64>,
    closed: &mut BTreeMap<Month, Vec<u64>>,
) -> Month {
    let ctx = world.system("crash");
    let shown = Month::of(world.clock().now().day());
    if world.clock().now() < fifth(shown) {
        world.advance(&ctx, fifth(shown)).await.unwrap();
    }
    while open <= shown {
        for number in numbers(open) {
            let sent = send(world, setting.batch(open, number)).await;
            // The clock went on after the last batch of a month was acknowledged.
            let known = open < shown || safe.contains(&number);
            assert!(sent == Verdict::Duplicate || !known, "batch {number} was acknowledged and is lost: {sent:?}");
            assert!(!matches!(sent, Verdict::Refused { .. }), "batch {number}: {sent:?}");
        }
        closed.insert(open, numbers(open).collect());
        open = open.next();
    }
    world.advance(&ctx, fifth(open)).await.unwrap();
    // Nothing is left to do.
    let mut reader = world.db().reader().await.unwrap();
    let overdue = sql("SELECT subject FROM due_job WHERE done_at IS NULL AND due_at <= $1")
        .bind(world.clock().now())
        .all(&mut reader)
        .await
        .unwrap();
    assert_eq!(overdue.len(), 0);
    open
}
