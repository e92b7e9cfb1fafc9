//! What comes after a close: late usage, corrections, prices that arrive or change. All of it becomes signed lines of
//! the next document; the first stays as it is, to the byte.

use crate::books::{Books, findings, kept, lines};
use tenantry_billing::{invoice_get, invoice_pdf};
use tenantry_commerce::Subscription;
use tenantry_testkit::{CARD, Channel, HOURS, TIERED, UNPRICED, event, events, on_every_engine};

/// January is used, closed and invoiced; then `after` happens, and February is closed. `second` are the lines of the
/// second document and its total, nothing if there is none.
fn check<After>(after: After, second: Option<(&[&str], &str)>)
where
    After: AsyncFn(&Channel, &Subscription),
{
    on_every_engine(|bench| async {
        let bench = bench;
        let channel = Channel::new(&bench.world("2026-01-01").await).await;
        channel.import_card(CARD).await;
        let subscription = channel.order_usage(&channel.customer("Northwind").await).await;
        channel.advance_to("2026-01-20").await;
        channel.accept(events(&subscription, HOURS, &[("2026-01-02", "3"), ("2026-01-15", "7.5")])).await;
        channel.accept(events(&subscription, TIERED, &[("2026-01-10", "90")])).await;
        channel.accept(events(&subscription, UNPRICED, &[("2026-01-03", "4")])).await;
        channel.advance_to("2026-02-10").await;
        let first = kept(&channel).await;
        assert_eq!(first.len(), 1);

        after(&channel, &subscription).await;
        let ctx = channel.partner_ctx();
        let books = Books::of(&channel, &ctx);
        let unbilled = books.unbilled("2026-02").await.total().unwrap();
        channel.advance_to("2026-03-10").await;
        let invoices = books.prove().await;
        assert_eq!(
            lines(&invoices[0]),
            [
                "2026-01 Standard IO - Page Blob/Disk (GB): 90, 4.5, 3.825, 3.82",
                "2026-01 Compute Hours: 10.5, 1.05, 0.8925, 0.89"
            ]
        );
        assert_eq!(kept(&channel).await[..1], first, "the first document never changes");
        let seen = invoices.get(1).map(|invoice| (lines(invoice), invoice.total.as_str()));
        let expected = second.map(|(lines, total)| (lines.iter().map(|line| (*line).to_owned()).collect(), total));
        assert_eq!(seen, expected);
        assert_eq!(unbilled.to_string(), expected_total(second), "the unbilled view said so before");
        for invoice in &invoices {
            let (invoice, hash) = invoice_get(&ctx, channel.world().db(), &invoice.number).await.unwrap();
            assert!(invoice_pdf(&invoice, &hash).unwrap().starts_with(b"%PDF"));
        }
        let channel = channel.reopen(&bench).await;
        assert_eq!(findings(&channel).await, Vec::<String>::new(), "after a start too");
    });
}

fn expected_total<'a>(second: Option<(&[&str], &'a str)>) -> &'a str {
    second.map_or("0.00", |(_, total)| total)
}

#[test]
fn nothing_new_is_no_document() {
    check(async |_, _| {}, None);
}

#[test]
fn late_usage_stands_on_the_next_document_as_usage_of_its_own_month() {
    check(
        async |channel, subscription| {
            let late = [("2026-01-31T23:59:59Z", "2"), ("2026-02-01", "1")];
            channel.accept(events(subscription, HOURS, &late)).await;
        },
        Some((&["2026-01 Compute Hours: 2, 0.2, 0.17, 0.17", "2026-02 Compute Hours: 1, 0.1, 0.085, 0.08"], "0.25")),
    );
}

#[test]
fn late_usage_moves_later_rows_to_the_tier_they_belong_to() {
    // 20 GB before the 90: 10 of those are above the bound of 100 now, and cost 0.01 less.
    check(
        async |channel, subscription| {
            channel.accept(events(subscription, TIERED, &[("2026-01-05", "20")])).await;
        },
        Some((&["2026-01 Standard IO - Page Blob/Disk (GB): 20, 0.9, 0.765, 0.76"], "0.76")),
    );
}

#[test]
fn a_correction_after_the_close_makes_a_credit_note() {
    check(
        async |channel, subscription| {
            let mut correction = event(subscription, HOURS, "2026-02-09", "-2.5");
            correction.corrects = Some(event(subscription, HOURS, "2026-01-02", "3").id);
            channel.accept(vec![correction]).await;
        },
        Some((&["2026-01 Compute Hours: -2.5, -0.25, -0.2125, -0.21"], "-0.21")),
    );
}

#[test]
fn a_higher_price_for_a_closed_month_is_charged_as_the_difference() {
    check(
        async |channel, _| {
            channel.import_card_from("2026-01-15", CARD.replace("\"0\":0.10}", "\"0\":0.12}")).await;
        },
        Some((&["2026-01 Compute Hours: 0, 0.15, 0.1275, 0.13"], "0.13")),
    );
}

#[test]
fn a_lower_price_for_a_closed_month_is_given_back() {
    check(
        async |channel, _| {
            channel.import_card(CARD.replace("\"0\":0.10}", "\"0\":0.04}")).await;
        },
        Some((&["2026-01 Compute Hours: 0, -0.63, -0.5355, -0.54"], "-0.54")),
    );
}

#[test]
fn usage_without_a_price_is_billed_once_there_is_one() {
    check(
        async |channel, _| {
            let priced = CARD.replace("00000000-0000-4000-8000-00000000a003", UNPRICED);
            channel.import_card(priced.replace("\"IncludedQuantity\":5.0", "\"IncludedQuantity\":0.0")).await;
        },
        Some((&["2026-01 Data Transfer Out (GB): 4, 0.348, 0.2958, 0.30"], "0.30")),
    );
}

#[test]
fn what_cancels_out_is_still_shown() {
    // One hour more, and the same one taken back: rows of two days, a line of nothing.
    check(
        async |channel, subscription| {
            channel.accept(events(subscription, HOURS, &[("2026-01-20", "3")])).await;
            let mut correction = event(subscription, HOURS, "2026-02-09", "-3");
            correction.corrects = Some(event(subscription, HOURS, "2026-01-02", "3").id);
            channel.accept(vec![correction]).await;
        },
        Some((&["2026-01 Compute Hours: 0, 0, 0, 0.00"], "0.00")),
    );
}

#[test]
fn a_line_carries_the_name_of_the_sheet_that_priced_it() {
    check(
        async |channel, subscription| {
            channel.import_card_from("2026-02-01", CARD.replace("Compute Hours", "Core Hours")).await;
            channel.accept(events(subscription, HOURS, &[("2026-01-31", "2"), ("2026-02-01", "1")])).await;
        },
        Some((&["2026-01 Compute Hours: 2, 0.2, 0.17, 0.17", "2026-02 Core Hours: 1, 0.1, 0.085, 0.08"], "0.25")),
    );
}
