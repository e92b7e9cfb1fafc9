//! Unusual spending: what a stolen key or a forgotten machine looks like in the usage of a subscription.
//!
//! Each rule compares a day with the days of the **same** subscription before it, because what is much for one shop is
//! nothing for another. "Usual" is the median of the days before, and how far days lie from it the median of their
//! distances: a few wild days in the past change neither. A rule speaks only above a minimum amount and after enough
//! days, and says why in a sentence with the figures, so that a person can judge it.
//!
//! The rules are pure: figures in, findings out. Amounts are whole minor units of one currency, because a judgement
//! about "far more than usual" needs no more; nothing here ends on a document.

use crate::alert::AlertKind;
use std::collections::{BTreeMap, BTreeSet};
use tenantry_core::{Currency, Day, MeterId, Money, Rounding};
use tenantry_usage::DayCharge;

/// Days that a day is compared with.
pub const HISTORY_DAYS: i32 = 28;
/// Days there must be before a subscription has habits of its own.
const HISTORY_MIN: usize = 7;
/// A day is unusual beyond the median by so many times the median distance...
const DISTANCES: i128 = 8;
/// ...which counts as at least this part of the median: days that are all alike still differ a little.
const DISTANCE_PART_MIN: i128 = 10;
/// ...and above so many halves of the median.
const HALF_MEDIANS: i128 = 5;
/// Regions that nobody used before, on one day.
const REGIONS_MIN: usize = 4;
/// Resources that were not there before, on one day...
const RESOURCES_MIN: usize = 20;
/// ...and so many times as many as on the day with the most before.
const RESOURCES_TIMES: usize = 3;

/// What of a day is worth an alert, in minor units: 50.00 of a currency with cents.
const AMOUNT_MIN_UNITS: i128 = 50;

/// Something unusual.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What kind.
    pub kind: AlertKind,
    /// What exactly, if there may be several of a kind on a day: the meter.
    pub what: Option<MeterId>,
    /// What it came to on the day.
    pub amount: Money,
    /// Why, in a sentence with figures.
    pub message: String,
}

/// A day of a subscription, summed up.
#[derive(Debug, Clone, Default)]
struct DayOf {
    total: i128,
    meters: BTreeMap<MeterId, i128>,
    regions: BTreeMap<String, i128>,
    resources: BTreeMap<String, i128>,
}

/// The days of a subscription, each summed up.
#[derive(Debug, Clone)]
pub struct Days {
    days: BTreeMap<Day, DayOf>,
    currency: Currency,
}

impl Days {
    /// Sums up charges, all of one currency.
    #[must_use]
    pub fn of(charges: &[DayCharge], currency: Currency) -> Self {
        Self { days: sum_up(charges, currency), currency }
    }

    /// What is unusual about a day, given the [`HISTORY_DAYS`] before it.
    ///
    /// `first_day` is the subscription's own: before it there was nothing to be usual. `name` tells people what a meter
    /// is called.
    #[must_use]
    pub fn unusual(&self, day: Day, first_day: Day, name: impl Fn(MeterId) -> String) -> Vec<Finding> {
        let Some(today) = self.days.get(&day) else { return Vec::new() };
        let nothing = DayOf::default();
        let from = Day::from_number(day.number() - HISTORY_DAYS).max(first_day);
        let before = (from.number()..day.number()).map(Day::from_number);
        let before: Vec<&DayOf> = before.map(|day| self.days.get(&day).unwrap_or(&nothing)).collect();
        if before.len() < HISTORY_MIN {
            return Vec::new();
        }
        let case = Case { today, before: &before, currency: self.currency, least: least(self.currency) };
        let mut found = Vec::new();
        found.extend(case.unusual_spend());
        found.extend(case.many_regions());
        found.extend(case.new_costly_meters(name));
        found.extend(case.resource_burst());
        found
    }
}

/// The least amount that an alert is about, in minor units.
fn least(currency: Currency) -> i128 {
    let whole = (0..currency.exponent()).fold(1_i128, |unit, _| unit.saturating_mul(10));
    // A unit of a currency without minor units is worth about a cent of one with them.
    if whole == 1 { AMOUNT_MIN_UNITS.saturating_mul(100) } else { AMOUNT_MIN_UNITS.saturating_mul(whole) }
}

fn sum_up(charges: &[DayCharge], currency: Currency) -> BTreeMap<Day, DayOf> {
    let mut exact: BTreeMap<(Day, &MeterId, &str, &str), tenantry_core::Amount> = BTreeMap::new();
    for charge in charges {
        *exact.entry((charge.day, &charge.meter, &charge.region, &charge.resource)).or_default() += charge.charge;
    }
    let mut days: BTreeMap<Day, DayOf> = BTreeMap::new();
    for ((day, meter, region, resource), amount) in exact {
        let minor = amount.round(currency, Rounding::HalfEven).minor();
        let of_day = days.entry(day).or_default();
        of_day.total += minor;
        *of_day.meters.entry(*meter).or_default() += minor;
        *of_day.regions.entry(region.to_owned()).or_default() += minor;
        *of_day.resources.entry(resource.to_owned()).or_default() += minor;
    }
    days
}

