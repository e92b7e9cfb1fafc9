//! A start: the newest checkpoint of the fold, and the replay of the log behind it.
//!
//! Nothing here holds a truth of its own. A checkpoint that cannot be read costs a longer replay; the log has it all.

use crate::engine::{Metering, partition};
use crate::names::NamesDue;
use crate::{checkpoints, names};
use tenantry_core::Problem;
use tenantry_db::log::Stored;
use tenantry_db::{Db, identity_run, log};
use tenantry_usage::{Fold, IdentityKey, NAMES_IN_MEMORY, Prepared};
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;

/// Log records read at a time when replaying...
const REPLAY_RECORDS: i64 = 256;
/// ...and bytes of them, but for a single record that is larger. Opened, they take several times as much.
const REPLAY_BYTES: usize = 2 << 20;
/// Portions that wait to be applied.
const PORTIONS_AHEAD: usize = 2;
/// However long the log is.
pub(crate) const LOG_END: i64 = i64::MAX;

impl Metering {
    /// Keeps at most so many names of counted events in memory, here from now on and in every other process of the world
    /// from its next start. (A name takes about 27 bytes there and 20 on disk.) Older ones are found on disk, so no
    /// answer changes; the fold is made anew from the log, which takes as long as a replay does.
    pub async fn limit_names(&self, most: u64) -> Result<(), Problem> {
        let _writer = self.writer().await?;
        let mut due = self.upkeep.names.lock().await;
        let mut tx = self.db.begin().await?;
        let names = i64::try_from(most).unwrap_or(i64::MAX);
        identity_run::keep_names_in_memory(&mut tx, partition(), names).await?;
        tx.commit().await?;
        let (fold, weight) = load(&self.db).await?;
        (*self.fold.write().await, *due) = (fold, NamesDue::default());
        self.upkeep.begins_with(weight);
        self.upkeep.keep_checkpoint(&mut due, || false).await
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
}

/// The newest readable checkpoint plus everything after it, and what the checkpoint weighs.
pub(crate) async fn load(db: &Db) -> Result<(Fold, usize), Problem> {
    let names = identity_run::names_in_memory(&mut db.reader().await?, partition()).await?;
    let names = names.and_then(|names| u64::try_from(names).ok()).unwrap_or(NAMES_IN_MEMORY);
    // One of another memory budget is refused, too: with the budget, the state is a function of the log.
    let (mut fold, weight) =
        checkpoints::newest(db, names).await?.unwrap_or_else(|| (Fold::with_names_in_memory(names), 0));
    replay(db, &mut fold, LOG_END).await?;
    Ok((fold, weight))
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

/// Reading and opening records is most of the work, and needs no state but the key: it is done on other threads while the
/// records before are applied.
async fn replay_with(db: &Db, fold: &mut Fold, until: i64, runs: Runs) -> Result<(), Problem> {
    if fold.key().is_none() {
        // The key is in the first record; what comes after is opened with it.
        let first = log::after(&mut db.reader().await?, partition(), fold.position(), until.clamp(0, 1)).await?;
        apply_all(fold, open(first, None)?)?;
    }
    let (to_apply, mut opened) = mpsc::channel(PORTIONS_AHEAD);
    let reading = tokio::spawn(open_all(db.clone(), fold.position(), until, fold.key(), to_apply));
    while let Some(portion) = opened.recv().await {
        apply_all(fold, portion)?;
        match runs {
            _ if fold.unsaved_runs().is_empty() => {}
            Runs::Attach => {
                names::attach(db, fold).await?;
            }
            Runs::Drop => fold.drop_unsaved_runs(),
        }
    }
    reading.await.map_err(Problem::internal)?
}

/// Reads records of a stretch of the log and opens them, portion by portion, until whoever applies them has enough.
async fn open_all(
    db: Db,
    after: i64,
    until: i64,
    key: Option<IdentityKey>,
    to_apply: mpsc::Sender<Vec<Opened>>,
) -> Result<(), Problem> {
    let (mut reader, mut read) = (db.reader().await?, after);
    loop {
        let most = (until - read).clamp(0, REPLAY_RECORDS);
        let records = log::portion_after(&mut reader, partition(), read, most, REPLAY_BYTES).await?;
        let Some(last) = records.last() else { return Ok(()) };
        read = last.seq;
        let portion = spawn_blocking(move || open(records, key)).await.map_err(Problem::internal)??;
        if to_apply.send(portion).await.is_err() {
            return Ok(());
        }
    }
}

fn apply_all(fold: &mut Fold, portion: Vec<Opened>) -> Result<(), Problem> {
    portion.into_iter().try_for_each(|Opened { seq, prepared }| {
        fold.apply_prepared(seq, prepared).map_err(|fault| corrupt(seq, &fault))
    })
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
