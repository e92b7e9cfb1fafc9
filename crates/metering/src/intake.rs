//! Taking events in: a verdict for each, one commit for all batches that wait at the same time.

use crate::engine::{Metering, partition};
use crate::judging::{Judging, Named};
use crate::names::Name;
use crate::queue::{Batch, Group};
use crate::turn::Turn;
use crate::uploads::moved_on;
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use tenantry_core::{OpContext, Problem, Reason};
use tenantry_db::log::{self, Span};
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
    const fn event(&self) -> Option<&Event> {
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
        if batch.len() > BATCH_EVENTS_MAX {
            return Err(Problem::new(
                Reason::TooLarge,
                format!("a batch holds at most {BATCH_EVENTS_MAX} events, this one has {}; split it", batch.len()),
            ));
        }
        let verdicts = self.enqueue(ctx, batch, None).await?;
        let unrated = verdicts.iter().filter(|verdict| **verdict == Verdict::Accepted { unrated: true }).count();
        if unrated > 0 {
            tracing::warn!(
                usage.unrated = unrated,
                "{unrated} events of meters without a price were counted; import a price"
            );
        }
        Ok(verdicts)
    }

    /// Judges and keeps what waits, as one commit. Everybody in it is told how it ended.
    pub(crate) async fn commit_group(&self, ctx: &OpContext) {
        let turn = match self.settled_turn(ctx).await {
            Ok(turn) => turn,
            Err(problem) => return self.queue.take_group().failed(&problem),
        };
        let mut group = self.queue.take_group();
        match self.keep_group(ctx, turn, &mut group).await {
            Ok(()) => {
                // What was counted is durable, whatever comes of this; the next turn tries again.
                if let Err(problem) = self.after_batch(ctx).await {
                    tracing::error!("what a budget decided could not be acted on: {problem:?}");
                }
                group.kept();
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

    async fn keep_group(&self, ctx: &OpContext, mut turn: Turn<'_>, group: &mut Group<'_>) -> Result<(), Problem> {
        refuse_lost_steps(&mut turn, group).await?;
        let mut named = self.named_by(&group.batches).await?;
        let known = self.named_before(&named).await?;
        let mut accepted = {
            let fold = self.fold.read().await;
            let mut judging = Judging::new(&fold, &known, self.sandbox, group.events());
            for named in named.drain(..) {
                let waits = |batch: &Batch| judging.must_wait(batch.ctx.confined_to(), &batch.events);
                if group.batches.front().is_none_or(waits) {
                    break;
                }
                group.judge_next(|ctx, events| judging.judge(ctx, events, &named));
            }
            judging.into_accepted()
        };
        while !accepted.is_empty() {
            let rest = accepted.split_off(accepted.len().min(RECORD_EVENTS_MAX));
            turn.append(ctx.now(), span(&accepted), Record::Usage(accepted)).await?;
            accepted = rest;
        }
        for written in group.take_written() {
            written.write(turn.tx().await?, ctx.now()).await?;
        }
        turn.commit().await
    }

    /// Where in the log the events stand that batches name, event by event.
    async fn named_by(&self, batches: &VecDeque<Batch>) -> Result<Vec<Vec<Named>>, Problem> {
        let names: Vec<Name<'_>> = batches
            .iter()
            .flat_map(|batch| {
                // Names belong to their reporter.
                let reporter = batch.ctx.confined_to();
                let of_event = move |event| names_in(event).map(move |id| (reporter, event.source.as_str(), id));
                batch.events.iter().filter_map(Submitted::event).flat_map(of_event)
            })
            .collect();
        let mut places = self.places_of(&names).await?.into_iter();
        let mut of_event = |submitted: &Submitted| match submitted {
            Submitted::Event(event) => Named {
                own: places.next().flatten(),
                original: event.corrects.as_ref().and_then(|_| places.next().flatten()),
            },
            Submitted::Unreadable(_) => Named::default(),
        };
        Ok(batches.iter().map(|batch| batch.events.iter().map(&mut of_event).collect()).collect())
    }

    /// Fetches the named events from the log.
    ///
    /// One record is open at a time and only the wanted events of it are kept: a resend may name events of
    /// thousands of records.
    async fn named_before(&self, named: &[Vec<Named>]) -> Result<HashMap<Place, Event>, Problem> {
        let mut wanted: BTreeMap<i64, BTreeSet<u32>> = BTreeMap::new();
        for place in named.iter().flatten().flat_map(|named| [named.own, named.original]).flatten() {
            wanted.entry(place.seq).or_default().insert(place.index);
        }
        let mut found = HashMap::new();
        if wanted.is_empty() {
            return Ok(found);
        }
        let mut reader = self.db.reader().await?;
        for (seq, indexes) in wanted {
            let stored = log::at(&mut reader, partition(), seq)
                .await?
                .ok_or_else(|| Problem::corrupt(format!("usage log record {seq} is missing")))?;
            let record = Record::decode(&stored.bytes)
                .map_err(|error| Problem::corrupt(format!("usage log record {seq}: {error}")))?;
            let Record::Usage(events) = record else { continue };
            let named = events.into_iter().zip(0_u32..).filter(|(_, index)| indexes.contains(index));
            found.extend(named.map(|(event, index)| (Place { seq, index }, event)));
        }
        Ok(found)
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

/// The ids an event names: its own, and that of the event it corrects.
fn names_in(event: &Event) -> impl Iterator<Item = &str> {
    std::iter::once(event.id.as_str()).chain(event.corrects.as_deref())
}

/// The times a record holds. Of no events: none.
fn span(events: &[Event]) -> Span {
    events
        .iter()
        .fold(Span::NONE, |span, event| Span { first: span.first.min(event.at), last: span.last.max(event.at) })
}
