//! Taking events in: a verdict for each, one log record for the batch.

use crate::engine::{Metering, partition};
use crate::scope::UsageScope;
use std::collections::HashMap;
use tenantry_access::{UsageReport, allow};
use tenantry_core::{OpContext, Problem, Quantity, Reason, SubscriptionId, Timestamp};
use tenantry_db::log::{self, Span};
use tenantry_usage::{Event, Fold, Place, Record, Refusal};

/// Events in one batch, at most. A larger one is refused whole, before anything is counted.
pub const BATCH_EVENTS_MAX: usize = 10_000;

/// An event as sent, or why it could not even be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Submitted {
    /// Readable.
    Event(Event),
    /// Not readable; the verdict says why.
    Unreadable(Verdict),
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

/// What judging one batch has found so far.
struct Judging<'a> {
    fold: &'a Fold,
    now: Timestamp,
    /// Permission by subscription, asked once each.
    admitted: HashMap<SubscriptionId, bool>,
    /// Events accepted from this batch, by name.
    fresh: HashMap<(String, String), usize>,
    /// What corrections of this batch take back, by the name of the event they correct.
    taken_back: HashMap<(String, String), Quantity>,
    accepted: Vec<Event>,
    /// Log records opened to confirm a name that was seen.
    opened: &'a HashMap<i64, Vec<Event>>,
}

impl Metering {
    /// Takes a batch in. The verdicts come in the order of the events; one bad event does not sink the batch.
    ///
    /// When this returns, every accepted event is durable. An error means that nothing of the batch was kept.
    pub async fn intake(&self, ctx: &OpContext, batch: Vec<Submitted>) -> Result<Vec<Verdict>, Problem> {
        if batch.len() > BATCH_EVENTS_MAX {
            return Err(Problem::new(
                Reason::TooLarge,
                format!("a batch holds at most {BATCH_EVENTS_MAX} events, this one has {}; split it", batch.len()),
            ));
        }
        self.follow(ctx).await?;
        let mut writer = self.writer().await?;
        let opened = self.open_records(&batch).await?;
        let (verdicts, accepted) = {
            let fold = self.fold.read().await;
            let mut judging = Judging {
                fold: &fold,
                now: ctx.now(),
                admitted: HashMap::new(),
                fresh: HashMap::new(),
                taken_back: HashMap::new(),
                accepted: Vec::with_capacity(batch.len()),
                opened: &opened,
            };
            let verdicts: Vec<_> = batch
                .into_iter()
                .map(|submitted| match submitted {
                    Submitted::Unreadable(verdict) => verdict,
                    Submitted::Event(event) => judging.judge(ctx, event, self.sandbox),
                })
                .collect();
            (verdicts, judging.accepted)
        };
        if let (Some(first), Some(last)) = (accepted.iter().map(|e| e.at).min(), accepted.iter().map(|e| e.at).max()) {
            self.append(&mut writer, ctx.now(), Span { first, last }, Record::Usage(accepted), None).await?;
        }
        let unrated = verdicts.iter().filter(|verdict| **verdict == Verdict::Accepted { unrated: true }).count();
        if unrated > 0 {
            tracing::warn!(
                usage.unrated = unrated,
                "{unrated} events of meters without a price were counted; import a price"
            );
        }
        Ok(verdicts)
    }

    /// Opens the log records that hold an event named like one of the batch, or one that a correction names.
    async fn open_records(&self, batch: &[Submitted]) -> Result<HashMap<i64, Vec<Event>>, Problem> {
        let mut wanted: Vec<i64> = {
            let fold = self.fold.read().await;
            batch
                .iter()
                .filter_map(|submitted| match submitted {
                    Submitted::Event(event) => Some(event),
                    Submitted::Unreadable(_) => None,
                })
                .flat_map(|event| {
                    let named = |id: &str| fold.find(&event.source, id).map(|place| place.seq);
                    [named(&event.id), event.corrects.as_deref().and_then(named)]
                })
                .flatten()
                .collect()
        };
        wanted.sort_unstable();
        wanted.dedup();
        let mut opened = HashMap::with_capacity(wanted.len());
        if wanted.is_empty() {
            return Ok(opened);
        }
        let mut reader = self.db.reader().await?;
        for seq in wanted {
            let stored = log::at(&mut reader, partition(), seq)
                .await?
                .ok_or_else(|| Problem::corrupt(format!("usage log record {seq} is missing")))?;
            let record = Record::decode(&stored.bytes)
                .map_err(|error| Problem::corrupt(format!("usage log record {seq}: {error}")))?;
            if let Record::Usage(events) = record {
                opened.insert(seq, events);
            }
        }
        Ok(opened)
    }
}

