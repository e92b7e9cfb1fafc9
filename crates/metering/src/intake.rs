//! Taking events in: a verdict for each, one commit for all batches that wait at the same time.

use crate::ahead::{self, GROUP_RECORDS_IN_TURN, Looked, Names, PAGES_IN_TURN, RECORDS_IN_TURN};
use crate::engine::Metering;
use crate::judging::Judging;
use crate::queue::{Batch, Group};
use crate::turn::Turn;
use crate::uploads::moved_on;
use std::collections::{BTreeSet, HashMap};
use tenantry_core::{OpContext, Problem, Reason};
use tenantry_db::Connection;
use tenantry_db::log::Span;
use tenantry_usage::{Event, Place, Record, Refusal};

/// Events in one batch, at most. A larger one is refused whole, before anything is counted.
pub const BATCH_EVENTS_MAX: usize = 10_000;
/// Events in one record of the log. Whoever asks for one event opens its record.
const RECORD_EVENTS_MAX: usize = BATCH_EVENTS_MAX;

/// An event as sent, or why it could not even be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Submitted {
    /// Readable.
    Event(Event),
    /// Not readable; the verdict says why.
    Unreadable(Verdict),
}

impl Submitted {
    pub(crate) const fn event(&self) -> Option<&Event> {
        match self {
            Self::Event(event) => Some(event),
            Self::Unreadable(_) => None,
        }
    }
}

/// What became of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Counted, durable, for ever.
    Accepted {
        /// Whether no price sheet in force prices the meter: counted, visible, billed once a price exists.
        unrated: bool,
    },
    /// The same event was counted before. Nothing to do.
    Duplicate,
    /// Not counted. Nothing of it was kept.
    Refused {
        /// A stable code for machines.
        code: &'static str,
        /// The field at fault, in the words of the API.
        field: &'static str,
        /// The value seen and what to do.
        message: String,
    },
}

impl Verdict {
    /// A refusal.
    pub fn refused(code: &'static str, field: &'static str, message: impl Into<String>) -> Self {
        Self::Refused { code, field, message: message.into() }
    }
}

impl From<Refusal> for Verdict {
    fn from(refusal: Refusal) -> Self {
        Self::refused(refusal.code(), refusal.field(), refusal.to_string())
    }
}

/// What became of a batch.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Taken {
    /// One for each event, in their order.
    pub verdicts: Vec<Verdict>,
    /// Thresholds of budgets that were crossed with it: after this number of crossing, up to and including that one. For
    /// [`Metering::crossings_between`], which says those the caller may see. Batches that were kept together crossed
    /// them together.
    pub crossed: (u64, u64),
}

impl Metering {
    /// Takes a batch in. The verdicts come in the order of the events; one bad event does not sink the batch.
    ///
    /// When this returns, every accepted event is durable. An error means that nothing of the batch is known to be
    /// kept; sending it again is safe, because a name counts once.
    ///
    /// # Errors
    /// `TooLarge` above [`BATCH_EVENTS_MAX`]; `Throttled` when more waits than [`crate::WAITING_EVENTS_MAX`]; what the
    /// database says.
    pub async fn intake(&self, ctx: &OpContext, batch: Vec<Submitted>) -> Result<Vec<Verdict>, Problem> {
        self.intake_told(ctx, batch).await.map(|taken| taken.verdicts)
    }

    /// The same; says as well which thresholds of budgets were crossed.
    ///
    /// # Errors
    /// Those of [`Metering::intake`].
    pub async fn intake_told(&self, ctx: &OpContext, batch: Vec<Submitted>) -> Result<Taken, Problem> {
        if batch.len() > BATCH_EVENTS_MAX {
            return Err(Problem::new(
                Reason::TooLarge,
                format!("a batch holds at most {BATCH_EVENTS_MAX} events, this one has {}; split it", batch.len()),
            ));
        }
        let taken = self.enqueue(ctx, batch, None).await?;
        let unrated = taken.verdicts.iter().filter(|verdict| **verdict == Verdict::Accepted { unrated: true }).count();
        if unrated > 0 {
            tracing::warn!(
                usage.unrated = unrated,
                "{unrated} events of meters without a price were counted; import a price"
            );
        }
        Ok(taken)
    }

    /// Judges and keeps what waits, as one commit. Everybody in it is told how it ended.
    pub(crate) async fn commit_group(&self, ctx: &OpContext) {
        self.upkeep.room_for_names().await;
        let turn = match self.settled_turn(ctx).await {
            Ok(turn) => turn,
            Err(problem) => return self.queue.take_group().failed(&problem),
        };
        let mut group = self.queue.take_group();
        match self.keep_group(ctx, turn, &mut group).await {
            Ok(crossed) => {
                // What was counted is durable, whatever comes of this; the next turn tries again.
                if let Err(problem) = self.after_batch(ctx).await {
                    tracing::error!("what a budget decided could not be acted on: {problem:?}");
                }
                group.kept(crossed);
            }
            Err(problem) => group.failed(&problem),
        }
    }

