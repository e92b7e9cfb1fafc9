//! A subscription that changes its reseller: each edge is billed for its own part of the month, to the instant.

use crate::builder::{Log, edge, event, month, quantity, rows, subscription, terms, time};
use crate::report::{FAR, charge, check_sums, rated_rows};
use crate::scenario::config;
use proptest::prelude::*;
use std::collections::BTreeMap;
use tenantry_core::{Amount, Day};
use tenantry_usage::{Event, Fold, Record, ServiceState};

const OLD: [&str; 2] = ["first", "second"];
const NEW: [&str; 2] = ["first", "third"];
const ALL: [&str; 3] = ["first", "second", "third"];

/// `shop` is sold through the second edge, and may change to the third.
fn channel() -> Log {
    Log::channel().edge("third", "0.9 everything 2026-01-01").sheet("2026-01-01", "storage 0 0:5,10:3")
}

/// Rows of `id instant resource quantity [corrects]`, all of storage.
fn used(table: &str) -> Record {
    let one = |row: Vec<&str>| Event {
        at: time(row[1]),
        quantity: quantity(row[3]),
        corrects: row.get(4).map(|&id| id.to_owned()),
        ..event(row[0], "shop", &["2026-01-01", "00", row[2], "storage", "0"])
    };
    Record::Usage(rows(table).map(one).collect())
}

fn moved(since: &str) -> Record {
    Record::Subscription(terms("shop", &NEW, ServiceState::Active, since))
}

/// Rows of `document edge subscription month meter day resource quantity list charge`.
fn check(log: &Log, expected: &str) {
    let mut fold = log.fold();
    let mut printed = Vec::new();
    for name in ALL {
        for close in fold.closes() {
            let billed = rated_rows(&fold.billed_by(edge(name), close.number));
            printed.extend(billed.iter().map(|row| format!("close-{} {name} {row}", close.number)));
        }
        let unbilled = fold.unbilled(edge(name), month(FAR));
        check_sums(&unbilled);
        printed.extend(rated_rows(&unbilled).iter().map(|row| format!("unbilled {name} {row}")));
        assert_eq!(fold.running_charge(subscription("shop"), edge(name)), charge(&unbilled), "{name}");
    }
    let expected: Vec<String> = rows(expected).map(|row| row.join(" ")).collect();
    assert_eq!(printed, expected);
    assert_eq!(Fold::restore(&fold.checkpoint().unwrap()).unwrap().checkpoint(), fold.checkpoint());
}

fn with(mut log: Log, records: impl IntoIterator<Item = Record>) -> Log {
    log.records.extend(records);
    log
}

#[test]
fn the_day_of_a_change_is_split_by_the_instant_and_tiers_go_on() {
    let log = with(
        channel(),
        [
            used("a 2026-01-14T23:59:59Z vm 4 \n b 2026-01-15T10:29:59.999999Z vm 2"),
            moved("2026-01-15T10:30:00Z"),
            used("c 2026-01-15T10:30:00Z vm 8 \n d 2026-01-16T00:00:00Z vm 1"),
        ],
    );
    // Fourteen of 15 units come before the last day; ten cost 5, the rest 3.
    check(
        &log,
        "unbilled first  shop 2026-01 storage 2026-01-14 vm 4 20 17
         unbilled first  shop 2026-01 storage 2026-01-15 vm 2 10 8.5
         unbilled first  shop 2026-01 storage 2026-01-15 vm 8 32 27.2
         unbilled first  shop 2026-01 storage 2026-01-16 vm 1 3 2.55
         unbilled second shop 2026-01 storage 2026-01-14 vm 4 20 16.15
         unbilled second shop 2026-01 storage 2026-01-15 vm 2 10 8.075
         unbilled third  shop 2026-01 storage 2026-01-15 vm 8 32 24.48
         unbilled third  shop 2026-01 storage 2026-01-16 vm 1 3 2.295",
    );
}

