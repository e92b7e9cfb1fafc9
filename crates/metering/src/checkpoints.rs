//! Checkpoints of the fold: taken in one go, kept piece by piece, read at a start.
//!
//! A checkpoint is a state of one moment, so the fold must stand still while it is taken; a database may take its time,
//! so nothing may stand still for that. Therefore the two are apart: [`take`] writes the state out beside the fold, into
//! memory or, if it is large, into a file without a name, and [`Taken::keep`] carries it into the database while the
//! fold goes on. The memory of the fold is not taken a second time.
//!
//! The last step makes a checkpoint valid (`tenantry_db::checkpoint`); until then the one before it stays the newest. One
//! that cannot be read costs time, not truth: the log has it all.

use crate::engine::partition;
use crate::names;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use tempfile::SpooledTempFile;
use tenantry_core::{Problem, Reason};
use tenantry_db::checkpoint::{self, Checkpoint, Digest, PIECE_BYTES};
use tenantry_db::{Db, Location};
use tenantry_usage::{Fold, Restoring};
use tokio::sync::RwLock;

/// A larger checkpoint waits in a file for its way into the database.
const IN_MEMORY_BYTES: usize = 32 << 20;
/// Pieces of replaced checkpoints that are dropped at a time.
const CLEAR_PIECES: i64 = 16;

/// The state of a moment, on its way into the database.
#[derive(Debug)]
pub(crate) struct Taken {
    name: Checkpoint,
    bytes: SpooledTempFile,
    /// Bytes of it.
    pub(crate) weight: usize,
}

/// Writes the state out. Blocks: not for a thread that serves others. `None` while names wait that are in no run on disk
/// yet: a checkpoint has only those that are in memory.
pub(crate) fn take(fold: &RwLock<Fold>, beside: &Path) -> Result<Option<Taken>, Problem> {
    let mut bytes = SpooledTempFile::new_in(IN_MEMORY_BYTES, beside);
    let mut weight = 0;
    let fold = fold.blocking_read();
    if !fold.unsaved_runs().is_empty() {
        return Ok(None);
    }
    let seq = fold.position();
    for frame in fold.checkpoint_frames() {
        let frame = frame.map_err(Problem::internal)?;
        bytes.write_all(&frame).map_err(unwritten)?;
        weight += frame.len();
    }
    // From here on the fold goes its way.
    drop(fold);
    let (mut digest, mut pieces, mut piece) = (Digest::default(), 0, Vec::new());
    bytes.rewind().map_err(unwritten)?;
    while next_piece(&mut bytes, &mut piece)? {
        digest.push(&piece);
        pieces += 1;
    }
    Ok(Some(Taken { name: Checkpoint { seq, digest: digest.finish(), pieces }, bytes, weight }))
}

impl Taken {
    /// Carries it into the database, unless told to stop half way. Whether it is the newest now.
    pub(crate) async fn keep(mut self, db: &Db, stop: impl Fn() -> bool + Send) -> Result<bool, Problem> {
        self.bytes.seek(SeekFrom::Start(0)).map_err(unwritten)?;
        let mut piece = Vec::new();
        for number in 0..self.name.pieces {
            if stop() || !next_piece(&mut self.bytes, &mut piece)? {
                return Ok(false);
            }
            let mut tx = db.begin().await?;
            checkpoint::put_piece(&mut tx, partition(), &self.name, number, &piece).await?;
            if number + 1 < self.name.pieces {
                tx.commit().await?;
                continue;
            }
            let newest = checkpoint::complete(&mut tx, partition(), &self.name).await?;
            tx.commit().await?;
            clear(db).await?;
            return Ok(newest);
        }
        Ok(false)
    }
}

/// Drops what the newest checkpoint replaced.
async fn clear(db: &Db) -> Result<(), Problem> {
    loop {
        let mut tx = db.begin().await?;
        let dropped = checkpoint::clear(&mut tx, partition(), CLEAR_PIECES).await?;
        tx.commit().await?;
        if dropped == 0 {
            return Ok(());
        }
    }
}

/// The next piece; `false` at the end.
fn next_piece(bytes: &mut SpooledTempFile, piece: &mut Vec<u8>) -> Result<bool, Problem> {
    piece.clear();
    bytes.take(PIECE_BYTES as u64).read_to_end(piece).map_err(unwritten)?;
    Ok(!piece.is_empty())
}

fn unwritten(error: std::io::Error) -> Problem {
    let told = format!("a checkpoint of the usage cannot be written out beside the database ({error})");
    Problem::new(Reason::Unavailable, told).because(error)
}

/// Where a large checkpoint waits: where there is room for it anyway.
pub(crate) fn beside(db: &Db) -> PathBuf {
    let of_file = match db.location() {
        Location::File(path) => path.parent().filter(|parent| !parent.as_os_str().is_empty()).map(Path::to_path_buf),
        Location::Server { .. } => None,
    };
    of_file.unwrap_or_else(std::env::temp_dir)
}

/// The newest checkpoint and its weight, if all of it is there and it is of this memory budget for names.
pub(crate) async fn newest(db: &Db, names: u64) -> Result<Option<(Fold, usize)>, Problem> {
    let Some(newest) = checkpoint::newest(&mut db.reader().await?, partition()).await? else { return Ok(None) };
    if let Some(found) = read(db, names, &newest).await? {
        return Ok(Some(found));
    }
    // Another process of the world may have replaced it while its pieces were read. The new one is worth a try: it is
    // there in full, and a full replay takes far longer.
    match checkpoint::newest(&mut db.reader().await?, partition()).await? {
        Some(now) if now != newest => read(db, names, &now).await,
        _ => Ok(None),
    }
}

/// `None` if it cannot be read: an older form, damage, names that are missing.
async fn read(db: &Db, names: u64, kept: &Checkpoint) -> Result<Option<(Fold, usize)>, Problem> {
    let mut reader = db.reader().await?;
    let (mut restoring, mut digest, mut weight) = (Restoring::default(), Digest::default(), 0);
    for number in 0..kept.pieces {
        let Some(piece) = checkpoint::piece(&mut reader, partition(), kept, number).await? else { return Ok(None) };
        weight += piece.len();
        digest.push(&piece);
        if restoring.push(&piece).is_err() {
            return Ok(None);
        }
    }
    drop(reader);
    if digest.finish() != kept.digest {
        return Ok(None);
    }
    let fits = |fold: &Fold| fold.position() == kept.seq && fold.names_in_memory() == names;
    let Some(mut fold) = restoring.finish().ok().filter(fits) else { return Ok(None) };
    Ok(names::attach(db, &mut fold).await?.then_some((fold, weight)))
}
