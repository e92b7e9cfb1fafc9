//! Months closed by several processes at the same moment: each is closed once, each edge gets one document of it, and
//! numbers have no gaps.

use crate::node::{self, Node, get};
use crate::scene::{Scene, past_month};
use std::collections::BTreeSet;
use std::sync::Arc;
use tenantry_billing::close_month;
use tenantry_core::clock::ManualClock;
use tenantry_core::{Chance, Month, OpContext};
use tenantry_db::{Db, Engine, Location, sql};
use tenantry_metering::{Metering, Submitted};
use tenantry_testkit::{Bench, CARD, Channel, HOURS, event, on_every_engine, time};

const PROCESSES: usize = 3;
const MONTHS: usize = 6;

/// What a process has of a world, without the process: a database handle, a fold, a context.
pub struct Inside {
    pub db: Db,
    pub metering: Metering,
    pub ctx: OpContext,
}

impl Inside {
    pub async fn open(location: &Location, seed: u64) -> Self {
        let db = Db::open(location.clone()).await.unwrap();
        let clock = Arc::new(ManualClock::at(time("2026-08-01")));
        let ctx = OpContext::system("test", clock, Arc::new(Chance::from_seed(seed)));
        let metering = Metering::open(&ctx, &db, false).await.unwrap();
        Self { db, metering, ctx }
    }
}

/// A channel with two subscriptions, let go by its owner.
pub async fn world(bench: &Bench) -> Vec<tenantry_commerce::Subscription> {
    let channel = Channel::new(&bench.world("2026-01-01").await).await;
    channel.import_card(CARD).await;
    let mut subscriptions = Vec::new();
    for name in ["Northwind", "Tailspin"] {
        subscriptions.push(channel.order_usage(&channel.customer(name).await).await);
    }
    channel.world().close().await.unwrap();
    subscriptions
}

#[test]
fn a_month_closed_by_several_at_once_is_closed_once() {
    on_every_engine(|bench| async move {
        if bench.engine() == Engine::Sqlite {
            return;
        }
        let subscriptions = world(&bench).await;
        let mut processes = Vec::new();
        for seed in 100..100 + PROCESSES {
            processes.push(Arc::new(Inside::open(bench.location(), u64::try_from(seed).unwrap()).await));
        }
        let mut month = Month::parse("2026-01").unwrap();
        for round in 0..MONTHS {
            let day = month.first_day().to_string();
            let usage =
                subscriptions.iter().map(|subscription| Submitted::Event(event(subscription, HOURS, &day, "10")));
            let taker = &processes[round % PROCESSES];
            taker.metering.intake(&taker.ctx, usage.collect()).await.unwrap();
            let mut closing = tokio::task::JoinSet::new();
            for process in &processes {
                let process = Arc::clone(process);
                closing.spawn(async move {
                    let closed = close_month(&process.ctx, &process.db, &process.metering, month).await.unwrap();
                    (closed.closed.new, closed.closed.close, closed.invoices)
                });
            }
            let closed = closing.join_all().await;
            assert_eq!(closed.iter().filter(|(new, ..)| *new).count(), 1, "one of them closed {month}");
            for (_, close, invoices) in &closed {
                assert_eq!((close, invoices), (&closed[0].1, &closed[0].2), "all tell of the same");
                assert_eq!(invoices.len(), 1);
            }
            month = month.next();
        }
        let mut reader = processes[0].db.reader().await.unwrap();
        let rows = sql("SELECT number FROM invoice ORDER BY number").all(&mut reader).await.unwrap();
        let numbers: Vec<_> = rows.iter().map(|row| row.text("number").unwrap()).collect();
        assert_eq!(numbers, (1..=MONTHS).map(|number| format!("D26{number:07}")).collect::<Vec<_>>());
        for process in &processes {
            process.metering.catch_up(&process.ctx).await.unwrap();
            let found = tenantry_billing::check::check(&process.db, &process.metering, true).await.unwrap();
            assert_eq!(found.wrong, Vec::<String>::new());
        }
    });
}

#[test]
fn a_close_that_is_due_when_several_processes_start_is_made_by_one_of_them() {
    on_every_engine(|bench| async move {
        let Some(scene) = Scene::new(&bench).await else { return };
        let nodes = std::thread::scope(|scope| {
            let starting = [(); 2].map(|()| scope.spawn(|| Node::start(&scene)));
            starting.map(|node| node.join().unwrap())
        });
        let path = format!("/api/v1/invoices?partner={}", scene.partner);
        let issued = nodes.each_ref().map(|node| {
            let mut client = node.client(&scene.provider);
            loop {
                let (status, answer) = get(&mut client, &path);
                assert_eq!(status, 200, "{answer}");
                let found = answer["items"].as_array().unwrap_or_else(|| panic!("{answer}")).clone();
                if !found.is_empty() {
                    break found.iter().map(|invoice| invoice["number"].to_string()).collect::<BTreeSet<_>>();
                }
            }
        });
        assert_eq!(issued[0], issued[1]);
        // A command that writes works beside them, and finds it done.
        let again = node::tenantry(&scene, &["close", &past_month().to_string()]).output().unwrap();
        let talk = String::from_utf8_lossy(&again.stderr);
        assert!(again.status.success(), "{talk}");
        drop(nodes);
        assert_eq!(node::check(&scene), (1, scene.counted));
    });
}