/// A day and the days before it.
struct Case<'a> {
    today: &'a DayOf,
    before: &'a [&'a DayOf],
    currency: Currency,
    least: i128,
}

impl Case<'_> {
    fn money(&self, minor: i128) -> Money {
        Money::from_minor(minor, self.currency)
    }

    /// A day that cost far more than days of this subscription do.
    fn unusual_spend(&self) -> Option<Finding> {
        let totals: Vec<i128> = self.before.iter().map(|day| day.total).collect();
        let usual = median(totals.clone());
        let distances = totals.iter().map(|total| (total - usual).abs()).collect();
        let distance = median(distances).max(usual / DISTANCE_PART_MIN);
        let most = totals.iter().copied().max().unwrap_or(0);
        let bound = (usual + DISTANCES * distance).max(HALF_MEDIANS * usual / 2).max(most);
        let over = self.today.total - usual;
        (self.today.total > bound && over >= self.least).then(|| Finding {
            kind: AlertKind::UnusualSpend,
            what: None,
            amount: self.money(self.today.total),
            message: format!(
                "{} {} on one day; the {} days before came to {} in the middle and to {} at most",
                self.money(self.today.total),
                self.currency,
                self.before.len(),
                self.money(usual),
                self.money(most)
            ),
        })
    }

    /// Regions that were never used before, several on one day: machines are made wherever there is room.
    fn many_regions(&self) -> Option<Finding> {
        let known: BTreeSet<&str> = self.before.iter().flat_map(|day| day.regions.keys()).map(String::as_str).collect();
        let named = self.today.regions.iter().filter(|(region, minor)| !region.is_empty() && **minor > 0);
        let new: Vec<_> = named.filter(|(region, _)| !known.contains(region.as_str())).collect();
        let amount: i128 = new.iter().map(|(_, minor)| **minor).sum();
        (new.len() >= REGIONS_MIN && amount >= self.least).then(|| {
            let names: Vec<&str> = new.iter().map(|(region, _)| region.as_str()).collect();
            Finding {
                kind: AlertKind::ManyRegions,
                what: None,
                amount: self.money(amount),
                message: format!(
                    "{} regions that were not used in the {} days before: {}, for {} {} together; before there were {}",
                    new.len(),
                    self.before.len(),
                    names.join(", "),
                    self.money(amount),
                    self.currency,
                    known.len()
                ),
            }
        })
    }

    /// A meter that was never used before and costs as much as everything else usually does.
    fn new_costly_meters(&self, name: impl Fn(MeterId) -> String) -> Vec<Finding> {
        let usual = median(self.before.iter().map(|day| day.total).collect());
        let known: BTreeSet<MeterId> = self.before.iter().flat_map(|day| day.meters.keys()).copied().collect();
        let new = self.today.meters.iter().filter(|(meter, _)| !known.contains(meter));
        new.filter(|(_, minor)| **minor >= self.least && **minor >= usual)
            .map(|(meter, minor)| Finding {
                kind: AlertKind::NewCostlyMeter,
                what: Some(*meter),
                amount: self.money(*minor),
                message: format!(
                    "first use of {} in {} days: {} {} on one day, where the whole subscription usually comes to {}",
                    name(*meter),
                    self.before.len(),
                    self.money(*minor),
                    self.currency,
                    self.money(usual)
                ),
            })
            .collect()
    }

    /// Many resources that were not there before.
    fn resource_burst(&self) -> Option<Finding> {
        let mut known: BTreeSet<&str> = BTreeSet::new();
        let mut most = 0;
        for (at, day) in self.before.iter().enumerate() {
            let new = day.resources.keys().filter(|resource| known.insert(resource)).count();
            // The first day in sight shows everything that was there already.
            most = if at == 0 { most } else { most.max(new) };
        }
        let new: Vec<_> =
            self.today.resources.iter().filter(|(resource, _)| !known.contains(resource.as_str())).collect();
        let amount: i128 = new.iter().map(|(_, minor)| **minor).sum();
        let many = new.len() >= RESOURCES_MIN.max(RESOURCES_TIMES * most);
        (many && amount >= self.least).then(|| Finding {
            kind: AlertKind::ResourceBurst,
            what: None,
            amount: self.money(amount),
            message: format!(
                "{} new resources on one day for {} {}; in the {} days before there were {} on one day at most",
                new.len(),
                self.money(amount),
                self.currency,
                self.before.len(),
                most
            ),
        })
    }
}

/// The middle one; of an even number the lower of the two.
fn median(mut values: Vec<i128>) -> i128 {
    values.sort_unstable();
    values.get(values.len().saturating_sub(1) / 2).copied().unwrap_or(0)
}
