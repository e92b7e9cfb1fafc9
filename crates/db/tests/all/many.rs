//! Several processes of one world: who may open it, who hears of what, who takes a job, whose turn it is. A process is
//! a database handle of its own here.

use crate::{at, database};
use std::collections::BTreeMap;
use tenantry_core::{Problem, Reason};
use tenantry_db::job::{self, KEEP_SECONDS, TAKEN_SECONDS};
use tenantry_db::log::{self, Partition, Span};
use tenantry_db::{Db, Engine, Migration, Slice};
use tenantry_testkit::{Bench, cut_off, on_every_engine};

const PARTITION: Partition = Partition(0);

async fn another(bench: &Bench) -> Db {
    Db::open(bench.location().clone()).await.unwrap()
}

#[test]
fn a_world_on_a_server_is_shared_by_those_who_share_it() {
    on_every_engine(|bench| async move {
        let first = database(&bench).await;
        let second = another(&bench).await;
        let mut entry = first.enter().await.unwrap();
        assert!(entry.alone().await.unwrap());
        let owned = entry.share().await.unwrap();
        if bench.engine() == Engine::Sqlite {
            assert!(!first.takes_many());
            assert_eq!(second.enter().await.unwrap_err().reason(), Reason::WorldBusy);
            return;
        }
        let mut entry = second.enter().await.unwrap();
        assert!(!entry.alone().await.unwrap(), "another process serves the world");
        let also_owned = entry.share().await.unwrap();
        let third = another(&bench).await;
        assert_eq!(third.claim().await.unwrap_err().reason(), Reason::WorldBusy, "nobody has it for itself now");
        drop((owned, also_owned));
        let alone = third.claim().await.unwrap();
        assert_eq!(first.enter().await.unwrap_err().reason(), Reason::WorldBusy, "and now somebody has");
        drop(alone);
    });
}

#[test]
fn a_lock_that_the_server_let_go_of_is_taken_again_before_anything_is_written() {
    on_every_engine(|bench| async move {
        let db = database(&bench).await;
        let mut entry = db.enter().await.unwrap();
        assert!(entry.alone().await.unwrap());
        let owned = entry.share().await.unwrap();
        let never = async || -> Result<bool, Problem> { panic!("nothing is wrong") };
        owned.look(&db, never).await.unwrap();
        if bench.engine() == Engine::Sqlite {
            return;
        }
        let other = another(&bench).await;
        let writes = async || db.begin().await.map(drop);
        assert_eq!(cut_off(bench.location(), &other).await, 1);
        owned.look(&db, async || Ok(true)).await.unwrap();
        writes().await.unwrap();
        assert_eq!(other.claim().await.unwrap_err().reason(), Reason::WorldBusy, "it is held again");

        // Somebody has the world for itself meanwhile: nothing is written until that one is gone.
        assert_eq!(cut_off(bench.location(), &other).await, 1);
        let alone = other.claim().await.unwrap();
        for _ in 0..2 {
            let problem = owned.look(&db, never).await.unwrap_err();
            assert_eq!((problem.reason(), problem.retry_after_seconds()), (Reason::WorldBusy, Some(1)), "{problem:?}");
            assert_eq!(writes().await.unwrap_err().message(), problem.message());
        }
        db.reader().await.unwrap();
        drop(alone);
        // The server notices a moment later.
        while owned.look(&db, async || Ok(true)).await.is_err() {
            tokio::task::yield_now().await;
        }
        writes().await.unwrap();

        // A newer program changed the tables, or somebody else was at them.
        type Unchanged = fn() -> Result<bool, Problem>;
        let newer: Unchanged = || Err(Problem::new(Reason::Unsupported, "a newer version wrote it"));
        let rows: [(Unchanged, bool); 3] =
            [(|| Err(Problem::internal("no answer")), true), (|| Ok(false), false), (newer, false)];
        for (unchanged, again) in rows {
            cut_off(bench.location(), &other).await;
            owned.look(&db, async || unchanged()).await.unwrap_err();
            let told = writes().await.unwrap_err();
            assert_eq!(told.reason(), Reason::WorldBusy);
            assert_eq!(told.retry_after_seconds().is_some(), again, "{told:?}");
            other.claim().await.unwrap();
        }
    });
}

