//! A channel with usage, as records of the log: the data of every measure that needs no HTTP.
//!
//! Its shape is that of ordinary days: a subscription has a few resources, each reports hour after hour or once a day, one
//! meter in ten is graduated, one resource in ten is tagged. The same numbers give the same channel.

use tenantry_core::{
    Currency, Day, EdgeId, Factor, MeterId, PriceSheetId, Quantity, Rate, ResourceUri, SubscriptionId, TenantId,
    Timestamp,
};
use tenantry_rating::{AppliesTo, MeterPrice, PriceList, PriceRule, PriceSheet, Tiers};
use tenantry_usage::{EdgeTerms, Event, Fold, IdentityKey, Record, ServiceState, SubscriptionTerms};

/// Events of a record.
pub(crate) const BATCH: u64 = 10_000;
/// Resources of a subscription, two of each of its two meters.
pub(crate) const RESOURCES: u64 = 4;
/// Documents of a close.
pub(crate) const EDGES: u64 = 10;
const METERS: u64 = 20;
const START: &str = "2026-01-01";

/// Applies a record at the next place.
pub(crate) fn apply(fold: &mut Fold, record: Record) {
    fold.apply(fold.position() + 1, record).unwrap();
}

/// Genesis, a price sheet, edges and subscriptions.
pub(crate) fn channel(subscriptions: u64) -> Vec<Record> {
    let mut records = vec![Record::Genesis(IdentityKey(*b"a key of a world"))];
    records.push(sheet());
    let factor = Factor::parse("0.85").unwrap();
    let rule = PriceRule { factor, applies_to: AppliesTo::FirstParty, from: time(START) };
    let edges = (0..EDGES).map(|number| EdgeTerms {
        id: edge(number),
        seller: tenant(0),
        buyer: tenant(number + 1),
        price_list: PriceList::new(vec![rule.clone()]),
    });
    records.extend(edges.map(Record::Edge));
    let sold = |number| Record::Subscription(sold(number, tenant(number % EDGES + 1), edge(number)));
    records.extend((0..subscriptions).map(sold));
    records
}

/// The prices of all meters.
pub(crate) fn sheet() -> Record {
    Record::PriceSheet(PriceSheet {
        id: PriceSheetId::parse(&guid(5, 1)).unwrap(),
        market: "US".to_owned(),
        currency: Currency::USD,
        effective_from: time(START),
        import_no: 1,
        meters: (0..METERS).map(|number| (meter(number), price(number))).collect(),
    })
}

/// A subscription, of a customer of its own.
pub(crate) fn sold(number: u64, partner: TenantId, edge: EdgeId) -> SubscriptionTerms {
    SubscriptionTerms {
        id: subscription(number),
        customer: tenant(1_000 + number),
        partner,
        channel: vec![edge],
        market: "US".to_owned(),
        currency: Currency::USD,
        created_at: time(START),
        state: ServiceState::Active,
        since: time(START),
    }
}

/// A fold of a channel without usage.
pub(crate) fn fold(subscriptions: u64) -> Fold {
    let mut fold = Fold::default();
    channel(subscriptions).into_iter().for_each(|record| apply(&mut fold, record));
    fold
}

/// Batches of events: each series reports an hour, then each the next.
pub(crate) fn hourly(subscriptions: u64, events: u64) -> impl Iterator<Item = Record> {
    let series = subscriptions * RESOURCES;
    batches(events, move |number| {
        let at = time(START).plus_seconds(i64::try_from(number / series).unwrap() * 3_600 + 600);
        usage(number, number % series, at)
    })
}

/// Batches of events, each a row of a file: a resource of a subscription on a day. At most 112 for each subscription.
pub(crate) fn daily(subscriptions: u64, rows_each: u64) -> impl Iterator<Item = Record> {
    batches(subscriptions * rows_each, move |number| {
        let (of, row) = (number / rows_each, number % rows_each);
        let day = Day::parse(START).unwrap().number() + i32::try_from(row / RESOURCES).unwrap();
        usage(number, of * RESOURCES + row % RESOURCES, Day::from_number(day).start().plus_seconds(3_600))
    })
}

fn batches(events: u64, event: impl Fn(u64) -> Event) -> impl Iterator<Item = Record> {
    let firsts = (0..events).step_by(usize::try_from(BATCH).unwrap());
    firsts.map(move |first| Record::Usage((first..(first + BATCH).min(events)).map(&event).collect()))
}

pub(crate) fn edge(number: u64) -> EdgeId {
    EdgeId::parse(&guid(3, number % EDGES)).unwrap()
}

pub(crate) fn tenant(number: u64) -> TenantId {
    TenantId::parse(&guid(4, number)).unwrap()
}

fn subscription(number: u64) -> SubscriptionId {
    SubscriptionId::parse(&guid(1, number)).unwrap()
}

fn meter(number: u64) -> MeterId {
    MeterId::parse(&guid(2, number % METERS)).unwrap()
}

fn time(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

fn guid(kind: u64, number: u64) -> String {
    format!("{kind:08x}-0000-4000-8000-{:012x}", number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 16)
}

fn price(number: u64) -> MeterPrice {
    let rate = |text: &str| Rate::parse(text).unwrap();
    let graduated = vec![(Quantity::ZERO, rate("0.095")), (Quantity::whole(10), rate("0.08"))];
    MeterPrice {
        id: meter(number),
        name: format!("meter {number}"),
        category: "Compute".to_owned(),
        subcategory: String::new(),
        region: String::new(),
        unit: "1 Hour".to_owned(),
        tags: Vec::new(),
        tiers: if number.is_multiple_of(10) { Tiers::new(graduated).unwrap() } else { Tiers::flat(rate("0.0712")) },
        included: Quantity::ZERO,
        effective_date: time(START),
        first_party: true,
    }
}

fn usage(number: u64, series: u64, at: Timestamp) -> Event {
    let of = subscription(series / RESOURCES);
    let tags = if series.is_multiple_of(10) { "{\"costCenter\":\"4711\",\"env\":\"prod\"}" } else { "" };
    let group = series % 7;
    Event {
        reporter: None,
        source: "collector/westus".to_owned(),
        id: format!("{:016x}-{number:010}", number.wrapping_mul(0x9e37_79b9_7f4a_7c15)),
        at,
        subscription: of,
        meter: meter(series / 2),
        resource: ResourceUri::new(format!(
            "/subscriptions/{of}/resourceGroups/rg{group}/providers/Microsoft.Compute/virtualMachines/vm{series}"
        )),
        region: "westus".to_owned(),
        quantity: Quantity::from_units(i128::from(number % 1_000 + 1) * 1_000_000_000_000_000),
        corrects: None,
        tags: tags.to_owned(),
        additional_info: String::new(),
    }
}
