//! A disk that gives back other bytes than it was given: a bit flipped, an end torn off, a row gone.
//!
//! The log is the truth, so whatever happened to a record must be named and never folded; a checkpoint is a cache, so one
//! that is damaged costs a longer start and nothing else. Every byte of every kind of record is tried.

use crate::proof;
use crate::setting::{self, Setting, fifth, first_month, send};
use std::collections::{BTreeMap, BTreeSet};
use tenantry_core::Chance;
use tenantry_db::log::{self, Partition};
use tenantry_db::{Db, sql};
use tenantry_testkit::on_every_engine;
use tenantry_usage::Record;

/// Records are short; of longer ones this many bytes are tried, the first and the last among them.
const BYTES_TRIED: usize = 64;

/// A row of the log or of the checkpoint, as it lies in its table.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Row {
    seq: i64,
    checksum: i64,
    bytes: Vec<u8>,
}

const READ_LOG: &str = "SELECT seq, checksum, bytes FROM usage_log ORDER BY seq";
const WRITE_LOG: &str = "UPDATE usage_log SET checksum = $2, bytes = $3 WHERE seq = $1";
const READ_CHECKPOINT: &str = "SELECT seq, checksum, bytes FROM usage_checkpoint_piece";
const WRITE_CHECKPOINT: &str = "UPDATE usage_checkpoint_piece SET checksum = $2, bytes = $3 WHERE seq = $1";

/// A world whose log has every kind of record, closed, and its batches.
async fn used(setting: &Setting) -> BTreeSet<u64> {
    let world = setting.reopen().await;
    for number in 0..3 {
        send(&world, setting.batch(first_month(), number)).await;
    }
    world.advance(&world.system("crash"), fifth(first_month().next())).await.unwrap();
    send(&world, setting.batch(first_month(), 3)).await;
    world.close().await.unwrap();
    (0..4).collect()
}

async fn rows(db: &Db, statement: &'static str) -> Vec<Row> {
    let rows = sql(statement).all(&mut db.reader().await.unwrap()).await.unwrap();
    let integer = |row: &tenantry_db::Row, column| row.integer(column).unwrap();
    let row = |row: &tenantry_db::Row| Row {
        seq: integer(row, "seq"),
        checksum: integer(row, "checksum"),
        bytes: row.bytes("bytes").unwrap(),
    };
    rows.iter().map(row).collect()
}

