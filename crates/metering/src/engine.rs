//! The fold of a world's partition, its place in the log, and the one door through which records enter.

use crate::guard::Guard;
use crate::keeping::load;
use crate::queue::Queue;
use crate::turn::Writer;
use crate::upkeep::{Keeper, Upkeep};
use std::sync::Arc;
use tenantry_core::{OpContext, Problem, Reason};
use tenantry_db::Db;
use tenantry_db::log::{self, Partition, Span};
use tenantry_usage::{Fold, IdentityKey, Record};
use tokio::sync::{Mutex, MutexGuard, RwLock};

/// All usage of a world is one log: see ADR 0009.
const PARTITION: Partition = Partition(0);

/// The running fold of a world.
#[derive(Debug)]
pub struct Metering {
    pub(crate) db: Db,
    pub(crate) sandbox: bool,
    /// Whether other processes append to the same log.
    pub(crate) shared: bool,
    /// Held by whoever appends: judging and appending must not interleave with another writer. A reader has none.
    writer: Option<Mutex<Writer>>,
    /// Read while a writer waits for the disk; written for the moment it takes to apply a record.
    pub(crate) fold: Arc<RwLock<Fold>>,
    /// Checkpoints, and names that leave memory.
    pub(crate) upkeep: Keeper,
    /// Batches on their way into the log.
    pub(crate) queue: Queue,
    /// What was decided by budgets and acted on.
    pub(crate) guard: Guard,
}

impl Metering {
    /// Brings the fold up to the end of the log.
    ///
    /// The caller must have claimed the world (see `Db::claim`). A live world on a server is shared with other
    /// processes. Any other has one owner: opening takes the log over and cuts off whoever held it before.
    pub async fn open(ctx: &OpContext, db: &Db, sandbox: bool) -> Result<Self, Problem> {
        let shared = db.takes_many() && !sandbox;
        let tenure = if shared { log::enter(db, PARTITION).await? } else { log::take(db, PARTITION).await? };
        let (fold, weight) = load(db).await?;
        let ends = fold.position() + 1;
        if ends != tenure.next_seq && !(shared && ends > tenure.next_seq) {
            return Err(Problem::corrupt(format!(
                "the usage log ends at record {}, but the next is to be {}",
                fold.position(),
                tenure.next_seq
            )));
        }
        let writer = Some(Mutex::new(Writer::new(tenure)));
        let metering = Self { sandbox, shared, writer, ..Self::around(db, fold, weight) };
        let mut turn = metering.turn().await?;
        if metering.fold.read().await.position() == 0 {
            let genesis = Record::Genesis(IdentityKey(ctx.chance.bytes()));
            turn.append(ctx.now(), Span::NONE, genesis).await?;
        }
        turn.commit().await?;
        metering.follow(ctx).await?;
        if let Err(problem) = metering.settle_all(ctx).await {
            // Usage is counted all the same; the next batch tries again before it is judged.
            tracing::error!("what budgets decided could not be acted on: {problem:?}");
        }
        Ok(metering)
    }

    /// The usage of a world that another process may own: takes nothing over, and every append is refused. Where the
    /// owner would follow what happened elsewhere, a reader reads on in the log.
    pub async fn open_readonly(db: &Db, sandbox: bool) -> Result<Self, Problem> {
        let (fold, weight) = load(db).await?;
        Ok(Self { sandbox, ..Self::around(db, fold, weight) })
    }

    fn around(db: &Db, fold: Fold, weight: usize) -> Self {
        let fold = Arc::new(RwLock::new(fold));
        Self {
            db: db.clone(),
            sandbox: false,
            shared: false,
            writer: None,
            upkeep: Keeper(Arc::new(Upkeep::new(db.clone(), Arc::clone(&fold), weight))),
            fold,
            queue: Queue::default(),
            guard: Guard::default(),
        }
    }

    /// Whether nobody took the log over since this process did. (Of a shared world: since the last turn, by whoever
    /// thinks it its own.)
    pub async fn has_the_log(&self) -> Result<bool, Problem> {
        let epoch = log::epoch(&mut self.db.reader().await?, PARTITION).await?;
        Ok(self.writer().await?.tenure.epoch == epoch)
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

    /// Whether it only looks.
    pub(crate) const fn is_reader(&self) -> bool {
        self.writer.is_none()
    }

    /// What the writers of this process share; see [`Metering::turn`].
    pub(crate) async fn writer(&self) -> Result<MutexGuard<'_, Writer>, Problem> {
        let Some(writer) = &self.writer else {
            let told = "this is a look at the usage of a world that another process may own; nothing can be added";
            return Err(Problem::new(Reason::WorldBusy, told));
        };
        Ok(writer.lock().await)
    }
}

/// The partition, for searches of the log.
pub(crate) const fn partition() -> Partition {
    PARTITION
}
