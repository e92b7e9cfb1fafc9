//! Rollups, and what counts as the same series.

use crate::builder::{Log, event, rows, subscription, time};
use proptest::prelude::*;
use std::collections::BTreeMap;
use tenantry_core::{Day, Period, ResourceUri};
use tenantry_usage::{Bucket, Event, Fold, Granularity, Record};

fn buckets(fold: &Fold, from: &str, to: &str, granularity: Granularity) -> Vec<Bucket> {
    fold.buckets(subscription("shop"), Period { from: time(from), to: time(to) }, granularity)
}

fn check(log: &Log, from: &str, to: &str, granularity: Granularity, expected: &str) {
    let row = |bucket: &Bucket| {
        let meter = crate::builder::name(bucket.series.meter);
        format!("{} {} {} {meter} {}", bucket.period.from, bucket.period.to, bucket.series.resource, bucket.quantity)
    };
    let printed: Vec<_> = buckets(&log.fold(), from, to, granularity).iter().map(row).collect();
    let expected: Vec<_> = rows(expected).map(|row| row.join(" ")).collect();
    assert_eq!(printed, expected);
}

#[test]
fn usage_is_seen_by_hour_and_by_day() {
    let log = Log::channel()
        .usage("2026-01-31 23 vm compute 1 \n 2026-01-31 07 vm compute 0.25 \n 2026-02-01 00 vm compute 2")
        .usage("2026-01-31 23 db compute 3 \n 2026-01-31 23 vm compute -0.5 e1 \n 2026-01-31 23 vm backup 9")
        .usage_of("till", "2026-01-31 23 vm compute 100");
    check(
        &log,
        "2026-01-31",
        "2026-02-02",
        Granularity::Daily,
        "2026-01-31T00:00:00Z 2026-02-01T00:00:00Z vm backup 9
         2026-01-31T00:00:00Z 2026-02-01T00:00:00Z db compute 3
         2026-01-31T00:00:00Z 2026-02-01T00:00:00Z vm compute 0.75
         2026-02-01T00:00:00Z 2026-02-02T00:00:00Z vm compute 2",
    );
    // The bound is half open: what starts at its end is not in it.
    check(
        &log,
        "2026-01-31T07:00:00Z",
        "2026-02-01T00:00:00Z",
        Granularity::Hourly,
        "2026-01-31T07:00:00Z 2026-01-31T08:00:00Z vm compute 0.25
         2026-01-31T23:00:00Z 2026-02-01T00:00:00Z vm backup 9
         2026-01-31T23:00:00Z 2026-02-01T00:00:00Z db compute 3
         2026-01-31T23:00:00Z 2026-02-01T00:00:00Z vm compute 0.5",
    );
}

#[test]
fn letter_case_does_not_make_another_resource_or_region() {
    let mut log = Log::channel();
    let spelled = |id: &str, resource: &str, region: &str| Event {
        resource: ResourceUri::new(resource),
        region: region.to_owned(),
        tags: format!("{{\"by\":\"{id}\"}}"),
        ..event(id, "shop", &["2026-01-03", "00", "-", "compute", "1"])
    };
    log.records.push(Record::Usage(vec![
        spelled("a", "/RG/Vm1", "WestUS"),
        spelled("b", "/rg/vm1", "westus"),
        spelled("c", "/rg/VM1", "eastus"),
    ]));
    let seen = buckets(&log.fold(), "2026-01-01", "2026-02-01", Granularity::Daily);
    let printed: Vec<_> = seen
        .iter()
        .map(|b| (b.series.resource.as_str(), &*b.series.region, b.quantity.to_string(), &*b.series.tags))
        .collect();
    // Printed as first sent, with the newest tags.
    assert_eq!(
        printed,
        [
            ("/rg/VM1", "eastus", "1".to_owned(), "{\"by\":\"c\"}"),
            ("/RG/Vm1", "WestUS", "2".to_owned(), "{\"by\":\"b\"}"),
        ]
    );
}

proptest! {
    #![proptest_config(crate::scenario::config(64))]

    #[test]
    fn hours_add_up_to_days_and_days_to_all_that_was_sent(steps in crate::scenario::scenario()) {
        let log = crate::scenario::log(&steps);
        let fold = log.fold();
        let by_day = |granularity| {
            let mut sums: BTreeMap<_, i128> = BTreeMap::new();
            for bucket in buckets(&fold, "2026-01-01", "2026-04-01", granularity) {
                let series = (bucket.series.meter, bucket.series.resource.folded());
                *sums.entry((bucket.period.from.day(), series)).or_default() += bucket.quantity.units();
            }
            sums
        };
        let mut sent: BTreeMap<(Day, _), i128> = BTreeMap::new();
        for event in log.records.iter().filter_map(|r| if let Record::Usage(events) = r { Some(events) } else { None }).flatten() {
            if event.subscription == subscription("shop") {
                *sent.entry((event.at.day(), (event.meter, event.resource.folded()))).or_default() += event.quantity.units();
            }
        }
        prop_assert_eq!(&by_day(Granularity::Hourly), &sent);
        prop_assert_eq!(&by_day(Granularity::Daily), &sent);
    }
}
