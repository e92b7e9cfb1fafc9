//! A full disk: the batch is refused with the reason and the way out, nothing of it is counted, reading goes on, and
//! with room again the same batch is counted once.

use crate::child::{Does, Role, say};
use crate::proof;
use crate::setting::{Setting, first_month};
use crate::victim::Victim;
use std::io::Write;
use std::path::Path;
use std::process::Command;
use tenantry_core::{Problem, Reason, SubscriptionId};
use tenantry_db::{Engine, Location, sql};
use tenantry_metering::{Submitted, Verdict};
use tenantry_testkit::on_every_engine;
use tenantry_usage::Event;
use tenantry_worlds::World;

/// Batches sent as one, so that they need new pages.
const MANY: u64 = 200;

fn much(subscriptions: &[SubscriptionId]) -> Vec<Event> {
    (0..MANY).flat_map(|number| crate::work::batch(subscriptions, first_month(), number)).collect()
}

async fn intake(world: &World, events: Vec<Event>) -> Result<Vec<Verdict>, Problem> {
    world.metering().intake(&world.system("crash"), events.into_iter().map(Submitted::Event).collect()).await
}

fn must_say_full(answer: Result<Vec<Verdict>, Problem>) {
    let problem = answer.unwrap_err();
    assert_eq!(problem.reason(), Reason::StorageFull, "{problem:?}");
    let said = problem.message();
    assert!(said.contains("full") && said.contains("Free some space") && said.contains("again"), "{said}");
}

async fn state(world: &World) -> Vec<u8> {
    world.metering().read_all(tenantry_usage::Fold::checkpoint).await.unwrap()
}

#[test]
fn a_batch_without_room_is_refused_whole_and_counts_once_later() {
    on_every_engine(|bench| async move {
        if bench.engine() == Engine::Postgres {
            // Its word for a full disk is tested in `db`; filling the disk of a server is not ours to do.
            return;
        }
        let setting = Setting::new(bench.location().clone(), 2).await;
        let world = setting.reopen().await;
        let before = state(&world).await;
        for _ in 0..3 {
            // Below the present size means: not a page more. The limit goes with the connection that failed.
            let mut tx = world.db().begin().await.unwrap();
            sql("PRAGMA max_page_count = 1").one(&mut tx).await.unwrap();
            tx.commit().await.unwrap();
            must_say_full(intake(&world, much(&setting.subscriptions)).await);
            proof::counted(&setting, &world, &[].into()).await;
            assert!(state(&world).await == before, "a refused batch changed the state");
        }
        for expected in [Verdict::Accepted { unrated: false }, Verdict::Duplicate] {
            let verdicts = intake(&world, much(&setting.subscriptions)).await.unwrap();
            assert!(verdicts.iter().all(|verdict| *verdict == expected), "{expected:?}");
        }
        let all = (0..MANY).collect();
        proof::counted(&setting, &world, &all).await;
        proof::logged(&setting, &world, &all).await;
        proof::books(&world).await;
    });
}

/// A file system of two megabytes, seen by one process only. Needs a kernel that lets us have one.
const TINY: &str =
    "mount -t tmpfs -o size=2m tiny \"$1\" || exit 77; cp \"$2\" \"$1/world.sqlite\" || exit 1; shift 2; exec \"$@\"";

#[test]
fn on_a_full_file_system_nothing_is_lost_and_with_room_again_it_goes_on() {
    on_every_engine(|bench| async move {
        let Location::File(file) = bench.location() else { return };
        let setting = Setting::new(bench.location().clone(), 2).await;
        let tiny = bench.directory().join("tiny");
        std::fs::create_dir(&tiny).unwrap();
        let role = Role::new(&setting, Does::Fill { ballast: tiny.join("ballast") }).at(tiny.join("world.sqlite"));
        let mut command = Command::new("unshare");
        command.args(["--user", "--map-root-user", "--mount", "/bin/sh", "-c", TINY, "sh"]).arg(&tiny).arg(file);
        command.arg(std::env::current_exe().unwrap());
        if !can_unshare() {
            // Not `eprintln!`: a passed test would not show it.
            let _ = writeln!(std::io::stderr(), "skipped: this machine gives no file system to a process of its own");
            return;
        }
        let (success, said) = Victim::start(role.to(&mut command)).end();
        assert!(success && said.iter().any(|line| line == "filled and emptied"), "{said:?}");
    });
}

fn can_unshare() -> bool {
    let tried = Command::new("unshare")
        .args(["--user", "--map-root-user", "--mount", "/bin/sh", "-c", "mount -t tmpfs -o size=1m tiny /mnt"])
        .output();
    tried.is_ok_and(|tried| tried.status.success())
}

/// In the tiny file system: sends until it is full.
pub async fn fill(role: &Role, world: &World, ballast: &Path) {
    let batch = |number| crate::work::batch(&role.subscriptions, first_month(), number);
    std::fs::write(ballast, vec![0; 300_000]).unwrap();
    let mut number = 0;
    let problem = loop {
        let before = state(world).await;
        match intake(world, batch(number)).await {
            Ok(verdicts) => assert_eq!(verdicts[0], Verdict::Accepted { unrated: false }),
            Err(problem) => {
                assert!(state(world).await == before, "a refused batch changed the state");
                break problem;
            }
        }
        number += 1;
        assert!(number < 10_000, "the disk is never full");
    };
    must_say_full(Err(problem));
    must_say_full(intake(world, batch(number)).await);
    // What was acknowledged is known, though the disk is full.
    let known = intake(world, batch(0)).await.unwrap();
    assert!(known.iter().all(|verdict| *verdict == Verdict::Duplicate), "{known:?}");
    std::fs::remove_file(ballast).unwrap();
    for expected in [Verdict::Accepted { unrated: false }, Verdict::Duplicate] {
        for verdict in intake(world, batch(number)).await.unwrap() {
            assert_eq!(verdict, expected);
        }
    }
    let events = world.metering().read_all(tenantry_usage::Fold::events_counted).await;
    assert_eq!(events, usize::try_from(number + 1).unwrap() * crate::work::EVENTS);
    proof::books(world).await;
    say("filled and emptied");
}
