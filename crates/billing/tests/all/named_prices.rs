//! Prices that a seller names for its buyer, from the import to documents: the named tiers on that edge, the rules as ever on
//! all others, and nobody told whose price is made of what.

use crate::books::{Books, findings, kept};
use crate::exact::Exact;
use crate::reckoning::exact;
use crate::tier_scene::{CORNER, FROM_CORNER, Tiers, parts};
use tenantry_billing::{ExplainQuery, Explanation, Invoice, InvoiceLine};
use tenantry_commerce::edge_price_file::read_table;
use tenantry_commerce::{Customer, ImportEdgePriceSheet, Subscription, edge_of, edge_price_sheet_import};
use tenantry_core::{OpContext, TenantId};
use tenantry_testkit::{Bench, HOURS, TIERED, events, on_every_engine, time};

async fn name(tiers: &Tiers, ctx: &OpContext, buyer: TenantId, from: &str, rows: &str) {
    let table = format!("MeterId,LowerBound,Price\n{rows}");
    let (market, currency) = (None, None);
    let meters = read_table(table.as_bytes()).unwrap();
    let import = ImportEdgePriceSheet { seller: None, buyer, market, currency, effective_from: time(from), meters };
    edge_price_sheet_import(ctx, tiers.channel.world().db(), import).await.unwrap();
    tiers.channel.world().metering().follow(&tiers.channel.provider_ctx()).await.unwrap();
}

fn line<'a>(invoice: &'a Invoice, meter: &str) -> &'a InvoiceLine {
    invoice.lines.iter().find(|line| line.meter.to_string() == meter).unwrap()
}

async fn explained(books: &Books<'_>, invoice: &Invoice, subscription: &Subscription, meter: &str) -> Explanation {
    let query = ExplainQuery {
        invoice: Some(invoice.number.clone()),
        subscription: subscription.id,
        meter: line(invoice, meter).meter,
        month: None,
        day: None,
    };
    books.explain(&query).await
}

/// Corner, and its customer that it bills.
async fn billed_below(bench: &Bench) -> (Tiers, Customer, Subscription) {
    let tiers = Tiers::open(bench).await;
    let customer = tiers.customer(&tiers.corner, "Northwind").await;
    tiers.bill(&tiers.corner, customer.id, FROM_CORNER[0], None).await;
    let subscription = tiers.order(&tiers.corner, customer.id).await;
    (tiers, customer, subscription)
}

#[test]
fn a_named_price_is_billed_on_its_edge_and_built_upon_below() {
    on_every_engine(|bench| async move {
        let (tiers, customer, subscription) = billed_below(&bench).await;
        let corner = tiers.corner.partner.tenant;
        name(&tiers, &tiers.above.ctx, corner, "2026-01-03", &format!("{TIERED},0,0.0707\n{TIERED},150,0.0606\n"))
            .await;
        tiers.channel.advance_to("2026-01-31").await;
        // 120 at list prices and rules, 60 at named ones: 30 of them up to the bound, 30 above it.
        tiers.channel.accept(events(&subscription, TIERED, &[("2026-01-02", "120"), ("2026-01-10", "60")])).await;
        tiers.channel.accept(events(&subscription, HOURS, &[("2026-01-10", "7")])).await;
        tiers.channel.advance_to("2026-02-10").await;
        let buyer = tiers.buyer(customer);
        let (above, own, theirs) = (tiers.books(&tiers.above), tiers.books(&tiers.corner), tiers.books_of(&buyer));
        let above = above.prove().await.remove(0);
        let bought = own.prove().await.remove(0);
        let sold = theirs.prove().await.remove(0);
        // At list 100 x 0.05 + 20 x 0.04 before the day, 60 x 0.04 after it.
        let product = |factors: &[&str]| Exact::product(&factors.iter().map(|text| parts(text)).collect::<Vec<_>>());
        let before = product(&["5.8", "0.831"]);
        assert_eq!(exact(&line(&above, TIERED).exact), before.plus(&product(&["2.4", "0.831"])));
        let named = product(&["30", "0.0707"]).plus(&product(&["30", "0.0606"]));
        assert_eq!(exact(&line(&bought, TIERED).exact), product(&["5.8", "0.831", CORNER[0]]).plus(&named));
        let further = product(&["5.8", "0.831", CORNER[0], FROM_CORNER[0]])
            .plus(&product(&["30", "0.0707", FROM_CORNER[0]]))
            .plus(&product(&["30", "0.0606", FROM_CORNER[0]]));
        assert_eq!(exact(&line(&sold, TIERED).exact), further);
        assert_eq!(exact(&line(&bought, HOURS).exact), product(&["0.7", "0.831", CORNER[0]]), "not in the list");

        let told = explained(&own, &bought, &subscription, TIERED).await;
        assert_eq!(told.rows[1].rates, "0: 0.0707, 150: 0.0606");
        let rules: Vec<_> = told.rows.iter().map(|row| row.rule.as_str()).collect();
        assert_eq!(rules, ["price of this buyer"; 2], "which of them its seller named is the seller's to know");
        // Its customer is told a price: neither the named one nor the factor on it.
        let told = explained(&theirs, &sold, &subscription, TIERED).await;
        assert_eq!(
            (told.rows[1].rates.as_str(), told.rows[1].rule.as_str()),
            ("0: 0.084133, 150: 0.072114", "price of this buyer")
        );
        let told = explained(&tiers.books(&tiers.above), &above, &subscription, TIERED).await;
        assert!(told.rows.iter().all(|row| row.rule.starts_with("list price x 0.831")), "{:?}", told.rows);
    });
}

