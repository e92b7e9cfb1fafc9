//! What makes a start fast: checkpoints of the fold, and the replay of the log behind them.
//!
//! Nothing here holds a truth of its own. A checkpoint that cannot be read costs a longer replay, one that could not
//! be kept a longer next start; the log has it all.
//!
//! A checkpoint is written and read in pieces, so that neither takes the memory of the fold a second time. The last
//! piece makes it valid; until then the one before it stays the newest.

use crate::engine::{Metering, partition};
use crate::names::{self, NamesDue};
use tenantry_core::Problem;
use tenantry_db::checkpoint_chunk::{self, CHUNK_BYTES};
use tenantry_db::log::Stored;
use tenantry_db::{Db, identity_run, log};
use tenantry_usage::{Fold, IdentityKey, NAMES_IN_MEMORY, Prepared, Restoring};
use tokio::task::{JoinHandle, spawn_blocking};

/// Log records read at a time when replaying.
const REPLAY_RECORDS: i64 = 256;
/// However long the log is.
pub(crate) const LOG_END: i64 = i64::MAX;
/// A checkpoint is worth its cost once this much was appended since the last, or as much as it weighs itself.
const CHECKPOINT_BYTES_MIN: usize = 1 << 20;

/// When the next checkpoint is due, and what is to be done with names.
#[derive(Debug, Default)]
pub(crate) struct CheckpointDue {
    /// Appended since the last one.
    appended: usize,
    /// What the last one weighs.
    weight: usize,
    names: NamesDue,
}

impl Metering {
    /// Keeps a checkpoint now, for a fast next start.
    pub async fn checkpoint(&self) -> Result<(), Problem> {
        let mut writer = self.writer().await?;
        self.keep_checkpoint(&mut writer.due).await
    }

    /// Keeps at most so many names of counted events in memory, here from now on and in every other process of the world
    /// from its next start. (A name takes about 27 bytes there and 20 on disk.) Older ones are found on disk, so no
    /// answer changes; the fold is made anew from the log, which takes as long as a replay does.
    pub async fn limit_names(&self, most: u64) -> Result<(), Problem> {
        let mut writer = self.writer().await?;
        let mut tx = self.db.begin().await?;
        let names = i64::try_from(most).unwrap_or(i64::MAX);
        identity_run::keep_names_in_memory(&mut tx, partition(), names).await?;
        tx.commit().await?;
        let (fold, due) = load(&self.db).await?;
        (*self.fold.write().await, writer.due) = (fold, due);
        self.keep_checkpoint(&mut writer.due).await
    }

    /// A second fold, made from the log alone: what [`Metering::read_all`] sees must equal it.
    pub async fn replayed(&self) -> Result<Fold, Problem> {
        if self.is_reader() {
            self.read_on().await?;
        }
        // Up to the same record: the log may grow meanwhile.
        let (until, names) = {
            let fold = self.fold.read().await;
            (fold.position(), fold.names_in_memory())
        };
        let mut fold = Fold::with_names_in_memory(names);
        replay_with(&self.db, &mut fold, until, Runs::Drop).await?;
        Ok(fold)
    }

    /// Told of bytes appended and applied, keeps a checkpoint when one is due.
    pub(crate) async fn appended(&self, due: &mut CheckpointDue, bytes: usize) {
        if let Err(problem) = self.move_names(&mut due.names).await {
            // They stay in memory until the next batch tries again.
            tracing::error!("names of counted events could not be moved out of memory: {problem:?}");
        }
        due.appended += bytes;
        if due.appended >= CHECKPOINT_BYTES_MIN.max(due.weight)
            && let Err(problem) = self.keep_checkpoint(due).await
        {
            // The record is kept and counted; without the checkpoint the next start only takes longer. The next
            // try comes after as much again: trying at each batch would cost more than it could save.
            due.appended = 0;
            tracing::error!("no checkpoint of the usage fold could be kept: {problem:?}");
        }
    }

    async fn keep_checkpoint(&self, due: &mut CheckpointDue) -> Result<(), Problem> {
        // A checkpoint has only the names that are in memory.
        self.store_runs(&mut due.names).await?;
        let fold = self.fold.read().await;
        let (position, mut weight, mut number) = (fold.position(), 0, 0);
        let mut piece = Vec::new();
        for frame in fold.checkpoint_frames() {
            piece.extend(frame.map_err(Problem::internal)?);
            while piece.len() > CHUNK_BYTES {
                let rest = piece.split_off(CHUNK_BYTES);
                let mut tx = self.db.begin().await?;
                checkpoint_chunk::put(&mut tx, partition(), position, number, &piece).await?;
                tx.commit().await?;
                (weight, number, piece) = (weight + CHUNK_BYTES, number + 1, rest);
            }
        }
        drop(fold);
        let mut tx = self.db.begin().await?;
        checkpoint_chunk::cut(&mut tx, partition(), position, number).await?;
        log::keep_checkpoint(&mut tx, partition(), position, &piece).await?;
        checkpoint_chunk::clear(&mut tx, partition()).await?;
        tx.commit().await?;
        (due.appended, due.weight) = (0, weight + piece.len());
        Ok(())
    }
}

