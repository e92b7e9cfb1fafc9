//! Order: counters without gaps, the outbox in commit order, jobs in the order of their time.

use crate::{at, database};
use tenantry_db::job::{self, Job};
use tenantry_db::{counter, outbox};
use tenantry_testkit::on_every_engine;
use tokio::task::JoinSet;

#[test]
fn concurrent_transactions_count_without_gaps() {
    on_every_engine(|bench| async move {
        let db = database(&bench).await;
        let mut tasks = JoinSet::new();
        for number in 0..20 {
            let db = db.clone();
            tasks.spawn(async move {
                let mut tx = db.begin().await.unwrap();
                let got = counter::next(&mut tx, "invoices").await.unwrap();
                // Every fourth gives its number back.
                if number % 4 == 0 {
                    drop(tx);
                    return None;
                }
                tx.commit().await.unwrap();
                Some(got)
            });
        }
        let mut kept: Vec<i64> = tasks.join_all().await.into_iter().flatten().collect();
        kept.sort_unstable();
        assert_eq!(kept, (1..=15).collect::<Vec<_>>());
        let mut tx = db.begin().await.unwrap();
        assert_eq!(counter::next(&mut tx, "invoices").await.unwrap(), 16);
        assert_eq!(counter::next(&mut tx, "orders").await.unwrap(), 1);
    });
}

#[test]
fn the_outbox_is_read_in_commit_order_and_each_consumer_keeps_its_place() {
    on_every_engine(|bench| async move {
        let db = database(&bench).await;
        let mut tasks = JoinSet::new();
        for writer in 0..4 {
            let db = db.clone();
            tasks.spawn(async move {
                for number in 0..5 {
                    let mut tx = db.begin().await.unwrap();
                    let subject = format!("{writer}/{number}");
                    outbox::publish(&mut tx, at(number), "topic", &subject, "{}").await.unwrap();
                    if number != 2 {
                        tx.commit().await.unwrap();
                    }
                }
            });
        }
        tasks.join_all().await;

        let all = outbox::pending(&db, "anybody", 100).await.unwrap();
        let positions: Vec<i64> = all.iter().map(|entry| entry.position).collect();
        assert_eq!(positions, (1..=16).collect::<Vec<_>>());
        for writer in 0..4 {
            let of_writer = all.iter().filter_map(|entry| entry.subject.strip_prefix(&format!("{writer}/")));
            assert_eq!(of_writer.collect::<Vec<_>>(), ["0", "1", "3", "4"]);
        }

        for (moved_to, next) in [(3, 4), (2, 4), (16, 0)] {
            let mut tx = db.begin().await.unwrap();
            outbox::move_past(&mut tx, "mail", moved_to).await.unwrap();
            tx.commit().await.unwrap();
            let pending = outbox::pending(&db, "mail", 2).await.unwrap();
            assert_eq!(pending.first().map_or(0, |entry| entry.position), next);
            assert_eq!(pending.len(), if next == 0 { 0 } else { 2 });
        }
        assert_eq!(outbox::pending(&db, "anybody", 100).await.unwrap(), all);
    });
}

#[test]
fn jobs_come_in_the_order_of_their_time() {
    on_every_engine(|bench| async move {
        let db = database(&bench).await;
        let mut tx = db.begin().await.unwrap();
        for (kind, subject, due) in [
            ("close", "2020-02", 20),
            ("mail", "b", 10),
            ("close", "2020-01", 10),
            ("close", "2020-02", 5),
            ("late", "x", 31),
        ] {
            job::schedule(&mut tx, kind, subject, at(due)).await.unwrap();
        }
        tx.commit().await.unwrap();

        assert_eq!(job::next_due(&db, at(9)).await.unwrap(), None);
        let mut ran = Vec::new();
        while let Some(job) = job::next_due(&db, at(30)).await.unwrap() {
            let mut tx = db.begin().await.unwrap();
            if job.kind == "mail" && job.attempts == 0 {
                job::postpone(&mut tx, &job, "no answer", at(15)).await.unwrap();
            } else {
                job::complete(&mut tx, &job, at(30)).await.unwrap();
            }
            tx.commit().await.unwrap();
            ran.push(job);
        }
        let job = |kind: &str, subject: &str, due, attempts| Job {
            kind: kind.to_owned(),
            subject: subject.to_owned(),
            due_at: at(due),
            attempts,
            taking: 0,
        };
        // Scheduled twice is one job, and the first time holds; one that was put off comes back at its new time.
        let expected = [
            job("close", "2020-01", 10, 0),
            job("mail", "b", 10, 0),
            job("mail", "b", 15, 1),
            job("close", "2020-02", 20, 0),
        ];
        assert_eq!(ran, expected);
    });
}
