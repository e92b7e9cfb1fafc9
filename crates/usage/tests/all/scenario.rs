//! Random logs, as plain data that the oracle reads without any type of the crates under test.
//!
//! Three months, two subscriptions, four meters, three resources; price sheets that come late, replace one
//! another, lack meters; price lists with a history; prices that a seller names for its buyer, some meters of them, and
//! takes back; late events, corrections, closes in between.

use crate::builder::{Log, fold};
use crate::exact::decimal;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use std::collections::BTreeMap;
use tenantry_core::{Day, Month};
use tenantry_usage::{Fold, Record};

pub const UNIT: i128 = 1_000_000_000_000_000_000;
pub const METERS: [&str; 4] = ["compute", "storage", "market", "backup"];
pub const RESOURCES: [&str; 3] = ["/a/db", "/a/vm", "/b/web"];
pub const SUBSCRIPTIONS: [&str; 2] = ["shop", "till"];
pub const EDGES: [&str; 2] = ["first", "second"];
/// January to March 2026: days 0 to 89.
const DAYS: u16 = 90;

/// Bounds and included units in 10^-18, rates in 10^-28.
#[derive(Debug, Clone)]
pub struct Price {
    pub tiers: BTreeMap<i128, i128>,
    pub included: i128,
    pub first_party: bool,
}

/// A factor in 10^-8, from a day on.
#[derive(Debug, Clone)]
pub struct Rule {
    pub factor: i128,
    pub from: u16,
    pub everything: bool,
}

/// Indexes into the names above, and a quantity in 10^-18.
#[derive(Debug, Clone)]
pub struct Use {
    pub subscription: usize,
    pub day: u16,
    pub hour: u8,
    pub resource: usize,
    pub meter: usize,
    pub quantity: i128,
}

#[derive(Debug, Clone)]
pub enum Step {
    Sheet {
        from: u16,
        prices: BTreeMap<usize, Price>,
    },
    Rules {
        edge: usize,
        rules: Vec<Rule>,
    },
    /// Explicit prices of an edge, from a day on.
    Own {
        edge: usize,
        from: u16,
        prices: BTreeMap<usize, Price>,
    },
    Batch(Vec<Use>),
    /// Of the month after the last one closed.
    Close,
}

pub fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, rng_seed: RngSeed::Fixed(1), ..ProptestConfig::default() }
}

fn price() -> impl Strategy<Value = Price> {
    let rate = prop_oneof![Just(0), (0..500_i128).prop_map(|n| n * 10_i128.pow(26)), 0..10_i128.pow(30)];
    let bounds = prop_oneof![Just(BTreeMap::new()), prop::collection::btree_map(1..200 * UNIT, rate.clone(), 1..4),];
    let included = prop_oneof![2 => Just(0), 1 => 0..60 * UNIT];
    (bounds, rate, included, prop::bool::weighted(0.7)).prop_map(|(mut tiers, first, included, first_party)| {
        tiers.insert(0, first);
        Price { tiers, included, first_party }
    })
}

fn usage() -> impl Strategy<Value = Use> {
    let quantity =
        prop_oneof![3 => (1..50_i128).prop_map(|n| n * UNIT), 3 => 0..50 * UNIT, 1 => -40 * UNIT..0, 1 => Just(1)];
    (0..SUBSCRIPTIONS.len(), 0..DAYS, 0..24_u8, 0..RESOURCES.len(), 0..METERS.len(), quantity).prop_map(
        // Half of the usage is of one meter of January, so that tiers are crossed and months meet their close.
        |(subscription, day, hour, resource, meter, quantity)| {
            let (day, meter) = if hour % 2 == 0 { (day % 31, 1) } else { (day, meter) };
            Use { subscription, day, hour, resource, meter, quantity }
        },
    )
}

fn rule() -> impl Strategy<Value = Rule> {
    // Four digits, so that two edges fit eight.
    (0..12_000_i128, 0..DAYS, any::<bool>()).prop_map(|(factor, from, everything)| Rule {
        factor: factor * 10_000,
        from,
        everything,
    })
}

