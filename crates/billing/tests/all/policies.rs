//! What a seller says of its documents (rounding, tax): the document keeps it, and is computed again with it.

use crate::books::{Books, findings};
use crate::paper_text::texts;
use tenantry_billing::{
    CreditLine, NewCreditNote, NewTaxRate, credit_note_csv, credit_note_issue, edge_rounding_set, invoice_get,
    invoice_pdf, rounding_name, rounding_named, tax_rate_set,
};
use tenantry_commerce::edge_of;
use tenantry_core::{Currency, Factor, Money, Reason, Rounding};
use tenantry_testkit::{CARD, Channel, HOURS, events, on_every_engine, time};

#[test]
fn an_edge_rounds_as_its_seller_says_from_then_on() {
    on_every_engine(|bench| async move {
        let channel = Channel::new(&bench.world("2026-01-01").await).await;
        channel.import_card(CARD).await;
        let own = channel.order_usage(&channel.customer("Northwind").await).await;
        let (ctx, partner) = (channel.provider_ctx(), channel.partner_ctx());
        let db = channel.world().db();
        let edge = edge_of(&ctx, db, channel.partner.tenant).await.unwrap();
        let mut amounts = Vec::new();
        // 5 hours are 0.425; 1.25 hours are 0.10625.
        for (from, mode, used, quantity) in [
            ("2026-01-05", Rounding::HalfEven, "2026-01-10", "5"),
            ("2026-02-05", Rounding::HalfUp, "2026-02-10", "5"),
            ("2026-03-05", Rounding::Floor, "2026-03-10", "1.25"),
        ] {
            channel.advance_to(from).await;
            edge_rounding_set(&ctx, db, &edge, mode, ctx.now()).await.unwrap();
            channel.advance_to(used).await;
            channel.accept(events(&own, HOURS, &[(used, quantity)])).await;
            let books = Books::of(&channel, &partner);
            let through = &used[..7];
            let unbilled = books.unbilled(through).await.total().unwrap().to_string();
            let next = tenantry_core::Month::parse(through).unwrap().next();
            channel.advance_to(&format!("{next}-04")).await;
            let invoice = books.invoice(through).await;
            assert_eq!(unbilled, invoice.net, "unbilled is the next document");
            assert_eq!(invoice.rounding, mode);
            amounts.push(invoice.net);
        }
        assert_eq!(amounts, ["0.42", "0.43", "0.10"]);
        assert_eq!(Books::of(&channel, &partner).prove().await.len(), 3, "each is computed again in its own mode");
        let refused = edge_rounding_set(&partner, db, &edge, Rounding::Floor, ctx.now()).await.unwrap_err();
        assert_eq!(refused.reason(), Reason::Forbidden);
        let past = edge_rounding_set(&ctx, db, &edge, Rounding::Floor, time("2026-01-01")).await.unwrap_err();
        assert_eq!(past.field(), Some("from"));
    });
}

#[test]
fn modes_have_names() {
    for mode in [Rounding::HalfEven, Rounding::HalfUp, Rounding::Floor] {
        assert_eq!(rounding_named(rounding_name(mode)), Ok(mode));
    }
    assert!(rounding_named("up").unwrap_err().contains("half-even, half-up or floor"));
}

#[test]
fn tax_is_that_of_the_market_when_the_document_is_issued() {
    on_every_engine(|bench| async move {
        let channel = Channel::new(&bench.world("2026-01-01").await).await;
        channel.import_card(CARD).await;
        let own = channel.order_usage(&channel.customer("Northwind").await).await;
        let (ctx, partner) = (channel.provider_ctx(), channel.partner_ctx());
        let db = channel.world().db();
        let new = |rate: &str, market: &str, from: &str| NewTaxRate {
            seller: channel.provider.tenant,
            market: market.into(),
            rate: Factor::parse(rate).unwrap(),
            hook: "vat-std".into(),
            from: time(from),
        };
        for (rate, market, from) in
            [("0.19", "US", "2026-02-01"), ("0.2", "US", "2026-03-01"), ("0.5", "FR", "2026-01-01")]
        {
            tax_rate_set(&ctx, db, new(rate, market, from)).await.unwrap();
        }
        let mut taxes = Vec::new();
        for used in ["2026-01-10", "2026-02-10"] {
            channel.advance_to(used).await;
            channel.accept(events(&own, HOURS, &[(used, "10")])).await;
            let next = tenantry_core::Month::parse(&used[..7]).unwrap().next();
            channel.advance_to(&format!("{next}-04")).await;
            let invoice = Books::of(&channel, &partner).invoice(&used[..7]).await;
            taxes.push(format!(
                "{} {} {} {} {}",
                invoice.net, invoice.tax_rate, invoice.tax, invoice.total, invoice.tax_hook
            ));
        }
        assert_eq!(taxes, ["0.85 0.19 0.16 1.01 vat-std", "0.85 0.2 0.17 1.02 vat-std"]);
        assert_eq!(Books::of(&channel, &partner).receivable().await, "2.03");
        let _ = Books::of(&channel, &partner).prove().await;
        let (first, hash) = invoice_get(&partner, db, "D260000001").await.unwrap();
        let paper = texts(&invoice_pdf(&first, &hash).unwrap());
        assert!(paper.contains("Tax (19 %)"), "{paper}");
        // The tax goes back with the lines, to the cent.
        let mut given_back = Vec::new();
        for cents in [Some(35), None] {
            let amount = cents.map(|cents| Money::from_minor(cents, Currency::USD));
            let lines = vec![CreditLine { line: 1, amount }];
            let reference = format!("case {cents:?}");
            let new = NewCreditNote { invoice: "D260000001".into(), reference, reason: "wrong".into(), lines };
            let (note, _) = credit_note_issue(&ctx, db, channel.world().metering(), new).await.unwrap().entry;
            let mut file = Vec::new();
            credit_note_csv(&note, "1", &mut file).unwrap();
            let file = String::from_utf8(file).unwrap();
            let row = format!(",-{},-{},-{},USD,", note.net, note.tax, note.total);
            assert!(file.contains(&row), "the file has the tax as well: {row} {file}");
            given_back.push(format!("{} {} {}", note.net, note.tax, note.total));
        }
        assert_eq!(given_back, ["0.35 0.07 0.42", "0.50 0.09 0.59"]);
        assert_eq!(Books::of(&channel, &partner).receivable().await, "1.02");
        assert_eq!(findings(&channel).await, Vec::<String>::new());

        for (what, ctx, new, reason) in [
            ("the buyer", &partner, new("0.1", "US", "2027-01-01"), Reason::Forbidden),
            ("no country", &ctx, new("0.1", "usa", "2027-01-01"), Reason::InvalidField),
            ("an unknown country", &ctx, new("0.1", "ZZ", "2027-01-01"), Reason::InvalidField),
            ("a country nothing is sold in", &ctx, new("0.1", "KP", "2027-01-01"), Reason::CountryUnsupported),
            ("more than all", &ctx, new("1.01", "US", "2027-01-01"), Reason::InvalidField),
            ("in the past", &ctx, new("0.1", "US", "2026-01-01"), Reason::InvalidField),
        ] {
            assert_eq!(tax_rate_set(ctx, db, new).await.unwrap_err().reason(), reason, "{what}");
        }
    });
}