#[test]
fn who_opens_a_world_that_is_being_opened_waits() {
    on_every_engine(|bench| async move {
        if bench.engine() == Engine::Sqlite {
            return;
        }
        let (first, second) = (database(&bench).await, another(&bench).await);
        let entry = first.enter().await.unwrap();
        let waiting = tokio::spawn(async move { second.enter().await.unwrap().alone().await.unwrap() });
        // Long enough for many a try of the other.
        let mut reader = first.reader().await.unwrap();
        tenantry_db::sql("SELECT 1 AS one FROM pg_sleep(0.3)").one(&mut reader).await.unwrap();
        assert!(!waiting.is_finished());
        let _owned = entry.share().await.unwrap();
        assert!(!waiting.await.unwrap(), "it is in, and not alone");
    });
}

#[test]
fn a_change_of_access_is_heard_in_the_other_processes() {
    on_every_engine(|bench| async move {
        let (one, other) = (database(&bench).await, another(&bench).await);
        for db in [&one, &other] {
            assert!(!db.hear().await.unwrap(), "nothing happened yet");
        }
        let change = async |says_so: bool, commits: bool| {
            let mut tx = one.begin().await.unwrap();
            if says_so {
                tx.changes_access();
            }
            if commits {
                tx.commit().await.unwrap();
            }
        };
        for (says_so, commits, heard) in [(false, true, false), (true, false, false), (true, true, true)] {
            let before = other.access_epoch();
            change(says_so, commits).await;
            let heard = heard && bench.engine() == Engine::Postgres;
            assert_eq!(other.access_epoch(), before, "who does not listen does not hear");
            assert_eq!(other.hear().await.unwrap(), heard, "{says_so} {commits}");
            assert_eq!(other.access_epoch() > before, heard);
            assert!(!other.hear().await.unwrap(), "once");
        }
    });
}

#[test]
fn who_cannot_ask_forgets() {
    on_every_engine(|bench| async move {
        let db = database(&bench).await;
        let before = db.access_epoch();
        drop(Box::pin(db.hear()));
        assert_eq!(db.access_epoch(), before, "a look that never began");
        db.close().await;
        assert!(db.hear().await.is_err());
        assert!(db.access_epoch() > before);
    });
}

#[test]
fn a_job_is_taken_by_one_process_and_comes_back_if_that_one_dies() {
    on_every_engine(|bench| async move {
        const JOBS: usize = 12;
        let db = database(&bench).await;
        let mut tx = db.begin().await.unwrap();
        for number in 0..JOBS {
            job::schedule(&mut tx, "sweep", &format!("{number:02}"), at(10)).await.unwrap();
        }
        tx.commit().await.unwrap();
        assert_eq!(job::take(&db, at(9)).await.unwrap(), None, "not due");

        let mut takers = tokio::task::JoinSet::new();
        for _ in 0..4 {
            let db = another(&bench).await;
            takers.spawn(async move {
                let mut taken = Vec::new();
                let mut idle = 0;
                while idle < JOBS {
                    match job::take(&db, at(20)).await.unwrap() {
                        Some(job) => taken.push(job.subject),
                        None => idle += 1,
                    }
                }
                taken
            });
        }
        let mut taken: Vec<_> = takers.join_all().await.into_iter().flatten().collect();
        taken.sort();
        assert_eq!(taken, (0..JOBS).map(|number| format!("{number:02}")).collect::<Vec<_>>(), "each once");

        let late = at(20 + TAKEN_SECONDS);
        assert_eq!(job::take(&db, at(19 + TAKEN_SECONDS)).await.unwrap(), None, "whoever took them is at it");
        let mut seen = BTreeMap::new();
        while let Some(job) = job::take(&db, late).await.unwrap() {
            let mut tx = db.begin().await.unwrap();
            let put_off = job.subject == "03" && job.attempts == 0;
            if put_off {
                job::postpone(&mut tx, &job, "no broom", late).await.unwrap();
            } else {
                job::complete(&mut tx, &job, late).await.unwrap();
            }
            tx.commit().await.unwrap();
            *seen.entry(job.subject).or_insert(0) += 1;
        }
        assert_eq!(seen.len(), JOBS);
        assert!(seen.iter().all(|(subject, times)| *times == if subject == "03" { 2 } else { 1 }), "{seen:?}");
    });
}

