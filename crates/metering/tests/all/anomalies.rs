//! Unusual spending: planted fraud is found on its day, and a year of ordinary subscriptions raises few alarms.

use crate::scene::open;
use std::collections::BTreeMap;
use tenantry_commerce::{State, SuspensionReason, subscription_get};
use tenantry_core::{Amount, Chance, Currency, Day, MeterId, Money, OpContext};
use tenantry_metering::anomaly::{Days, Finding};
use tenantry_metering::{AlertFilter, AlertKind, PutBudget, WantedScope};
use tenantry_testkit::{HOURS, event, on_every_engine};
use tenantry_usage::{BudgetAction, BudgetId, BudgetKind, DayCharge, Event};
use uuid::Uuid;

const FIRST: i32 = 20_454; // 2026-01-01

fn day(number: i32) -> Day {
    Day::from_number(FIRST + number)
}

fn meter(number: u128) -> MeterId {
    MeterId::new(Uuid::from_u128(number))
}

fn charge(at: i32, of: u128, region: &str, resource: &str, cents: u64) -> DayCharge {
    DayCharge {
        day: day(at),
        meter: meter(of),
        resource: resource.to_owned(),
        region: region.to_owned(),
        charge: Amount::of(Money::from_minor(i128::from(cents), Currency::USD)),
    }
}

/// A subscription's charges, by day.
type Year = BTreeMap<i32, Vec<DayCharge>>;

fn days(year: &Year) -> Days {
    Days::of(&year.values().flatten().cloned().collect::<Vec<_>>(), Currency::USD)
}

fn findings_of(days: &Days, at: i32) -> Vec<Finding> {
    days.unusual(day(at), day(0), |meter| format!("meter {meter}"))
}

fn findings(year: &Year, at: i32) -> Vec<Finding> {
    findings_of(&days(year), at)
}

/// An ordinary shop for a year: its own size, weaker weekends, noise, slow growth, work at the month's end, and now
/// and then a step up, a machine more, a cheap new service or a second region.
fn ordinary(seed: u64) -> Year {
    let chance = Chance::from_seed(seed);
    let percent = |from: u64, to: u64| from + chance.below(to - from + 1);
    let (mut base, growth) = (300 + chance.below(200_000), chance.below(3));
    let (mut machines, mut services, mut regions) = (2 + chance.below(6), 1 + chance.below(3), 1_u64);
    let mut year = Year::new();
    for at in 0..365 {
        base += base * growth / 1_000;
        if chance.below(45) == 0 {
            base = base * percent(105, 140) / 100;
        }
        machines += u64::from(chance.below(50) == 0) * (1 + chance.below(3));
        services += u64::from(chance.below(60) == 0);
        regions += u64::from(chance.below(150) == 0);
        let weekend = if matches!((at + 3) % 7, 5 | 6) { percent(55, 75) } else { 100 };
        let month_end = if at % 30 >= 28 { percent(110, 150) } else { 100 };
        let total = base * weekend / 100 * month_end / 100;
        let mut charges = Vec::new();
        for machine in 0..machines {
            let share = total / machines * percent(80, 120) / 100;
            let region = format!("region{}", machine % regions);
            charges.push(charge(at, 1, &region, &format!("vm{machine}"), share));
        }
        for service in 0..services {
            charges.push(charge(
                at,
                2 + u128::from(service),
                "region0",
                "account",
                total / 50 * percent(50, 150) / 100,
            ));
        }
        year.insert(at, charges);
    }
    year
}

/// A small steady shop: two machines for 20.00 a day together.
fn steady() -> Year {
    let of_day = |at: i32| {
        let noise = u64::from(at.unsigned_abs() % 7) * 10;
        vec![charge(at, 1, "westeurope", "vm0", 1_000 + noise), charge(at, 1, "westeurope", "vm1", 1_000)]
    };
    (0..60).map(|at| (at, of_day(at))).collect()
}

