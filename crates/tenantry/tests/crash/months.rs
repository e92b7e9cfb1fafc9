//! Killed while months are closed: after the restart the due job completes, and each partner has exactly one document
//! for each month, whatever was finished when.

use crate::child::{Does, Role, acknowledged, numbers};
use crate::setting::{Setting, fifth, first_month, send};
use crate::victim::Moment;
use crate::{brought_back, kills, proof};
use std::collections::{BTreeMap, BTreeSet};
use tenantry_core::Month;
use tenantry_db::sql;
use tenantry_metering::Verdict;
use tenantry_testkit::on_every_engine;
use tenantry_worlds::World;

const KILLS: u64 = 30;
/// Lines before a kill, at most: a month has four.
const LINES: u64 = 5;
/// A month takes about that long.
const MICROS: u64 = 60_000;
pub const PARTNERS: usize = 4;

/// Batches by the month they were closed in.
pub type Closed = BTreeMap<Month, Vec<u64>>;

#[test]
fn a_close_that_was_killed_is_completed_after_the_restart() {
    on_every_engine(|bench| async move {
        for kills in kills(KILLS) {
            let setting = Setting::new(bench.another_location(), PARTNERS).await;
            let mut closed = Closed::new();
            let mut half_closed = 0;
            for number in kills.clone() {
                let _which = brought_back(&kills, number);
                half_closed += u64::from(kill(&setting, number, &mut closed).await);
            }
            let world = setting.reopen().await;
            for (month, numbers) in &closed {
                for number in numbers {
                    let again = send(&world, setting.batch(*month, *number)).await;
                    assert_eq!(again, Verdict::Duplicate, "batch {number}");
                }
            }
            proof::documents(&setting, &world, &closed).await;
            proof::logged(&setting, &world, &batches(&closed)).await;
            proof::books(&world).await;
            let (engine, months) = (bench.engine(), closed.len());
            eprintln!("{engine:?}: {months} months; {half_closed} closes were killed half way");
            // Else the moments are wrong, and nothing was tested. A few kills may all miss.
            assert!(
                half_closed > 0 || closed.len() < 10,
                "no kill came between the first and the last step of a close"
            );
        }
    });
}

fn batches(closed: &Closed) -> BTreeSet<u64> {
    closed.values().flatten().copied().collect()
}

/// Kills once and proves the world. Says whether a close was interrupted.
async fn kill(setting: &Setting, number: u64, closed: &mut Closed) -> bool {
    let moment = Moment::of(number, LINES, MICROS);
    // The first line says that the process has begun.
    let moment = Moment { lines: moment.lines + 1, ..moment };
    let said = Role::new(setting, Does::Months).start().kill_at(moment);
    is_completed(setting, number, &said, closed).await
}

/// Completes what a process left that is dead, and proves the world. Says whether a close was interrupted.
pub async fn is_completed(setting: &Setting, number: u64, said: &[String], closed: &mut Closed) -> bool {
    let world = setting.reopen().await;
    let half_closed = is_half_closed(&world).await;
    settle(setting, &world, &acknowledged(said), closed).await;
    proof::documents(setting, &world, closed).await;
    proof::counted(setting, &world, &batches(closed)).await;
    if number.is_multiple_of(10) {
        proof::books(&world).await;
    }
    half_closed
}

/// Whether the job of a close had begun (it moves the clock to its own time) and is not done.
async fn is_half_closed(world: &World) -> bool {
    tenantry_db::job::next_due(world.db(), world.clock().now()).await.unwrap().is_some()
}

/// Completes what was interrupted, and closes the month that the clock shows.
async fn settle(setting: &Setting, world: &World, safe: &BTreeSet<u64>, closed: &mut Closed) {
    let mut open = closed.keys().last().map_or_else(first_month, |last| last.next());
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
}
