//! What is done beside taking usage in, so that nobody waits for it: checkpoints for a fast next start, and moving names
//! of old events out of memory.
//!
//! It runs in a task of its own: a sender that goes away takes nothing of it along, and an acknowledgement has no
//! checkpoint in it. There is one such task at a time, begun when something is due and ended when nothing is. It never
//! holds the fold while it waits for the database.
//!
//! Nothing here holds a truth of its own: what it keeps is made of the log and can be made of it again. So a failure is
//! logged, and tried again after a while that is measured in batches, not in time. A sandbox that must come to a certain
//! state waits at a point of its choice ([`Metering::upkept`]).
//!
//! One thing bounds it from the other side. Names that fell out of memory but are not stored yet stay in memory; if the
//! task falls behind, whoever takes the next turn stores some first.

use crate::checkpoints;
use crate::engine::Metering;
use crate::names::NamesDue;
use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering};
use tenantry_core::Problem;
use tenantry_db::Db;
use tenantry_usage::Fold;
use tokio::sync::{Mutex, RwLock, watch};
use tokio::task::spawn_blocking;

/// A checkpoint is worth its cost once this much was appended since the last, or as much as it weighs itself.
const CHECKPOINT_BYTES_MIN: usize = 1 << 20;
/// Runs of names that may wait to be stored before batches wait for them.
const UNSAVED_RUNS_MAX: usize = 3;
/// After failures in a row, so many batches pass until the next try: 2, 4, 8, ... and no more than this power of two.
const PAUSE_POWER_MAX: u32 = 6;

/// Whether the task runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Run {
    Resting,
    Working,
    /// Something came while it worked.
    WorkingAndMore,
}

/// What the task and the engine share.
#[derive(Debug)]
pub(crate) struct Upkeep {
    pub(crate) db: Db,
    pub(crate) fold: Arc<RwLock<Fold>>,
    /// Bytes appended since a checkpoint was last begun.
    appended: AtomicUsize,
    /// What the last one weighs.
    weight: AtomicUsize,
    /// Held by whoever does the work: one at a time.
    pub(crate) names: Mutex<NamesDue>,
    run: watch::Sender<Run>,
    failures: AtomicU32,
    /// Batches to let pass.
    pause: AtomicU32,
    stopping: AtomicBool,
}

impl Upkeep {
    /// For a fold that a checkpoint of so many bytes began.
    pub(crate) fn new(db: Db, fold: Arc<RwLock<Fold>>, weight: usize) -> Self {
        let run = watch::Sender::new(Run::Resting);
        let (appended, weight) = (AtomicUsize::new(0), AtomicUsize::new(weight));
        let (failures, pause, stopping, names) = Default::default();
        Self { db, fold, appended, weight, names, run, failures, pause, stopping }
    }

    /// Told of bytes that were appended and applied, and whether names wait to be stored. Begins the work if there is
    /// any and nobody is at it.
    pub(crate) fn appended(self: &Arc<Self>, bytes: usize, names_wait: bool) {
        self.appended.fetch_add(bytes, Ordering::AcqRel);
        if !(names_wait || self.checkpoint_is_due()) || self.stopping.load(Ordering::Acquire) {
            return;
        }
        if self.pause.fetch_update(Ordering::AcqRel, Ordering::Acquire, |left| left.checked_sub(1)).is_ok() {
            return;
        }
        let mut begins = false;
        self.run.send_modify(|run| {
            begins = *run == Run::Resting;
            *run = if begins { Run::Working } else { Run::WorkingAndMore };
        });
        if begins {
            tokio::spawn(Arc::clone(self).work());
        }
    }

    fn checkpoint_is_due(&self) -> bool {
        let weight = self.weight.load(Ordering::Acquire);
        self.appended.load(Ordering::Acquire) >= CHECKPOINT_BYTES_MIN.max(weight)
    }

    async fn work(self: Arc<Self>) {
        // However it ends, the next can begin.
        let mut rests = Rests { run: &self.run, said: false };
        loop {
            match self.do_all().await {
                Ok(()) => self.failures.store(0, Ordering::Release),
                Err(problem) => self.failed(&problem),
            }
            let mut goes_on = false;
            self.run.send_modify(|run| {
                goes_on = *run == Run::WorkingAndMore && !self.stopping.load(Ordering::Acquire);
                *run = if goes_on { Run::Working } else { Run::Resting };
            });
            if !goes_on {
                rests.said = true;
                return;
            }
        }
    }