/// What is found on each day on which anything is.
fn all(year: &Year) -> Vec<(i32, Vec<AlertKind>)> {
    let days = days(year);
    let found = year.keys().map(|at| (*at, findings_of(&days, *at).into_iter().map(|f| f.kind).collect::<Vec<_>>()));
    found.filter(|(_, kinds)| !kinds.is_empty()).collect()
}

#[test]
fn planted_fraud_is_found_on_its_day_and_says_why() {
    assert_eq!(all(&steady()), [], "nothing is found in a steady shop");
    let plant = |charges: Vec<DayCharge>| {
        let mut year = steady();
        for charge in charges {
            year.entry((charge.day.number()) - FIRST).or_default().push(charge);
        }
        year
    };
    // A machine that was made far too large, or never stopped.
    let runaway = plant(vec![charge(40, 1, "westeurope", "vm0", 18_000)]);
    assert_eq!(all(&runaway), [(40, vec![AlertKind::UnusualSpend])]);
    let why = findings(&runaway, 40).remove(0).message;
    assert!(why.contains("200.50 USD on one day; the 28 days before came to 20.30 in the middle"), "{why}");
    // The crypto-mining shape: machines wherever there is room.
    let places = ["eastus", "southindia", "japaneast", "brazilsouth", "uksouth"];
    let mining = plant(places.map(|region| charge(45, 1, region, &format!("m-{region}"), 1_500)).to_vec());
    let found = findings(&mining, 45);
    assert_eq!(found.iter().map(|f| f.kind).collect::<Vec<_>>(), [AlertKind::UnusualSpend, AlertKind::ManyRegions]);
    assert!(found[1].message.contains("5 regions") && found[1].message.contains("75.00 USD"), "{}", found[1].message);
    // A costly SKU that nobody used before.
    let costly = plant(vec![charge(50, 9, "westeurope", "gpu", 6_000)]);
    let found = findings(&costly, 50);
    assert!(found.iter().any(|f| f.kind == AlertKind::NewCostlyMeter && f.what == Some(meter(9))), "{found:?}");
    let why = &found.iter().find(|f| f.kind == AlertKind::NewCostlyMeter).unwrap().message;
    assert!(why.contains(&format!("first use of meter {}", meter(9))) && why.contains("60.00 USD"), "{why}");
    // Many resources at once, each of them cheap.
    let burst = plant((0..60).map(|at| charge(55, 1, "westeurope", &format!("new{at}"), 100)).collect());
    assert!(findings(&burst, 55).iter().any(|f| f.kind == AlertKind::ResourceBurst));
    // Each only on its day: what is there since yesterday is not new.
    for year in [&runaway, &mining, &costly, &burst] {
        assert_eq!(all(year).len(), 1, "{:?}", all(year));
    }
}

#[test]
fn little_money_few_days_and_slow_growth_are_no_alarm() {
    let cents = (0..60).map(|at| (at, vec![charge(at, 1, "a", "vm", if at == 40 { 4_000 } else { 10 })])).collect();
    assert_eq!(all(&cents), [], "40.00 is below what an alert is about");
    let young: Year =
        (0..6).map(|at| (at, vec![charge(at, 1, "a", "vm", if at == 5 { 90_000 } else { 10 })])).collect();
    assert_eq!(all(&young), [], "no habits yet");
    let growing: Year = (0..200_u64)
        .map(|at| {
            let day = i32::try_from(at).unwrap();
            (day, vec![charge(day, 1, "a", "vm", 10_000 + at * 200)])
        })
        .collect();
    assert_eq!(all(&growing), []);
}

/// How many ordinary subscriptions are watched for a year.
const SHOPS: u64 = 40;
/// False alarms that are borne: one in 5,000 days of a subscription, which is one in 14 years.
const DAYS_PER_ALARM: usize = 5_000;

#[test]
fn a_year_of_ordinary_subscriptions_raises_few_alarms() {
    let (mut alarms, mut days): (BTreeMap<&str, usize>, usize) = (BTreeMap::new(), 0);
    for seed in 0..SHOPS {
        let year = ordinary(seed);
        let summed = self::days(&year);
        for at in year.keys() {
            days += 1;
            for finding in findings_of(&summed, *at) {
                *alarms.entry(finding.kind.name()).or_default() += 1;
            }
        }
    }
    let total: usize = alarms.values().sum();
    println!("{total} alarms in {days} days of {SHOPS} subscriptions: {alarms:?}");
    assert!(total * DAYS_PER_ALARM <= days, "{alarms:?} in {days} days");
}

