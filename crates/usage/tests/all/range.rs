//! At the bound of a month's quantity: an event is refused, never counted as less than it is.

use crate::builder::{Log, event, month, rows, time};
use crate::report::FAR;
use tenantry_core::Period;
use tenantry_usage::{FoldFault, Granularity, Record};

/// Offers events one by one, as the intake does. What was admitted must be on the lines and in the buckets.
fn check(table: &str, admitted: &[&str]) {
    let mut fold = Log::channel().sheet("2026-01-01", "compute 0 0:1").fold();
    let mut taken = Vec::new();
    for (row, number) in rows(table).zip(1..) {
        let offered = event(&format!("e{number}"), "shop", &row);
        if fold.admit(&offered, time("2026-02-01")).is_ok() {
            fold.apply(fold.position() + 1, Record::Usage(vec![offered.clone()])).unwrap();
            taken.push(offered);
        }
    }
    let sum: i128 = taken.iter().map(|event| event.quantity.units()).sum();
    let lines = fold.unbilled(crate::builder::edge("first"), month(FAR));
    assert_eq!(lines.iter().map(|line| line.quantity.units()).sum::<i128>(), sum);
    assert_eq!(lines[0].list.to_string(), crate::exact::decimal(sum, 18), "at a price of 1");
    let all = Period { from: time("2026-01-01"), to: time("2026-02-01") };
    for granularity in [Granularity::Hourly, Granularity::Daily] {
        let buckets = fold.buckets(crate::builder::subscription("shop"), all, granularity);
        assert_eq!(buckets.iter().map(|bucket| bucket.quantity.units()).sum::<i128>(), sum);
    }
    assert_eq!(taken.iter().map(|event| event.id.as_str()).collect::<Vec<_>>(), admitted);
}

#[test]
fn a_sum_beyond_the_range_is_refused() {
    check(
        "2026-01-01 00 vm compute 40000000000000
         2026-01-02 00 vm compute 40000000000000
         2026-01-02 00 vm compute 10000000000000",
        &["e1", "e3"],
    );
}

#[test]
fn corrections_elsewhere_do_not_make_room_for_a_row_beyond_the_range() {
    check(
        "2026-01-01 00 vm compute 40000000000000
         2026-01-02 00 db compute -40000000000000 e1
         2026-01-01 00 vm compute 40000000000000
         2026-01-03 00 db compute -40000000000000 e1
         2026-01-01 00 vm compute 40000000000000",
        &["e1"],
    );
}

#[test]
fn a_batch_that_would_leave_the_range_is_refused_whole() {
    let mut fold = Log::channel().fold();
    let big = |id: &str| event(id, "shop", &["2026-01-01", "00", "vm", "compute", "40000000000000"]);
    let batch = vec![big("e1"), big("e2"), big("e3")];
    assert!(batch.iter().all(|event| fold.admit(event, time("2026-02-01")).is_ok()));
    let fault = fold.apply(fold.position() + 1, Record::Usage(batch)).unwrap_err();
    assert_eq!(fault, FoldFault::BatchTooLarge);
    assert_eq!(
        fault.to_string(),
        "the quantities of one batch leave the range of exact numbers together; send them in smaller batches"
    );
}