fn sheet() -> impl Strategy<Value = Step> {
    let prices = prop::collection::btree_map(0..METERS.len(), price(), 1..=METERS.len());
    // Often the same date again: a repriced sheet.
    (prop_oneof![Just(0), Just(15), 0..DAYS], prices).prop_map(|(from, prices)| Step::Sheet { from, prices })
}

fn own() -> impl Strategy<Value = Step> {
    // An empty one takes all of them back.
    let prices = prop::collection::btree_map(0..METERS.len(), price(), 0..METERS.len());
    let from = prop_oneof![Just(0), Just(15), 0..DAYS];
    (0..EDGES.len(), from, prices).prop_map(|(edge, from, prices)| Step::Own { edge, from, prices })
}

/// A log of a channel with its first prices. Sheets may lack meters: usage waits for a price.
pub fn scenario() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        6 => prop::collection::vec(usage(), 1..6).prop_map(Step::Batch),
        2 => sheet(),
        2 => own(),
        1 => (0..EDGES.len(), prop::collection::vec(rule(), 0..3)).prop_map(|(edge, rules)| Step::Rules { edge, rules }),
        2 => Just(Step::Close),
    ];
    (sheet(), prop::collection::vec(step, 1..14)).prop_map(|(first, mut steps)| {
        steps.insert(0, first);
        steps
    })
}

/// A scenario in which a later import prices all that an earlier one did: prices arrive and change, none goes.
pub fn prices_stay(mut steps: Vec<Step>) -> Vec<Step> {
    let mut known: BTreeMap<usize, Price> = BTreeMap::new();
    for step in &mut steps {
        if let Step::Sheet { prices, .. } = step {
            for (meter, price) in &known {
                prices.entry(*meter).or_insert_with(|| price.clone());
            }
            known.clone_from(prices);
        }
    }
    steps
}

pub fn day(number: u16) -> Day {
    Day::from_number(Day::parse("2026-01-01").unwrap().number() + i32::from(number))
}

/// The log of a scenario.
pub fn log(steps: &[Step]) -> Log {
    let mut log = Log::channel();
    let mut next_close = Month::of(day(0));
    for step in steps {
        log = match step {
            Step::Sheet { from, prices } => log.sheet(&day(*from).to_string(), &price_table(prices)),
            Step::Own { edge, from, prices } => log.own(EDGES[*edge], &day(*from).to_string(), &price_table(prices)),
            Step::Rules { edge, rules } => {
                let table: Vec<_> = rules.iter().map(rule_row).collect();
                log.edge(EDGES[*edge], &table.join("\n"))
            }
            Step::Batch(batch) => batch_of(log, batch),
            Step::Close => {
                let closed = next_close;
                next_close = closed.next();
                log.close(&closed.to_string())
            }
        };
    }
    log
}

pub fn fold_of(steps: &[Step]) -> Fold {
    fold(&log(steps).records)
}

/// A batch may be of both subscriptions: one record.
fn batch_of(mut log: Log, batch: &[Use]) -> Log {
    let mut events = Vec::new();
    for used in batch {
        let row = format!(
            "{} {:02} {} {} {} {}",
            day(used.day),
            used.hour,
            RESOURCES[used.resource],
            METERS[used.meter],
            decimal(used.quantity, 18),
            if used.quantity < 0 { "e1" } else { "" }
        );
        log = log.usage_of(SUBSCRIPTIONS[used.subscription], &row);
        if let Some(Record::Usage(one)) = log.records.pop() {
            events.extend(one);
        }
    }
    log.records.push(Record::Usage(events));
    log
}

fn price_table(prices: &BTreeMap<usize, Price>) -> String {
    let table: Vec<_> = prices.iter().map(|(meter, price)| price_row(METERS[*meter], price)).collect();
    table.join("\n")
}

fn price_row(meter: &str, price: &Price) -> String {
    let tiers: Vec<_> =
        price.tiers.iter().map(|(bound, rate)| format!("{}:{}", decimal(*bound, 18), decimal(*rate, 28))).collect();
    let party = if price.first_party { "" } else { "third-party" };
    format!("{meter} {} {} {party}", decimal(price.included, 18), tiers.join(","))
}

fn rule_row(rule: &Rule) -> String {
    let scope = if rule.everything { "everything" } else { "first-party" };
    format!("{} {scope} {}", decimal(rule.factor, 8), day(rule.from))
}
