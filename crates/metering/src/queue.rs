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
//! What waits is bounded, in events ([`WAITING_EVENTS_MAX`]) and in bytes ([`WAITING_BYTES_MAX`]): beyond it a batch is
//! refused (`Throttled`, with a time to come back) before anything of it is looked at.
//!
//! A batch that names many events of the log does not hold up the others: it is handed back to its caller, which looks
//! them up and queues again (`ahead.rs`).

use crate::ahead::Ahead;
use crate::engine::Metering;
use crate::intake::{BATCH_EVENTS_MAX, Submitted, Taken, Verdict};
use crate::uploads::{Step, Written};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex as Lock, MutexGuard, PoisonError};
use tenantry_core::{OpContext, Problem, Quantity, Reason};
use tokio::sync::{Mutex, oneshot};

/// Events that may wait or be at work at a time, unless set otherwise ([`Metering::set_waiting_max`]): a fraction of a
/// second of work.
pub const WAITING_EVENTS_MAX: usize = 200_000;
/// Bytes of memory of those events, unless set otherwise. At about half a kilobyte each, events are at their bound first;
/// with long tags it is the bytes.
pub const WAITING_BYTES_MAX: usize = 128 << 20;
/// Events of one group, at most (one batch always fits): bounds how long the first of it waits for the last.
const GROUP_EVENTS_MAX: usize = 2 * BATCH_EVENTS_MAX;
/// All quantities of one group without their signs, in units of [`Quantity`]: what `usage` takes between two commits.
/// A batch beyond it goes alone, and is refused alone.
const GROUP_MAGNITUDE_MAX: i128 = Quantity::MONTH_MAX.units() / 2;
/// When to come back after a refusal: what waits is done by then.
const RETRY_SECONDS: u32 = 1;

type Answer = Result<Told, Problem>;

/// What a caller hears of its batch.
#[derive(Debug)]
enum Told {
    Judged(Taken),
    /// It names much: look that up, then come again.
    LookAhead(Box<Asked>),
}

/// What a caller brings.
#[derive(Debug)]
struct Asked {
    events: Vec<Submitted>,
    /// The step of an upload that goes with it.
    step: Option<Step>,
    ahead: Ahead,
    place: Place,
}

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
    /// What was looked up for it.
    pub(crate) ahead: Ahead,
    /// Bounds what accepting all of it would add.
    magnitude: i128,
    answer: oneshot::Sender<Answer>,
    place: Place,
}

#[derive(Debug)]
struct Room(Lock<Taking>);

#[derive(Debug)]
struct Taking {
    taken: Size,
    most: Size,
}

/// How large something is: in events, and in bytes of memory.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Size {
    events: usize,
    bytes: usize,
}

/// Room for a batch, given back when dropped.
#[derive(Debug)]
struct Place {
    room: Arc<Room>,
    size: Size,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut room = self.room.taking();
        room.taken.events -= self.size.events;
        room.taken.bytes -= self.size.bytes;
    }
}

impl Size {
    fn of(batch: &[Submitted]) -> Self {
        let texts = |submitted: &Submitted| match submitted {
            Submitted::Event(event) => {
                let corrects = event.corrects.as_ref().map_or(0, String::len);
                let own = event.source.len() + event.id.len() + event.region.len() + corrects;
                own + event.resource.as_str().len() + event.tags.len() + event.additional_info.len()
            }
            Submitted::Unreadable(_) => 0,
        };
        Self { events: batch.len(), bytes: size_of_val(batch) + batch.iter().map(texts).sum::<usize>() }
    }
}

impl Default for Queue {
    fn default() -> Self {
        let most = Size { events: WAITING_EVENTS_MAX, bytes: WAITING_BYTES_MAX };
        let room = Room(Lock::new(Taking { taken: Size::default(), most }));
        Self { waiting: Lock::default(), lead: Mutex::default(), room: Arc::new(room) }
    }
}

