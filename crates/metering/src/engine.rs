//! The fold of a world's partition, its place in the log, and the one door through which records enter.

use tenantry_core::{OpContext, Problem, Reason, Timestamp};
use tenantry_db::log::{self, Partition, Span, Tenure};
use tenantry_db::{Db, Tx};
use tenantry_usage::{Fold, IdentityKey, Record};
use tokio::sync::{Mutex, MutexGuard, RwLock};

/// All usage of a world is in one partition today; ids and epochs are in place for more.
const PARTITION: Partition = Partition(0);
/// Log records read at a time when replaying.
const REPLAY_RECORDS: i64 = 256;
/// However long the log is.
const LOG_END: i64 = i64::MAX;
/// A checkpoint is worth its cost once this much was appended since the last, or as much as it weighs itself.
const CHECKPOINT_BYTES_MIN: usize = 1 << 20;

/// The running fold of a world.
#[derive(Debug)]
pub struct Metering {
    pub(crate) db: Db,
    pub(crate) sandbox: bool,
    /// Held by whoever appends: judging and appending must not interleave with another writer. A reader has none.
    writer: Option<Mutex<Writer>>,
    /// Read while a writer waits for the disk; written for the moment it takes to apply a record.
    pub(crate) fold: RwLock<Fold>,
}

/// The right to append, and what is due for a checkpoint.
#[derive(Debug)]
pub(crate) struct Writer {
    pub(crate) tenure: Tenure,
    /// Set while an append is under way. Found set by the next writer, the last append ended in an error or was
    /// dropped half way: whether it is in the log is looked up there, not guessed.
    unsure: bool,
    bytes_since_checkpoint: usize,
    checkpoint_bytes: usize,
}

impl Metering {
    /// Takes over the partition and brings the fold up to the end of the log.
    ///
    /// The caller must own the world (see `Db::claim`); taking over cuts off whoever held the partition before.
    pub async fn open(ctx: &OpContext, db: &Db, sandbox: bool) -> Result<Self, Problem> {
        let tenure = log::take(db, PARTITION).await?;
        let (fold, checkpoint_bytes) = load(db).await?;
        if fold.position() + 1 != tenure.next_seq {
            return Err(Problem::corrupt(format!(
                "the usage log ends at record {}, but the next is to be {}",
                fold.position(),
                tenure.next_seq
            )));
        }
        let writer = Writer { tenure, unsure: false, bytes_since_checkpoint: 0, checkpoint_bytes };
        let metering = Self { db: db.clone(), sandbox, writer: Some(Mutex::new(writer)), fold: RwLock::new(fold) };
        let mut writer = metering.writer().await?;
        if metering.fold.read().await.position() == 0 {
            let genesis = Record::Genesis(IdentityKey(ctx.chance.bytes()));
            metering.append(&mut writer, ctx.now(), Span::NONE, genesis, None).await?;
        }
        drop(writer);
        metering.follow(ctx).await?;
        Ok(metering)
    }

    /// The usage of a world that another process may own: takes nothing over, and every append is refused. Where the
    /// owner would follow what happened elsewhere, a reader reads on in the log.
    pub async fn open_readonly(db: &Db, sandbox: bool) -> Result<Self, Problem> {
        let (fold, _) = load(db).await?;
        Ok(Self { db: db.clone(), sandbox, writer: None, fold: RwLock::new(fold) })
    }

    /// Whether partners may report usage and close months themselves.
    #[must_use]
    pub const fn in_sandbox(&self) -> bool {
        self.sandbox
    }

    /// Reads from the fold: everybody's usage and charges. For rooms that ask the policy themselves before they hand
    /// anything on (`billing`, `worlds`, the command line); faces ask the views, which ask the policy.
    pub async fn read_all<T>(&self, question: impl FnOnce(&Fold) -> T) -> T {
        question(&*self.fold.read().await)
    }

    /// A second fold, made from the log alone: what [`Metering::read_all`] sees must equal it.
    pub async fn replayed(&self) -> Result<Fold, Problem> {
        if self.is_reader() {
            self.read_on().await?;
        }
        // Up to the same record: the log may grow meanwhile.
        let until = self.fold.read().await.position();
        let mut fold = Fold::default();
        replay(&self.db, &mut fold, until).await?;
        Ok(fold)
    }

    /// Whether it only looks.
    pub(crate) const fn is_reader(&self) -> bool {
        self.writer.is_none()
    }

    /// Takes in what the owner appended since the last look.
    pub(crate) async fn read_on(&self) -> Result<(), Problem> {
        replay(&self.db, &mut *self.fold.write().await, LOG_END).await
    }

