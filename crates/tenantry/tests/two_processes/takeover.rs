//! A process that dies while it makes closes that are due: what it left undone is done by the other, once. One that takes
//! its time is left alone.

use crate::death::{Death, count, library};
use crate::node::{self, Node, get, pass, stopwatch};
use crate::scene::{Scene, now, past_month};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader};
use std::os::unix::process::ExitStatusExt;
use std::time::Duration;
use tenantry_billing::CLOSE_MONTH;
use tenantry_db::job::{self, KEEP_SECONDS, TAKEN_SECONDS};
use tenantry_db::{Db, sql};
use tenantry_testkit::on_every_engine;

/// Months before the last one that is closed for certain: each has a document.
const MONTHS: usize = 3;
const SEATS: i64 = 5;
/// Writes of a start and of all closes.
const WRITES: u64 = 400;
/// Whoever took a job has it for nine seconds after its death.
const AT_MOST: Duration = Duration::from_secs(60);
const SIGKILL: i32 = 9;
/// So many that the first claim would be over.
const RENEWALS: u64 = TAKEN_SECONDS.cast_unsigned().div_ceil(KEEP_SECONDS) + 1;

#[test]
fn a_close_whose_maker_dies_at_a_write_is_completed_by_the_other_process() {
    on_every_engine(|bench| async move {
        let library = library(bench.directory());
        let (mut deaths, mut outlived) = (BTreeMap::new(), 0);
        // Each has a world of its own: what is due is due once.
        for round in crate::rounds(3) {
            let _which = crate::brought_back(&(round..round + 1), round);
            let first = (0..MONTHS).fold(past_month(), |month, _| month.previous());
            let Some(scene) = Scene::since(&bench.another(), first, SEATS).await else { return };
            let (_, mut command) = Node::command(&scene);
            let mut doomed = Death::of(round, WRITES).awaits(&mut command, &library).spawn().unwrap();
            // The first word of the doomed is that it serves, or it is dead by then: it has begun with what is due.
            let mut words = BufReader::new(doomed.stdout.take().unwrap()).lines().map_while(Result::ok);
            let mut said: Vec<_> = words.next().into_iter().collect();
            let survivor = Node::start(&scene);
            nothing_stays_due(&scene).await;
            if doomed.try_wait().unwrap().is_none() {
                doomed.kill().unwrap();
                outlived += 1;
            }
            assert_eq!(doomed.wait().unwrap().signal(), Some(SIGKILL), "it ended by itself");
            said.extend(words);
            count(&mut deaths, &said);

            let another = Node::start(&scene);
            let [seen, again] = [&survivor, &another].map(|node| issued(node, &scene));
            assert_eq!(seen, again, "who comes later says the same");
            assert!(seen.len() > MONTHS, "each month has a document: {seen:?}");
            drop((survivor, another));
            assert_eq!(node::check(&scene), (u64::try_from(seen.len()).unwrap(), scene.counted));
        }
        eprintln!("{deaths:?}, {outlived} outlived their closes");
    });
}

/// Waits until all is done that is due.
async fn nothing_stays_due(scene: &Scene) {
    let db = Db::open(scene.location()).await.unwrap();
    let waited = stopwatch();
    loop {
        let due = sql("SELECT kind, subject FROM due_job WHERE done_at IS NULL AND due_at <= $1")
            .bind(now())
            .all(&mut db.reader().await.unwrap())
            .await
            .unwrap();
        if due.is_empty() {
            return;
        }
        let left = || due.iter().map(|row| row.text("subject").unwrap()).collect::<Vec<_>>();
        assert!(waited() < AT_MOST, "nobody does what is due: {:?}", left());
        pass(20_000);
    }
}

/// The documents of the partner, one for each month, by number.
fn issued(node: &Node, scene: &Scene) -> BTreeMap<String, String> {
    let (status, answer) =
        get(&mut node.client(&scene.provider), &format!("/api/v1/invoices?partner={}", scene.partner));
    assert_eq!(status, 200, "{answer}");
    let found = answer["items"].as_array().unwrap_or_else(|| panic!("{answer}"));
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_else(|| panic!("{answer}")).to_owned();
    let issued: BTreeMap<_, _> =
        found.iter().map(|invoice| (text(&invoice["number"]), text(&invoice["month"]))).collect();
    let months: BTreeSet<_> = issued.values().collect();
    assert_eq!((issued.len(), months.len()), (found.len(), found.len()), "one a month: {answer}");
    issued
}

#[test]
fn a_close_that_takes_longer_than_its_claim_stays_with_the_process_that_makes_it() {
    on_every_engine(|bench| async move {
        let Some(scene) = Scene::new(&bench).await else { return };
        let db = Db::open(scene.location()).await.unwrap();
        // Nobody issues a document until we let go.
        let mut ours = db.begin().await.unwrap();
        sql("LOCK TABLE invoice IN EXCLUSIVE MODE").run(&mut ours).await.unwrap();
        let node = Node::start(&scene);
        let mut claims = BTreeSet::new();
        // The first claim and its renewals.
        while u64::try_from(claims.len()).unwrap() < 1 + RENEWALS {
            let claimed = sql("SELECT taking, taken_until FROM due_job WHERE done_at IS NULL AND kind = $1");
            let job = claimed.bind(CLOSE_MONTH).one(&mut db.reader().await.unwrap()).await.unwrap();
            let (taking, until) = (job.integer("taking").unwrap(), job.maybe_time("taken_until").unwrap());
            assert!(taking <= 1, "somebody else took it");
            claims.extend(until);
            // We look for work as another process does, once the first has found its own.
            if !claims.is_empty() {
                assert_eq!(job::take(&db, now()).await.unwrap(), None);
            }
            // Ours is not to look idle: the server would end it.
            sql("SELECT 1 AS here").one(&mut ours).await.unwrap();
            pass(20_000);
        }
        drop(ours);
        nothing_stays_due(&scene).await;
        assert_eq!(issued(&node, &scene).len(), 1);
        drop(node);
        assert_eq!(node::check(&scene), (1, scene.counted));
    });
}
