//! Checkpoints of the usage fold, in pieces.
//!
//! A checkpoint may weigh more than a row can hold, or than one wants to hold in memory. It is named by the place of the
//! log it stands at and by the digest of all its bytes. Pieces are put under that name, each in whatever transaction;
//! [`complete`] comes last and makes the whole valid. Until then the checkpoint before it stays the newest. Whoever is
//! killed half way leaves pieces that nobody reads: those of another checkpoint have another name, and of the same one
//! they are the same bytes.

use crate::log::Partition;
use crate::{Connection, Tx, checksum, sql};
use sha2::{Digest as _, Sha256};
use tenantry_core::Problem;

/// Bytes of a piece, at most.
pub const PIECE_BYTES: usize = 1 << 20;

/// Which checkpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// The place of the log it stands at.
    pub seq: i64,
    /// The [`Digest`] of its bytes.
    pub digest: String,
    /// In so many pieces, counted from 0.
    pub pieces: i64,
}

/// Makes the name of a checkpoint of its bytes, however they are cut.
#[derive(Debug, Default)]
pub struct Digest(Sha256);

impl Digest {
    /// Takes in the next bytes.
    pub fn push(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The digest of all that came.
    #[must_use]
    pub fn finish(self) -> String {
        self.0.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// Puts a piece. The same piece again is the same piece.
pub async fn put_piece(
    tx: &mut Tx,
    partition: Partition,
    of: &Checkpoint,
    number: i64,
    bytes: &[u8],
) -> Result<(), Problem> {
    sql("INSERT INTO usage_checkpoint_piece (partition_no, seq, digest, piece_no, checksum, bytes) \
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (partition_no, seq, digest, piece_no) \
         DO UPDATE SET checksum = excluded.checksum, bytes = excluded.bytes")
    .bind(partition.0)
    .bind(of.seq)
    .bind(&of.digest)
    .bind(number)
    .bind(checksum::of(bytes))
    .bind(bytes)
    .run(tx)
    .await?;
    Ok(())
}

/// Makes a checkpoint whose pieces are all put the newest. `false` if it is not: there is a newer one, or another
/// process cleared pieces of it away because there was one meanwhile.
pub async fn complete(tx: &mut Tx, partition: Partition, made: &Checkpoint) -> Result<bool, Problem> {
    let row = sql("SELECT COUNT(*) AS pieces FROM usage_checkpoint_piece \
         WHERE partition_no = $1 AND seq = $2 AND digest = $3")
    .bind(partition.0)
    .bind(made.seq)
    .bind(&made.digest)
    .one(tx)
    .await?;
    if row.integer("pieces")? != made.pieces {
        return Ok(false);
    }
    let kept = sql("INSERT INTO usage_checkpoint (partition_no, seq, digest, pieces) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (partition_no) DO UPDATE SET seq = excluded.seq, digest = excluded.digest, pieces = excluded.pieces \
         WHERE usage_checkpoint.seq <= excluded.seq")
    .bind(partition.0)
    .bind(made.seq)
    .bind(&made.digest)
    .bind(made.pieces)
    .run(tx)
    .await?;
    Ok(kept == 1)
}

/// Drops pieces of checkpoints that the newest one replaced, at most `limit`; how many. A large one is dropped a little
/// at a time, so that nobody waits for it.
pub async fn clear(tx: &mut Tx, partition: Partition, limit: i64) -> Result<u64, Problem> {
    sql("DELETE FROM usage_checkpoint_piece WHERE partition_no = $1 AND (seq, digest, piece_no) IN \
         (SELECT old.seq, old.digest, old.piece_no FROM usage_checkpoint_piece old \
         JOIN usage_checkpoint newest ON newest.partition_no = old.partition_no WHERE old.partition_no = $1 \
         AND (old.seq < newest.seq OR (old.seq = newest.seq AND old.digest <> newest.digest)) \
         ORDER BY old.seq, old.digest, old.piece_no LIMIT $2)")
    .bind(partition.0)
    .bind(limit)
    .run(tx)
    .await
}

/// The newest checkpoint.
pub async fn newest(on: &mut impl Connection, partition: Partition) -> Result<Option<Checkpoint>, Problem> {
    let row = sql("SELECT seq, digest, pieces FROM usage_checkpoint WHERE partition_no = $1")
        .bind(partition.0)
        .maybe(on)
        .await?;
    let read = |row: &crate::Row| {
        Ok(Checkpoint { seq: row.integer("seq")?, digest: row.text("digest")?, pieces: row.integer("pieces")? })
    };
    row.as_ref().map(read).transpose()
}

/// A piece. A damaged one is as good as none: the log has it all.
pub async fn piece(
    on: &mut impl Connection,
    partition: Partition,
    of: &Checkpoint,
    number: i64,
) -> Result<Option<Vec<u8>>, Problem> {
    let row = sql("SELECT checksum, bytes FROM usage_checkpoint_piece \
         WHERE partition_no = $1 AND seq = $2 AND digest = $3 AND piece_no = $4")
    .bind(partition.0)
    .bind(of.seq)
    .bind(&of.digest)
    .bind(number)
    .maybe(on)
    .await?;
    row.as_ref().map_or(Ok(None), checksum::unharmed)
}