    /// Appends a record, durable when this returns, and applies it. `with` is committed together with it.
    pub(crate) async fn append(
        &self,
        writer: &mut Writer,
        at: Timestamp,
        span: Span,
        record: Record,
        with: Option<Tx>,
    ) -> Result<(), Problem> {
        if writer.unsure {
            return Err(Problem::internal("append without looking where the log ends"));
        }
        self.fold
            .read()
            .await
            .check(&record)
            .map_err(|fault| Problem::new(Reason::Unsupported, fault.to_string()).because(fault))?;
        let bytes = record.encode().map_err(Problem::internal)?;
        let mut tx = match with {
            Some(tx) => tx,
            None => self.db.begin().await?,
        };
        writer.unsure = true;
        log::append(&mut tx, &writer.tenure, at, span, &bytes).await?;
        tx.commit().await?;
        let seq = writer.tenure.next_seq;
        writer.tenure.next_seq += 1;
        self.fold.write().await.apply(seq, record).map_err(|fault| Problem::corrupt(fault.to_string()))?;
        writer.unsure = false;
        writer.bytes_since_checkpoint += bytes.len();
        if writer.bytes_since_checkpoint >= CHECKPOINT_BYTES_MIN.max(writer.checkpoint_bytes)
            && let Err(problem) = self.keep_checkpoint(writer).await
        {
            // The record is kept and counted; without the checkpoint the next start only takes longer. The next
            // try comes after as much again: trying at each batch would cost more than it could save.
            writer.bytes_since_checkpoint = 0;
            tracing::error!("no checkpoint of the usage fold could be kept: {problem:?}");
        }
        Ok(())
    }

    /// The one writer. Waits for its turn, and for the truth after an append that ended in an error.
    pub(crate) async fn writer(&self) -> Result<MutexGuard<'_, Writer>, Problem> {
        let Some(writer) = &self.writer else {
            let told = "this is a look at the usage of a world that another process may own; nothing can be added";
            return Err(Problem::new(Reason::WorldBusy, told));
        };
        let mut writer = writer.lock().await;
        if writer.unsure {
            let mut fold = self.fold.write().await;
            replay(&self.db, &mut fold, LOG_END).await?;
            writer.tenure.next_seq = fold.position() + 1;
            writer.unsure = false;
        }
        Ok(writer)
    }

    /// Keeps a checkpoint now, for a fast next start.
    pub async fn checkpoint(&self) -> Result<(), Problem> {
        let mut writer = self.writer().await?;
        self.keep_checkpoint(&mut writer).await
    }

    async fn keep_checkpoint(&self, writer: &mut Writer) -> Result<(), Problem> {
        let (position, bytes) = {
            let fold = self.fold.read().await;
            (fold.position(), fold.checkpoint().map_err(Problem::internal)?)
        };
        let mut tx = self.db.begin().await?;
        log::keep_checkpoint(&mut tx, PARTITION, position, &bytes).await?;
        tx.commit().await?;
        writer.bytes_since_checkpoint = 0;
        writer.checkpoint_bytes = bytes.len();
        Ok(())
    }
}

/// The newest readable checkpoint plus everything after it, and how much the checkpoint weighs.
async fn load(db: &Db) -> Result<(Fold, usize), Problem> {
    let mut reader = db.reader().await?;
    let kept = log::newest_checkpoint(&mut reader, PARTITION).await?;
    drop(reader);
    let (mut fold, weight) = match kept {
        // One that cannot be read (an older form, damage) costs time, not truth: the log has it all.
        Some((seq, bytes)) => match Fold::restore(&bytes) {
            Ok(fold) if fold.position() == seq => (fold, bytes.len()),
            _ => (Fold::default(), 0),
        },
        None => (Fold::default(), 0),
    };
    replay(db, &mut fold, LOG_END).await?;
    Ok((fold, weight))
}

/// Applies what comes after the fold's position, up to and including a record.
async fn replay(db: &Db, fold: &mut Fold, until: i64) -> Result<(), Problem> {
    let mut reader = db.reader().await?;
    loop {
        let wanted = (until - fold.position()).clamp(0, REPLAY_RECORDS);
        let records = log::after(&mut reader, PARTITION, fold.position(), wanted).await?;
        if records.is_empty() {
            return Ok(());
        }
        for stored in records {
            let record = Record::decode(&stored.bytes)
                .map_err(|error| Problem::corrupt(format!("usage log record {}: {error}", stored.seq)))?;
            fold.apply(stored.seq, record)
                .map_err(|fault| Problem::corrupt(format!("usage log record {}: {fault}", stored.seq)))?;
        }
    }
}

/// The partition, for searches of the log.
pub(crate) const fn partition() -> Partition {
    PARTITION
}
