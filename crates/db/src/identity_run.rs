//! Names of counted events that were moved out of memory: runs of pages, and what memory keeps of each run.
//!
//! A run is named by the stretch of the log whose names it holds. Its pages are put first, in as many transactions as
//! one likes; it is there once its index is. Merging puts a wider run and drops the narrower ones with its index, in one
//! transaction, so the runs cover the log without a gap at every moment.

use crate::log::Partition;
use crate::{Connection, Row, Tx, checksum, sql};
use tenantry_core::Problem;

/// A run: it holds the names of records after the first place, up to and including the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stretch {
    /// After this place...
    pub after: i64,
    /// ...through this one.
    pub through: i64,
}

/// Bytes of a piece of an index, at most.
const CHUNK_BYTES: usize = 1 << 20;

/// Puts a page of a run. The same page again is the same page.
pub async fn put_page(
    tx: &mut Tx,
    partition: Partition,
    run: Stretch,
    number: i64,
    bytes: &[u8],
) -> Result<(), Problem> {
    sql("INSERT INTO usage_identity_page (partition_no, after_seq, through_seq, page_no, checksum, bytes) \
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (partition_no, after_seq, through_seq, page_no) \
         DO UPDATE SET checksum = excluded.checksum, bytes = excluded.bytes")
    .bind(partition.0)
    .bind(run.after)
    .bind(run.through)
    .bind(number)
    .bind(checksum::of(bytes))
    .bind(bytes)
    .run(tx)
    .await?;
    Ok(())
}

/// Pages of a run from a number on, in order, at most `limit`. A damaged one is named.
pub async fn pages(
    on: &mut impl Connection,
    partition: Partition,
    run: Stretch,
    from: i64,
    limit: i64,
) -> Result<Vec<Vec<u8>>, Problem> {
    let rows = sql("SELECT checksum, bytes FROM usage_identity_page WHERE partition_no = $1 AND after_seq = $2 \
         AND through_seq = $3 AND page_no >= $4 ORDER BY page_no LIMIT $5")
    .bind(partition.0)
    .bind(run.after)
    .bind(run.through)
    .bind(from)
    .bind(limit)
    .all(on)
    .await?;
    rows.iter().map(|row| whole(row, run)).collect()
}

/// One page, if the run is (still) there.
pub async fn page(
    on: &mut impl Connection,
    partition: Partition,
    run: Stretch,
    number: i64,
) -> Result<Option<Vec<u8>>, Problem> {
    let row = sql("SELECT checksum, bytes FROM usage_identity_page WHERE partition_no = $1 AND after_seq = $2 \
         AND through_seq = $3 AND page_no = $4")
    .bind(partition.0)
    .bind(run.after)
    .bind(run.through)
    .bind(number)
    .maybe(on)
    .await?;
    row.as_ref().map(|row| whole(row, run)).transpose()
}

/// Puts the index of a run whose pages are all put: it is there.
pub async fn put_index(tx: &mut Tx, partition: Partition, run: Stretch, bytes: &[u8]) -> Result<(), Problem> {
    for (number, chunk) in (0_i64..).zip(bytes.chunks(CHUNK_BYTES)) {
        sql("INSERT INTO usage_identity_run (partition_no, after_seq, through_seq, chunk_no, checksum, bytes) \
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (partition_no, after_seq, through_seq, chunk_no) \
             DO UPDATE SET checksum = excluded.checksum, bytes = excluded.bytes")
        .bind(partition.0)
        .bind(run.after)
        .bind(run.through)
        .bind(number)
        .bind(checksum::of(chunk))
        .bind(chunk)
        .run(tx)
        .await?;
    }
    Ok(())
}

/// How many pages of a run are put, whether its index is or not.
pub async fn pages_put(on: &mut impl Connection, partition: Partition, run: Stretch) -> Result<i64, Problem> {
    let row = sql("SELECT COUNT(*) AS put FROM usage_identity_page WHERE partition_no = $1 AND after_seq = $2 \
         AND through_seq = $3")
    .bind(partition.0)
    .bind(run.after)
    .bind(run.through)
    .one(on)
    .await?;
    row.integer("put")
}

/// The runs there are, by where they begin.
pub async fn stretches(on: &mut impl Connection, partition: Partition) -> Result<Vec<Stretch>, Problem> {
    let rows = sql("SELECT after_seq, through_seq FROM usage_identity_run WHERE partition_no = $1 AND chunk_no = 0 \
         ORDER BY after_seq, through_seq")
    .bind(partition.0)
    .all(on)
    .await?;
    rows.iter()
        .map(|row| Ok(Stretch { after: row.integer("after_seq")?, through: row.integer("through_seq")? }))
        .collect()
}

/// The index of a run; empty if the run is not there (any more).
pub async fn index(on: &mut impl Connection, partition: Partition, run: Stretch) -> Result<Vec<u8>, Problem> {
    let rows = sql("SELECT checksum, bytes FROM usage_identity_run WHERE partition_no = $1 AND after_seq = $2 \
         AND through_seq = $3 ORDER BY chunk_no")
    .bind(partition.0)
    .bind(run.after)
    .bind(run.through)
    .all(on)
    .await?;
    rows.iter().map(|row| whole(row, run)).collect::<Result<Vec<_>, _>>().map(|chunks| chunks.concat())
}

/// Drops runs within a stretch that are not the run of that stretch itself: after a merge.
pub async fn drop_within(tx: &mut Tx, partition: Partition, run: Stretch) -> Result<(), Problem> {
    for statement in [
        sql("DELETE FROM usage_identity_run WHERE partition_no = $1 AND after_seq >= $2 AND through_seq <= $3 \
             AND NOT (after_seq = $2 AND through_seq = $3)"),
        sql("DELETE FROM usage_identity_page WHERE partition_no = $1 AND after_seq >= $2 AND through_seq <= $3 \
             AND NOT (after_seq = $2 AND through_seq = $3)"),
    ] {
        statement.bind(partition.0).bind(run.after).bind(run.through).run(tx).await?;
    }
    Ok(())
}

/// How many names every process of the world keeps in memory; `None` for as many as usual.
pub async fn names_in_memory(on: &mut impl Connection, partition: Partition) -> Result<Option<i64>, Problem> {
    let row = sql("SELECT names FROM usage_memory WHERE partition_no = $1").bind(partition.0).maybe(on).await?;
    row.map(|row| row.integer("names")).transpose()
}

/// Sets how many names every process of the world keeps in memory, from its next start.
pub async fn keep_names_in_memory(tx: &mut Tx, partition: Partition, names: i64) -> Result<(), Problem> {
    sql("INSERT INTO usage_memory (partition_no, names) VALUES ($1, $2) \
         ON CONFLICT (partition_no) DO UPDATE SET names = excluded.names")
    .bind(partition.0)
    .bind(names)
    .run(tx)
    .await?;
    Ok(())
}

fn whole(row: &Row, run: Stretch) -> Result<Vec<u8>, Problem> {
    let harmed = || {
        let (first, last) = (run.after + 1, run.through);
        Problem::corrupt(format!("names of the usage log's records {first} to {last} do not match their checksum"))
    };
    checksum::unharmed(row)?.ok_or_else(harmed)
}
