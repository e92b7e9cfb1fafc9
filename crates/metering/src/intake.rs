//! Taking events in: a verdict for each, one log record for the batch.

use crate::engine::{Metering, partition};
use crate::judging::Judging;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use tenantry_core::{OpContext, Problem, Reason};
use tenantry_db::log::{self, Span};
use tenantry_usage::{Event, Place, Record, Refusal};

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

impl Metering {
    /// Takes a batch in. The verdicts come in the order of the events; one bad event does not sink the batch.
    ///
    /// When this returns, every accepted event is durable. An error means that nothing of the batch was kept.
    pub async fn intake(&self, ctx: &OpContext, mut batch: Vec<Submitted>) -> Result<Vec<Verdict>, Problem> {
        if batch.len() > BATCH_EVENTS_MAX {
            return Err(Problem::new(
                Reason::TooLarge,
                format!("a batch holds at most {BATCH_EVENTS_MAX} events, this one has {}; split it", batch.len()),
            ));
        }
        // Names belong to their reporter: a partner's are its own, the provider's and the platform's the world's.
        let reporter = ctx.confined_to();
        for submitted in &mut batch {
            if let Submitted::Event(event) = submitted {
                event.reporter = reporter;
            }
        }
        self.follow(ctx).await?;
        let mut writer = self.writer().await?;
        let known = self.named_before(&batch).await?;
        let (verdicts, accepted) = {
            let fold = self.fold.read().await;
            let mut judging = Judging::new(&fold, &known, ctx.now(), batch.len());
            let verdicts: Vec<_> = batch
                .into_iter()
                .map(|submitted| match submitted {
                    Submitted::Unreadable(verdict) => verdict,
                    Submitted::Event(event) => judging.judge(ctx, event, self.sandbox),
                })
                .collect();
            (verdicts, judging.into_accepted())
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

    /// Fetches from the log the events that are named like one of the batch, or that a correction names.
    ///
    /// One record is open at a time and only the wanted events of it are kept: a resend may name events of
    /// thousands of records.
    async fn named_before(&self, batch: &[Submitted]) -> Result<HashMap<Place, Event>, Problem> {
        let mut wanted: BTreeMap<i64, BTreeSet<u32>> = BTreeMap::new();
        let fold = self.fold.read().await;
        for submitted in batch {
            let Submitted::Event(event) = submitted else { continue };
            let named = |id: &str| fold.find(event.reporter, &event.source, id);
            for place in [named(&event.id), event.corrects.as_deref().and_then(named)].into_iter().flatten() {
                wanted.entry(place.seq).or_default().insert(place.index);
            }
        }
        drop(fold);
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
