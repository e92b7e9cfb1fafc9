//! Group commit: batches that wait at the same time are made durable by one commit.
//!
//! A commit costs a trip to the disk whether it carries one event or twenty thousand, so those who wait share it.
//! Whoever finds nobody at work leads: takes the turn, takes all that waits in order of arrival, judges it as if the
//! batches had come one after another, appends what is accepted, commits once, and hands everybody their own
//! verdicts. The others meanwhile queue up behind, and one of them leads next.
//!
//! Each batch is judged for its own caller. One that cannot be kept fails alone; a commit that fails fails for all
//! in it, and nothing of them was kept. A caller that goes away while it waits takes its batch with it. A leader that
//! goes away before it judged leaves the batches where they were; one that goes away later leaves an error that says
//! to send again, which is safe, because a name counts once.
//!
//! What waits is bounded by [`WAITING_EVENTS_MAX`]: beyond it a batch is refused (`Throttled`, with a time to come
//! back) before anything of it is looked at.

use crate::engine::Metering;
use crate::intake::{BATCH_EVENTS_MAX, Submitted, Verdict};
use crate::uploads::{Step, Written};
use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex as Lock, MutexGuard, PoisonError};
use tenantry_core::{OpContext, Problem, Quantity, Reason};
use tokio::sync::{Mutex, oneshot};

/// Events that may wait or be at work at a time, unless set otherwise ([`Metering::set_waiting_events_max`]). At about
/// half a kilobyte each this is some 100 MB, and a fraction of a second of work.
pub const WAITING_EVENTS_MAX: usize = 200_000;
/// Events of one group, at most (one batch always fits): bounds how long the first of it waits for the last.
const GROUP_EVENTS_MAX: usize = 2 * BATCH_EVENTS_MAX;
/// All quantities of one group without their signs, in units of [`Quantity`]: what `usage` takes between two commits.
/// A batch beyond it goes alone, and is refused alone.
const GROUP_MAGNITUDE_MAX: i128 = Quantity::MONTH_MAX.units() / 2;
/// When to come back after a refusal: what waits is done by then.
const RETRY_SECONDS: u32 = 1;

type Answer = Result<Vec<Verdict>, Problem>;

/// What waits, and who leads.
#[derive(Debug)]
pub(crate) struct Queue {
    waiting: Lock<VecDeque<Batch>>,
    /// Held by the leader. Fair, so nobody leads for ever.
    lead: Mutex<()>,
    room: Arc<Room>,
}

/// A batch that waits.
#[derive(Debug)]
pub(crate) struct Batch {
    /// Whose it is: permission and reporter are its own.
    pub(crate) ctx: OpContext,
    pub(crate) events: Vec<Submitted>,
    /// The step of an upload that goes with it.
    pub(crate) step: Option<Step>,
    /// Bounds what accepting all of it would add.
    magnitude: i128,
    answer: oneshot::Sender<Answer>,
    _place: Place,
}

#[derive(Debug)]
struct Room {
    taken: AtomicUsize,
    most: AtomicUsize,
}

/// Room for a batch, given back when dropped.
#[derive(Debug)]
struct Place {
    room: Arc<Room>,
    events: usize,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.room.taken.fetch_sub(self.events, Ordering::AcqRel);
    }
}

impl Default for Queue {
    fn default() -> Self {
        let room = Room { taken: AtomicUsize::new(0), most: AtomicUsize::new(WAITING_EVENTS_MAX) };
        Self { waiting: Lock::default(), lead: Mutex::default(), room: Arc::new(room) }
    }
}

impl Room {
    /// Takes room, or says to come back. An empty queue takes any batch.
    fn take(self: &Arc<Self>, events: usize) -> Result<Place, Problem> {
        let most = self.most.load(Ordering::Acquire);
        let fits = |taken: usize| (taken == 0 || taken + events <= most).then_some(taken + events);
        match self.taken.fetch_update(Ordering::AcqRel, Ordering::Acquire, fits) {
            Ok(_) => Ok(Place { room: Arc::clone(self), events }),
            Err(taken) => Err(busy(taken)),
        }
    }
}

