//! Many senders at once, with the same events among them: each is counted once, and the sums are right.

use crate::scene::{batch, hours, open, prove_replay, shown};
use std::collections::BTreeMap;
use std::sync::Arc;
use tenantry_core::{Period, Quantity};
use tenantry_testkit::{on_every_engine, time};
use tenantry_usage::Granularity;

const SENDERS: usize = 8;
const BATCHES: usize = 6;
const EVENTS: usize = 40;
/// Each batch begins this many events after the one before: most are sent several times, by several senders.
const STEP: usize = 10;

#[test]
fn overlapping_batches_of_many_senders_count_each_event_once() {
    on_every_engine(|bench| async move {
        let (channel, _, own) = open(&bench).await;
        channel.advance_to("2026-01-20").await;
        let senders: Vec<_> = (0..SENDERS)
            .map(|sender| {
                let (world, ctx, own) = (Arc::clone(channel.world()), channel.provider_ctx(), own.clone());
                tokio::spawn(async move {
                    let mut counted: BTreeMap<String, usize> = BTreeMap::new();
                    for number in 0..BATCHES {
                        let first = (sender + number) * STEP;
                        let event = |n: usize| {
                            hours(&own, &n.to_string(), &format!("2026-01-{:02}", 11 + n % 9), &n.to_string())
                        };
                        let events = (first..first + EVENTS).map(event);
                        for verdict in world.metering().intake(&ctx, batch(events)).await.unwrap() {
                            *counted.entry(shown(&verdict)).or_default() += 1;
                        }
                    }
                    counted
                })
            })
            .collect();
        let mut counted: BTreeMap<String, usize> = BTreeMap::new();
        for sender in senders {
            for (verdict, count) in sender.await.unwrap() {
                *counted.entry(verdict).or_default() += count;
            }
        }
        let names = (SENDERS + BATCHES - 2) * STEP + EVENTS;
        let sent = SENDERS * BATCHES * EVENTS;
        let expected = [("accepted".to_owned(), names), ("duplicate".to_owned(), sent - names)];
        assert_eq!(counted, BTreeMap::from(expected));

        let within = Period { from: time("2026-01-01"), to: time("2026-02-01") };
        let ctx = channel.partner_ctx();
        let buckets = channel.world().metering().usage_buckets(&ctx, own.id, within, Granularity::Daily).await.unwrap();
        let total = buckets.iter().fold(Quantity::ZERO, |sum, bucket| sum.checked_add(bucket.quantity).unwrap());
        assert_eq!(total, Quantity::whole(i64::try_from(names * (names - 1) / 2).unwrap()));
        assert_eq!(channel.world().metering().read_all(tenantry_usage::Fold::events_counted).await, names);
        prove_replay(&channel).await;
    });
}