impl Room {
    fn taking(&self) -> MutexGuard<'_, Taking> {
        // Nothing that can fail half way happens under the lock.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes room, or says to come back. An empty queue takes any batch.
    fn take(self: &Arc<Self>, size: Size) -> Result<Place, Problem> {
        let mut room = self.taking();
        let Size { events, bytes } = room.taken;
        let after = Size { events: events + size.events, bytes: bytes.saturating_add(size.bytes) };
        if events > 0 && (after.events > room.most.events || after.bytes > room.most.bytes) {
            return Err(busy(room.taken));
        }
        room.taken = after;
        Ok(Place { room: Arc::clone(self), size })
    }
}

fn busy(waiting: Size) -> Problem {
    let message = format!(
        "{} usage events ({} MiB) wait to be counted, which is all this server lets wait; nothing of this request was \
         counted, send it again in a moment",
        waiting.events,
        waiting.bytes >> 20
    );
    Problem::new(Reason::Throttled, message).retry_after(RETRY_SECONDS)
}

impl Queue {
    /// Puts a batch at the end. The answer comes through what is returned.
    fn enter(&self, ctx: &OpContext, asked: Asked) -> oneshot::Receiver<Answer> {
        let (answer, answered) = oneshot::channel();
        let Asked { events, step, ahead, place } = asked;
        let magnitude = events.iter().fold(0, |sum: i128, submitted| match submitted {
            Submitted::Event(event) => sum.saturating_add(event.quantity.units().saturating_abs()),
            Submitted::Unreadable(_) => sum,
        });
        let batch = Batch { ctx: ctx.clone(), events, step, ahead, magnitude, answer, place };
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
        Judged { verdicts, written, answer: self.answer, _place: self.place }
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

    /// Hands a batch back to its caller, who is to look up what it names.
    pub(crate) fn send_away(&mut self, index: usize) {
        if let Some(Batch { events, step, ahead, answer, place, .. }) = self.batches.remove(index) {
            let _ = answer.send(Ok(Told::LookAhead(Box::new(Asked { events, step, ahead, place }))));
        }
    }

    /// Everything judged is durable: hands out the verdicts. What was not judged waits on.
    pub(crate) fn kept(mut self, crossed: (u64, u64)) {
        for Judged { verdicts, answer, .. } in self.judged.drain(..) {
            // A caller that went away hears nothing; its events are counted all the same.
            let _ = answer.send(Ok(Told::Judged(Taken { verdicts, crossed })));
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
        let room = self.queue.room.taking();
        let Taking { taken, most } = &*room;
        if taken.events >= most.events || taken.bytes >= most.bytes { Err(busy(*taken)) } else { Ok(()) }
    }

    /// Events that wait or are at work, over all callers.
    #[must_use]
    pub fn waiting_events(&self) -> usize {
        self.queue.room.taking().taken.events
    }

    /// Bounds what may wait or be at work at a time, in events and in bytes of memory: [`WAITING_EVENTS_MAX`] and
    /// [`WAITING_BYTES_MAX`] unless set. A batch that comes while nothing else waits is taken whatever the bound.
    pub fn set_waiting_max(&self, events: usize, bytes: usize) {
        self.queue.room.taking().most = Size { events, bytes };
    }

    /// Has a batch judged and kept, with others that wait at the same time.
    pub(crate) async fn enqueue(
        &self,
        ctx: &OpContext,
        events: Vec<Submitted>,
        step: Option<Step>,
    ) -> Result<Taken, Problem> {
        let place = self.queue.room.take(Size::of(&events))?;
        // What happened elsewhere before this call is known to the judge: an order, then its usage.
        self.follow(ctx).await?;
        let mut asked = Asked { events, step, ahead: Ahead::default(), place };
        loop {
            match self.in_line(ctx, asked).await? {
                Told::Judged(taken) => return Ok(taken),
                Told::LookAhead(back) => {
                    asked = *back;
                    asked.ahead = self.look_ahead(ctx, &asked.events).await?;
                }
            }
        }
    }

    /// Stands in line with a batch until it hears something of it; leads, if nobody does.
    async fn in_line(&self, ctx: &OpContext, asked: Asked) -> Answer {
        let mut answer = self.queue.enter(ctx, asked);
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