impl Judging<'_> {
    fn judge(&mut self, ctx: &OpContext, mut event: Event, sandbox: bool) -> Verdict {
        if !self.may_report(ctx, event.subscription, sandbox) {
            return Refusal::UnknownSubscription(event.subscription).into();
        }
        if let Some(id) = event.corrects.clone()
            && let Err(verdict) = self.settle_correction(&mut event, &id)
        {
            return verdict;
        }
        if let Some(known) = self.seen(&event) {
            return same_or_conflict(&event, known);
        }
        if let Err(refusal) = self.fold.admit(&event, self.now) {
            return refusal.into();
        }
        if let Err(verdict) = self.take_back(&event) {
            return verdict;
        }
        let unrated = self.is_unrated(&event);
        self.fresh.insert((event.source.clone(), event.id.clone()), self.accepted.len());
        self.accepted.push(event);
        Verdict::Accepted { unrated }
    }

    /// A subscription outside the caller's reach is answered like one that does not exist.
    fn may_report(&mut self, ctx: &OpContext, subscription: SubscriptionId, sandbox: bool) -> bool {
        let fold = self.fold;
        *self.admitted.entry(subscription).or_insert_with(|| {
            let terms = fold.subscription(subscription);
            terms.is_some() && allow::<UsageReport, _>(ctx, UsageScope::new(subscription, terms, sandbox)).is_ok()
        })
    }

    /// A correction counts where the usage it corrects was counted.
    fn settle_correction(&self, event: &mut Event, id: &str) -> Result<(), Verdict> {
        let refused = |message: String| Verdict::refused("correction_mismatch", "corrects", message);
        let original = self
            .fold
            .find(&event.source, id)
            .and_then(|place| self.at(place))
            .ok_or_else(|| Verdict::from(Refusal::CorrectsUnknown(id.to_owned())))?;
        if (original.subscription, original.meter) != (event.subscription, event.meter) {
            return Err(refused(format!(
                "event `{id}` is of subscription {} and meter {}; a correction must name the same",
                original.subscription, original.meter
            )));
        }
        if original.corrects.is_some() {
            return Err(refused(format!("event `{id}` is a correction itself; correct the event that it corrects")));
        }
        event.at = original.at;
        event.resource = original.resource.clone();
        event.region.clone_from(&original.region);
        Ok(())
    }

    /// All corrections of an event together take back no more than it had.
    fn take_back(&mut self, event: &Event) -> Result<(), Verdict> {
        let Some(id) = &event.corrects else { return Ok(()) };
        let had = self
            .fold
            .find(&event.source, id)
            .and_then(|place| self.at(place))
            .map_or(Quantity::ZERO, |original| original.quantity);
        let in_batch = self.taken_back.entry((event.source.clone(), id.clone())).or_default();
        let before = self.fold.taken_back(&event.source, id).checked_add(*in_batch);
        let after = before.zip(event.quantity.checked_neg()).and_then(|(before, taken)| before.checked_add(taken));
        if after.is_none_or(|after| after > had) {
            let message = format!(
                "{} takes back more than what is left of event `{id}`: it had {had}, and {} was taken back before",
                event.quantity,
                before.unwrap_or(had)
            );
            return Err(Verdict::refused("correction_mismatch", "corrects", message));
        }
        *in_batch = event.quantity.checked_neg().and_then(|taken| in_batch.checked_add(taken)).unwrap_or(*in_batch);
        Ok(())
    }

    /// The event of that name that was counted before, confirmed against the log.
    fn seen(&self, event: &Event) -> Option<&Event> {
        if let Some(index) = self.fresh.get(&(event.source.clone(), event.id.clone())) {
            return self.accepted.get(*index);
        }
        self.fold.find(&event.source, &event.id).and_then(|place| self.at(place))
    }

    fn at(&self, place: Place) -> Option<&Event> {
        self.opened.get(&place.seq)?.get(place.index as usize)
    }

    fn is_unrated(&self, event: &Event) -> bool {
        self.fold.subscription(event.subscription).is_none_or(|terms| {
            self.fold.book().price(&terms.market, terms.currency, event.meter, event.at.day()).is_none()
        })
    }
}

fn same_or_conflict(sent: &Event, known: &Event) -> Verdict {
    if sent == known {
        return Verdict::Duplicate;
    }
    let details_differ = (&sent.tags, &sent.additional_info) != (&known.tags, &known.additional_info);
    let show = |event: &Event| {
        let mut shown = format!(
            "{} of meter {} at {} for {} ({}) in subscription {}",
            event.quantity, event.meter, event.at, event.resource, event.region, event.subscription
        );
        if details_differ {
            shown += &format!(" with tags {} and additional info {}", event.tags, event.additional_info);
        }
        shown
    };
    Verdict::refused(
        "id_conflict",
        "id",
        format!(
            "`{}` of source `{}` was counted before with other content. Counted: {}. Sent now: {}. \
             Give a new fact a new id; correct a counted one with `corrects`",
            sent.id,
            sent.source,
            show(known),
            show(sent)
        ),
    )
}
