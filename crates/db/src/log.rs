//! The usage log: records in order, never changed, each with a checksum.
//!
//! Two ways of being the one who appends. A world of one process has an owner: [`take`] raises the epoch, an append
//! names the epoch and the place it expects and is refused when either moved on, so a process that was thought dead
//! cannot write. A world that processes share has none: each [`hold`]s the log's row for the length of a transaction.

use crate::{Connection, Db, Row, Tx, checksum, sql};
use tenantry_core::{Problem, Reason, Timestamp};

/// A partition of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Partition(pub i64);

/// The right to append: an epoch of a partition, and the next free place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tenure {
    /// The partition.
    pub partition: Partition,
    /// Raised at each change of owner.
    pub epoch: i64,
    /// Where the next record goes. The first is 1.
    pub next_seq: i64,
}

/// A stored record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Its place.
    pub seq: i64,
    /// The epoch that wrote it.
    pub epoch: i64,
    /// When it was appended.
    pub recorded_at: Timestamp,
    /// Its bytes, checksum verified.
    pub bytes: Vec<u8>,
}

/// The span of event times in a record, so that a search need not open every record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Earliest event time.
    pub first: Timestamp,
    /// Latest event time.
    pub last: Timestamp,
}

impl Span {
    /// For records without events: found by no search. A price sheet is large; opening it for nothing takes seconds.
    pub const NONE: Self = Self { first: Timestamp::from_micros(i64::MAX), last: Timestamp::from_micros(i64::MIN) };
}

/// Takes over a partition: whoever held it can no longer append.
pub async fn take(db: &Db, partition: Partition) -> Result<Tenure, Problem> {
    let mut tx = db.begin().await?;
    let row = sql("INSERT INTO usage_partition (partition_no, epoch, next_seq) VALUES ($1, 1, 1) \
         ON CONFLICT (partition_no) DO UPDATE SET epoch = usage_partition.epoch + 1 RETURNING epoch, next_seq")
    .bind(partition.0)
    .one(&mut tx)
    .await?;
    let tenure = Tenure { partition, epoch: row.integer("epoch")?, next_seq: row.integer("next_seq")? };
    tx.commit().await?;
    Ok(tenure)
}

/// Finds a partition, or begins it, without taking it from anybody.
pub async fn enter(db: &Db, partition: Partition) -> Result<Tenure, Problem> {
    let mut tx = db.begin().await?;
    sql("INSERT INTO usage_partition (partition_no, epoch, next_seq) VALUES ($1, 1, 1) \
         ON CONFLICT (partition_no) DO NOTHING")
    .bind(partition.0)
    .run(&mut tx)
    .await?;
    let tenure = hold(&mut tx, partition).await?;
    tx.commit().await?;
    Ok(tenure)
}

/// Waits until nobody else is appending, and keeps everybody else waiting until the transaction ends. What others
/// appended is visible to the transaction from here on.
pub async fn hold(tx: &mut Tx, partition: Partition) -> Result<Tenure, Problem> {
    // A write that changes nothing is the lock that both engines know.
    let row = sql("UPDATE usage_partition SET epoch = epoch WHERE partition_no = $1 RETURNING epoch, next_seq")
        .bind(partition.0)
        .one(tx)
        .await?;
    Ok(Tenure { partition, epoch: row.integer("epoch")?, next_seq: row.integer("next_seq")? })
}

/// Where the next record will go. The first place is 1.
pub async fn next_seq(on: &mut impl Connection, partition: Partition) -> Result<i64, Problem> {
    let row = sql("SELECT next_seq FROM usage_partition WHERE partition_no = $1").bind(partition.0).maybe(on).await?;
    row.map_or(Ok(1), |row| row.integer("next_seq"))
}

/// The epoch of a partition: raised by whoever took it over last.
pub async fn epoch(on: &mut impl Connection, partition: Partition) -> Result<i64, Problem> {
    let row = sql("SELECT epoch FROM usage_partition WHERE partition_no = $1").bind(partition.0).maybe(on).await?;
    row.map_or(Ok(0), |row| row.integer("epoch"))
}

