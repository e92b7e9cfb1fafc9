//! The running charge keeps a cache; these are the moments in which it must not be trusted.

use crate::builder::{Log, edge, fold, month, subscription};
use crate::report::{FAR, charge};
use tenantry_usage::{Record, SubscriptionTerms};

/// Asks after every record, so that the cache is warm when the next comes; the last answers are compared.
fn check(log: &Log, expected: &str) {
    let mut live = fold(&[]);
    for (record, seq) in log.records.iter().zip(1..) {
        live.apply(seq, record.clone()).unwrap();
        let running = live.running_charge(subscription("shop"), edge("first"));
        assert_eq!(running, charge(&live.unbilled(edge("first"), month(FAR))), "after record {seq}");
    }
    assert_eq!(live.running_charge(subscription("shop"), edge("first")).to_string(), expected);
}

#[test]
fn usage_before_a_change_to_graduated_prices_shifts_the_tiers_after_it() {
    let log = Log::channel()
        .sheet("2026-01-01", "storage 0 0:1")
        .sheet("2026-01-15", "storage 0 0:1,10:0.5")
        .usage("2026-01-20 00 vm storage 10")
        .usage("2026-01-05 00 vm storage 4");
    // 4 at 1, then 6 at 1 and 4 at 0.5: 12 at list.
    check(&log, "10.2");
}

#[test]
fn what_was_billed_stays_billed_when_the_price_is_taken_away() {
    let log = Log::channel()
        .sheet("2026-01-01", "storage 0 0:1")
        .usage("2026-01-20 00 vm storage 10")
        .close("2026-01")
        .sheet("2026-01-01", "compute 0 0:1");
    check(&log, "0");
    check(&log.usage("2026-01-21 00 vm storage 5").sheet("2026-01-01", "storage 0 0:2"), "17");
}

#[test]
fn a_subscription_in_another_market_has_other_prices() {
    let abroad = |terms: &SubscriptionTerms| SubscriptionTerms { market: "DE".to_owned(), ..terms.clone() };
    let mut log = Log::channel().sheet("2026-01-01", "storage 0 0:1").usage("2026-01-20 00 vm storage 10");
    let terms =
        log.records.iter().find_map(|r| if let Record::Subscription(terms) = r { Some(abroad(terms)) } else { None });
    log = log.state(terms.unwrap());
    check(&log, "0");
}

#[test]
fn nobody_owes_anything_on_an_edge_that_is_not_theirs() {
    let mut fold =
        Log::channel().sheet("2026-01-01", "storage 0 0:1").usage_of("till", "2026-01-20 00 vm storage 10").fold();
    for (sold, through, owed) in
        [("till", "first", "8.5"), ("till", "second", "0"), ("shop", "first", "0"), ("none", "first", "0")]
    {
        assert_eq!(fold.running_charge(subscription(sold), edge(through)).to_string(), owed, "{sold} {through}");
    }
}