#[test]
fn prices_that_are_named_later_change_what_comes_and_no_document() {
    on_every_engine(|bench| async move {
        let tiers = Tiers::open(&bench).await;
        let customer = tiers.customer(&tiers.corner, "Northwind").await;
        let subscription = tiers.order(&tiers.corner, customer.id).await;
        let corner = tiers.corner.partner.tenant;
        name(&tiers, &tiers.above.ctx, corner, "2026-01-01", &format!("{HOURS},0,0.2\n")).await;
        tiers.channel.accept(events(&subscription, HOURS, &[("2026-01-01", "10")])).await;
        tiers.channel.advance_to("2026-02-10").await;
        let issued = kept(&tiers.channel).await;
        name(&tiers, &tiers.above.ctx, corner, "2026-02-11", &format!("{HOURS},0,0.3\n")).await;
        // Late usage of January at January's price, that of the 12th at the new one.
        tiers.channel.advance_to("2026-02-13").await;
        tiers.channel.accept(events(&subscription, HOURS, &[("2026-01-02", "10"), ("2026-02-12", "10")])).await;
        tiers.channel.advance_to("2026-03-10").await;
        let invoices = tiers.books(&tiers.corner).prove().await;
        let exact: Vec<_> = invoices.iter().flat_map(|of| &of.lines).map(|line| line.exact.as_str()).collect();
        assert_eq!(exact, ["2", "2", "3"]);
        let now = kept(&tiers.channel).await;
        assert!(issued.iter().all(|document| now.contains(document)), "what was issued stays");
        let edge = edge_of(&tiers.corner.ctx, tiers.channel.world().db(), corner).await.unwrap();
        let day = time("2026-02-12").day();
        let metering = tiers.channel.world().metering();
        let shown = metering.edge_prices(&tiers.corner.ctx, &edge, |prices| {
            let meters: Vec<_> = prices.in_force(("US", edge.currency), day).collect();
            meters.into_iter().find(|meter| meter.id.to_string() == HOURS).and_then(|meter| meter.tiers.single())
        });
        assert_eq!(
            shown.await.unwrap().map(|rate| rate.to_string()).as_deref(),
            Some("0.3"),
            "shown is what is charged"
        );
        assert!(metering.edge_prices(&tiers.market.ctx, &edge, |_| ()).await.is_err());
        let tiers = Tiers { channel: tiers.channel.reopen(&bench).await, ..tiers };
        assert_eq!(findings(&tiers.channel).await, Vec::<String>::new(), "after a start too");
    });
}

#[test]
fn a_named_list_that_was_wrong_is_set_right_from_its_date_on_as_lines_of_the_next_document() {
    on_every_engine(|bench| async move {
        let (tiers, customer, subscription) = billed_below(&bench).await;
        let corner = tiers.corner.partner.tenant;
        // A point slipped: ten times what was agreed. From the 20th on another list holds, which is right.
        name(&tiers, &tiers.above.ctx, corner, "2026-01-01", &format!("{HOURS},0,2.03\n")).await;
        name(&tiers, &tiers.above.ctx, corner, "2026-01-20", &format!("{HOURS},0,0.307\n")).await;
        tiers.channel.advance_to("2026-01-25").await;
        let used = [("2026-01-02", "10"), ("2026-01-21", "100")];
        tiers.channel.accept(events(&subscription, HOURS, &used)).await;
        tiers.channel.advance_to("2026-02-10").await;
        let issued = kept(&tiers.channel).await;
        name(&tiers, &tiers.above.ctx, corner, "2026-01-01", &format!("{HOURS},0,0.203\n")).await;
        tiers.channel.advance_to("2026-03-10").await;

        let buyer = tiers.buyer(customer);
        let repaired = ("2026-02", "-18.27");
        for (books, factor) in [(tiers.books(&tiers.corner), "1"), (tiers.books_of(&buyer), FROM_CORNER[0])] {
            let seen: Vec<_> = books
                .prove()
                .await
                .iter()
                .flat_map(|of| of.lines.iter().map(|line| (of.month.to_string(), exact(&line.exact))))
                .collect();
            let times = |text: &str| Exact::product(&[parts(text), parts(factor)]);
            // 10 x 2.03 + 100 x 0.307; then 10 x (0.203 - 2.03), and nothing of the 21st.
            assert_eq!(seen, [("2026-01".to_owned(), times("51")), (repaired.0.to_owned(), times(repaired.1))]);
        }
        let above = tiers.books(&tiers.above).prove().await;
        assert_eq!(above.iter().map(|of| of.month.to_string()).collect::<Vec<_>>(), ["2026-01"], "{above:#?}");
        let now = kept(&tiers.channel).await;
        assert!(issued.iter().all(|document| now.contains(document)), "what was issued stays");
        let tiers = Tiers { channel: tiers.channel.reopen(&bench).await, ..tiers };
        assert_eq!(findings(&tiers.channel).await, Vec::<String>::new(), "after a start too");
    });
}