/// Appends a record at the tenure's next place. The caller commits, then moves the tenure on.
pub async fn append(
    tx: &mut Tx,
    tenure: &Tenure,
    recorded_at: Timestamp,
    span: Span,
    bytes: &[u8],
) -> Result<(), Problem> {
    sql("UPDATE usage_partition SET next_seq = next_seq + 1 WHERE partition_no = $1 AND epoch = $2 AND next_seq = $3")
        .bind(tenure.partition.0)
        .bind(tenure.epoch)
        .bind(tenure.next_seq)
        .run_one(tx, || lost(tenure))
        .await?;
    sql("INSERT INTO usage_log (partition_no, seq, epoch, recorded_at, first_at, last_at, checksum, bytes) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)")
    .bind(tenure.partition.0)
    .bind(tenure.next_seq)
    .bind(tenure.epoch)
    .bind(recorded_at)
    .bind(span.first)
    .bind(span.last)
    .bind(checksum::of(bytes))
    .bind(bytes)
    .run(tx)
    .await?;
    Ok(())
}

fn lost(tenure: &Tenure) -> Problem {
    Problem::new(
        Reason::WorldBusy,
        format!(
            "partition {} was taken over by another process after epoch {}, or an append before this one is still under \
             way; nothing was saved, send it again",
            tenure.partition.0, tenure.epoch
        ),
    )
    .retry_after(1)
}

/// Records after `seq`, in order, at most `limit`. A damaged one is named, not skipped.
pub async fn after(
    on: &mut impl Connection,
    partition: Partition,
    seq: i64,
    limit: i64,
) -> Result<Vec<Stored>, Problem> {
    let rows = sql("SELECT seq, epoch, recorded_at, checksum, bytes FROM usage_log \
         WHERE partition_no = $1 AND seq > $2 ORDER BY seq LIMIT $3")
    .bind(partition.0)
    .bind(seq)
    .bind(limit)
    .all(on)
    .await?;
    rows.iter().map(stored).collect()
}

/// The same, and not more than so many bytes together, but for a first record that is larger alone: a record may hold
/// some events or a hundred thousand, so their number says little about the memory they take.
pub async fn portion_after(
    on: &mut impl Connection,
    partition: Partition,
    seq: i64,
    limit: i64,
    bytes: usize,
) -> Result<Vec<Stored>, Problem> {
    // Neither engine reads the bytes to tell their length.
    let rows = sql("SELECT CAST(LENGTH(bytes) AS BIGINT) AS size FROM usage_log \
         WHERE partition_no = $1 AND seq > $2 ORDER BY seq LIMIT $3")
    .bind(partition.0)
    .bind(seq)
    .bind(limit)
    .all(on)
    .await?;
    let (mut fitting, mut together) = (0, 0_usize);
    for row in &rows {
        together = together.saturating_add(usize::try_from(row.integer("size")?).unwrap_or(usize::MAX));
        if fitting > 0 && together > bytes {
            break;
        }
        fitting += 1;
    }
    after(on, partition, seq, fitting).await
}

/// One record.
pub async fn at(on: &mut impl Connection, partition: Partition, seq: i64) -> Result<Option<Stored>, Problem> {
    let row =
        sql("SELECT seq, epoch, recorded_at, checksum, bytes FROM usage_log WHERE partition_no = $1 AND seq = $2")
            .bind(partition.0)
            .bind(seq)
            .maybe(on)
            .await?;
    row.as_ref().map(stored).transpose()
}

/// Records after `seq` that may hold events of a span of time, in order, at most `limit`.
pub async fn touching(
    on: &mut impl Connection,
    partition: Partition,
    span: Span,
    seq: i64,
    limit: i64,
) -> Result<Vec<Stored>, Problem> {
    let rows = sql("SELECT seq, epoch, recorded_at, checksum, bytes FROM usage_log \
         WHERE partition_no = $1 AND seq > $2 AND first_at <= $4 AND last_at >= $3 ORDER BY seq LIMIT $5")
    .bind(partition.0)
    .bind(seq)
    .bind(span.first)
    .bind(span.last)
    .bind(limit)
    .all(on)
    .await?;
    rows.iter().map(stored).collect()
}

fn stored(row: &Row) -> Result<Stored, Problem> {
    let seq = row.integer("seq")?;
    let harmed = || Problem::corrupt(format!("usage log record {seq} does not match its checksum"));
    let bytes = checksum::unharmed(row)?.ok_or_else(harmed)?;
    Ok(Stored { seq, epoch: row.integer("epoch")?, recorded_at: row.time("recorded_at")?, bytes })
}