#[test]
fn late_usage_from_before_the_change_is_the_old_channels_and_so_is_its_correction() {
    let log = with(channel(), [moved("2026-01-15T10:30:00Z"), used("a 2026-01-16T00:00:00Z vm 4")]).close("2026-01");
    let log = with(log, [used("b 2026-01-15T10:10:00Z vm 3 \n c 2026-01-15T10:10:00Z vm -1 b")]);
    check(
        &log,
        "close-1  first  shop 2026-01 storage 2026-01-16 vm 4 20 17
         unbilled first  shop 2026-01 storage 2026-01-15 vm 2 10 8.5
         unbilled second shop 2026-01 storage 2026-01-15 vm 2 10 8.075
         close-1  third  shop 2026-01 storage 2026-01-16 vm 4 20 15.3",
    );
}

#[test]
fn a_change_told_after_the_close_moves_what_was_billed() {
    let log = with(channel(), [used("a 2026-01-15T10:10:00Z vm 4 \n b 2026-01-20T00:00:00Z vm 2")]).close("2026-01");
    check(
        &with(log, [moved("2026-01-18T00:00:00Z")]),
        "close-1  first  shop 2026-01 storage 2026-01-15 vm 4 20 17
         close-1  first  shop 2026-01 storage 2026-01-20 vm 2 10 8.5
         unbilled first  shop 2026-01 storage 2026-01-20 vm -2 -10 -8.5
         unbilled first  shop 2026-01 storage 2026-01-20 vm 2 10 8.5
         close-1  second shop 2026-01 storage 2026-01-15 vm 4 20 16.15
         close-1  second shop 2026-01 storage 2026-01-20 vm 2 10 8.075
         unbilled second shop 2026-01 storage 2026-01-20 vm -2 -10 -8.075
         unbilled third  shop 2026-01 storage 2026-01-20 vm 2 10 7.65",
    );
}

/// The row of the taken-back channel has no prices of its own any more, and is credited all the same.
#[test]
fn a_change_that_takes_back_later_ones_credits_what_was_billed_through_them() {
    let back = Record::Subscription(terms("shop", &OLD, ServiceState::Active, "2026-01-20T00:00:00Z"));
    let log = with(channel(), [moved("2026-01-12T00:00:00Z"), back, used("a 2026-01-25T00:00:00Z vm 2")]);
    let log = with(log.close("2026-01"), [moved("2026-01-10T00:00:00Z")]);
    let documents = |of: &str| {
        format!(
            "close-1 first  shop 2026-01 storage 2026-01-25 vm 2 10 8.5
             {of}    first  shop 2026-01 storage 2026-01-25 vm -2 -10 -8.5
             {of}    first  shop 2026-01 storage 2026-01-25 vm 2 10 8.5
             close-1 second shop 2026-01 storage 2026-01-25 vm 2 10 8.075
             {of}    second shop 2026-01 storage 2026-01-25 vm -2 -10 -8.075
             {of}    third  shop 2026-01 storage 2026-01-25 vm 2 10 7.65"
        )
    };
    check(&log, &documents("unbilled"));
    check(&log.close("2026-02"), &documents("close-2"));
}

#[test]
fn usage_without_a_price_waits_on_the_edges_it_was_used_through() {
    let mut log = with(channel(), [moved("2026-01-15T10:30:00Z")]);
    log = log.usage("2026-01-15 09 vm compute 5 \n 2026-01-15 12 vm compute 7");
    let fold = log.fold();
    for (name, waiting) in [("first", "12"), ("second", "5"), ("third", "7")] {
        let lines = fold.unbilled(edge(name), month(FAR));
        assert_eq!(lines.iter().map(|line| line.unrated.to_string()).collect::<Vec<_>>(), [waiting], "{name}");
    }
}