#[test]
fn fraud_in_an_ordinary_shop_is_found_on_its_day_whatever_its_size() {
    for seed in 0..20 {
        let mut year = ordinary(seed);
        let at = 200 + i32::try_from(seed).unwrap();
        let usual: i128 = {
            let of_day = year[&(at - 1)]
                .iter()
                .map(|charge| charge.charge.round(Currency::USD, tenantry_core::Rounding::HalfEven));
            of_day.map(Money::minor).sum()
        };
        let each = u64::try_from(usual).unwrap() + 5_000;
        let mined = (0..5).map(|n| charge(at, 77, &format!("far{n}"), &format!("m{n}"), each));
        year.get_mut(&at).unwrap().extend(mined);
        let kinds: Vec<_> = findings(&year, at).into_iter().map(|finding| finding.kind).collect();
        for kind in [AlertKind::UnusualSpend, AlertKind::ManyRegions, AlertKind::NewCostlyMeter] {
            assert!(kinds.contains(&kind), "shop {seed}: {kinds:?}");
        }
    }
}

#[test]
fn the_daily_look_raises_alerts_once_stops_what_it_is_told_to_and_resolving_lets_go_on() {
    on_every_engine(|bench| async move {
        let (channel, customer, own) = open(&bench).await;
        let (ctx, metering) = (channel.partner_ctx(), channel.world().metering());
        let budget = PutBudget {
            id: BudgetId::new(Uuid::from_u128(1)),
            name: "watch".into(),
            scope: WantedScope::Customer(customer.id),
            edge: None,
            kind: BudgetKind::Monthly,
            limit: "100000".into(),
            thresholds: Vec::new(),
            action: BudgetAction::Notify,
            on_anomaly: BudgetAction::Cap,
        };
        metering.budget_put(&ctx, budget).await.unwrap();
        let hours = |day: u8, quantity: &str| {
            let at = format!("2026-01-{day}T10:00:00Z");
            Event { id: format!("d{day}"), ..event(&own, HOURS, &at, quantity) }
        };
        for of in 10..20 {
            channel.advance_to(&format!("2026-01-{of}T20:00:00Z")).await;
            // 10 hours are 0.85; 10,000 are 850.00.
            channel.accept(vec![hours(of, if of == 19 { "10000" } else { "10" })]).await;
        }
        let list = async |ctx: &OpContext| metering.alert_list(ctx, AlertFilter::default()).await.unwrap();
        assert!(list(&ctx).await.is_empty(), "the day is not over");
        channel.advance_to("2026-01-21T12:00:00Z").await;
        let alerts = list(&channel.partner_ctx()).await;
        assert_eq!(alerts.len(), 1, "{alerts:#?}");
        let alert = &alerts[0];
        assert_eq!((alert.kind, alert.period.as_deref()), (AlertKind::UnusualSpend, Some("2026-01-19")));
        assert_eq!((alert.at, alert.action), (tenantry_testkit::time("2026-01-20T01:00:00Z"), BudgetAction::Cap));
        assert!(alert.message.contains("850.00 USD on one day; the 9 days before came to 0.85"), "{}", alert.message);
        assert!(list(&channel.stranger_ctx()).await.is_empty());
        let state = async || {
            let found = subscription_get(&channel.provider_ctx(), channel.world().db(), own.customer, own.id).await;
            found.unwrap().state
        };
        assert!(matches!(state().await, State::Suspended { reason: SuspensionReason::SpendingLimit, .. }));
        let again = metering.watch_day(&channel.world().system("test"), day(18)).await.unwrap();
        assert_eq!(again, 0, "looking again finds nothing new");
        metering.alert_resolve(&channel.partner_ctx(), alert.id).await.unwrap();
        assert!(matches!(state().await, State::Active { .. }));
    });
}