    async fn do_all(&self) -> Result<(), Problem> {
        let stop = || self.stopping.load(Ordering::Acquire);
        while !stop() && self.move_names(&mut *self.names.lock().await).await? {}
        if stop() || !self.checkpoint_is_due() {
            return Ok(());
        }
        self.keep_checkpoint(&mut *self.names.lock().await, stop).await
    }

    fn failed(&self, problem: &Problem) {
        let power = self.failures.fetch_add(1, Ordering::AcqRel).saturating_add(1).min(PAUSE_POWER_MAX);
        self.pause.store(1 << power, Ordering::Release);
        tracing::error!(
            "no checkpoint of the usage could be kept, or names of counted events not be moved out of memory; nothing is \
             lost, the next start takes longer. Tried again after {} batches: {problem:?}",
            1_u32 << power
        );
    }

    /// Keeps a checkpoint. What was appended counts as kept once it is begun: a try that fails is not repeated with
    /// every batch, because that would cost more than it could save.
    pub(crate) async fn keep_checkpoint(
        &self,
        names: &mut NamesDue,
        stop: impl Fn() -> bool + Send,
    ) -> Result<(), Problem> {
        self.appended.store(0, Ordering::Release);
        let taken = loop {
            self.store_runs(names).await?;
            let (fold, beside) = (Arc::clone(&self.fold), checkpoints::beside(&self.db));
            let taken =
                spawn_blocking(move || checkpoints::take(&fold, &beside)).await.map_err(Problem::internal)??;
            if let Some(taken) = taken {
                break taken;
            }
        };
        let weight = taken.weight;
        if taken.keep(&self.db, stop).await? {
            self.weight.store(weight, Ordering::Release);
        }
        Ok(())
    }

    /// Says what the checkpoint weighs that a new fold began with.
    pub(crate) fn begins_with(&self, weight: usize) {
        self.weight.store(weight, Ordering::Release);
    }

    /// Waits as long as too many names wait to be stored.
    pub(crate) async fn room_for_names(&self) {
        while self.fold.read().await.unsaved_runs().len() > UNSAVED_RUNS_MAX {
            if let Err(problem) = self.store_runs(&mut *self.names.lock().await).await {
                // They stay in memory; usage is counted all the same.
                return self.failed(&problem);
            }
        }
    }

    /// Ends the task at its next step and waits for that.
    async fn stop(&self) {
        self.stopping.store(true, Ordering::Release);
        self.rest().await;
    }

    async fn rest(&self) {
        // The sender is here, so there is always an answer.
        let _ = self.run.subscribe().wait_for(|run| *run == Run::Resting).await;
    }
}

/// Says that the task rests, should it be dropped half way.
struct Rests<'a> {
    run: &'a watch::Sender<Run>,
    said: bool,
}

impl Drop for Rests<'_> {
    fn drop(&mut self) {
        if !self.said {
            self.run.send_replace(Run::Resting);
        }
    }
}

impl Metering {
    /// Keeps a checkpoint now, for a fast next start.
    pub async fn checkpoint(&self) -> Result<(), Problem> {
        // A reader keeps none.
        drop(self.writer().await?);
        self.upkeep.keep_checkpoint(&mut *self.upkeep.names.lock().await, || false).await
    }

    /// Ends what is done in the background and keeps a checkpoint: a clean end.
    pub async fn close(&self) -> Result<(), Problem> {
        self.upkeep.stop().await;
        self.checkpoint().await
    }

    /// Waits until everything is done that is done in the background: checkpoints that are due, names that move.
    pub async fn upkept(&self) {
        self.upkeep.rest().await;
    }
}

/// The engine's hold on it: with the engine ends the task.
#[derive(Debug)]
pub(crate) struct Keeper(pub(crate) Arc<Upkeep>);

impl Deref for Keeper {
    type Target = Arc<Upkeep>;

    fn deref(&self) -> &Arc<Upkeep> {
        &self.0
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        // At its next step: what it writes is left whole.
        self.0.stopping.store(true, Ordering::Release);
    }
}