#[test]
fn a_state_that_changes_or_is_told_again_splits_nothing() {
    let told = |state, since| Record::Subscription(terms("shop", &OLD, state, since));
    let log = with(
        channel(),
        [
            told(ServiceState::Suspended, "2026-01-10T06:30:00Z"),
            told(ServiceState::Active, "2026-01-12T06:30:00Z"),
            told(ServiceState::Active, "2026-01-12T06:30:00Z"),
            used("a 2026-01-12T06:29:00Z vm 1 \n b 2026-01-12T06:31:00Z vm 1"),
        ],
    );
    check(
        &log,
        "unbilled first  shop 2026-01 storage 2026-01-12 vm 2 10 8.5
         unbilled second shop 2026-01 storage 2026-01-12 vm 2 10 8.075",
    );
}

#[test]
fn price_lists_along_a_channel_of_the_past_must_still_fit() {
    let fold = with(channel(), [moved("2026-01-15T10:30:00Z")]).fold();
    let Some(finer) = Log::new().edge("second", "0.9500001 everything 2026-01-01").records.pop() else {
        unreachable!()
    };
    assert!(fold.check(&finer).unwrap_err().to_string().contains("8 fraction digits"));
}

/// What all usage comes to on each edge, in 10^-4, said in the plainest way.
fn expected(usage: &[(i64, usize, i128)], change: i64) -> BTreeMap<&'static str, i128> {
    let mut used: BTreeMap<(i64, bool, usize), i128> = BTreeMap::new();
    for (minute, resource, units) in usage {
        *used.entry((minute.div_euclid(1_440), *minute >= change, *resource)).or_default() += units;
    }
    let price = |total: i128| if total < 10 { 5 * total } else { 50 + 3 * (total - 10) };
    let (mut sums, mut position): (BTreeMap<_, i128>, i128) = (ALL.map(|name| (name, 0)).into(), 0);
    for ((_, is_new, _), units) in used {
        let list = price(position + units) - price(position);
        position += units;
        let (name, factor) = if is_new { ("third", 7_650) } else { ("second", 8_075) };
        *sums.entry("first").or_default() += list * 8_500;
        *sums.entry(name).or_default() += list * factor;
    }
    sums
}

proptest! {
    #![proptest_config(config(128))]

    #[test]
    fn each_edge_is_billed_for_its_own_part_of_the_month(
        usage in prop::collection::vec((0_i64..31 * 1_440, 0_usize..3, 1_i128..12), 1..25),
        (day, minute) in (0_i64..31, prop_oneof![Just(0_i64), Just(600), 0_i64..1_440]),
        (told, closed) in (any::<prop::sample::Index>(), any::<prop::sample::Index>()),
    ) {
        let begin = Day::parse("2026-01-01").unwrap().start();
        let change = day * 1_440 + minute;
        // A change within an hour is told before usage of that hour comes; a change between hours at any time.
        let told = if change % 60 == 0 { told.index(usage.len() + 1) } else { 0 };
        let (closed, mut log) = (closed.index(usage.len() + 1), channel());
        let since = begin.plus_seconds(change * 60);
        let resources = ["/a/db", "/a/vm", "/b/web"];
        for at in 0..=usage.len() {
            if at == told {
                log.records.push(Record::Subscription(terms("shop", &NEW, ServiceState::Active, &since.to_string())));
            }
            if at == closed {
                log = log.close("2026-01");
            }
            if let Some((minute, resource, units)) = usage.get(at) {
                let row = format!("e{at} {} {} {units}", begin.plus_seconds(minute * 60), resources[*resource]);
                log.records.push(used(&row));
            }
        }
        let mut fold = log.fold();
        for (name, sum) in expected(&usage, change) {
            let billed = fold.billed_by(edge(name), 1);
            let unbilled = fold.unbilled(edge(name), month(FAR));
            check_sums(&billed);
            check_sums(&unbilled);
            let all: Amount = charge(&billed) + charge(&unbilled);
            prop_assert_eq!(all.to_string(), crate::exact::decimal(sum, 4), "{} edge", name);
            prop_assert_eq!(fold.running_charge(subscription("shop"), edge(name)), charge(&unbilled), "{} edge", name);
        }
        prop_assert_eq!(Fold::restore(&fold.checkpoint().unwrap()).unwrap().checkpoint(), fold.checkpoint());
    }
}
