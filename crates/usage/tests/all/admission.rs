//! Each refusal of an event: its code, its field, the value seen, and what to do.

use crate::builder::{Log, event, guid, quantity, rows, terms, time};
use tenantry_core::SubscriptionId;
use tenantry_usage::{Event, Fold, Record, ServiceState};

const NOW: &str = "2026-01-20T12:00:00Z";

/// `shop` was suspended on the 10th and came back on the 12th; `gone` was deleted on the 15th.
fn state() -> Fold {
    Log::channel()
        .state(terms("shop", &["first", "second"], ServiceState::Suspended, "2026-01-10T06:30:00Z"))
        .state(terms("shop", &["first", "second"], ServiceState::Active, "2026-01-12T00:00:00Z"))
        .subscription("gone", &["first"])
        .state(terms("gone", &["first"], ServiceState::Deleted, "2026-01-15T00:00:00Z"))
        .usage("2026-01-03 00 vm compute 5")
        .fold()
}

/// Fields of the event that matter, as a row: subscription, time, quantity, the event it corrects or `-`.
fn sample(row: &str) -> Event {
    let cells = rows(row).next().unwrap();
    let corrects = (cells[3] != "-").then(|| cells[3].to_owned());
    let plain = event("new", cells[0], &["2026-01-03", "00", "vm", "compute", "1"]);
    Event { at: time(cells[1]), quantity: quantity(cells[2]), corrects, ..plain }
}

fn check(fold: &Fold, row: &str, code: &str, field: &str, message: &str) {
    let refusal = fold.admit(&sample(row), time(NOW)).expect_err(row);
    assert_eq!((refusal.code(), refusal.field(), &*refusal.to_string()), (code, field, message), "{row}");
}

#[test]
fn what_may_be_counted_is_admitted() {
    let fold = state();
    for row in [
        "shop 2026-01-03T00:00:00Z  1  -",
        "shop 2026-01-01T00:00:00Z  0  -",
        "shop 2026-01-10T06:29:59Z  1  -",
        "shop 2026-01-12T00:00:00Z  1  -",
        "shop 2026-01-20T12:05:00Z  1  -",
        "shop 2026-01-03T00:00:00Z -5  e1",
        "shop 2026-01-03T00:00:00Z  5  e1",
        "gone 2026-01-14T23:59:59Z  1  -",
    ] {
        assert_eq!(fold.admit(&sample(row), time(NOW)), Ok(()), "{row}");
    }
}

#[test]
fn the_first_day_counts_from_midnight_though_the_order_came_later() {
    let mut noon = terms("noon", &["first"], ServiceState::Active, "2026-01-05T12:00:00Z");
    noon.created_at = time("2026-01-05T12:00:00Z");
    let fold = Log::channel().state(noon).fold();
    assert_eq!(fold.admit(&sample("noon 2026-01-05T00:00:00Z 1 -"), time(NOW)), Ok(()));
    check(
        &fold,
        "noon 2026-01-04T23:59:59Z 1 -",
        "before_subscription",
        "time",
        "the usage is of 2026-01-04T23:59:59Z, but the subscription exists since 2026-01-05 only; \
         check the time and the subscription",
    );
}

#[test]
fn refusals_name_the_field_the_value_and_what_to_do() {
    let fold = state();
    let nowhere = SubscriptionId::parse(&guid("nowhere")).unwrap();
    check(
        &fold,
        "nowhere 2026-01-03T00:00:00Z 1 -",
        "unknown_subscription",
        "subscription",
        &format!("there is no subscription {nowhere}; check the id and the tenant"),
    );
    for (row, code, field, message) in [
        (
            "shop 2025-12-31T23:59:59Z 1 -",
            "before_subscription",
            "time",
            "the usage is of 2025-12-31T23:59:59Z, but the subscription exists since 2026-01-01 only; \
             check the time and the subscription",
        ),
        (
            "shop 2026-01-10T06:30:00Z 1 -",
            "subscription_not_active",
            "subscription",
            "the subscription is suspended since 2026-01-10T06:30:00Z; reactivate it, or send usage from before then",
        ),
        (
            "gone 2026-01-15T00:00:00Z 1 -",
            "subscription_not_active",
            "subscription",
            "the subscription is deleted since 2026-01-15T00:00:00Z; usage from before then is still taken",
        ),
        (
            "shop 2026-01-20T12:05:00.000001Z 1 -",
            "in_future",
            "time",
            "the usage is of 2026-01-20T12:05:00.000001Z, more than 5 minutes ahead of this world's clock \
             (2026-01-20T12:00:00Z); send it when it happened",
        ),
        (
            "shop 2026-01-03T00:00:00Z -0.5 -",
            "negative_without_correction",
            "quantity",
            "-0.5 is negative; a correction must name the event it corrects in `corrects`",
        ),
        (
            "shop 2026-01-03T00:00:00Z -1 e9",
            "corrects_unknown_event",
            "corrects",
            "there is no event `e9` of this source to correct; send that one first, or name the id it was sent with",
        ),
        (
            "shop 2026-01-03T00:00:00Z 1 e9",
            "corrects_unknown_event",
            "corrects",
            "there is no event `e9` of this source to correct; send that one first, or name the id it was sent with",
        ),
        (
            "shop 2026-01-03T00:00:00Z 170000000000000000000 -",
            "quantity_too_large",
            "quantity",
            "with 170000000000000000000 more the month's sum is beyond 50000000000000 units; check the quantity, or meter in a larger unit",
        ),
    ] {
        check(&fold, row, code, field, message);
    }
}

#[test]
fn source_and_id_do_not_run_into_each_other() {
    let mut log = Log::new().edge("first", "").subscription("till", &["first"]);
    let named = Event { source: "ab".to_owned(), id: "c".to_owned(), ..sample("till 2026-01-03T00:00:00Z 1 -") };
    log.records.push(Record::Usage(vec![named]));
    let fold = log.fold();
    for (source, id, known) in [("ab", "c", true), ("a", "bc", false), ("abc", "", false), ("AB", "c", false)] {
        assert_eq!(fold.find(None, source, id).is_some(), known, "{source} {id}");
    }
}

#[test]
fn a_name_of_another_source_cannot_be_corrected() {
    let correction = Event { source: "others".to_owned(), ..sample("shop 2026-01-03T00:00:00Z -1 e1") };
    let refusal = state().admit(&correction, time(NOW)).expect_err("another source");
    assert_eq!(refusal.code(), "corrects_unknown_event");
}
