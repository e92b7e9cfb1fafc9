//! The turn: how records get into the one log, one writer after another, within a process and across processes.
//!
//! Whether an event was counted before, which tier its unit falls into, whether a cap is reached: each needs the sum of
//! everything before it. So judging and appending are one act, and whoever acts must know the whole log. Within a
//! process a lock sees to that. A live world on a server is shared by processes: there a turn is a transaction that
//! locks the log's row, reads what others appended since, and only then judges; the lock ends with the commit, or with
//! the connection of a process that died, or when the server loses patience with one that hangs (`tenantry_db::Db`).
//! There is nothing to take over and nobody to forward to.
//!
//! A commit whose answer was lost is looked up, not guessed: the next turn reads the log from where the fold stands.

use crate::engine::{Metering, partition};
use tenantry_core::{OpContext, Problem, Reason, Timestamp};
use tenantry_db::log::{self, Span, Stored, Tenure};
use tenantry_db::{Connection, Tx};
use tenantry_usage::Record;
use tokio::sync::MutexGuard;

/// Log records read at a time.
const READ_RECORDS: i64 = 256;

/// What a process remembers from turn to turn.
#[derive(Debug)]
pub(crate) struct Writer {
    /// Where the next record goes, unless others append as well.
    pub(crate) tenure: Tenure,
    /// Set while a commit is under way. Found set by the next turn, the last commit ended in an error or was dropped
    /// half way.
    unsure: bool,
}

/// The right to append. Dropped without [`Turn::commit`], nothing of it was.
#[derive(Debug)]
#[must_use = "what is appended in a turn counts once the turn is committed"]
pub(crate) struct Turn<'a> {
    metering: &'a Metering,
    writer: MutexGuard<'a, Writer>,
    tx: Option<Tx>,
    /// In the order of the log.
    appended: Vec<Record>,
    bytes: usize,
}

impl Writer {
    pub(crate) const fn new(tenure: Tenure) -> Self {
        Self { tenure, unsure: false }
    }
}

impl Metering {
    /// Waits for the turn. Then the fold equals the log and nobody else can append until the turn ends.
    ///
    /// # Errors
    /// `WorldBusy` for a process that only looks, and when others held the log for longer than one waits.
    pub(crate) async fn turn(&self) -> Result<Turn<'_>, Problem> {
        let mut writer = self.writer().await?;
        let mut tx = None;
        if self.shared || writer.unsure {
            let mut begun = self.db.begin().await?;
            let tenure = log::hold(&mut begun, partition()).await?;
            self.read_until(&mut begun, tenure.next_seq).await?;
            if self.shared {
                writer.tenure = tenure;
                tx = Some(begun);
            } else {
                // The epoch stays: who was cut off stays cut off.
                writer.tenure.next_seq = tenure.next_seq;
            }
            writer.unsure = false;
        }
        Ok(Turn { metering: self, writer, tx, appended: Vec::new(), bytes: 0 })
    }

    /// Takes in what other processes of a shared world did since the last look: so that whoever asks next finds little
    /// to read, and so that what a budget decided is acted on although the process that counted the usage died.
    pub async fn catch_up(&self, ctx: &OpContext) -> Result<(), Problem> {
        if !self.shared {
            return Ok(());
        }
        self.read_on().await?;
        // Names that fell out of memory here because others appended.
        self.upkeep.appended(0, !self.fold.read().await.unsaved_runs().is_empty());
        self.after_batch(ctx).await
    }

    /// Applies what others appended since the last look. Whoever asks the fold next sees it.
    pub(crate) async fn read_on(&self) -> Result<(), Problem> {
        let mut reader = self.db.reader().await?;
        let next_seq = log::next_seq(&mut reader, partition()).await?;
        self.read_until(&mut reader, next_seq).await
    }

    /// Applies the records before a place. The fold stays readable while they are fetched.
    async fn read_until(&self, on: &mut impl Connection, next_seq: i64) -> Result<(), Problem> {
        loop {
            let position = self.fold.read().await.position();
            if position + 1 >= next_seq {
                return Ok(());
            }
            let stored = log::after(on, partition(), position, READ_RECORDS).await?;
            if stored.is_empty() {
                let told =
                    format!("the usage log ends before record {next_seq}; after record {position} there is none");
                return Err(Problem::corrupt(told));
            }
            let records = stored.iter().map(decoded).collect::<Result<Vec<_>, _>>()?;
            self.take_in(position + 1, records).await.map(drop)?;
        }
    }

    /// Applies committed records that begin at a place. Those that somebody applied meanwhile are passed over: a
    /// place of the log never changes what it holds. Whether names wait to be stored then.
    async fn take_in(&self, first: i64, records: Vec<Record>) -> Result<bool, Problem> {
        let mut fold = self.fold.write().await;
        for (seq, record) in (first..).zip(records) {
            if seq > fold.position() {
                fold.apply(seq, record)
                    .map_err(|fault| Problem::corrupt(format!("usage log record {seq}: {fault}")))?;
            }
        }
        Ok(!fold.unsaved_runs().is_empty())
    }
}

