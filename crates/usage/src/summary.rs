//! Rollups: quantities per resource and hour or day, visible the moment an event is counted.

use crate::fold::Fold;
use crate::series::Series;
use tenantry_core::{Hour, Month, Period, Quantity, SubscriptionId, Timestamp};

/// How fine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Granularity {
    /// One bucket an hour.
    Hourly,
    /// One bucket a day (UTC).
    Daily,
}

/// Usage of one resource in one hour or day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bucket {
    /// The stretch of time.
    pub period: Period,
    /// The resource and meter.
    pub series: Series,
    /// How much.
    pub quantity: Quantity,
}

const SECONDS_PER_HOUR: i64 = 3_600;

impl Fold {
    /// Buckets of a subscription whose start lies in `within`: by time, then meter, then resource.
    #[must_use]
    pub fn buckets(&self, subscription: SubscriptionId, within: Period, granularity: Granularity) -> Vec<Bucket> {
        let mut buckets = Vec::new();
        for (_, account) in self.accounts_of(subscription, Month::of(within.from.day()), Month::of(within.to.day())) {
            for ((day, series), row) in &account.rows {
                let Some(series) = self.series.get(*series) else { continue };
                let mut push = |from: Timestamp, to: Timestamp, quantity: Quantity| {
                    if within.contains(from) {
                        buckets.push(Bucket { period: Period { from, to }, series: series.clone(), quantity });
                    }
                };
                match granularity {
                    Granularity::Daily => push(day.start(), day.next().start(), row.quantity),
                    Granularity::Hourly => {
                        for (hour, quantity) in &row.hours {
                            let from = day.start().plus_seconds(i64::from(*hour) * SECONDS_PER_HOUR);
                            push(from, Hour::from_number(from.hour().number() + 1).start(), *quantity);
                        }
                    }
                }
            }
        }
        buckets.sort_by(|a, b| {
            let order = |bucket: &Bucket| (bucket.period.from, bucket.series.meter);
            order(a).cmp(&order(b)).then_with(|| a.series.order().cmp(&b.series.order()))
        });
        buckets
    }
}