#[test]
fn a_job_that_is_kept_is_nobody_elses_for_as_long_as_that_goes_on() {
    on_every_engine(|bench| async move {
        let db = database(&bench).await;
        let mut tx = db.begin().await.unwrap();
        job::schedule(&mut tx, "sweep", "hall", at(10)).await.unwrap();
        tx.commit().await.unwrap();
        let long = job::take(&db, at(10)).await.unwrap().unwrap();
        let last = 10 + 5 * TAKEN_SECONDS;
        for now in (10..=last).step_by(usize::try_from(KEEP_SECONDS).unwrap()) {
            assert_eq!(job::take(&db, at(now)).await.unwrap(), None, "at {now}");
            job::keep(&db, &long, at(now)).await.unwrap();
        }
        let other = job::take(&db, at(last + TAKEN_SECONDS)).await.unwrap().unwrap();
        assert_eq!((long.taking, other.taking), (1, 2));
        job::keep(&db, &long, at(5_000)).await.unwrap();
        let third = job::take(&db, at(last + 2 * TAKEN_SECONDS)).await.unwrap();
        assert_eq!(third.map(|job| job.taking), Some(3), "who lost it cannot keep it for the one that has it");
    });
}

#[test]
fn who_lost_a_job_to_another_neither_ends_it_nor_puts_it_off() {
    on_every_engine(|bench| async move {
        let db = database(&bench).await;
        let mut tx = db.begin().await.unwrap();
        job::schedule(&mut tx, "sweep", "hall", at(10)).await.unwrap();
        tx.commit().await.unwrap();
        let slow = job::take(&db, at(10)).await.unwrap().unwrap();
        let quick = job::take(&db, at(10 + TAKEN_SECONDS)).await.unwrap().unwrap();
        let mut tx = db.begin().await.unwrap();
        job::postpone(&mut tx, &slow, "no broom", at(5_000)).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(job::take(&db, at(11 + TAKEN_SECONDS)).await.unwrap(), None, "it is the other's still");
        let mut tx = db.begin().await.unwrap();
        let lost = job::complete(&mut tx, &slow, at(200)).await.unwrap_err();
        assert_eq!(lost.reason(), Reason::WorldBusy, "{lost:?}");
        drop(tx);
        let mut tx = db.begin().await.unwrap();
        job::complete(&mut tx, &quick, at(200)).await.unwrap();
        tx.commit().await.unwrap();
        let mut tx = db.begin().await.unwrap();
        assert!(job::complete(&mut tx, &quick, at(201)).await.is_err(), "it is done");
        job::postpone(&mut tx, &quick, "too late", at(5_000)).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(job::next_due(&db, at(9_000)).await.unwrap(), None);
    });
}

#[test]
fn whoever_holds_the_log_sees_all_that_was_appended_and_nobody_else_appends() {
    on_every_engine(|bench| async move {
        const EACH: i64 = 10;
        let db = database(&bench).await;
        log::enter(&db, PARTITION).await.unwrap();
        let mut writers = tokio::task::JoinSet::new();
        for _ in 0..4 {
            let db = another(&bench).await;
            writers.spawn(async move {
                for _ in 0..EACH {
                    let mut tx = db.begin().await.unwrap();
                    let tenure = log::hold(&mut tx, PARTITION).await.unwrap();
                    let before = log::after(&mut tx, PARTITION, 0, i64::MAX).await.unwrap();
                    assert_eq!(i64::try_from(before.len()).unwrap() + 1, tenure.next_seq);
                    log::append(&mut tx, &tenure, at(1), Span::NONE, b"it").await.unwrap();
                    tx.commit().await.unwrap();
                }
            });
        }
        writers.join_all().await;
        let mut reader = db.reader().await.unwrap();
        assert_eq!(log::next_seq(&mut reader, PARTITION).await.unwrap(), 4 * EACH + 1);
        assert_eq!(log::next_seq(&mut reader, Partition(7)).await.unwrap(), 1, "a log that nobody began");
    });
}

#[test]
fn a_process_knows_whether_the_tables_are_those_it_expects() {
    on_every_engine(|bench| async move {
        const MORE: Migration =
            Migration { number: 1_000, name: "more", sql: "CREATE TABLE more (id TEXT PRIMARY KEY)" };
        let of_today = tenantry_db::SLICE;
        let tomorrow: &'static [Migration] = Vec::leak([of_today.migrations, &[MORE]].concat());
        let of_tomorrow = Slice { migrations: tomorrow, ..of_today };
        let db = database(&bench).await;
        assert!(db.is_current(&[of_today]).await.unwrap());
        assert!(!db.is_current(&[of_tomorrow]).await.unwrap());
        db.migrate(&[of_tomorrow], at(1)).await.unwrap();
        assert!(db.is_current(&[of_tomorrow]).await.unwrap());
        assert_eq!(db.is_current(&[of_today]).await.unwrap_err().reason(), Reason::Unsupported);
    });
}