impl Turn<'_> {
    /// Appends a record that is durable once the turn is committed. A turn may append many usage records; a record of
    /// another kind is alone in its turn, because the next is checked against a fold that does not know it yet.
    ///
    /// # Errors
    /// `Unsupported` if the fold could not apply it; `WorldBusy` if somebody else took the log over.
    pub(crate) async fn append(&mut self, at: Timestamp, span: Span, record: Record) -> Result<(), Problem> {
        let other = |record: &Record| !matches!(record, Record::Usage(_));
        if !self.appended.is_empty() && (other(&record) || self.appended.iter().any(other)) {
            return Err(Problem::internal("a record that is not usage must be alone in its turn"));
        }
        let checked = self.metering.fold.read().await.check(&record);
        checked.map_err(|fault| Problem::new(Reason::Unsupported, fault.to_string()).because(fault))?;
        let bytes = record.encode().map_err(Problem::internal)?;
        let tenure = self.next_place();
        log::append(self.tx().await?, &tenure, at, span, &bytes).await?;
        self.appended.push(record);
        self.bytes += bytes.len();
        Ok(())
    }

    /// The transaction of the turn, for what must be committed with its records.
    pub(crate) async fn tx(&mut self) -> Result<&mut Tx, Problem> {
        match &mut self.tx {
            Some(tx) => Ok(tx),
            none => Ok(none.insert(self.metering.db.begin().await?)),
        }
    }

    /// Makes everything in the turn durable, then applies it. After an error nobody knows yet whether it is durable;
    /// the next turn looks.
    pub(crate) async fn commit(mut self) -> Result<(), Problem> {
        let Some(tx) = self.tx.take() else { return Ok(()) };
        self.writer.unsure = true;
        tx.commit().await?;
        let first = self.writer.tenure.next_seq;
        let next = self.next_place();
        let names_wait = self.metering.take_in(first, std::mem::take(&mut self.appended)).await?;
        self.writer.tenure = next;
        self.writer.unsure = false;
        if self.bytes > 0 {
            self.metering.upkeep.appended(self.bytes, names_wait);
        }
        Ok(())
    }

    /// The transaction, if the turn has one already: that of a shared world, which holds the log. Whoever reads in such a
    /// turn reads on it, so that the server does not take the turn for one that hangs.
    pub(crate) const fn held(&mut self) -> Option<&mut Tx> {
        self.tx.as_mut()
    }

    fn next_place(&self) -> Tenure {
        let ahead = i64::try_from(self.appended.len()).unwrap_or(i64::MAX);
        let tenure = &self.writer.tenure;
        Tenure { next_seq: tenure.next_seq.saturating_add(ahead), ..tenure.clone() }
    }
}

fn decoded(stored: &Stored) -> Result<Record, Problem> {
    Record::decode(&stored.bytes).map_err(|error| Problem::corrupt(format!("usage log record {}: {error}", stored.seq)))
}
