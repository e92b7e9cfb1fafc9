//! The pieces of a large checkpoint.
//!
//! A checkpoint may weigh more than a row can hold, or than one wants to hold in memory. All pieces but the last are put
//! here, each in whatever transaction; the last goes to [`crate::log::keep_checkpoint`] and makes the whole valid. Until
//! then the checkpoint before it stays the newest.

use crate::log::Partition;
use crate::{Connection, Tx, checksum, sql};
use tenantry_core::Problem;

/// Bytes of a piece, at most.
pub const CHUNK_BYTES: usize = 1 << 20;

/// Puts a piece of the checkpoint that will stand at a place of the log.
pub async fn put(tx: &mut Tx, partition: Partition, seq: i64, number: i64, bytes: &[u8]) -> Result<(), Problem> {
    sql(
        "INSERT INTO usage_checkpoint_chunk (partition_no, seq, chunk_no, checksum, bytes) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (partition_no, seq, chunk_no) DO UPDATE SET checksum = excluded.checksum, bytes = excluded.bytes",
    )
    .bind(partition.0)
    .bind(seq)
    .bind(number)
    .bind(checksum::of(bytes))
    .bind(bytes)
    .run(tx)
    .await?;
    Ok(())
}

/// A piece. A damaged one is as good as none: the log has it all.
pub async fn get(
    on: &mut impl Connection,
    partition: Partition,
    seq: i64,
    number: i64,
) -> Result<Option<Vec<u8>>, Problem> {
    let row = sql("SELECT checksum, bytes FROM usage_checkpoint_chunk \
         WHERE partition_no = $1 AND seq = $2 AND chunk_no = $3")
    .bind(partition.0)
    .bind(seq)
    .bind(number)
    .maybe(on)
    .await?;
    row.as_ref().map_or(Ok(None), checksum::unharmed)
}

/// Drops the pieces of a checkpoint at a place from a number on: of one before that was longer, if it ever was.
pub async fn cut(tx: &mut Tx, partition: Partition, seq: i64, from: i64) -> Result<(), Problem> {
    sql("DELETE FROM usage_checkpoint_chunk WHERE partition_no = $1 AND seq = $2 AND chunk_no >= $3")
        .bind(partition.0)
        .bind(seq)
        .bind(from)
        .run(tx)
        .await?;
    Ok(())
}

/// Drops the pieces of checkpoints older than the newest.
pub async fn clear(tx: &mut Tx, partition: Partition) -> Result<(), Problem> {
    sql("DELETE FROM usage_checkpoint_chunk WHERE partition_no = $1 \
         AND seq < (SELECT seq FROM usage_checkpoint WHERE partition_no = $1)")
    .bind(partition.0)
    .run(tx)
    .await?;
    Ok(())
}
