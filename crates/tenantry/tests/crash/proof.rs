//! What must hold of a world after anything: said with arithmetic and a reading of the log of its own.

use crate::setting::{Setting, fifth, first_month};
use crate::work::{self, EVENTS, KINDS};
use std::collections::{BTreeMap, BTreeSet};
use tenantry_billing::{chain, check};
use tenantry_core::{Month, Period, Quantity};
use tenantry_db::log::{self, Partition};
use tenantry_db::sql;
use tenantry_testkit::meter;
use tenantry_usage::{Granularity, Record};
use tenantry_worlds::World;

fn quantity(whole: u64) -> Quantity {
    Quantity::parse(&whole.to_string()).unwrap()
}

fn sum(quantities: impl IntoIterator<Item = Quantity>) -> Quantity {
    quantities.into_iter().fold(Quantity::ZERO, |sum, quantity| sum.checked_add(quantity).unwrap())
}

/// Exactly these batches were counted, once.
pub async fn counted(setting: &Setting, world: &World, numbers: &BTreeSet<u64>) {
    let expected = work::quantities(setting.subscriptions.len(), numbers.iter().copied());
    let events = world.metering().read_all(tenantry_usage::Fold::events_counted).await;
    assert_eq!(events, numbers.len() * EVENTS, "events counted");
    let now = world.clock().now();
    let ever = Period { from: first_month().period().from, to: now };
    for (kind, expected) in KINDS.iter().zip(expected) {
        let mut used = Vec::new();
        for subscription in &setting.subscriptions {
            let buckets = world.metering().read_all(|fold| fold.buckets(*subscription, ever, Granularity::Daily)).await;
            used.extend(buckets.iter().filter(|b| b.series.meter == meter(kind.meter)).map(|bucket| bucket.quantity));
        }
        assert_eq!(sum(used), quantity(expected), "meter {}", kind.meter);
    }
}

/// The log itself has each event once, and its quantities add up: what is in memory is not asked.
pub async fn logged(setting: &Setting, world: &World, numbers: &BTreeSet<u64>) {
    let mut reader = world.db().reader().await.unwrap();
    let (mut after, mut seen, mut sums) = (0, BTreeSet::new(), BTreeMap::new());
    loop {
        let records = log::after(&mut reader, Partition(0), after, 100).await.unwrap();
        let Some(last) = records.last() else { break };
        after = last.seq;
        for stored in &records {
            let Record::Usage(events) = Record::decode(&stored.bytes).unwrap() else { continue };
            for event in events {
                let so_far = sums.entry(event.meter).or_insert(Quantity::ZERO);
                *so_far = sum([*so_far, event.quantity]);
                assert!(seen.insert((event.source.clone(), event.id.clone())), "twice in the log: {event:?}");
            }
        }
    }
    assert_eq!(seen.len(), numbers.len() * EVENTS, "events in the log");
    let expected = work::quantities(setting.subscriptions.len(), numbers.iter().copied());
    for (kind, expected) in KINDS.iter().zip(expected) {
        let logged = sums.get(&meter(kind.meter)).copied().unwrap_or(Quantity::ZERO);
        assert_eq!(logged, quantity(expected), "{} in the log", kind.meter);
    }
}

/// What is in memory equals a replay; ledger, chain and documents are right. Costs a look at all there ever was.
pub async fn books(world: &World) {
    let replayed = world.metering().replayed().await.unwrap().checkpoint().unwrap();
    let live = world.metering().read_all(tenantry_usage::Fold::checkpoint).await.unwrap();
    assert!(replayed == live, "the state in memory differs from a replay of the log");
    let findings = check::check(world.db(), world.metering(), true).await.unwrap();
    assert_eq!(findings.wrong, Vec::<String>::new());
}

/// Each partner has exactly one document for each of these months, with the total that its batches come to; numbers
/// have no gaps, and each document follows on the one before it.
pub async fn documents(setting: &Setting, world: &World, months: &BTreeMap<Month, Vec<u64>>) {
    let mut expected = BTreeMap::new();
    for (month, numbers) in months {
        let cents = work::cents(setting.subscriptions.len(), numbers.iter().copied());
        for (partner, cents) in setting.partners.iter().zip(cents) {
            let total = format!("{}.{:02}", cents / 100, cents % 100);
            expected.insert((partner.to_string(), month.to_string()), total);
        }
    }
    let mut reader = world.db().reader().await.unwrap();
    let rows = sql(
        "SELECT buyer, month, number, total, chain_no, previous_hash, hash, document FROM invoice ORDER BY chain_no",
    )
    .all(&mut reader)
    .await
    .unwrap();
    let mut seen = BTreeMap::new();
    let (mut last, mut numbers) = (chain::GENESIS.to_owned(), BTreeMap::<i32, u64>::new());
    for (row, place) in rows.iter().zip(1..) {
        let text = |column| row.text(column).unwrap();
        let month = Month::parse(&text("month")).unwrap();
        let year = fifth(month.next()).day().date().0;
        let number = numbers.entry(year).or_insert(0);
        *number += 1;
        assert_eq!(text("number"), format!("D{:02}{number:07}", year % 100));
        assert_eq!(row.integer("chain_no").unwrap(), place);
        assert_eq!(text("previous_hash"), last, "document {place} follows on another");
        last = text("hash");
        assert_eq!(last, chain::hash(&text("previous_hash"), &text("document")), "document {place} was changed");
        let twice = seen.insert((text("buyer"), text("month")), text("total"));
        assert_eq!(twice, None, "two documents of {month}");
    }
    assert_eq!(seen, expected);
}
