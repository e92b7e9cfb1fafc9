//! What is done beside taking usage in holds up nobody: neither senders nor readers wait for a checkpoint, and one whose
//! sender went away is kept all the same.

use crate::scene::{batch, hours, open, prove_replay};
use std::sync::Arc;
use tenantry_commerce::Subscription;
use tenantry_core::{Chance, Month};
use tenantry_db::{Db, Engine, sql};
use tenantry_testkit::{Channel, on_every_engine};
use tenantry_usage::{Event, Fold};

/// Events that weigh more than half of what makes a checkpoint due.
fn heavy(own: &Subscription, chance: &Chance, name: &str) -> Vec<Event> {
    let tags = || (0..2_000).map(|_| chance.guid().simple().to_string()).collect::<String>();
    (0..12).map(|n| Event { tags: tags(), ..hours(own, &format!("{name}{n}"), "2026-01-10", "1") }).collect()
}

async fn kept(channel: &Channel) -> Option<i64> {
    let mut reader = channel.world().db().reader().await.unwrap();
    let row = sql("SELECT seq FROM usage_checkpoint").maybe(&mut reader).await.unwrap();
    row.map(|row| row.integer("seq").unwrap())
}

#[test]
fn senders_and_readers_do_not_wait_for_a_checkpoint_that_waits_for_the_database() {
    on_every_engine(|bench| async move {
        // Only a server can be kept from writing one table and let write others.
        if bench.engine() == Engine::Sqlite {
            return;
        }
        let (channel, _, own) = open(&bench).await;
        let (chance, metering) = (Chance::from_seed(5), channel.world().metering());
        let before = kept(&channel).await;
        let other = Db::open(bench.location().clone()).await.unwrap();
        let mut busy = other.begin().await.unwrap();
        sql("LOCK TABLE usage_checkpoint_piece IN ACCESS EXCLUSIVE MODE").run(&mut busy).await.unwrap();
        for name in ["a", "b", "c", "d"] {
            channel.accept(heavy(&own, &chance, name)).await;
            // A view takes the fold, and a connection to read with.
            let bought =
                |fold: &Fold| fold.edges().find(|edge| edge.buyer == channel.partner.tenant).map(|edge| edge.id);
            let (edge, month) = (metering.read_all(bought).await.unwrap(), Month::parse("2026-01").unwrap());
            assert!(!metering.unbilled(&channel.provider_ctx(), edge, month).await.unwrap().is_empty());
        }
        drop(busy);
        metering.upkept().await;
        assert!(kept(&channel).await > before, "it was due all along, and now it is kept");
        prove_replay(&channel).await;
    });
}

#[test]
fn a_sender_that_goes_away_takes_no_checkpoint_along() {
    on_every_engine(|bench| async move {
        let (channel, _, own) = open(&bench).await;
        let chance = Chance::from_seed(6);
        channel.world().metering().follow(&channel.provider_ctx()).await.unwrap();
        for name in ["a", "b"] {
            let (world, ctx) = (Arc::clone(channel.world()), channel.provider_ctx());
            let events = heavy(&own, &chance, name);
            let position = world.metering().read_all(Fold::position).await;
            let sender = tokio::spawn({
                let world = Arc::clone(&world);
                async move { world.metering().intake(&ctx, batch(events)).await }
            });
            // Gone as soon as its events are counted, which is before it is answered.
            while world.metering().read_all(Fold::position).await == position {
                tokio::task::yield_now().await;
            }
            sender.abort();
            let _ = sender.await;
        }
        channel.world().metering().upkept().await;
        assert!(kept(&channel).await.is_some());
        prove_replay(&channel).await;
    });
}

#[test]
fn a_clean_end_waits_for_what_is_under_way_and_begins_nothing_more() {
    on_every_engine(|bench| async move {
        let (channel, _, own) = open(&bench).await;
        let (chance, metering) = (Chance::from_seed(7), channel.world().metering());
        channel.accept(heavy(&own, &chance, "a")).await;
        channel.accept(heavy(&own, &chance, "b")).await;
        metering.close().await.unwrap();
        let position = metering.read_all(Fold::position).await;
        assert_eq!(kept(&channel).await, Some(position));
        channel.accept(heavy(&own, &chance, "c")).await;
        channel.accept(heavy(&own, &chance, "d")).await;
        metering.upkept().await;
        assert_eq!(kept(&channel).await, Some(position), "it ended");
        prove_replay(&channel).await;
    });
}