async fn write(db: &Db, statement: &'static str, row: &Row) {
    let mut tx = db.begin().await.unwrap();
    sql(statement).bind(row.seq).bind(row.checksum).bind(row.bytes.as_slice()).run(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
}

/// A row with one thing wrong with it, and what that is.
fn damages(row: &Row) -> Vec<(String, Row)> {
    let chance = Chance::from_seed(u64::try_from(row.seq).unwrap());
    let length = row.bytes.len();
    let places: BTreeSet<_> = if length <= BYTES_TRIED {
        (0..length).collect()
    } else {
        let drawn = (0..BYTES_TRIED).map(|_| usize::try_from(chance.below(length as u64)).unwrap());
        drawn.chain([0, 1, 2, 3, 4, 5, length - 1]).collect()
    };
    let mut damages = Vec::new();
    for at in &places {
        let mut flipped = row.clone();
        flipped.bytes[*at] ^= 1 << chance.below(8);
        damages.push((format!("a bit of byte {at} of {length} flipped"), flipped));
    }
    for at in places.iter().step_by(8) {
        damages
            .push((format!("cut to {at} of {length} bytes"), Row { bytes: row.bytes[..*at].to_vec(), ..row.clone() }));
    }
    damages.push(("with a byte behind it".to_owned(), Row { bytes: [&row.bytes[..], &[0]].concat(), ..row.clone() }));
    let checksum = row.checksum ^ (1 << chance.below(32));
    damages.push(("with a bit of its checksum flipped".to_owned(), Row { checksum, ..row.clone() }));
    damages
}

#[test]
fn a_damaged_record_is_named_whichever_of_its_bytes_it_is() {
    on_every_engine(|bench| async move {
        let setting = Setting::new(bench.location().clone(), 2).await;
        used(&setting).await;
        let db = Db::open(setting.location.clone()).await.unwrap();
        let mut kinds = BTreeMap::new();
        for row in rows(&db, READ_LOG).await {
            let kind = format!("{:?}", Record::decode(&row.bytes).unwrap());
            let kind = kind.split(['(', ' ', '{']).next().unwrap().to_owned();
            // One of each kind is enough, and the last record, where a torn end would be.
            if kinds.insert(kind.clone(), row.seq).is_some_and(|_| kind != "Usage") {
                continue;
            }
            for (what, damaged) in damages(&row) {
                write(&db, WRITE_LOG, &damaged).await;
                let told = log::after(&mut db.reader().await.unwrap(), Partition(0), row.seq - 1, 1).await;
                let told = format!("{:?}", told.expect_err(&what));
                let named = format!("record {} ", row.seq);
                assert!(told.contains(&named), "{kind} {what}: {told}");
            }
            write(&db, WRITE_LOG, &row).await;
        }
        let seen: Vec<_> = kinds.keys().map(String::as_str).collect();
        for kind in ["Close", "Edge", "Genesis", "PriceSheet", "Subscription", "Usage"] {
            assert!(seen.contains(&kind), "no {kind} in the log: {seen:?}");
        }
        db.close().await;
    });
}

/// What opening a world says about it, to the operator: callers hear that data is damaged, the log says which.
async fn opened(setting: &Setting) -> String {
    match setting::open(&setting.location, setting.next_seed()).await {
        Ok(world) => {
            let findings = tenantry_billing::check::check(world.db(), world.metering(), true).await;
            findings.map_or_else(|problem| format!("{problem:?}"), |findings| findings.wrong.join("; "))
        }
        Err(problem) => format!("{problem:?}"),
    }
}

#[test]
fn a_world_with_a_damaged_log_says_which_record_it_is() {
    on_every_engine(|bench| async move {
        let setting = Setting::new(bench.location().clone(), 2).await;
        let batches = used(&setting).await;
        let db = Db::open(setting.location.clone()).await.unwrap();
        let whole = rows(&db, READ_LOG).await;
        let checkpoints = rows(&db, READ_CHECKPOINT).await;
        for at in [0, whole.len() / 2, whole.len() - 1] {
            let mut damaged = whole[at].clone();
            let middle = damaged.bytes.len() / 2;
            damaged.bytes[middle] ^= 4;
            for checkpoint in [true, false] {
                // With a checkpoint a start does not look that far back; a check does.
                if !checkpoint {
                    for row in &checkpoints {
                        write(&db, WRITE_CHECKPOINT, &Row { checksum: row.checksum ^ 1, ..row.clone() }).await;
                    }
                }
                write(&db, WRITE_LOG, &damaged).await;
                let (said, named) = (opened(&setting).await, format!("record {}", damaged.seq));
                assert!(said.contains(&named), "checkpoint: {checkpoint}; {named}: `{said}`");
                write(&db, WRITE_LOG, &whole[at]).await;
                for row in &checkpoints {
                    write(&db, WRITE_CHECKPOINT, row).await;
                }
            }
        }
        db.close().await;
        let world = setting.reopen().await;
        proof::logged(&setting, &world, &batches).await;
        proof::books(&world).await;
    });
}

#[test]
fn a_record_that_is_gone_is_missed() {
    on_every_engine(|bench| async move {
        let setting = Setting::new(bench.location().clone(), 2).await;
        used(&setting).await;
        let db = Db::open(setting.location.clone()).await.unwrap();
        let whole = rows(&db, READ_LOG).await;
        for at in [1, whole.len() / 2, whole.len() - 1] {
            let gone = whole[at].seq;
            let mut tx = db.begin().await.unwrap();
            sql("UPDATE usage_log SET seq = -seq WHERE seq = $1").bind(gone).run(&mut tx).await.unwrap();
            tx.commit().await.unwrap();
            let said = opened(&setting).await;
            assert!(!said.is_empty(), "nobody missed record {gone}");
            let mut tx = db.begin().await.unwrap();
            sql("UPDATE usage_log SET seq = -seq WHERE seq = $1").bind(-gone).run(&mut tx).await.unwrap();
            tx.commit().await.unwrap();
        }
        db.close().await;
        assert_eq!(opened(&setting).await, "");
    });
}

#[test]
fn a_damaged_checkpoint_is_left_out_and_changes_nothing() {
    on_every_engine(|bench| async move {
        let setting = Setting::new(bench.location().clone(), 2).await;
        let batches = used(&setting).await;
        let db = Db::open(setting.location.clone()).await.unwrap();
        let whole = rows(&db, READ_CHECKPOINT).await;
        assert!(!whole.is_empty(), "a world that was closed keeps a checkpoint");
        for row in &whole {
            let damages = damages(row);
            // Opening takes a while: some of each kind.
            for (what, damaged) in damages.iter().step_by(damages.len() / 6).chain(damages.last()) {
                write(&db, WRITE_CHECKPOINT, damaged).await;
                assert_eq!(opened(&setting).await, "", "{what}");
                write(&db, WRITE_CHECKPOINT, row).await;
            }
        }
        db.close().await;
        let world = setting.reopen().await;
        proof::counted(&setting, &world, &batches).await;
    });
}
