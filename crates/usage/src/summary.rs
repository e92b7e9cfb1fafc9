//! Rollups: quantities per resource and hour or day, visible the moment an event is counted.

use crate::fold::Fold;
use crate::quotes::day_at;
use crate::series::Series;
use std::collections::BTreeMap;
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
        let months = (Month::of(within.from.day()), Month::of(within.to.day()));
        for number in self.accounts.numbers_of(subscription, Some(months.0), Some(months.1)) {
            let Some(account) = self.accounts.at(number) else { continue };
            let first_day = account.key.month.first_day();
            for (_, slot) in self.accounts.slots_of(account) {
                let Some(series) = self.series.get(slot.series) else { continue };
                let mut sums: BTreeMap<Timestamp, i128> = BTreeMap::new();
                for (cell, units) in slot.cells.iter() {
                    let day = day_at(first_day, cell.day()).start();
                    let from = match granularity {
                        Granularity::Daily => day,
                        Granularity::Hourly => day.plus_seconds(i64::from(cell.hour()) * SECONDS_PER_HOUR),
                    };
                    let sum = sums.entry(from).or_default();
                    *sum = sum.saturating_add(units);
                }
                for (from, units) in sums.into_iter().filter(|(from, _)| within.contains(*from)) {
                    let to = match granularity {
                        Granularity::Daily => from.day().next().start(),
                        Granularity::Hourly => Hour::from_number(from.hour().number() + 1).start(),
                    };
                    let quantity = Quantity::from_units(units);
                    buckets.push(Bucket { period: Period { from, to }, series: (**series).clone(), quantity });
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
