//! Laws that hold for every log, however its records came about.

use crate::builder::{edge, fold, month};
use crate::report::{FAR, charge, everything, without_unrated};
use crate::scenario::{EDGES, Step, config, fold_of, log, scenario};
use proptest::prelude::*;
use tenantry_core::{Amount, Day, Period};
use tenantry_usage::{Event, Fold, Granularity, Place, Record};

/// All hourly and daily buckets of both subscriptions, as text.
fn rollups(fold: &Fold) -> Vec<String> {
    let all = Period { from: Day::parse("2025-01-01").unwrap().start(), to: Day::parse("2028-01-01").unwrap().start() };
    let mut printed = Vec::new();
    for subscription in ["shop", "till"].map(crate::builder::subscription) {
        for granularity in [Granularity::Hourly, Granularity::Daily] {
            printed.extend(fold.buckets(subscription, all, granularity).iter().map(|bucket| format!("{bucket:?}")));
        }
    }
    printed
}

/// Every name with its place.
fn places(records: &[Record]) -> impl Iterator<Item = (&Event, Place)> {
    records.iter().zip(1..).flat_map(|(record, seq)| {
        let events: &[Event] = if let Record::Usage(events) = record { events } else { &[] };
        events.iter().zip(0..).map(move |(event, index)| (event, Place { seq, index }))
    })
}

/// The same log in batches of one.
fn split(steps: &[Step]) -> Vec<Step> {
    let single = |step: &Step| match step {
        Step::Batch(batch) => batch.iter().map(|used| Step::Batch(vec![used.clone()])).collect(),
        other => vec![other.clone()],
    };
    steps.iter().flat_map(single).collect()
}

