//! What a turn costs, and what a second process adds: the figures of ADR 0009.
//!
//! ```text
//! cargo test --release -p tenantry --test two_processes measure -- --ignored --nocapture
//! ```

use crate::closing::{Inside, world};
use crate::node::stopwatch;
use std::sync::Arc;
use tenantry_db::{Engine, sql};
use tenantry_metering::{Metering, Submitted};
use tenantry_testkit::{HOURS, TIERED, event, on_every_engine};
use tenantry_usage::{Event, Fold};

const SENDERS: usize = 8;
const BATCHES: usize = 60;
const EVENTS: usize = 500;

#[test]
#[ignore = "prints figures and proves nothing"]
fn measure() {
    on_every_engine(|bench| async move {
        if bench.engine() == Engine::Sqlite {
            return;
        }
        let subscriptions = Arc::new(world(&bench).await);
        for nodes in [1, 2, 4] {
            let mut processes = Vec::new();
            for seed in 0..nodes {
                processes.push(Arc::new(Inside::open(bench.location(), 1_000 * nodes + seed).await));
            }
            let mut senders = tokio::task::JoinSet::new();
            let watch = stopwatch();
            for sender in 0..SENDERS {
                let process = Arc::clone(&processes[sender % processes.len()]);
                let subscriptions = Arc::clone(&subscriptions);
                senders.spawn(async move {
                    for number in 0..BATCHES {
                        let batch = (0..EVENTS).map(|index| {
                            let meter = if index % 2 == 0 { HOURS } else { TIERED };
                            let made = event(&subscriptions[index % subscriptions.len()], meter, "2026-07-10", "1");
                            Submitted::Event(Event { id: format!("{nodes}/{sender}/{number}/{index}"), ..made })
                        });
                        process.metering.intake(&process.ctx, batch.collect()).await.unwrap();
                    }
                });
            }
            senders.join_all().await;
            let took = watch();
            say(&format!("intake, {nodes} processes: {} events/s", per_second(SENDERS * BATCHES * EVENTS, took)));
            for process in &processes {
                process.metering.catch_up(&process.ctx).await.unwrap();
            }
        }
        let process = Inside::open(bench.location(), 9).await;
        let mut tx = process.db.begin().await.unwrap();
        sql("DELETE FROM usage_checkpoint").run(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        let watch = stopwatch();
        let reader = Metering::open_readonly(&process.db, false).await.unwrap();
        let took = watch();
        let events = reader.read_all(Fold::events_counted).await;
        say(&format!("reading the log and applying it: {} events/s", per_second(events, took)));
    });
}

fn per_second(events: usize, took: std::time::Duration) -> u128 {
    events as u128 * 1_000_000 / took.as_micros()
}

fn say(text: &str) {
    eprintln!("{text}");
}
