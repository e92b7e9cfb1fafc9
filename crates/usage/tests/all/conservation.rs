//! Conservation: whatever happens, what was billed and what is unbilled is what an independent calculator says,
//! row by row, to the last digit.

use crate::builder::{edge, month};
use crate::oracle::Oracle;
use crate::report::{FAR, charge, check_sums, rated_rows};
use crate::scenario::{EDGES, config, fold_of, prices_stay, scenario};
use proptest::prelude::*;
use std::collections::BTreeSet;
use tenantry_core::{Amount, SubscriptionId};
use tenantry_usage::{Fold, Granularity, Line, Recount, Series};

/// The lines without their rows, and the rows added up once more, say what the lines say.
fn check_totals(fold: &Fold, name: &str, close: u32, billed: Vec<Line>) {
    let recounted: Vec<_> = fold.recounted(edge(name), close).collect();
    let expected = billed.iter().map(|line| Recount {
        subscription: line.subscription,
        meter: line.meter,
        month: line.month,
        quantity: Some(line.quantity),
        list: line.list,
        charge: line.charge,
        is_whole: is_whole(fold, line),
    });
    assert_eq!(recounted, expected.collect::<Vec<_>>(), "close {close} on {name}");
    let without_rows = billed.into_iter().map(|line| Line { rows: Vec::new(), ..line });
    assert_eq!(fold.billed_totals(edge(name), close).collect::<Vec<_>>(), without_rows.collect::<Vec<_>>());
}

/// Whether the rows of each day and resource say all that was counted, by the rollups.
fn is_whole(fold: &Fold, line: &Line) -> bool {
    let buckets = fold.buckets(line.subscription, line.month.period(), Granularity::Daily);
    line.rows.iter().all(|row| {
        let of_day = |series: &Series| series.meter == line.meter && series.resource == row.series.resource;
        let counted = buckets.iter().filter(|bucket| bucket.period.from.day() == row.day && of_day(&bucket.series));
        let billed = line.rows.iter().filter(|other| other.day == row.day && of_day(&other.series));
        let sum = |quantities: &mut dyn Iterator<Item = i128>| quantities.sum::<i128>();
        sum(&mut counted.map(|bucket| bucket.quantity.units())) == sum(&mut billed.map(|row| row.quantity.units()))
    })
}

/// What is told of one subscription are its lines among all.
fn check_parts(all: &[Line], of: impl Fn(SubscriptionId) -> Vec<Line>) {
    let ids: BTreeSet<_> = all.iter().map(|line| line.subscription).collect();
    for id in ids {
        let own: Vec<_> = all.iter().filter(|line| line.subscription == id).cloned().collect();
        assert_eq!(of(id), own);
    }
}

proptest! {
    #![proptest_config(config(160))]

    #[test]
    fn every_document_is_what_an_independent_calculator_says(steps in scenario()) {
        let (fold, oracle) = (fold_of(&steps), Oracle::of(&steps));
        for (index, name) in EDGES.iter().enumerate() {
            let unbilled = fold.unbilled(edge(name), month(FAR));
            check_sums(&unbilled);
            check_parts(&unbilled, |one| fold.unbilled_of(edge(name), one, month(FAR)));
            prop_assert_eq!(rated_rows(&unbilled), oracle.unbilled(index), "unbilled on the {} edge", name);
            for close in 1..=fold.closes().len() {
                let billed = fold.billed_by(edge(name), u32::try_from(close).unwrap());
                check_sums(&billed);
                check_parts(&billed, |one| fold.billed_of(edge(name), one, u32::try_from(close).unwrap()));
                prop_assert_eq!(rated_rows(&billed), oracle.billed_by(index, close), "close {} on {}", close, name);
                check_totals(&fold, name, u32::try_from(close).unwrap(), billed);
            }
        }
    }

    #[test]
    fn all_closes_and_the_unbilled_rest_add_up_to_everything(steps in scenario()) {
        // Where no price is taken away, closes in between do not matter at all.
        let steps = prices_stay(steps);
        let (fold, oracle) = (fold_of(&steps), Oracle::of(&steps));
        for (index, name) in EDGES.iter().enumerate() {
            let billed: Amount = fold.closes().iter().map(|close| charge(&fold.billed_by(edge(name), close.number))).sum();
            let sum = billed + charge(&fold.unbilled(edge(name), month(FAR)));
            prop_assert_eq!(sum.to_string(), oracle.rated_in_total(index));
        }
    }
}
