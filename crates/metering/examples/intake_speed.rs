//! How fast events are judged, made durable and counted, on both engines, and what group commit does for senders that
//! come at the same time. Without HTTP and without reading JSON.
//!
//! `cargo run --release -p tenantry-metering --example intake_speed`

#![expect(clippy::print_stdout, reason = "a measurement is for reading")]
#![expect(clippy::disallowed_methods, reason = "measures the machine, not the world")]
#![expect(clippy::unwrap_used, reason = "a measurement that fails is none")]

use std::sync::Arc;
use std::time::Instant;
use tenantry_core::{Quantity, ResourceUri};
use tenantry_metering::Submitted;
use tenantry_testkit::{CARD, Channel, HOURS, event, on_every_engine};
use tenantry_usage::{Event, Fold};

/// Senders, events in a batch, batches of each sender.
const RUNS: [(usize, usize, usize); 5] = [(1, 1, 200), (32, 1, 50), (1, 1_000, 60), (8, 1_000, 15), (4, 10_000, 6)];

fn main() {
    on_every_engine(|bench| async move {
        let channel = Channel::new(&bench.world("2026-01-10T12:00:00Z").await).await;
        channel.import_card(CARD).await;
        let customer = channel.customer("Northwind").await;
        let own = channel.order_usage(&customer).await;
        channel.advance_to("2026-01-25").await;
        println!("{:?}", bench.engine());
        for (run, (senders, size, batches)) in RUNS.into_iter().enumerate() {
            let model = event(&own, HOURS, "2026-01-11", "0.25");
            let batch = move |sender: usize, number: usize| -> Vec<Submitted> {
                let one = |n: usize| {
                    Submitted::Event(Event {
                        id: format!("run-{run}/{sender}/{number}/{n:08}"),
                        at: model.at.plus_seconds(i64::try_from(n % 1_000).unwrap_or(0) * 900),
                        resource: ResourceUri::new(format!("{}-{}", model.resource, n % 500)),
                        quantity: Quantity::whole(1),
                        ..model.clone()
                    })
                };
                (0..size).map(one).collect()
            };
            let all: Vec<Vec<_>> =
                (0..senders).map(|sender| (0..batches).map(|number| batch(sender, number)).collect()).collect();
            let metering = channel.world().metering();
            let before = metering.read_all(Fold::position).await;
            let start = Instant::now();
            let tasks: Vec<_> = all
                .into_iter()
                .map(|batches| {
                    let (world, ctx) = (Arc::clone(channel.world()), channel.provider_ctx());
                    tokio::spawn(async move {
                        for batch in batches {
                            world.metering().intake(&ctx, batch).await.unwrap();
                        }
                    })
                })
                .collect();
            for task in tasks {
                task.await.unwrap();
            }
            let took = start.elapsed();
            let records = metering.read_all(Fold::position).await - before;
            let events = senders * size * batches;
            let rate = events as u128 * 1_000_000 / took.as_micros().max(1);
            let sent = senders * batches;
            println!(
                "{senders:3} senders, batches of {size:6}: {rate:8} events/s; {sent} batches in {records} records"
            );
        }
    });
}
