//! Searching the usage log by time, and keeping one checkpoint per partition.

use crate::{at, database};
use tenantry_db::Db;
use tenantry_db::log::{self, Partition, Span};
use tenantry_testkit::on_every_engine;

const PARTITION: Partition = Partition(0);
const OTHER: Partition = Partition(1);

/// Records with these spans, in this order; `None` is a record without events.
const RECORDS: [Option<(i64, i64)>; 6] =
    [Some((10, 20)), None, Some((15, 15)), Some((0, 100)), Some((-50, -40)), Some((21, 30))];

async fn fill(db: &Db, partition: Partition) {
    let mut tenure = log::take(db, partition).await.unwrap();
    for (number, span) in RECORDS.into_iter().enumerate() {
        let span = span.map_or(Span::NONE, |(first, last)| Span { first: at(first), last: at(last) });
        let mut tx = db.begin().await.unwrap();
        log::append(&mut tx, &tenure, at(1_000), span, &[u8::try_from(number).unwrap()]).await.unwrap();
        tx.commit().await.unwrap();
        tenure.next_seq += 1;
    }
}

#[test]
fn a_search_opens_the_records_that_may_hold_the_time_and_no_others() {
    on_every_engine(|bench| async move {
        let db = database(&bench).await;
        fill(&db, PARTITION).await;
        fill(&db, OTHER).await;
        let mut reader = db.reader().await.unwrap();
        for (first, last, after, limit, found) in [
            (15, 15, 0, 9, &[1, 3, 4][..]),
            (20, 21, 0, 9, &[1, 4, 6]),
            (16, 19, 0, 9, &[1, 4]),
            (31, 99, 0, 9, &[4]),
            (101, 200, 0, 9, &[]),
            (-45, -45, 0, 9, &[5]),
            (-39, -1, 0, 9, &[]),
            // Everything but what holds no events: a price sheet must not be opened for a search.
            (-1_000_000, 1_000_000, 0, 9, &[1, 3, 4, 5, 6]),
            (-1_000_000, 1_000_000, 0, 2, &[1, 3]),
            (-1_000_000, 1_000_000, 3, 2, &[4, 5]),
            (-1_000_000, 1_000_000, 6, 2, &[]),
        ] {
            let span = Span { first: at(first), last: at(last) };
            let stored = log::touching(&mut reader, PARTITION, span, after, limit).await.unwrap();
            let places: Vec<_> = stored.iter().map(|stored| stored.seq).collect();
            assert_eq!(places, found, "{first} to {last} after {after}, at most {limit}");
            let bytes = |seq: i64| vec![u8::try_from(seq - 1).unwrap()];
            assert!(stored.iter().all(|stored| stored.bytes == bytes(stored.seq)), "{stored:?}");
        }
        let everything = Span { first: at(-1_000_000), last: at(1_000_000) };
        assert_eq!(log::touching(&mut reader, Partition(2), everything, 0, 9).await.unwrap(), []);
        // Left out of searches, not out of the log.
        assert_eq!(log::after(&mut reader, PARTITION, 0, 9).await.unwrap().len(), RECORDS.len());
    });
}

#[test]
fn a_portion_ends_with_its_bytes_or_its_number_and_is_never_empty_while_there_are_records() {
    on_every_engine(|bench| async move {
        let db = database(&bench).await;
        let mut tenure = log::take(&db, PARTITION).await.unwrap();
        for size in [10, 20, 500, 5] {
            let mut tx = db.begin().await.unwrap();
            log::append(&mut tx, &tenure, at(1_000), Span::NONE, &vec![7; size]).await.unwrap();
            tx.commit().await.unwrap();
            tenure.next_seq += 1;
        }
        let mut reader = db.reader().await.unwrap();
        for (after, limit, bytes, found) in [
            (0, 9, 1_000, &[1, 2, 3, 4][..]),
            (0, 2, 1_000, &[1, 2]),
            (0, 9, 30, &[1, 2]),
            (0, 9, 29, &[1]),
            // Larger than a portion: alone.
            (2, 9, 30, &[3]),
            (3, 9, 30, &[4]),
            (0, 9, 0, &[1]),
            (0, 0, 1_000, &[]),
            (4, 9, 1_000, &[]),
        ] {
            let portion = log::portion_after(&mut reader, PARTITION, after, limit, bytes).await.unwrap();
            let places: Vec<_> = portion.iter().map(|stored| stored.seq).collect();
            assert_eq!(places, found, "after {after}, at most {limit} of {bytes} bytes");
        }
    });
}
