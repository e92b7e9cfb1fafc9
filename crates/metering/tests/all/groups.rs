//! Batches that come while the disk is busy share the next commit; those that find no room are told to come back.

use crate::scene::{batch, hours, open, prove_replay, shown};
use std::sync::Arc;
use tenantry_core::Reason;
use tenantry_db::sql;
use tenantry_testkit::on_every_engine;

const SENDERS: usize = 24;

#[test]
fn batches_that_wait_share_a_commit_and_what_finds_no_room_comes_back() {
    on_every_engine(|bench| async move {
        let (channel, _, own) = open(&bench).await;
        let (world, ctx) = (Arc::clone(channel.world()), channel.provider_ctx());
        let metering = world.metering();
        metering.set_waiting_max(2 * SENDERS, usize::MAX);
        let before = metering.read_all(tenantry_usage::Fold::position).await;
        // Whoever appends waits for this.
        let mut busy = world.db().begin().await.unwrap();
        sql("UPDATE usage_partition SET epoch = epoch").run(&mut busy).await.unwrap();
        let senders: Vec<_> = (0..SENDERS)
            .map(|n| {
                let (world, ctx, own) = (Arc::clone(&world), ctx.clone(), own.clone());
                let events = [hours(&own, &n.to_string(), "2026-01-10", "1"), hours(&own, "shared", "2026-01-10", "2")];
                tokio::spawn(async move { world.metering().intake(&ctx, batch(events)).await })
            })
            .collect();
        while metering.waiting_events() < 2 * SENDERS {
            tokio::task::yield_now().await;
        }
        let late = || batch([hours(&own, "late", "2026-01-10", "1")]);
        let refused = metering.intake(&ctx, late()).await.unwrap_err();
        assert_eq!((refused.reason(), refused.retry_after_seconds()), (Reason::Throttled, Some(1)), "{refused:?}");
        drop(busy);

        let mut verdicts = Vec::new();
        for sender in senders {
            verdicts.extend(sender.await.unwrap().unwrap().iter().map(shown));
        }
        let count = |wanted: &str| verdicts.iter().filter(|verdict| *verdict == wanted).count();
        assert_eq!((count("accepted"), count("duplicate")), (SENDERS + 1, SENDERS - 1));
        assert_eq!(metering.read_all(tenantry_usage::Fold::events_counted).await, SENDERS + 1);
        let records = metering.read_all(tenantry_usage::Fold::position).await - before;
        assert!(records < i64::try_from(SENDERS).unwrap(), "{records} records for {SENDERS} batches");
        assert_eq!(shown(&metering.intake(&ctx, late()).await.unwrap()[0]), "accepted", "refused is not counted");
        prove_replay(&channel).await;
    });
}

#[test]
fn a_sender_that_goes_away_while_it_waits_holds_up_nobody() {
    on_every_engine(|bench| async move {
        let (channel, _, own) = open(&bench).await;
        let (world, ctx) = (Arc::clone(channel.world()), channel.provider_ctx());
        let metering = world.metering();
        for round in 0..4 {
            let mut busy = world.db().begin().await.unwrap();
            sql("UPDATE usage_partition SET epoch = epoch").run(&mut busy).await.unwrap();
            let waiting = metering.waiting_events();
            let senders: Vec<_> = (0..6)
                .map(|n| {
                    let (world, ctx) = (Arc::clone(&world), ctx.clone());
                    let events = [hours(&own, &format!("{round}/{n}"), "2026-01-10", "1")];
                    tokio::spawn(async move { world.metering().intake(&ctx, batch(events)).await })
                })
                .collect();
            while metering.waiting_events() < waiting + 6 {
                tokio::task::yield_now().await;
            }
            // Leaders and followers alike.
            for sender in senders.iter().step_by(2) {
                sender.abort();
            }
            drop(busy);
            for (n, sender) in senders.into_iter().enumerate() {
                match sender.await {
                    Ok(Ok(verdicts)) => assert_eq!(shown(&verdicts[0]), "accepted", "{round}/{n}"),
                    Ok(Err(problem)) => assert_eq!(problem.reason(), Reason::Unavailable, "{round}/{n}: {problem:?}"),
                    Err(gone) => assert!(gone.is_cancelled() && n % 2 == 0, "{round}/{n}"),
                }
            }
        }
        channel.accept(vec![hours(&own, "after all", "2026-01-10", "1")]).await;
        assert_eq!(metering.waiting_events(), 0);
        prove_replay(&channel).await;
    });
}
