//! Two processes of a live world, each with a fold of its own, take usage in by turns. A process is a [`Metering`]
//! here; the real ones are in the program's tests.

use crate::scene::{batch, hours, open, shown};
use std::sync::Arc;
use tenantry_commerce::Subscription;
use tenantry_core::{Month, OpContext};
use tenantry_db::{Db, Engine};
use tenantry_metering::Metering;
use tenantry_testkit::{Bench, Channel, HOURS, TIERED, event, on_every_engine};
use tenantry_usage::{Event, Fold};

const PROCESSES: usize = 2;

/// A channel whose world this process has let go, and processes that share it.
async fn processes(bench: &Bench) -> Option<(Vec<Arc<Metering>>, OpContext, Subscription)> {
    if bench.engine() == Engine::Sqlite {
        return None;
    }
    let (channel, _, subscription) = open(bench).await;
    let ctx = channel.provider_ctx();
    let mut processes = Vec::new();
    for _ in 0..PROCESSES {
        let db = Db::open(bench.location().clone()).await.unwrap();
        processes.push(Arc::new(Metering::open(&ctx, &db, false).await.unwrap()));
    }
    Some((processes, ctx, subscription))
}

async fn send(to: &Metering, ctx: &OpContext, events: impl IntoIterator<Item = Event>) -> Vec<String> {
    to.intake(ctx, batch(events)).await.unwrap().iter().map(shown).collect()
}

/// All have read on, and have the same state: that of the log.
async fn prove_same(processes: &[Arc<Metering>], ctx: &OpContext) {
    // A process replays as far as it has read itself, so all read first: whoever appended last need not be the one asked.
    for process in processes {
        process.catch_up(ctx).await.unwrap();
    }
    let replayed = processes[0].replayed().await.unwrap().checkpoint().unwrap();
    for process in processes {
        assert!(process.read_all(Fold::checkpoint).await.unwrap() == replayed, "a process has another state");
    }
}

#[test]
fn what_one_process_counted_is_known_to_the_other() {
    on_every_engine(|bench| async move {
        let Some((processes, ctx, own)) = processes(&bench).await else { return };
        let [one, other] = &processes[..] else { unreachable!() };
        let named = |id: &str| hours(&own, id, "2026-01-10", "1");
        for (to, id, verdict) in [
            (one, "a", "accepted"),
            (other, "a", "duplicate"),
            (other, "b", "accepted"),
            (other, "b", "duplicate"),
            (one, "b", "duplicate"),
            (one, "c", "accepted"),
        ] {
            assert_eq!(send(to, &ctx, [named(id)]).await, [verdict], "{id}");
        }
        // A correction finds its event, whoever took it, and takes back no more than is left.
        let correction = |id: &str, corrects: &str| Event {
            corrects: Some(corrects.to_owned()),
            ..hours(&own, id, "2026-01-10", "-1")
        };
        assert_eq!(send(other, &ctx, [correction("-c", "c")]).await, ["accepted"]);
        assert_eq!(send(one, &ctx, [correction("-c again", "c")]).await.len(), 1);
        prove_same(&processes, &ctx).await;
    });
}

