//! The events of the demo: hour by hour, a batch a day, from a plan and a seed.

use super::plan::{Series, Subscription};
use super::rhythm::Moment;
use tenantry_core::id::NotAGuid;
use tenantry_core::{Chance, Day, Hour, MeterId, Month, Quantity, ResourceUri, SubscriptionId, Timestamp};
use tenantry_usage::Event;

/// What the events name as their source.
pub const SOURCE: &str = "demo";

/// A subscription of the plan, as it exists in a world.
#[derive(Debug, Clone, Copy)]
pub struct Emitter {
    /// Its id there.
    pub subscription: SubscriptionId,
    /// What it uses.
    pub plan: &'static Subscription,
    /// From when on.
    pub since: Timestamp,
}

/// A series with its texts made once.
struct Ready {
    subscription: SubscriptionId,
    since: Hour,
    series: &'static Series,
    tags: &'static str,
    meter: MeterId,
    resource: ResourceUri,
    /// What its event ids begin with.
    name: String,
}

/// Where all resources of the demo stand, as usage records spell it.
const REGION: &str = "useast";
/// Units of a quantity in a millionth of its unit.
const UNITS_PER_MILLIONTH: i128 = Quantity::ONE.units() / 1_000_000;

/// When the runaway begins: early on the third day of the open month, when nobody looks.
#[must_use]
pub fn runaway_starts(open_month: Month) -> Timestamp {
    const TWO_DAYS_AND_SEVEN_HOURS: i64 = (2 * 24 + 7) * 3_600;
    open_month.period().from.plus_seconds(TWO_DAYS_AND_SEVEN_HOURS)
}

/// The usage from the first day of a month up to, not including, an instant: one batch for each day, oldest first.
///
/// The month that `until` lies in is the open one, with the runaway. Only whole hours are reported, so nothing lies
/// ahead of `until`. Event ids are made of subscription key, resource, meter and hour: run twice, counted once.
///
/// # Errors
/// A meter of the plan is no GUID; a test keeps that from happening to [`super::PLAN`].
pub fn batches(
    chance: &Chance,
    emitters: &[Emitter],
    first: Month,
    until: Timestamp,
) -> Result<impl Iterator<Item = Vec<Event>>, NotAGuid> {
    let ready =
        emitters.iter().flat_map(|emitter| emitter.plan.series.iter().map(|series| Ready::new(emitter, series)));
    let ready = ready.collect::<Result<Vec<_>, _>>()?;
    let runaway = runaway_starts(Month::of(until.day())).hour();
    let first_day = first.first_day();
    let days = first_day.number()..=until.day().number();
    Ok(days.map(Day::from_number).filter_map(move |day| {
        let age_days = u64::try_from(day.number() - first_day.number()).unwrap_or_default();
        let first_hour = day.start().hour().number();
        let hours = (first_hour..first_hour + 24).map(Hour::from_number).filter(|hour| *hour < until.hour());
        let moments = hours.map(|hour| Moment { hour, age_days, runaway: hour >= runaway });
        let batch: Vec<_> =
            moments.flat_map(|moment| ready.iter().filter_map(move |ready| ready.event(moment, chance))).collect();
        (!batch.is_empty()).then_some(batch)
    }))
}

impl Ready {
    fn new(emitter: &Emitter, series: &'static Series) -> Result<Self, NotAGuid> {
        let Emitter { subscription, plan, since } = *emitter;
        let resource = ResourceUri::new(format!("/subscriptions/{subscription}/resourceGroups/{}", series.resource));
        let meter = MeterId::parse(series.meter)?;
        let name = format!("{}/{}/{meter}", plan.key, resource.name());
        Ok(Self { subscription, since: since.hour(), series, tags: plan.tags, meter, resource, name })
    }

