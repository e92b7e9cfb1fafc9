//! From a row back to its events.

use crate::scene::{correction, hours, open};
use tenantry_core::{Period, ResourceUri};
use tenantry_db::log::{self, Partition, Span};
use tenantry_metering::EventQuery;
use tenantry_testkit::{HOURS, TIERED, event, meter, on_every_engine, time};
use tenantry_usage::{Event, Record};

fn day(date: &str, next: &str) -> Period {
    Period { from: time(date), to: time(next) }
}

#[test]
fn exactly_the_events_of_a_row_are_found() {
    on_every_engine(|bench| async move {
        let (channel, customer, own) = open(&bench).await;
        let sibling = channel.order_usage(&customer).await;
        channel.advance_to("2026-01-20").await;
        let on = |resource: &str, event: Event| Event { resource: ResourceUri::new(resource), ..event };
        channel
            .accept(vec![
                on("/vm", hours(&own, "a", "2026-01-11", "1")),
                on("/VM", hours(&own, "b", "2026-01-11T23:59:59.999999Z", "2")),
                on("/disk", hours(&own, "other resource", "2026-01-11", "4")),
                on("/vm", hours(&own, "day after", "2026-01-12", "8")),
                on("/vm", hours(&sibling, "other subscription", "2026-01-11", "16")),
                on("/vm", event(&own, TIERED, "2026-01-11", "32")),
            ])
            .await;
        channel.advance_to("2026-01-25").await;
        channel
            .accept(vec![correction(&own, "c", "a", "-0.5"), on("/vm", hours(&own, "late", "2026-01-11", "0.25"))])
            .await;
        let found = async |within: Period, resource: Option<&str>| {
            let resource = resource.map(ResourceUri::new);
            let query = EventQuery { subscription: own.id, meter: meter(HOURS), within, resource };
            let found = channel.world().metering().events_of(&channel.partner_ctx(), &query).await.unwrap();
            found.into_iter().map(|found| (found.event.id, found.place.index, found.accepted_at)).collect::<Vec<_>>()
        };
        let (first, second) = (time("2026-01-20"), time("2026-01-25"));
        let expected = |rows: &[(&str, u32, _)]| -> Vec<_> {
            rows.iter().map(|(id, index, at)| ((*id).to_owned(), *index, *at)).collect()
        };
        let of_day = day("2026-01-11", "2026-01-12");
        assert_eq!(
            found(of_day, Some("/Vm")).await,
            expected(&[("a", 0, first), ("b", 1, first), ("c", 0, second), ("late", 1, second)])
        );
        assert_eq!(found(of_day, Some("/disk")).await, expected(&[("other resource", 2, first)]));
        assert_eq!(found(of_day, None).await.len(), 5);
        assert_eq!(found(day("2026-01-12", "2026-01-13"), None).await, expected(&[("day after", 3, first)]));
        assert_eq!(found(day("2026-01-13", "2026-01-20"), None).await, []);
    });
}

#[test]
fn a_search_goes_through_more_records_than_fit_at_a_time() {
    on_every_engine(|bench| async move {
        let (channel, _, own) = open(&bench).await;
        for number in 0..70 {
            channel.accept(vec![hours(&own, &number.to_string(), "2026-01-10", "1")]).await;
        }
        let query = EventQuery {
            subscription: own.id,
            meter: meter(HOURS),
            within: day("2026-01-10", "2026-01-11"),
            resource: None,
        };
        let found = channel.world().metering().events_of(&channel.partner_ctx(), &query).await.unwrap();
        let ids: Vec<_> = found.iter().map(|found| found.event.id.parse::<usize>().unwrap()).collect();
        assert_eq!(ids, (0..70).collect::<Vec<_>>());
    });
}

#[test]
fn a_search_opens_records_with_events_of_that_time_only() {
    on_every_engine(|bench| async move {
        let (channel, _, own) = open(&bench).await;
        channel.advance_to("2026-02-10").await;
        channel.accept(vec![hours(&own, "a", "2026-01-10", "1"), hours(&own, "b", "2026-01-20", "1")]).await;
        channel.accept(vec![hours(&own, "c", "2026-02-01", "1")]).await;
        let mut reader = channel.world().db().reader().await.unwrap();
        for (from, to, records) in [
            ("2026-01-01", "2026-02-28", 2),
            ("2026-01-15", "2026-01-16", 1),
            ("2026-01-21", "2026-01-31", 0),
            ("1970-01-01", "2025-12-31", 0),
        ] {
            let span = Span { first: time(from), last: time(to) };
            let found = log::touching(&mut reader, Partition(0), span, 0, 100).await.unwrap();
            assert_eq!(found.len(), records, "{from} {to}");
            // Price sheets lie in the log as well: large, and of no use to a search.
            assert!(found.iter().all(|stored| matches!(Record::decode(&stored.bytes), Ok(Record::Usage(_)))));
        }
    });
}