#[test]
fn a_resend_of_ten_thousand_events_of_hundreds_of_records_is_taken_by_either_process() {
    on_every_engine(|bench| async move {
        const RECORDS: usize = 250;
        const EACH: usize = 40;
        let Some((processes, ctx, own)) = processes(&bench).await else { return };
        let [one, other] = &processes[..] else { unreachable!() };
        let named = |number: usize| hours(&own, &format!("n{number}"), "2026-01-10", "0.25");
        for record in 0..RECORDS {
            let verdicts = send(one, &ctx, (record * EACH..(record + 1) * EACH).map(named)).await;
            assert!(verdicts.iter().all(|verdict| verdict == "accepted"));
        }
        // In an order that jumps from record to record; and while others send.
        let shuffled = || (0..RECORDS * EACH).map(|number| named(number * 7_919 % (RECORDS * EACH)));
        let fresh = async |to: &Metering, name: &str| {
            for round in 0..20 {
                let id = format!("{name} {round}");
                assert_eq!(send(to, &ctx, [hours(&own, &id, "2026-01-10", "1")]).await, ["accepted"]);
            }
        };
        let (by_other, by_one, (), ()) = tokio::join!(
            send(other, &ctx, shuffled()),
            send(one, &ctx, shuffled()),
            fresh(one, "meanwhile"),
            fresh(other, "beside")
        );
        for verdicts in [by_other, by_one] {
            assert_eq!(verdicts.len(), RECORDS * EACH);
            assert!(verdicts.iter().all(|verdict| verdict == "duplicate"));
        }
        // The last to append is not the first of the list.
        fresh(other, "after").await;
        prove_same(&processes, &ctx).await;
    });
}

#[test]
fn both_take_usage_at_once_and_tiers_are_those_of_the_sum() {
    on_every_engine(|bench| async move {
        const BATCHES: usize = 30;
        let Some((processes, ctx, own)) = processes(&bench).await else { return };
        let mut senders = tokio::task::JoinSet::new();
        for process in &processes {
            for _ in 0..2 {
                let (process, ctx, own) = (Arc::clone(process), ctx.clone(), own.clone());
                senders.spawn(async move {
                    let mut accepted = 0;
                    for number in 0..BATCHES {
                        // Everybody sends the same names.
                        let of_number = |meter: &str| Event {
                            id: format!("{number}/{meter}"),
                            ..event(&own, meter, "2026-01-10", "7.5")
                        };
                        let verdicts = send(&process, &ctx, [of_number(HOURS), of_number(TIERED)]).await;
                        accepted += verdicts.iter().filter(|verdict| *verdict == "accepted").count();
                        assert!(verdicts.iter().all(|verdict| ["accepted", "duplicate"].contains(&verdict.as_str())));
                    }
                    accepted
                });
            }
        }
        let accepted: usize = senders.join_all().await.into_iter().sum();
        assert_eq!(accepted, 2 * BATCHES, "each name was accepted once, by whichever process came first");
        prove_same(&processes, &ctx).await;
        // 225 hours at 0.10, and 225 GB of which 100 at 0.05 and the rest at 0.04; less 15 %.
        let month = Month::parse("2026-01").unwrap();
        let owed = |fold: &Fold| {
            let lines = fold.edges().flat_map(|edge| fold.unbilled(edge.id, month));
            lines.map(|line| format!("{} {}", line.quantity, line.charge)).collect::<Vec<_>>()
        };
        for process in &processes {
            assert_eq!(process.read_all(owed).await, ["225 19.125", "225 8.5"]);
        }
    });
}

#[test]
fn an_order_of_one_process_is_found_by_an_event_sent_to_the_other() {
    on_every_engine(|bench| async move {
        if bench.engine() == Engine::Sqlite {
            return;
        }
        let (channel, customer, _) = open(&bench).await;
        let ctx = channel.provider_ctx();
        let mut processes = Vec::new();
        for _ in 0..PROCESSES {
            let db = Db::open(bench.location().clone()).await.unwrap();
            processes.push(Arc::new(Metering::open(&ctx, &db, false).await.unwrap()));
        }
        for round in 0..6 {
            let fresh: Subscription = Channel::order_usage(&channel, &customer).await;
            // One takes the order over; the other finds nothing to take over, and must know it all the same.
            processes[round % PROCESSES].follow(&ctx).await.unwrap();
            let other = &processes[(round + 1) % PROCESSES];
            let id = format!("first of {round}");
            assert_eq!(send(other, &ctx, [hours(&fresh, &id, "2026-01-10", "1")]).await, ["accepted"]);
        }
        prove_same(&processes, &ctx).await;
    });
}
