//! Usage sent to two processes at once, while one of them is killed.

use crate::https::Client;
use crate::node::{self, Node, get, pass};
use crate::scene::{EVENTS, Scene};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use tenantry_core::{Chance, Quantity};
use tenantry_db::Db;
use tenantry_db::log::{self, Partition};
use tenantry_testkit::on_every_engine;
use tenantry_usage::Record;

/// Batches of a round.
const BATCHES: u64 = 24;
/// Connections to each process.
const CLIENTS: u64 = 2;
/// When the process is killed: up to so long after the round began.
const MICROS: u64 = 400_000;
const PATH: &str = "/api/v1/usage/events";

#[test]
fn each_event_counts_once_whichever_process_takes_it_and_whoever_is_killed() {
    on_every_engine(|bench| async move {
        let Some(scene) = Scene::new(&bench).await else { return };
        let mut nodes = [Node::start(&scene), Node::start(&scene)];
        let (rounds, mut batches) = (crate::rounds(3), 0);
        for round in rounds.clone() {
            let _which = crate::brought_back(&rounds, round);
            let accepted = play(&scene, &mut nodes, round, batches..batches + BATCHES);
            assert!(accepted <= BATCHES * EVENTS, "{accepted} events were accepted in a round");
            batches += BATCHES;
        }
        for node in &nodes {
            let mut client = node.client(&scene.provider);
            for number in 0..batches {
                assert_eq!(post(&mut client, &scene, number).unwrap(), (0, EVENTS), "batch {number} is known");
            }
        }
        let [one, other] = nodes.each_ref().map(|node| unbilled(node, &scene));
        assert_eq!(one, other, "both processes say the same");
        assert_eq!(quantities(&one), scene.expected(batches), "and it is what was sent");
        drop(nodes);
        logged(&scene, batches).await;
        let (_, events) = node::check(&scene);
        assert_eq!(events, batches * EVENTS + scene.counted);
    });
}

/// Both processes get the same batches; one is killed and started again. Gives how many events were said to be accepted.
fn play(scene: &Scene, nodes: &mut [Node; 2], round: u64, numbers: Range<u64>) -> u64 {
    let chance = Chance::from_seed(round);
    let victim = usize::try_from(chance.below(2)).unwrap();
    let moment = chance.below(MICROS);
    let accepted = AtomicU64::new(0);
    let clients: Vec<_> =
        (0..2).flat_map(|at| (0..CLIENTS).map(move |_| at)).map(|at| (at, nodes[at].client(&scene.provider))).collect();
    std::thread::scope(|scope| {
        for (at, mut client) in clients {
            let (numbers, accepted) = (numbers.clone(), &accepted);
            scope.spawn(move || {
                for number in numbers {
                    match post(&mut client, scene, number) {
                        Ok((new, known)) => {
                            assert_eq!(new + known, EVENTS, "batch {number}");
                            accepted.fetch_add(new, Ordering::Relaxed);
                        }
                        // Nobody knows what became of it; the other process is sent the same.
                        Err(error) => return assert_eq!(at, victim, "the process that lives: {error}"),
                    }
                }
            });
        }
        pass(moment);
        nodes[victim].kill();
    });
    nodes[victim] = Node::start(scene);
    accepted.into_inner()
}

/// Sends a batch. Gives how many events were accepted and how many were known.
pub fn post(client: &mut Client, scene: &Scene, number: u64) -> std::io::Result<(u64, u64)> {
    let (status, answer) = client.post(PATH, &scene.batch(number))?;
    assert_eq!(status, 200, "{answer}");
    Ok((answer["accepted"].as_u64().unwrap(), answer["duplicate"].as_u64().unwrap()))
}

/// The lines of the next document, as a process says them.
fn unbilled(node: &Node, scene: &Scene) -> Value {
    let (status, answer) =
        get(&mut node.client(&scene.provider), &format!("/api/v1/unbilled?partner={}", scene.partner));
    assert_eq!(status, 200, "{answer}");
    answer
}

/// Quantities of this month, by subscription and meter.
fn quantities(unbilled: &Value) -> Vec<(String, &'static str, u64)> {
    let this_month = tenantry_core::Month::of(crate::scene::now().day()).to_string();
    let meters = [tenantry_testkit::HOURS, tenantry_testkit::TIERED];
    let lines = unbilled["lines"].as_array().unwrap().iter().filter(|line| line["serviceMonth"] == *this_month);
    let mut seen: Vec<_> = lines
        .map(|line| {
            let meter = meters.into_iter().find(|meter| line["meter"] == *meter).unwrap();
            let quantity = line["quantity"].as_str().unwrap().parse().unwrap();
            (line["subscription"].as_str().unwrap().to_owned(), meter, quantity)
        })
        .collect();
    seen.sort();
    seen
}

/// The log itself has each event once: what is in anybody's memory is not asked.
async fn logged(scene: &Scene, batches: u64) {
    let db = Db::open(scene.location()).await.unwrap();
    let mut reader = db.reader().await.unwrap();
    let (mut after, mut seen, mut sums) = (0, BTreeSet::new(), BTreeMap::new());
    loop {
        let records = log::after(&mut reader, Partition(0), after, 100).await.unwrap();
        let Some(last) = records.last() else { break };
        after = last.seq;
        for stored in &records {
            let Record::Usage(events) = Record::decode(&stored.bytes).unwrap() else { continue };
            for event in events.into_iter().filter(|event| event.source == "two") {
                let sum = sums.entry((event.subscription.to_string(), event.meter)).or_insert(Quantity::ZERO);
                *sum = sum.checked_add(event.quantity).unwrap();
                assert!(seen.insert(event.id.clone()), "twice in the log: {event:?}");
            }
        }
    }
    assert_eq!(seen.len() as u64, batches * EVENTS);
    for (subscription, meter, quantity) in scene.expected(batches) {
        let sum = sums[&(subscription, tenantry_testkit::meter(meter))];
        assert_eq!(sum, Quantity::parse(&quantity.to_string()).unwrap());
    }
}
