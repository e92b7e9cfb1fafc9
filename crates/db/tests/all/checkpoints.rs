//! Checkpoints: the newest complete one is found, whoever was killed at writing another, and nothing of two of them is
//! ever read as one.

use crate::database;
use tenantry_db::checkpoint::{self, Checkpoint, Digest};
use tenantry_db::log::Partition;
use tenantry_db::{Db, sql};
use tenantry_testkit::on_every_engine;

const PARTITION: Partition = Partition(0);
const OTHER: Partition = Partition(1);

fn named(seq: i64, pieces: &[&[u8]]) -> Checkpoint {
    let mut digest = Digest::default();
    pieces.iter().for_each(|piece| digest.push(piece));
    Checkpoint { seq, digest: digest.finish(), pieces: i64::try_from(pieces.len()).unwrap() }
}

/// Puts the first pieces of a checkpoint, and completes it if that is all of them.
async fn write(db: &Db, partition: Partition, seq: i64, pieces: &[&[u8]], first: usize) -> bool {
    let made = named(seq, pieces);
    for (number, piece) in (0..).zip(&pieces[..first]) {
        let mut tx = db.begin().await.unwrap();
        checkpoint::put_piece(&mut tx, partition, &made, number, piece).await.unwrap();
        tx.commit().await.unwrap();
    }
    let mut tx = db.begin().await.unwrap();
    let newest = first == pieces.len() && checkpoint::complete(&mut tx, partition, &made).await.unwrap();
    tx.commit().await.unwrap();
    newest
}

/// The newest, as far as its pieces can be read.
async fn newest(db: &Db, partition: Partition) -> Option<(i64, Vec<Option<Vec<u8>>>)> {
    let mut reader = db.reader().await.unwrap();
    let found = checkpoint::newest(&mut reader, partition).await.unwrap()?;
    let mut pieces = Vec::new();
    for number in 0..found.pieces {
        pieces.push(checkpoint::piece(&mut reader, partition, &found, number).await.unwrap());
    }
    Some((found.seq, pieces))
}

fn whole(pieces: &[&[u8]]) -> Vec<Option<Vec<u8>>> {
    pieces.iter().map(|piece| Some(piece.to_vec())).collect()
}

async fn clear(db: &Db) -> u64 {
    let mut dropped = 0;
    loop {
        let mut tx = db.begin().await.unwrap();
        let some = checkpoint::clear(&mut tx, PARTITION, 2).await.unwrap();
        tx.commit().await.unwrap();
        assert!(some <= 2);
        dropped += some;
        if some == 0 {
            return dropped;
        }
    }
}

#[test]
fn a_kill_in_the_middle_of_writing_leaves_the_one_before_as_it_was() {
    on_every_engine(|bench| async move {
        let db = database(&bench).await;
        let before: &[&[u8]] = &[b"one", b"two", b"three"];
        assert!(write(&db, PARTITION, 5, before, 3).await);
        // Of the same place, after another state: a smaller memory for names, say. And of later places.
        for (seq, killed_after) in [(5, 1), (5, 2), (6, 1), (9, 2)] {
            let pieces: &[&[u8]] = &[b"ONE", b"TWO", b"THREE"];
            assert!(!write(&db, PARTITION, seq, pieces, killed_after).await);
            assert_eq!(newest(&db, PARTITION).await, Some((5, whole(before))), "{seq} {killed_after}");
        }
        let after: &[&[u8]] = &[b"ONE", b"TWO", b"THREE"];
        assert!(write(&db, PARTITION, 5, after, 3).await);
        assert_eq!(newest(&db, PARTITION).await, Some((5, whole(after))));
        // What was replaced goes; what somebody may be writing further on stays.
        assert_eq!(clear(&db).await, 3);
        assert!(write(&db, PARTITION, 9, after, 3).await);
        assert_eq!(clear(&db).await, 3 + 1);
        assert_eq!(newest(&db, PARTITION).await, Some((9, whole(after))));
    });
}

#[test]
fn an_older_one_does_not_replace_a_newer_one() {
    on_every_engine(|bench| async move {
        let db = database(&bench).await;
        let rows: [(i64, &[u8], i64); 4] = [(5, b"five", 5), (3, b"three", 5), (5, b"again", 5), (8, b"eight", 8)];
        for (seq, bytes, kept) in rows {
            assert_eq!(write(&db, PARTITION, seq, &[bytes], 1).await, seq >= kept, "{seq}");
            assert_eq!(newest(&db, PARTITION).await.map(|(seq, _)| seq), Some(kept));
        }
        assert!(write(&db, OTHER, 2, &[], 0).await, "one without bytes");
        assert_eq!(newest(&db, OTHER).await, Some((2, Vec::new())));
        assert_eq!(newest(&db, Partition(2)).await, None);
    });
}

#[test]
fn one_whose_pieces_were_cleared_away_while_it_was_written_is_not_completed() {
    on_every_engine(|bench| async move {
        let db = database(&bench).await;
        let slow: &[&[u8]] = &[b"slow", b"er"];
        assert!(!write(&db, PARTITION, 4, slow, 1).await);
        assert!(write(&db, PARTITION, 6, &[b"quick"], 1).await);
        assert_eq!(clear(&db).await, 1);
        let made = named(4, slow);
        let mut tx = db.begin().await.unwrap();
        checkpoint::put_piece(&mut tx, PARTITION, &made, 1, slow[1]).await.unwrap();
        assert!(!checkpoint::complete(&mut tx, PARTITION, &made).await.unwrap());
        tx.commit().await.unwrap();
        assert_eq!(newest(&db, PARTITION).await, Some((6, whole(&[b"quick"]))));
    });
}

#[test]
fn a_damaged_piece_is_as_good_as_none() {
    on_every_engine(|bench| async move {
        let db = database(&bench).await;
        assert!(write(&db, PARTITION, 2, &[b"fold", b"er"], 2).await);
        let mut tx = db.begin().await.unwrap();
        sql("UPDATE usage_checkpoint_piece SET bytes = $1 WHERE piece_no = 0")
            .bind(b"fo1d".to_vec())
            .run(&mut tx)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        assert_eq!(newest(&db, PARTITION).await, Some((2, vec![None, Some(b"er".to_vec())])));
    });
}
