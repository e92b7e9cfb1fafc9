//! Records that cannot follow on a state: each is refused, named, and leaves the state as it was.

use crate::builder::{Log, guid, terms};
use tenantry_core::{EdgeId, SubscriptionId};
use tenantry_usage::{Fold, FoldFault, Record, ServiceState};

/// The last record of `log` does not fit on the ones before it.
fn check(mut log: Log, fault: &FoldFault, message: &str) {
    let refused = log.records.pop().unwrap();
    let mut fold = log.fold();
    let (before, next) = (fold.checkpoint().unwrap(), fold.position() + 1);
    assert_eq!(fold.check(&refused).as_ref(), Err(fault));
    assert_eq!(fold.apply(next, refused).as_ref(), Err(fault));
    assert_eq!(fold.checkpoint().unwrap(), before, "a refused record left a trace");
    assert_eq!(fault.to_string(), message);
}

#[test]
fn records_that_cannot_follow_are_named() {
    let edge = EdgeId::parse(&guid("third")).unwrap();
    check(
        Log::channel().subscription("new", &["first", "third"]),
        &FoldFault::UnknownEdge(edge),
        &format!("channel edge {edge} is not in the log"),
    );
    let nobody = SubscriptionId::parse(&guid("nobody")).unwrap();
    check(
        Log::channel().usage_of("nobody", "2026-01-03 00 vm compute 1"),
        &FoldFault::UnknownSubscription(nobody),
        &format!("subscription {nobody} is not in the log"),
    );
    let mut twice = Log::channel();
    twice.records.push(twice.records[0].clone());
    check(twice, &FoldFault::Genesis, "the log must begin with its genesis record, once");
    let mut late = Log::channel();
    late.records = late.records.split_off(1);
    late.records.truncate(1);
    check(late, &FoldFault::Genesis, "the log must begin with its genesis record, once");
}

#[test]
fn a_month_is_closed_once_and_in_order() {
    let fault = |text: &str| FoldFault::CloseOutOfOrder(crate::builder::month(text));
    for again in ["2026-02", "2026-01", "2025-12"] {
        check(
            Log::channel().close("2026-02").close(again),
            &fault(again),
            &format!("{again} cannot be closed: it or a later month is closed, or the close skips a number"),
        );
    }
    // A month without usage may be passed over.
    assert_eq!(Log::channel().close("2026-02").close("2026-05").fold().closes().len(), 2);
}

#[test]
fn factors_that_multiply_to_more_than_eight_digits_are_refused() {
    let shop = SubscriptionId::parse(&guid("shop")).unwrap();
    let message = format!(
        "the price lists along the channel of subscription {shop} multiply to more than 8 fraction digits, or to more than 5"
    );
    // A new price list, and a subscription through two edges that do not go together.
    check(Log::channel().edge("second", "0.9500001 everything 2026-01-01"), &FoldFault::FactorsTooFine(shop), &message);
    check(
        Log::new()
            .edge("first", "0.85 first-party 2026-01-01")
            .edge("second", "0.9500001 everything 2026-01-01")
            .subscription("shop", &["first", "second"]),
        &FoldFault::FactorsTooFine(shop),
        &message,
    );
    // A rule of the past counts too: late usage may meet it.
    check(
        Log::channel().edge("first", "0.1234567 first-party 2020-01-01 \n 0.85 first-party 2025-01-01"),
        &FoldFault::FactorsTooFine(shop),
        &message,
    );
    // Alone, eight digits are fine; and six and two.
    Log::new().edge("first", "0.12345678 everything 2026-01-01").subscription("till", &["first"]).fold();
    Log::channel().edge("second", "0.950001 everything 2026-01-01").fold();
}

#[test]
fn a_place_that_was_skipped_or_came_twice_is_named() {
    let mut fold = Log::channel().fold();
    let close = Log::new().close("2026-01").records.pop().unwrap();
    let next = fold.position() + 1;
    for seen in [next - 1, next + 1, 0, -1] {
        let fault = fold.apply(seen, close.clone()).unwrap_err();
        assert_eq!(fault, FoldFault::OutOfOrder { expected: next, seen });
        assert_eq!(fault.to_string(), format!("log record {seen} where {next} was expected"));
    }
    assert_eq!(Fold::default().apply(1, close), Err(FoldFault::Genesis));
}

#[test]
fn what_is_told_twice_is_told_once() {
    let log = Log::channel().sheet("2026-01-01", "compute 0 0:1").usage("2026-01-03 00 vm compute 1");
    let suspended = Record::Subscription(terms("shop", &["first", "second"], ServiceState::Suspended, "2026-01-09"));
    let (mut once, mut twice) = (log.fold(), log.fold());
    once.apply(once.position() + 1, suspended.clone()).unwrap();
    for record in [suspended.clone(), suspended.clone(), log.records[1].clone(), log.records[5].clone()] {
        twice.apply(twice.position() + 1, record).unwrap();
    }
    let weight = twice.checkpoint().unwrap().len();
    for _ in 0..40 {
        twice.apply(twice.position() + 1, suspended.clone()).unwrap();
    }
    assert!(twice.checkpoint().unwrap().len() < weight + 8, "a repetition is kept");
    let documents = crate::report::everything;
    assert_eq!(documents(&once), documents(&twice));
    assert_eq!(once.book(), twice.book());
    let noticed = |fold: &Fold| fold.subscription(crate::builder::subscription("shop")).cloned();
    assert_eq!(noticed(&once), noticed(&twice));
}
