//! From a figure back to the events it was made of: a search of the log.

use crate::engine::{Metering, partition};
use crate::scope::UsageScope;
use tenantry_access::{UsageRead, allow};
use tenantry_core::{MeterId, OpContext, Period, Problem, ResourceUri, SubscriptionId, Timestamp};
use tenantry_db::log::{self, Span};
use tenantry_usage::{Event, Place, Record};

/// Which events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventQuery {
    /// Of this subscription...
    pub subscription: SubscriptionId,
    /// ...and meter...
    pub meter: MeterId,
    /// ...that happened in this period...
    pub within: Period,
    /// ...to this resource, or to any.
    pub resource: Option<ResourceUri>,
}

/// An event and where the log has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundEvent {
    /// The event as accepted.
    pub event: Event,
    /// Its place.
    pub place: Place,
    /// When it was accepted.
    pub accepted_at: Timestamp,
}

/// Records opened at a time.
const RECORDS: i64 = 64;

impl Metering {
    /// The events behind a row, in the order they were accepted.
    pub async fn events_of(&self, ctx: &OpContext, query: &EventQuery) -> Result<Vec<FoundEvent>, Problem> {
        self.read_all(|fold| {
            allow::<UsageRead, _>(ctx, UsageScope::along(fold, query.subscription, self.sandbox)?).map(|_| ())
        })
        .await?;
        let span = Span { first: query.within.from, last: query.within.to };
        let mut reader = self.db.reader().await?;
        let mut found = Vec::new();
        let mut after = 0;
        loop {
            let records = log::touching(&mut reader, partition(), span, after, RECORDS).await?;
            let Some(last) = records.last() else { return Ok(found) };
            after = last.seq;
            for stored in records {
                let record = Record::decode(&stored.bytes)
                    .map_err(|error| Problem::corrupt(format!("usage log record {}: {error}", stored.seq)))?;
                let Record::Usage(events) = record else { continue };
                let matching = events.into_iter().zip(0_u32..).filter(|(event, _)| query.matches(event));
                found.extend(matching.map(|(event, index)| FoundEvent {
                    event,
                    place: Place { seq: stored.seq, index },
                    accepted_at: stored.recorded_at,
                }));
            }
        }
    }
}

impl EventQuery {
    fn matches(&self, event: &Event) -> bool {
        event.subscription == self.subscription
            && event.meter == self.meter
            && self.within.contains(event.at)
            && self.resource.as_ref().is_none_or(|resource| *resource == event.resource)
    }
}