    /// What happened in an hour, if anything.
    fn event(&self, moment: Moment, chance: &Chance) -> Option<Event> {
        if moment.hour < self.since {
            return None;
        }
        let millionths = self.series.rhythm.at(moment, self.series.millionths, chance);
        (millionths > 0).then(|| Event {
            reporter: None,
            source: SOURCE.to_owned(),
            id: format!("{}/{}", self.name, moment.hour),
            at: moment.hour.start(),
            subscription: self.subscription,
            meter: self.meter,
            resource: self.resource.clone(),
            region: REGION.to_owned(),
            quantity: Quantity::from_units(i128::from(millionths) * UNITS_PER_MILLIONTH),
            corrects: None,
            tags: self.tags.to_owned(),
            additional_info: self.series.info.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::PLAN;
    use std::collections::{BTreeMap, BTreeSet};

    const UNTIL: &str = "2025-03-18T10:30:00Z";

    fn emitters() -> Vec<Emitter> {
        let plans = PLAN.customers.iter().flat_map(|customer| customer.subscriptions);
        let id = |number| SubscriptionId::parse(&format!("00000000-0000-4000-8000-{number:012}")).unwrap();
        let since = Timestamp::from_seconds(0);
        plans.enumerate().map(|(number, plan)| Emitter { subscription: id(number), plan, since }).collect()
    }

    fn made(seed: u64) -> Vec<Vec<Event>> {
        let until = Timestamp::parse(UNTIL).unwrap();
        let first = Month::parse("2025-01").unwrap();
        batches(&Chance::from_seed(seed), &emitters(), first, until).unwrap().collect()
    }

    fn millionths(event: &Event) -> i128 {
        event.quantity.units() / UNITS_PER_MILLIONTH
    }

    /// What the resource used by day, in millionths.
    fn by_day(batches: &[Vec<Event>], resource: &str) -> BTreeMap<String, i128> {
        let mut days = BTreeMap::new();
        for event in batches.iter().flatten().filter(|event| event.resource.name() == resource) {
            *days.entry(event.at.day().to_string()).or_default() += millionths(event);
        }
        days
    }

    #[test]
    fn the_same_seed_gives_the_same_events() {
        assert_eq!(made(7), made(7));
        assert_ne!(made(7), made(8));
    }

    #[test]
    fn three_months_come_in_daily_batches_up_to_the_last_whole_hour() {
        let batches = made(7);
        assert_eq!(batches.len(), 31 + 28 + 18);
        let events: Vec<_> = batches.iter().flatten().collect();
        assert!((20_000..60_000).contains(&events.len()), "{}", events.len());
        assert!(batches.iter().all(|batch| batch.len() < 1_000));
        let ids: BTreeSet<_> = events.iter().map(|event| &event.id).collect();
        assert_eq!(ids.len(), events.len());
        assert!(events.is_sorted_by_key(|event| event.at));
        assert_eq!(events.last().map(|event| event.at.to_string()).as_deref(), Some("2025-03-18T09:00:00Z"));
        assert!(events.iter().all(|event| event.quantity > Quantity::ZERO));
        assert_eq!(events.first().map(|event| event.id.as_str()), Some(FIRST_ID));
    }

    const FIRST_ID: &str = "web-shop/shop-web-1/ae331802-83a5-4b9e-b287-85675f794e3d/2025-01-01T00:00:00Z";

    #[test]
    fn developers_rest_at_the_weekend_and_shoppers_do_not() {
        let batches = made(7);
        let developers = by_day(&batches, "dev-1");
        assert!(developers.contains_key("2025-01-10") && !developers.contains_key("2025-01-11"), "{developers:?}");
        let shoppers = by_day(&batches, "shop-ip");
        assert!(shoppers["2025-01-11"] > shoppers["2025-01-09"]);
    }

    #[test]
    fn traffic_of_a_month_crosses_the_first_tier_bound() {
        let gigabytes = |month: &str| {
            let transfers = made(7).concat();
            let out = transfers.iter().filter(|event| event.meter.to_string().starts_with("9995d93a"));
            out.filter(|event| event.at.to_string().starts_with(month)).map(millionths).sum::<i128>() / 1_000_000
        };
        assert!(gigabytes("2025-01") > 10_235, "{}", gigabytes("2025-01"));
    }

    #[test]
    fn the_open_month_has_a_runaway() {
        let days = by_day(&made(7), "simulators");
        let month =
            |month: &str| days.iter().filter(|(day, _)| day.starts_with(month)).map(|(_, sum)| sum).sum::<i128>();
        assert!(month("2025-03") > 5 * month("2025-02"));
        assert!(days["2025-03-10"] > 5 * days["2025-02-10"]);
        assert_eq!(runaway_starts(Month::parse("2025-03").unwrap()).to_string(), "2025-03-03T07:00:00Z");
    }
}