    /// A turn in which everything that budgets decided was acted on: another process may have crossed a limit.
    async fn settled_turn(&self, ctx: &OpContext) -> Result<Turn<'_>, Problem> {
        loop {
            let turn = self.turn().await?;
            if !self.unsettled().await {
                return Ok(turn);
            }
            drop(turn);
            self.settle(ctx).await?;
        }
    }

    /// Says which crossings of budgets came of it.
    async fn keep_group(
        &self,
        ctx: &OpContext,
        mut turn: Turn<'_>,
        group: &mut Group<'_>,
    ) -> Result<(u64, u64), Problem> {
        refuse_lost_steps(&mut turn, group).await?;
        let (named, known) = self.named_in(&mut turn, group).await?;
        let (mut accepted, crossed_before) = {
            let fold = self.fold.read().await;
            let mut judging = Judging::new(&fold, &known, self.sandbox, group.events());
            for names in named {
                let waits = |batch: &Batch| judging.must_wait(batch.ctx.confined_to(), &batch.events);
                if group.batches.front().is_none_or(waits) {
                    break;
                }
                group.judge_next(|ctx, events| judging.judge(ctx, events, &names));
            }
            (judging.into_accepted(), fold.budgets().crossings_counted())
        };
        while !accepted.is_empty() {
            let rest = accepted.split_off(accepted.len().min(RECORD_EVENTS_MAX));
            turn.append(ctx.now(), span(&accepted), Record::Usage(accepted)).await?;
            accepted = rest;
        }
        for written in group.take_written() {
            written.write(turn.tx().await?, ctx.now()).await?;
        }
        turn.commit().await?;
        Ok((crossed_before, self.crossings_counted().await))
    }

    /// What the batches name in the log, batch by batch, and the events that stand there. Batches that name much are
    /// sent away to look it up before they come again: see `ahead.rs`.
    async fn named_in(
        &self,
        turn: &mut Turn<'_>,
        group: &mut Group<'_>,
    ) -> Result<(Vec<Names>, HashMap<Place, Event>), Problem> {
        let (mut named, mut known, mut records) = (Vec::new(), HashMap::new(), 0);
        while let Some(batch) = group.batches.get_mut(named.len()) {
            let looked = Looked::of(&*self.fold.read().await, &batch.ctx, &batch.events, &batch.ahead.named);
            // Should it have to wait after all, it looks again: what it knew is used up here.
            let looked_before = std::mem::take(&mut batch.ahead.looked);
            known.extend(std::mem::take(&mut batch.ahead.known));
            let room = if looked_before { usize::MAX } else { RECORDS_IN_TURN.min(GROUP_RECORDS_IN_TURN - records) };
            let found = match looked.settled(&known) {
                Ok(all) => Some((all, 0)),
                Err(looked) if !looked_before && looked.pages() > PAGES_IN_TURN => None,
                Err(looked) => match turn.held() {
                    Some(tx) => self.settle_names(tx, looked, &mut known, room).await?,
                    None => self.settle_names(&mut self.db.reader().await?, looked, &mut known, room).await?,
                },
            };
            match found {
                Some((all, opened)) => {
                    records = GROUP_RECORDS_IN_TURN.min(records + opened);
                    named.push(all);
                }
                None => group.send_away(named.len()),
            }
        }
        Ok((named, known))
    }

    /// Reads what a batch names; `None` if that would open more records than there is room for. Otherwise with how many
    /// were opened.
    async fn settle_names(
        &self,
        on: &mut impl Connection,
        mut looked: Looked<'_>,
        known: &mut HashMap<Place, Event>,
        room: usize,
    ) -> Result<Option<(Names, usize)>, Problem> {
        self.read_pages(on, &mut looked).await?;
        let records = ahead::records_of(&looked.names.named, known);
        if records.len() > room {
            return Ok(None);
        }
        for (seq, indexes) in &records {
            ahead::fetch(on, *seq, indexes, known).await?;
        }
        Ok(Some((looked.names, records.len())))
    }
}

/// Steps of uploads that no longer stand where they begin: another piece was faster. Such a batch is not judged, or what
/// it says of the upload would be wrong.
async fn refuse_lost_steps(turn: &mut Turn<'_>, group: &mut Group<'_>) -> Result<(), Problem> {
    let mut seen = BTreeSet::new();
    let mut index = 0;
    while let Some(batch) = group.batches.get(index) {
        let stands = match &batch.step {
            Some(step) => seen.insert(step.upload) && step.follows(turn.tx().await?).await?,
            None => true,
        };
        if stands {
            index += 1;
        } else {
            group.refuse(index, moved_on());
        }
    }
    Ok(())
}

/// The times a record holds. Of no events: none.
fn span(events: &[Event]) -> Span {
    events
        .iter()
        .fold(Span::NONE, |span, event| Span { first: span.first.min(event.at), last: span.last.max(event.at) })
}
