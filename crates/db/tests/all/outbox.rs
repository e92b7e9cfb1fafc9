//! Position order is commit order, also for somebody who reads while others write.
//!
//! A number taken from a sequence would not do: of two writers the one with the higher number may commit first, and a
//! reader that moves past it never sees the other.

use crate::{at, database};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tenantry_db::{Db, Engine, outbox, sql};
use tenantry_testkit::on_every_engine;
use tokio::task::JoinSet;

const WRITERS: i64 = 10;
const ENTRIES: i64 = 12;

/// Publishes, lets some time pass before the end (a different one each time), and gives every third back.
async fn write(db: Db, writer: i64) {
    for number in 0..ENTRIES {
        let mut tx = db.begin().await.unwrap();
        outbox::publish(&mut tx, at(number), "topic", &format!("{writer}/{number}"), "{}").await.unwrap();
        if db.engine() == Engine::Postgres {
            let pauses = [
                "SELECT 1 AS one FROM pg_sleep(0)",
                "SELECT 1 AS one FROM pg_sleep(0.001)",
                "SELECT 1 AS one FROM pg_sleep(0.003)",
            ];
            let pause = usize::try_from((writer + number) % 3).unwrap();
            sql(pauses[pause]).one(&mut tx).await.unwrap();
        } else {
            tokio::task::yield_now().await;
        }
        if (writer + number) % 3 == 0 {
            drop(tx);
        } else {
            tx.commit().await.unwrap();
        }
    }
}

#[test]
fn a_reader_that_moves_on_misses_nothing_that_concurrent_writers_commit() {
    on_every_engine(|bench| async move {
        let db = database(&bench).await;
        let writing = Arc::new(AtomicUsize::new(usize::try_from(WRITERS).unwrap()));
        let mut tasks = JoinSet::new();
        for writer in 0..WRITERS {
            let (db, writing) = (db.clone(), Arc::clone(&writing));
            tasks.spawn(async move {
                write(db, writer).await;
                writing.fetch_sub(1, Ordering::SeqCst);
            });
        }
        let mut seen = Vec::new();
        loop {
            // Asked before the look: what was committed by then must be in it.
            let last_look = writing.load(Ordering::SeqCst) == 0;
            let pending = outbox::pending(&db, "mail", 7).await.unwrap();
            for entry in &pending {
                assert_eq!(entry.position, i64::try_from(seen.len()).unwrap() + 1, "a gap that may be filled later");
                seen.push(entry.subject.clone());
            }
            if let Some(last) = pending.last() {
                let mut tx = db.begin().await.unwrap();
                outbox::move_past(&mut tx, "mail", last.position).await.unwrap();
                tx.commit().await.unwrap();
            } else if last_look {
                break;
            }
        }
        tasks.join_all().await;

        let mut expected: Vec<_> = (0..WRITERS)
            .flat_map(|writer| (0..ENTRIES).map(move |number| (writer, number)))
            .filter(|(writer, number)| (writer + number) % 3 != 0)
            .map(|(writer, number)| format!("{writer}/{number}"))
            .collect();
        for writer in 0..WRITERS {
            let of_writer = |all: &[String]| {
                all.iter().filter(|s| s.starts_with(&format!("{writer}/"))).cloned().collect::<Vec<_>>()
            };
            assert_eq!(of_writer(&seen), of_writer(&expected), "in the order it wrote them");
        }
        expected.sort_unstable();
        seen.sort_unstable();
        assert_eq!(seen, expected);
    });
}