/// The newest readable checkpoint plus everything after it, and when the next one is due.
pub(crate) async fn load(db: &Db) -> Result<(Fold, CheckpointDue), Problem> {
    let names = identity_run::names_in_memory(&mut db.reader().await?, partition()).await?;
    let names = names.and_then(|names| u64::try_from(names).ok()).unwrap_or(NAMES_IN_MEMORY);
    // One of another memory budget is refused, too: with the budget, the state is a function of the log.
    let (mut fold, weight) =
        newest_checkpoint(db, names).await?.unwrap_or_else(|| (Fold::with_names_in_memory(names), 0));
    replay(db, &mut fold, LOG_END).await?;
    Ok((fold, CheckpointDue { weight, ..CheckpointDue::default() }))
}

/// The newest checkpoint and its weight, if all of it is there. One that cannot be read (an older form, damage, names
/// that are missing) costs time, not truth: the log has it all.
async fn newest_checkpoint(db: &Db, names: u64) -> Result<Option<(Fold, usize)>, Problem> {
    let Some((seq, last)) = log::newest_checkpoint(&mut db.reader().await?, partition()).await? else {
        return Ok(None);
    };
    if let Some(found) = read_checkpoint(db, names, seq, last).await? {
        return Ok(Some(found));
    }
    // Another process of the world may have replaced it while its pieces were read. The new one is worth a try: it is
    // there in full, and a full replay takes far longer.
    match log::newest_checkpoint(&mut db.reader().await?, partition()).await? {
        Some((now, last)) if now != seq => read_checkpoint(db, names, now, last).await,
        _ => Ok(None),
    }
}

/// The checkpoint of a position, given its last piece; `None` if it cannot be read.
async fn read_checkpoint(db: &Db, names: u64, seq: i64, last: Vec<u8>) -> Result<Option<(Fold, usize)>, Problem> {
    let mut reader = db.reader().await?;
    let (mut restoring, mut weight) = (Restoring::default(), last.len());
    for number in 0.. {
        let Some(piece) = checkpoint_chunk::get(&mut reader, partition(), seq, number).await? else { break };
        weight += piece.len();
        if restoring.push(&piece).is_err() {
            return Ok(None);
        }
    }
    drop(reader);
    let restored = restoring.push(&last).and_then(|()| restoring.finish());
    let fits = |fold: &Fold| fold.position() == seq && fold.names_in_memory() == names;
    let Some(mut fold) = restored.ok().filter(fits) else { return Ok(None) };
    Ok(names::attach(db, &mut fold).await?.then_some((fold, weight)))
}

/// What becomes of runs that a replay makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Runs {
    /// They are stored already, or will be.
    Attach,
    /// The fold is made to be compared, and then let go.
    Drop,
}

/// Applies what comes after the fold's position, up to and including a record.
pub(crate) async fn replay(db: &Db, fold: &mut Fold, until: i64) -> Result<(), Problem> {
    replay_with(db, fold, until, Runs::Attach).await
}

/// Opening records is most of the work, and needs no state but the key: it is done on other threads while the records
/// before are applied.
async fn replay_with(db: &Db, fold: &mut Fold, until: i64, runs: Runs) -> Result<(), Problem> {
    let mut reader = db.reader().await?;
    let mut read = fold.position();
    let mut opening: Option<JoinHandle<Result<Vec<Opened>, Problem>>> = None;
    loop {
        let wanted = (until - read).clamp(0, REPLAY_RECORDS);
        let records = log::after(&mut reader, partition(), read, wanted).await?;
        read = records.last().map_or(read, |last| last.seq);
        let key = fold.key();
        let next = (!records.is_empty()).then(|| spawn_blocking(move || open(records, key)));
        if let Some(opened) = opening.take() {
            for Opened { seq, prepared } in opened.await.map_err(Problem::internal)?? {
                fold.apply_prepared(seq, prepared).map_err(|fault| corrupt(seq, &fault))?;
            }
            match runs {
                _ if fold.unsaved_runs().is_empty() => {}
                Runs::Attach => {
                    names::attach(db, fold).await?;
                }
                Runs::Drop => fold.drop_unsaved_runs(),
            }
        }
        opening = next;
        if opening.is_none() {
            return Ok(());
        }
    }
}

/// A record that was opened, and its place.
struct Opened {
    seq: i64,
    prepared: Prepared,
}

fn open(records: Vec<Stored>, key: Option<IdentityKey>) -> Result<Vec<Opened>, Problem> {
    let opened = records.into_iter().map(|stored| {
        let prepared = Prepared::new(&stored.bytes, key).map_err(|error| corrupt(stored.seq, &error))?;
        Ok(Opened { seq: stored.seq, prepared })
    });
    opened.collect()
}

fn corrupt(seq: i64, cause: &dyn std::fmt::Display) -> Problem {
    Problem::corrupt(format!("usage log record {seq}: {cause}"))
}