fn busy(waiting: usize) -> Problem {
    let message = format!(
        "{waiting} usage events wait to be counted, which is all this server lets wait; nothing of this request was \
         counted, send it again in a moment"
    );
    Problem::new(Reason::Throttled, message).retry_after(RETRY_SECONDS)
}

impl Queue {
    /// Puts a batch at the end. The answer comes through what is returned.
    fn enter(
        &self,
        ctx: &OpContext,
        events: Vec<Submitted>,
        step: Option<Step>,
        place: Place,
    ) -> oneshot::Receiver<Answer> {
        let (answer, answered) = oneshot::channel();
        let magnitude = events.iter().fold(0, |sum: i128, submitted| match submitted {
            Submitted::Event(event) => sum.saturating_add(event.quantity.units().saturating_abs()),
            Submitted::Unreadable(_) => sum,
        });
        let batch = Batch { ctx: ctx.clone(), events, step, magnitude, answer, _place: place };
        self.waiting().push_back(batch);
        answered
    }

    fn waiting(&self) -> MutexGuard<'_, VecDeque<Batch>> {
        // Nothing that can fail half way happens under the lock.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes what one commit can carry, in order of arrival. Batches whose callers went away are dropped.
    pub(crate) fn take_group(&self) -> Group<'_> {
        let mut waiting = self.waiting();
        let (mut batches, mut events, mut magnitude) = (VecDeque::new(), 0, 0_i128);
        while let Some(next) = waiting.pop_front() {
            if next.answer.is_closed() {
                continue;
            }
            let (more_events, more_magnitude) = (events + next.events.len(), magnitude.saturating_add(next.magnitude));
            let fits = more_events <= GROUP_EVENTS_MAX && more_magnitude <= GROUP_MAGNITUDE_MAX;
            if !fits && !batches.is_empty() {
                waiting.push_front(next);
                break;
            }
            (events, magnitude) = (more_events, more_magnitude);
            batches.push_back(next);
        }
        Group { queue: self, batches, judged: Vec::new() }
    }
}

/// Batches that are committed together. However it ends, each of them gets an answer or waits on.
#[derive(Debug)]
pub(crate) struct Group<'a> {
    queue: &'a Queue,
    /// Not judged yet, the first to come first.
    pub(crate) batches: VecDeque<Batch>,
    judged: Vec<Judged>,
}

#[derive(Debug)]
struct Judged {
    verdicts: Vec<Verdict>,
    written: Option<Written>,
    answer: oneshot::Sender<Answer>,
    _place: Place,
}

impl Batch {
    fn judged(self, verdicts: Vec<Verdict>, written: Option<Written>) -> Judged {
        Judged { verdicts, written, answer: self.answer, _place: self._place }
    }
}