proptest! {
    #![proptest_config(config(96))]

    #[test]
    fn splitting_a_batch_never_changes_anything(steps in scenario()) {
        let (whole, split) = (fold_of(&steps), fold_of(&split(&steps)));
        prop_assert_eq!(everything(&whole), everything(&split));
        prop_assert_eq!(rollups(&whole), rollups(&split));
        prop_assert_eq!(whole.events_counted(), split.events_counted());
    }

    #[test]
    fn order_of_arrival_never_changes_a_document(steps in scenario(), seed in any::<u64>()) {
        // Batches in any order, events in any order within them; what was known at each close stays the same.
        let mut seed = seed;
        let mut shuffled: Vec<Step> = Vec::new();
        for span in steps.split_inclusive(|step| matches!(step, Step::Close)) {
            let mut used: Vec<_> = span.iter().flat_map(|step| if let Step::Batch(batch) = step { batch.clone() } else { Vec::new() }).collect();
            for at in (1..used.len()).rev() {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                used.swap(at, usize::try_from(seed >> 33).unwrap() % (at + 1));
            }
            for step in span {
                shuffled.push(match step {
                    Step::Batch(batch) => Step::Batch(used.split_off(used.len() - batch.len())),
                    other => other.clone(),
                });
            }
        }
        let (one, other) = (fold_of(&steps), fold_of(&shuffled));
        prop_assert_eq!(everything(&one), everything(&other));
        prop_assert_eq!(rollups(&one), rollups(&other));
    }

    #[test]
    fn replay_of_the_stored_log_equals_the_live_state(steps in scenario()) {
        let log = log(&steps);
        let mut live = Fold::default();
        for (record, seq) in log.records.iter().zip(1..) {
            live.apply(seq, record.clone()).unwrap();
            // Questions must leave no trace.
            for name in EDGES {
                live.running_charge(crate::builder::subscription("shop"), edge(name));
            }
        }
        let stored: Vec<_> = log.records.iter().map(|record| Record::decode(&record.encode().unwrap()).unwrap()).collect();
        prop_assert_eq!(&stored, &log.records);
        let replayed = fold(&stored);
        prop_assert_eq!(replayed.checkpoint().unwrap(), live.checkpoint().unwrap());
        prop_assert_eq!(everything(&replayed), everything(&live));
    }

    #[test]
    fn a_start_from_a_checkpoint_continues_as_if_nothing_happened(steps in scenario(), at in any::<prop::sample::Index>()) {
        let log = log(&steps);
        let (before, after) = log.records.split_at(at.index(log.records.len() + 1));
        let stored = fold(before).checkpoint().unwrap();
        let mut continued = Fold::restore(&stored).unwrap();
        prop_assert_eq!(continued.checkpoint().unwrap(), stored);
        for (record, seq) in after.iter().zip(continued.position() + 1..) {
            continued.apply(seq, record.clone()).unwrap();
        }
        let uninterrupted = log.fold();
        prop_assert_eq!(continued.checkpoint().unwrap(), uninterrupted.checkpoint().unwrap());
        prop_assert_eq!(everything(&continued), everything(&uninterrupted));
        prop_assert_eq!(rollups(&continued), rollups(&uninterrupted));
    }

    #[test]
    fn the_unbilled_view_becomes_the_invoice_line_by_line(steps in scenario()) {
        let mut fold = Fold::default();
        for (record, seq) in log(&steps).records.into_iter().zip(1..) {
            let Record::Close(close) = &record else {
                fold.apply(seq, record).unwrap();
                continue;
            };
            let (number, through) = (close.number, close.month);
            let shown = EDGES.map(|name| without_unrated(fold.unbilled(edge(name), through)));
            let unrated = fold.unrated();
            fold.apply(seq, record).unwrap();
            prop_assert_eq!(&EDGES.map(|name| fold.billed_by(edge(name), number)), &shown);
            // Nothing is left but what waits for a price, and that is not touched.
            let left = EDGES.map(|name| fold.unbilled(edge(name), through));
            prop_assert!(left.iter().flatten().flat_map(|line| &line.rows).all(|row| row.sheet.is_none()), "{:?}", left);
            prop_assert_eq!(fold.unrated(), unrated);
        }
    }

    #[test]
    fn issued_documents_never_change(steps in scenario()) {
        let mut fold = Fold::default();
        let mut issued: Vec<_> = Vec::new();
        for (record, seq) in log(&steps).records.into_iter().zip(1..) {
            let close = if let Record::Close(close) = &record { Some(close.number) } else { None };
            fold.apply(seq, record).unwrap();
            if let Some(number) = close {
                issued.push((number, EDGES.map(|name| fold.billed_by(edge(name), number))));
            }
            for (number, documents) in &issued {
                prop_assert_eq!(documents, &EDGES.map(|name| fold.billed_by(edge(name), *number)));
            }
        }
    }

    #[test]
    fn a_name_is_known_for_ever(steps in scenario()) {
        let records = log(&steps).records;
        let mut fold = Fold::default();
        for (record, seq) in records.iter().zip(1..) {
            fold.apply(seq, record.clone()).unwrap();
            fold = Fold::restore(&fold.checkpoint().unwrap()).unwrap();
            for (event, place) in places(&records) {
                let known = (place.seq <= seq).then_some(place);
                prop_assert_eq!(fold.find(None, &event.source, &event.id), known);
                prop_assert_eq!(fold.find(None, "somebody else", &event.id), None);
            }
        }
        prop_assert_eq!(fold.events_counted(), places(&records).count());
    }

    #[test]
    fn the_running_charge_is_the_sum_of_the_unbilled_lines_at_every_step(steps in scenario()) {
        let mut fold = Fold::default();
        // Batches of one, so that a cache that is wrong for a moment is seen.
        for (record, seq) in log(&split(&steps)).records.into_iter().zip(1..) {
            fold.apply(seq, record).unwrap();
            for subscription in ["shop", "till"].map(crate::builder::subscription) {
                for name in EDGES {
                    let lines = fold.unbilled(edge(name), month(FAR));
                    let of_it: Vec<_> = lines.into_iter().filter(|line| line.subscription == subscription).collect();
                    let running: Amount = fold.running_charge(subscription, edge(name));
                    prop_assert_eq!(running, charge(&of_it), "record {}, {} edge", seq, name);
                }
            }
        }
    }
}
