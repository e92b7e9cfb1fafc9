//! What a client asks for, and the page of it. It goes whole into the continuation token, because follow-ups send
//! nothing else (partner-center-v1.md 1.6).
//!
//! The token names the last record shown, not a count of records: usage that is counted between two pages shifts
//! nothing, so no record is shown twice or passed over.

use crate::wire::paging;
use crate::wire::words::Words;
use serde::{Deserialize, Serialize};
use tenantry_core::{MeterId, Period, Problem, ResourceUri, Timestamp};
use tenantry_http::Call;
use tenantry_usage::{Bucket, Granularity};

/// Records on a page, at most and by default (partner-center-v1.md 1.6).
const SIZE_MAX: usize = 1000;

/// In the order of the ordinals.
const GRANULARITIES: Words<Granularity> = Words(&[("daily", Granularity::Daily), ("hourly", Granularity::Hourly)]);
const FLAGS: Words<bool> = Words(&[("false", false), ("true", true)]);

/// A question and how far it is answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Asked {
    /// Records that begin in here.
    pub(super) within: Period,
    hourly: bool,
    /// Whether to name resources, tags and places.
    pub(super) details: bool,
    size: usize,
    after: Option<Place>,
}

/// The place of a record in the order of the list.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Place {
    from: Timestamp,
    meter: MeterId,
    resource: ResourceUri,
    region: String,
}

impl Asked {
    /// Reads the query of a first page.
    pub(super) fn of(call: &Call) -> Result<Self, Problem> {
        let within = Period { from: time(call, "start_time")?, to: time(call, "end_time")? };
        if within.to <= within.from {
            let message = format!("{} is not after start_time, {}", within.to, within.from);
            return Err(Problem::invalid("end_time", message));
        }
        let granularity = word(call, "granularity", &GRANULARITIES)?.unwrap_or(Granularity::Daily);
        let details = word(call, "show_details", &FLAGS)?.unwrap_or(true);
        let size = paging::size(call, SIZE_MAX, SIZE_MAX)?;
        Ok(Self { within, hourly: granularity == Granularity::Hourly, details, size, after: None })
    }

    /// What a token says, within what a page may hold.
    pub(super) fn bounded(mut self) -> Self {
        self.size = self.size.clamp(1, SIZE_MAX);
        self
    }

    /// How fine.
    pub(super) const fn granularity(&self) -> Granularity {
        if self.hourly { Granularity::Hourly } else { Granularity::Daily }
    }

    /// The records of this page and the question of the next, if there is one. `buckets` are all, in order.
    pub(super) fn page<'a>(&self, buckets: &'a [Bucket]) -> (&'a [Bucket], Option<Self>) {
        let start = match &self.after {
            Some(after) => buckets.partition_point(|bucket| Place::of(bucket) <= *after),
            None => 0,
        };
        let rest = buckets.get(start..).unwrap_or_default();
        let shown = rest.get(..self.size).unwrap_or(rest);
        let last = shown.last().filter(|_| shown.len() < rest.len());
        let next = last.map(|bucket| Self { after: Some(Place::of(bucket)), ..self.clone() });
        (shown, next)
    }
}

impl Place {
    fn of(bucket: &Bucket) -> Self {
        let series = &bucket.series;
        Self {
            from: bucket.period.from,
            meter: series.meter,
            resource: series.resource.clone(),
            region: series.region.to_ascii_lowercase(),
        }
    }
}

fn time(call: &Call, name: &str) -> Result<Timestamp, Problem> {
    let text = call.query(name).map(str::trim).filter(|text| !text.is_empty());
    let text = text.ok_or_else(|| Problem::missing(name))?;
    Timestamp::parse(text).map_err(|error| Problem::invalid(name, error))
}

fn word<T: Copy>(call: &Call, name: &str, words: &Words<T>) -> Result<Option<T>, Problem> {
    call.query(name).filter(|text| !text.trim().is_empty()).map(|text| words.read(name, text)).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;
    use tenantry_core::{Quantity, SubscriptionId};
    use tenantry_usage::Series;

    fn bucket(day: &str, meter: u32, resource: &str) -> Bucket {
        let from = Timestamp::parse(day).unwrap();
        let series = Series {
            subscription: SubscriptionId::parse("22222222-0000-4000-8000-000000000001").unwrap(),
            meter: MeterId::parse(&format!("11111111-0000-4000-8000-{meter:012}")).unwrap(),
            resource: ResourceUri::new(resource),
            region: String::new(),
            tags: String::new(),
            additional_info: String::new(),
        };
        Bucket { period: Period { from, to: from.day().next().start() }, series, quantity: Quantity::ONE }
    }

    #[test]
    fn pages_meet_while_usage_is_counted() {
        let names = |shown: &[Bucket]| {
            let name = |b: &Bucket| format!("{}{}", b.period.from.day().date().2, b.series.resource);
            shown.iter().map(name).collect::<Vec<_>>().join(" ")
        };
        let mut buckets = vec![
            bucket("2020-06-01", 1, "a"),
            bucket("2020-06-01", 1, "B"),
            bucket("2020-06-01", 2, "a"),
            bucket("2020-06-02", 1, "a"),
        ];
        let within = Period { from: buckets[0].period.from, to: buckets[3].period.to };
        let asked = Asked { within, hourly: false, details: true, size: 2, after: None };
        let (shown, next) = asked.page(&buckets);
        assert_eq!(names(shown), "1a 1B");
        // Counted meanwhile: one record before the place, one after it.
        buckets.insert(0, bucket("2020-06-01", 1, "0"));
        buckets.insert(3, bucket("2020-06-01", 1, "c"));
        let next = next.unwrap();
        let (shown, next) = next.page(&buckets);
        assert_eq!(names(shown), "1c 1a");
        let (shown, next) = next.as_ref().unwrap().page(&buckets);
        assert_eq!((names(shown).as_str(), next), ("2a", None));
        assert_eq!(asked.page(&[]), (&[] as &[Bucket], None));
        let forged = Asked { size: usize::MAX, ..asked };
        assert_eq!(forged.bounded().size, SIZE_MAX);
    }
}