impl Group<'_> {
    /// Events in the batches that are not judged yet.
    pub(crate) fn events(&self) -> usize {
        self.batches.iter().map(|batch| batch.events.len()).sum()
    }

    /// Judges the next batch.
    pub(crate) fn judge_next(&mut self, judge: impl FnOnce(&OpContext, Vec<Submitted>) -> Vec<Verdict>) {
        let Some(mut batch) = self.batches.pop_front() else { return };
        let verdicts = judge(&batch.ctx, std::mem::take(&mut batch.events));
        let written = batch.step.take().map(|step| step.judged(&verdicts));
        self.judged.push(batch.judged(verdicts, written));
    }

    /// What uploads gain by the batches that were judged.
    pub(crate) fn take_written(&mut self) -> Vec<Written> {
        self.judged.iter_mut().filter_map(|judged| judged.written.take()).collect()
    }

    /// Answers a batch that cannot be judged, and lets the others go on.
    pub(crate) fn refuse(&mut self, index: usize, problem: Problem) {
        if let Some(batch) = self.batches.remove(index) {
            let _ = batch.answer.send(Err(problem));
        }
    }

    /// Everything judged is durable: hands out the verdicts. What was not judged waits on.
    pub(crate) fn kept(mut self) {
        for Judged { verdicts, answer, .. } in self.judged.drain(..) {
            // A caller that went away hears nothing; its events are counted all the same.
            let _ = answer.send(Ok(verdicts));
        }
    }

    /// Nothing was kept: tells those it was for why. Before anything was judged, that is everybody.
    pub(crate) fn failed(mut self, problem: &Problem) {
        if self.judged.is_empty() {
            self.judged.extend(self.batches.drain(..).map(|batch| batch.judged(Vec::new(), None)));
        }
        for Judged { answer, .. } in self.judged.drain(..) {
            let _ = answer.send(Err(again(problem)));
        }
    }
}

impl Drop for Group<'_> {
    fn drop(&mut self) {
        let mut waiting = self.queue.waiting();
        while let Some(batch) = self.batches.pop_back() {
            waiting.push_front(batch);
        }
        drop(waiting);
        for Judged { answer, .. } in self.judged.drain(..) {
            let told = "the request that was writing for several was given up half way; send this one again: what was \
                        counted of it is a duplicate then";
            let _ = answer.send(Err(Problem::new(Reason::Unavailable, told).retry_after(RETRY_SECONDS)));
        }
    }
}

/// The same problem for one more caller.
fn again(problem: &Problem) -> Problem {
    let same = Problem::new(problem.reason(), problem.message()).because(problem.cause_chain());
    let same = match problem.field() {
        Some(field) => same.at(field),
        None => same,
    };
    match problem.retry_after_seconds() {
        Some(seconds) => same.retry_after(seconds),
        None => same,
    }
}

impl Metering {
    /// Whether another batch may come in now. Asked before a body is read; [`Metering::intake`] asks again.
    ///
    /// # Errors
    /// `Throttled`, with the seconds after which to try again.
    pub fn has_room(&self) -> Result<(), Problem> {
        let room = &self.queue.room;
        let taken = room.taken.load(Ordering::Acquire);
        if taken >= room.most.load(Ordering::Acquire) { Err(busy(taken)) } else { Ok(()) }
    }

    /// Events that wait or are at work, over all callers.
    #[must_use]
    pub fn waiting_events(&self) -> usize {
        self.queue.room.taken.load(Ordering::Acquire)
    }

    /// Bounds the events that may wait or be at work at a time: [`WAITING_EVENTS_MAX`] unless set. A batch that comes
    /// while nothing else waits is taken whatever the bound.
    pub fn set_waiting_events_max(&self, events: usize) {
        self.queue.room.most.store(events, Ordering::Release);
    }

    /// Has a batch judged and kept, with others that wait at the same time.
    pub(crate) async fn enqueue(&self, ctx: &OpContext, events: Vec<Submitted>, step: Option<Step>) -> Answer {
        let place = self.queue.room.take(events.len())?;
        // What happened elsewhere before this call is known to the judge: an order, then its usage.
        self.follow(ctx).await?;
        let mut answer = self.queue.enter(ctx, events, step, place);
        let lost = || Problem::internal("a batch was dropped without an answer");
        let leading = tokio::select! {
            biased;
            told = &mut answer => return told.map_err(|_| lost())?,
            leading = self.queue.lead.lock() => leading,
        };
        let told = loop {
            match answer.try_recv() {
                Ok(told) => break told,
                Err(oneshot::error::TryRecvError::Closed) => break Err(lost()),
                Err(oneshot::error::TryRecvError::Empty) => self.commit_group(ctx).await,
            }
        };
        drop(leading);
        told
    }
}

#[cfg(test)]
mod tests;
