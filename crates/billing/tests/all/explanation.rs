//! Explaining an amount: line, rows, events, price version and rule.

use crate::books::{Books, month};
use tenantry_billing::{ExplainQuery, Explanation, explain};
use tenantry_commerce::Subscription;
use tenantry_core::{Day, Reason};
use tenantry_testkit::{CARD, Channel, HOURS, TIERED, UNPRICED, event, events, meter, on_every_engine};
use tenantry_usage::Event;

fn query(subscription: &Subscription, of: &str) -> ExplainQuery {
    ExplainQuery { invoice: None, subscription: subscription.id, meter: meter(of), month: None, day: None }
}

/// A row as text: day, region, quantity, charge; price version, rates and rule; the events by quantity.
fn rows(explained: &Explanation) -> Vec<String> {
    let shown = |row: &tenantry_billing::ExplainedRow| {
        let events: Vec<_> = row.events.iter().map(|found| found.event.quantity.to_string()).collect();
        let version = row.price_version.map_or_else(String::new, |(from, import)| format!("{} #{import}", from.day()));
        let (line, rates, rule) = (&row.row, &row.rates, &row.rule);
        format!(
            "{} {} {} {} | {version} | {rates} | {rule} | {}",
            line.day,
            line.series.region,
            line.quantity,
            line.charge,
            events.join(" + ")
        )
    };
    explained.rows.iter().map(shown).collect()
}

#[test]
fn each_event_stands_behind_the_row_it_was_counted_in() {
    on_every_engine(|bench| async move {
        let channel = Channel::new(&bench.world("2026-01-01").await).await;
        channel.import_card(CARD).await;
        let subscription = channel.order_usage(&channel.customer("Northwind").await).await;
        channel.import_card_from("2026-01-03", CARD.replace("\"0\":0.10}", "\"0\":0.20}")).await;
        channel.advance_to("2026-01-31").await;
        // One resource in two regions, and in two spellings.
        let east = |event: Event| Event { region: "EastUS".into(), id: format!("{}/east", event.id), ..event };
        let mut spelled = event(&subscription, HOURS, "2026-01-02T03:00:00Z", "0.5");
        spelled.resource = tenantry_core::ResourceUri::new(spelled.resource.as_str().to_uppercase());
        spelled.region = "WESTEUROPE".into();
        channel.accept(events(&subscription, HOURS, &[("2026-01-02", "3"), ("2026-01-02T23:59:59Z", "1")])).await;
        channel.accept(vec![spelled, east(event(&subscription, HOURS, "2026-01-02", "7"))]).await;
        channel.accept(events(&subscription, HOURS, &[("2026-01-03", "2")])).await;
        channel.accept(events(&subscription, TIERED, &[("2026-01-02", "1")])).await;

        let ctx = channel.partner_ctx();
        let books = Books::of(&channel, &ctx);
        let expected = [
            "2026-01-02 EastUS 7 0.595 | 1970-01-01 #1 | 0: 0.1 | list price x 0.85 (since 1970-01-01T00:00:00Z) | 7",
            "2026-01-02 westeurope 4.5 0.3825 | 1970-01-01 #1 | 0: 0.1 | list price x 0.85 (since 1970-01-01T00:00:00Z) \
             | 3 + 1 + 0.5",
            "2026-01-03 westeurope 2 0.34 | 2026-01-03 #2 | 0: 0.2 | list price x 0.85 (since 1970-01-01T00:00:00Z) | 2",
        ];
        let explained = books.explain(&query(&subscription, HOURS)).await;
        assert_eq!(rows(&explained), expected);
        assert_eq!((explained.meter_name.as_str(), explained.unit.as_str()), ("Compute Hours", "Hours"));
        let sums = [explained.quantity.to_string(), explained.exact.to_string(), explained.amount.to_string()];
        assert_eq!(
            (sums, explained.rounding.to_string()),
            (["13.5", "1.3175", "1.32"].map(str::to_owned), "0.0025".into())
        );
        let of_day = ExplainQuery { day: Some(Day::parse("2026-01-02").unwrap()), ..query(&subscription, HOURS) };
        assert_eq!(rows(&books.explain(&of_day).await), expected[..2]);

        channel.advance_to("2026-02-10").await;
        let number = books.invoice("2026-01").await.number;
        let billed = ExplainQuery { invoice: Some(number), ..query(&subscription, HOURS) };
        assert_eq!(rows(&books.explain(&billed).await), expected, "the invoice says what the screen said");
    });
}

#[test]
fn a_question_with_two_answers_is_asked_back() {
    on_every_engine(|bench| async move {
        let channel = Channel::new(&bench.world("2026-01-01").await).await;
        channel.import_card(CARD).await;
        let subscription = channel.order_usage(&channel.customer("Northwind").await).await;
        channel.advance_to("2026-02-02").await;
        channel.accept(events(&subscription, HOURS, &[("2026-01-31", "1"), ("2026-02-01", "2")])).await;
        let (ctx, world) = (channel.partner_ctx(), channel.world());
        let ask = async |query: &ExplainQuery| explain(&ctx, world.db(), world.metering(), query).await;
        let refused = ask(&query(&subscription, HOURS)).await.unwrap_err();
        assert_eq!((refused.reason(), refused.field()), (Reason::InvalidField, Some("month")));
        assert!(refused.message().contains("2026-01, 2026-02"), "{refused:?}");
        for (name, quantity) in [("2026-01", "1"), ("2026-02", "2")] {
            let named = ExplainQuery { month: Some(month(name)), ..query(&subscription, HOURS) };
            assert_eq!(ask(&named).await.unwrap().quantity.to_string(), quantity);
        }
        let none = ask(&query(&subscription, UNPRICED)).await.unwrap_err();
        assert_eq!(none.reason(), Reason::MeterNotFound);
    });
}
