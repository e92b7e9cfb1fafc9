//! Names that moved out of memory: found on disk, merged, kept through starts. With hardly any memory for names, every
//! verdict is the one that plenty of it gives.

use crate::scene::{check, hours, open, state};
use tenantry_commerce::Subscription;
use tenantry_db::log::Partition;
use tenantry_db::{identity_run, sql};
use tenantry_testkit::{Channel, on_every_engine};
use tenantry_usage::{Event, Fold};

const PARTITION: Partition = Partition(0);
const BUDGET: u64 = 24;

fn named(subscription: &Subscription, number: u32) -> Event {
    hours(subscription, &format!("n{number}"), "2026-01-10T10:00:00Z", "0.5")
}

async fn send(channel: &Channel, subscription: &Subscription, numbers: std::ops::Range<u32>, expected: &str) {
    let rows: Vec<_> = numbers.map(|number| (named(subscription, number), expected)).collect();
    check(channel, &rows).await;
}

async fn run(channel: &Channel, statement: &'static str) -> u64 {
    let mut tx = channel.world().db().begin().await.unwrap();
    let changed = sql(statement).run(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    changed
}

/// The stretches of the log that stored runs cover.
async fn runs(channel: &Channel) -> Vec<(i64, i64)> {
    let mut reader = channel.world().db().reader().await.unwrap();
    let stretches = identity_run::stretches(&mut reader, PARTITION).await.unwrap();
    stretches.into_iter().map(|run| (run.after, run.through)).collect()
}

#[test]
fn a_name_is_known_for_ever_with_hardly_any_memory_for_names() {
    on_every_engine(|bench| async {
        let bench = bench;
        let (mut channel, _, subscription) = open(&bench).await;
        channel.world().metering().limit_names(BUDGET).await.unwrap();
        for batch in 0..60 {
            send(&channel, &subscription, batch * 8..batch * 8 + 8, "accepted").await;
            // Sent again, from any time before.
            send(&channel, &subscription, batch * 8..batch * 8 + 8, "duplicate").await;
            let earlier = batch * 5;
            send(&channel, &subscription, earlier..earlier + 3, "duplicate").await;
        }
        let metering = channel.world().metering();
        metering.upkept().await;
        let in_memory = metering.read_all(|fold| {
            let moved: u64 = fold.stored_runs().iter().map(|run| run.names).sum();
            fold.events_counted() as u64 - moved
        });
        assert!(in_memory.await <= BUDGET * 2);
        let stored = runs(&channel).await;
        assert!((2..12).contains(&stored.len()), "runs are merged: {stored:?}");
        assert!(stored.is_sorted() && stored.windows(2).all(|pair| pair[0].1 == pair[1].0), "{stored:?}");

        // A correction of an event whose name is on disk, and another fact under an old name.
        let correction = |quantity: &str| Event {
            corrects: Some("n3".to_owned()),
            ..hours(&subscription, "back", "2026-01-10T10:00:00Z", quantity)
        };
        check(&channel, &[(correction("-0.75"), "correction_mismatch corrects"), (correction("-0.5"), "accepted")])
            .await;
        check(&channel, &[(hours(&subscription, "n4", "2026-01-10T10:00:00Z", "7"), "id_conflict id")]).await;

        // The state is what the log says, and a start finds it, with a checkpoint and without.
        let before = state(&channel).await;
        assert!(channel.world().metering().replayed().await.unwrap().checkpoint().unwrap() == before);
        channel.world().metering().checkpoint().await.unwrap();
        for damage in [None, Some("DELETE FROM usage_checkpoint")] {
            if let Some(damage) = damage {
                assert_eq!(run(&channel, damage).await, 1);
            }
            channel = channel.reopen(&bench).await;
            assert!(state(&channel).await == before);
            assert_eq!(channel.world().metering().read_all(Fold::names_in_memory).await, BUDGET);
            send(&channel, &subscription, 0..480, "duplicate").await;
        }
        send(&channel, &subscription, 480..500, "accepted").await;
    });
}

#[test]
fn another_budget_finds_the_names_that_moved_under_the_old_one() {
    on_every_engine(|bench| async move {
        let (channel, _, subscription) = open(&bench).await;
        for (round, budget) in (0..).zip([BUDGET, 7 * BUDGET, BUDGET / 2, 3 * BUDGET]) {
            channel.world().metering().limit_names(budget).await.unwrap();
            let sent = round * 480;
            for batch in 0..60 {
                let from = sent + batch * 8;
                send(&channel, &subscription, from..from + 8, "accepted").await;
            }
            channel.world().metering().upkept().await;
            for from in (0..sent + 480).step_by(80) {
                send(&channel, &subscription, from..from + 80, "duplicate").await;
            }
        }
    });
}

#[test]
fn a_large_checkpoint_lies_in_pieces_and_one_piece_less_is_as_good_as_none() {
    on_every_engine(|bench| async {
        let bench = bench;
        let (mut channel, _, subscription) = open(&bench).await;
        // Names are as good as random: 60,000 of them do not fit a piece, however well they are packed.
        for batch in 0..6 {
            channel.accept((batch * 10_000..(batch + 1) * 10_000).map(|n| named(&subscription, n)).collect()).await;
        }
        for damage in [
            "UPDATE usage_checkpoint_piece SET checksum = checksum + 0 WHERE piece_no = 0",
            "UPDATE usage_checkpoint_piece SET checksum = checksum + 1 WHERE piece_no = 0",
            "DELETE FROM usage_checkpoint_piece WHERE piece_no = 0",
        ] {
            let before = state(&channel).await;
            channel.world().metering().checkpoint().await.unwrap();
            assert_eq!(run(&channel, damage).await, 1, "one checkpoint is kept, and it has pieces");
            channel = channel.reopen(&bench).await;
            assert!(state(&channel).await == before, "after {damage}");
            send(&channel, &subscription, 100..110, "duplicate").await;
        }
    });
}
