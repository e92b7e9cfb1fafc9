//! The usage log: one owner at a time, and damage is named.

use crate::{at, database};
use tenantry_core::{Problem, Reason};
use tenantry_db::log::{self, Partition, Span, Tenure};
use tenantry_db::{Db, sql};
use tenantry_testkit::on_every_engine;

const PARTITION: Partition = Partition(0);

async fn append(db: &Db, tenure: &mut Tenure, bytes: &[u8]) -> Result<(), Problem> {
    let mut tx = db.begin().await?;
    log::append(&mut tx, tenure, at(7), Span { first: at(1), last: at(5) }, bytes).await?;
    tx.commit().await?;
    tenure.next_seq += 1;
    Ok(())
}

#[test]
fn records_come_back_as_they_were_written() {
    on_every_engine(|bench| async move {
        let db = database(&bench).await;
        let mut tenure = log::take(&db, PARTITION).await.unwrap();
        for bytes in [&b""[..], b"one", b"\0\xff two"] {
            append(&db, &mut tenure, bytes).await.unwrap();
        }
        let mut reader = db.reader().await.unwrap();
        let read = |stored: Vec<log::Stored>| stored.into_iter().map(|s| (s.seq, s.bytes)).collect::<Vec<_>>();
        let all = [(1, b"".to_vec()), (2, b"one".to_vec()), (3, b"\0\xff two".to_vec())];
        assert_eq!(read(log::after(&mut reader, PARTITION, 0, 9).await.unwrap()), all);
        assert_eq!(read(log::after(&mut reader, PARTITION, 1, 1).await.unwrap()), all[1..2]);
        assert_eq!(read(log::after(&mut reader, Partition(1), 0, 9).await.unwrap()), []);
        for (first, last, found) in [(0, 0, 0), (0, 1, 3), (5, 9, 3), (6, 9, 0), (2, 3, 3)] {
            let span = Span { first: at(first), last: at(last) };
            let touching = log::touching(&mut reader, PARTITION, span, 0, 9).await.unwrap();
            assert_eq!(touching.len(), found, "{first} to {last}");
        }
    });
}

#[test]
fn whoever_lost_the_partition_cannot_append() {
    on_every_engine(|bench| async move {
        let db = database(&bench).await;
        let mut old = log::take(&db, PARTITION).await.unwrap();
        append(&db, &mut old, b"by the old owner").await.unwrap();
        let mut new = log::take(&db, PARTITION).await.unwrap();
        assert_eq!((new.epoch, new.next_seq), (old.epoch + 1, 2));
        assert_eq!(append(&db, &mut old, b"too late").await.unwrap_err().reason(), Reason::WorldBusy);
        append(&db, &mut new, b"by the new owner").await.unwrap();
        // The right epoch at a place that is taken: two tasks of one owner must not both write there.
        let mut twice = Tenure { next_seq: 2, ..new.clone() };
        assert_eq!(append(&db, &mut twice, b"again").await.unwrap_err().reason(), Reason::WorldBusy);
        let mut reader = db.reader().await.unwrap();
        let stored = log::after(&mut reader, PARTITION, 0, 9).await.unwrap();
        let seen: Vec<_> = stored.iter().map(|s| (s.seq, s.epoch, s.bytes.as_slice())).collect();
        assert_eq!(seen, [(1, 1, &b"by the old owner"[..]), (2, 2, b"by the new owner")]);
    });
}

#[test]
fn a_damaged_record_is_named_and_not_skipped() {
    on_every_engine(|bench| async move {
        let db = database(&bench).await;
        let mut tenure = log::take(&db, PARTITION).await.unwrap();
        for bytes in [b"one", b"two"] {
            append(&db, &mut tenure, bytes).await.unwrap();
        }
        let mut reader = db.reader().await.unwrap();
        let mut tx = db.begin().await.unwrap();
        sql("UPDATE usage_log SET bytes = $1 WHERE seq = 2").bind(b"twO".to_vec()).run(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        let span = Span { first: at(1), last: at(5) };
        for found in [
            log::after(&mut reader, PARTITION, 0, 9).await.map(|_| ()),
            log::touching(&mut reader, PARTITION, span, 0, 9).await.map(|_| ()),
            log::at(&mut reader, PARTITION, 2).await.map(|_| ()),
        ] {
            let problem = found.unwrap_err();
            assert_eq!(problem.reason(), Reason::Corrupt);
            assert!(problem.cause_chain().contains("usage log record 2"), "{problem:?}");
        }
        assert_eq!(log::at(&mut reader, PARTITION, 1).await.unwrap().unwrap().bytes, b"one");
    });
}
