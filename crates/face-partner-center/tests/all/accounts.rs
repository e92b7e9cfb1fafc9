//! Payments and credit notes in the field's API: one balance in every view of the account.

use crate::usage::{Trade, sum, written};
use serde_json::{Value, json};
use tenantry_billing::{
    Account, CreditLine, NewCreditNote, NewPayment, NewTaxRate, ReversePayment, account_standings, balances,
    credit_note_issue, payment_record, payment_reverse, statements, tax_rate_set,
};
use tenantry_core::{Currency, Day, Factor, Money};
use tenantry_testkit::{HOURS, event, on_every_engine};

fn usd(cents: i128) -> Money {
    Money::from_minor(cents, Currency::USD)
}

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

/// Two invoices with a tax of 10 %, on 10 March.
async fn taxed(bench: &tenantry_testkit::Bench) -> Trade {
    let trade = Trade::new(bench).await;
    let channel = &trade.desk.channel;
    let ctx = channel.provider_ctx();
    let seller = channel.provider.tenant;
    let rate = Factor::parse("0.1").unwrap();
    let tax = NewTaxRate { seller, market: "US".into(), rate, hook: String::new(), from: ctx.now() };
    tax_rate_set(&ctx, channel.world().db(), tax).await.unwrap();
    channel.advance_to("2026-02-10").await;
    channel.accept(vec![event(&trade.shop, HOURS, "2026-02-05T05:00:00Z", "10")]).await;
    channel.advance_to("2026-03-10").await;
    trade
}

async fn pay(trade: &Trade, reference: &str, cents: i128, paid_on: &str) {
    let channel = &trade.desk.channel;
    let new = NewPayment {
        seller: channel.provider.tenant,
        buyer: channel.partner.tenant,
        amount: usd(cents),
        paid_on: day(paid_on),
        reference: reference.to_owned(),
        documents: Vec::new(),
    };
    payment_record(&channel.provider_ctx(), channel.world().db(), channel.world().metering(), new).await.unwrap();
}

async fn credit(trade: &Trade, reference: &str, lines: Vec<CreditLine>) -> String {
    let channel = &trade.desk.channel;
    let new = NewCreditNote {
        invoice: "D260000001".to_owned(),
        reference: reference.to_owned(),
        reason: "an outage".to_owned(),
        lines,
    };
    let (ctx, world) = (channel.provider_ctx(), channel.world());
    credit_note_issue(&ctx, world.db(), world.metering(), new).await.unwrap().entry.0.number
}

/// What is owed by the ledger, the ageing, a statement to this day, the summary, and all documents with what was paid on
/// them. All must say the same (law 1).
async fn owed(trade: &Trade) -> String {
    let channel = &trade.desk.channel;
    let (ctx, db, buyer) = (channel.partner_ctx(), channel.world().db(), channel.partner.tenant);
    let ledger = balances(&ctx, db, buyer).await.unwrap();
    let ledger = ledger.iter().find(|balance| balance.account == Account::Receivable).unwrap().amount;
    let standing = account_standings(&ctx, db, buyer).await.unwrap().remove(0);
    let statement = statements(&ctx, db, buyer, day("2026-01-01"), ctx.now().day()).await.unwrap().remove(0);
    assert_eq!((standing.balance, statement.closing), (ledger, ledger));
    let summary = trade.get("/invoices/summary").await.expect(200);
    assert_eq!(written(&summary, "balanceAmount"), ledger.to_string());
    let list = trade.get("/invoices").await.expect(200);
    let exact = |text: String| tenantry_core::Amount::parse_exact(&text).unwrap();
    let shown = exact(sum(&list, "totalCharges")) + exact(sum(&list, "paidAmount"));
    let on_account = tenantry_core::Amount::of(standing.on_account);
    // Credit that covers nothing yet is on no document, but for a note that waits itself.
    assert_eq!(shown - on_account, exact(ledger.to_string()));
    ledger.to_string()
}

#[test]
fn payments_and_credit_notes_are_in_every_view_of_the_account() {
    on_every_engine(|bench| async move {
        let trade = taxed(&bench).await;
        // 9.71 and 0.85, and 10 % of each: 0.97 and, half even, 0.08.
        assert_eq!(owed(&trade).await, "11.61");
        pay(&trade, "bank-1", 500, "2026-03-01").await;
        assert_eq!(owed(&trade).await, "6.61");
        let first = trade.get("/invoices/D260000001").await.expect(200).json();
        assert_eq!((&first["totalCharges"], &first["paidAmount"]), (&json!(10.68), &json!(-5.0)));
        let summary = trade.get("/invoices/summary").await.expect(200).json();
        for (member, value) in [
            ("lastPaymentAmount", json!(5.0)),
            ("lastPaymentDate", json!("2026-03-01T00:00:00Z")),
            ("accountingDate", json!("2026-03-10T00:00:00Z")),
            ("latestInvoiceDate", json!("2026-03-04T00:00:00Z")),
        ] {
            assert_eq!(summary[member], value, "{member}: {summary:#}");
        }

        let lines = trade.get("/invoices/D260000001/lineitems/Azure/BillingLineItems").await.expect(200).json();
        let tiered = lines["items"].as_array().unwrap().iter().find(|item| item["pretaxCharges"] == 5.95).unwrap();
        let place = u32::try_from(tiered["detailLineItemId"].as_u64().unwrap()).unwrap();
        let line = CreditLine { line: place, amount: Some(usd(100)) };
        let number = credit(&trade, "case-1", vec![line]).await;
        assert_eq!(owed(&trade).await, "5.51", "1.00 and its tax");
        pay(&trade, "bank-2", 300, "2026-02-20").await;
        assert_eq!(owed(&trade).await, "2.51");
        let summary = trade.get("/invoices/summary").await.expect(200).json();
        assert_eq!(summary["lastPaymentAmount"], 5.0, "the later money, not the later entry");
        let back = ReversePayment {
            seller: trade.desk.channel.provider.tenant,
            buyer: trade.desk.channel.partner.tenant,
            payment: "bank-1".to_owned(),
            reference: "bank-1-back".to_owned(),
            returned_on: day("2026-03-10"),
            reason: "returned".to_owned(),
        };
        let world = trade.desk.channel.world();
        payment_reverse(&trade.desk.channel.provider_ctx(), world.db(), world.metering(), back).await.unwrap();
        assert_eq!(owed(&trade).await, "7.51");
        let summary = trade.get("/invoices/summary").await.expect(200).json();
        assert_eq!(
            (&summary["lastPaymentAmount"], &summary["lastPaymentDate"]),
            (&json!(3.0), &json!("2026-02-20T00:00:00Z")),
            "what was taken back was no payment"
        );
        let list = trade.get("/invoices").await.expect(200).json();
        let ids: Vec<_> = list["items"].as_array().unwrap().iter().map(|item| item["id"].clone()).collect();
        assert_eq!(ids, [json!(number), json!("D260000002"), json!("D260000001")]);
    });
}

#[test]
fn a_credit_note_is_an_adjustment_note_of_its_invoice() {
    on_every_engine(|bench| async move {
        let trade = taxed(&bench).await;
        let number = credit(&trade, "case-1", vec![CreditLine { line: 1, amount: None }]).await;
        let note = trade.get(&format!("/invoices/{number}")).await.expect(200).json();
        let invoice = trade.get("/invoices/D260000001").await.expect(200).json();
        assert_eq!(invoice["amendments"], json!([note]));
        let first = trade.get("/invoices/D260000001/lineitems/Azure/BillingLineItems").await.expect(200);
        let first = first.json()["items"][0].clone();
        for (member, value) in [
            ("documentType", json!("adjustment_note")),
            ("amendsOf", json!("D260000001")),
            ("invoiceType", json!("Recurring")),
            ("paidAmount", json!(0)),
            ("invoiceDate", json!("2026-03-10T00:00:00Z")),
            ("billingPeriodStartDate", json!("2026-01-01T00:00:00Z")),
            ("pdfDownloadLink", json!(format!("/invoices/{number}/documents/statement"))),
        ] {
            assert_eq!(note[member], value, "{member}: {note:#}");
        }
        let details = note["invoiceDetails"].as_array().unwrap();
        assert_eq!(details.len(), 1, "{note:#}");
        let uri = details[0]["links"]["self"]["uri"].as_str().unwrap();
        let lines = trade.get(uri).await.expect(200);
        assert_eq!(sum(&lines, "postTaxTotal"), note["totalCharges"].to_string());
        let item = lines.json()["items"][0].clone();
        let negative = |value: &Value| json!(-value.as_f64().unwrap());
        assert_eq!(item["pretaxCharges"], negative(&first["pretaxCharges"]), "{item:#}");
        for (member, value) in [
            ("chargeType", json!("Offset a line item")),
            ("invoiceNumber", json!(number)),
            ("consumedQuantity", json!(0)),
            ("resourceGuid", first["resourceGuid"].clone()),
            ("customerCompanyName", first["customerCompanyName"].clone()),
        ] {
            assert_eq!(item[member], value, "{member}");
        }
        let usage = trade.get(&format!("/invoices/{number}/lineitems/Azure/UsageLineItems")).await.expect(200).json();
        assert_eq!(usage["totalCount"], 0);
        let paper = trade.get(&format!("/invoices/{number}/documents/statement")).await.expect(200);
        assert!(paper.body.starts_with(b"%PDF-"));
        let _ = trade.get("/invoices/C269999999").await.expect(404);
        let stranger = &trade.desk.channel.stranger_app;
        let token = trade.desk.channel.token(stranger, tenantry_directory::PARTNER_CENTER).await;
        let path = format!("/v1/invoices/{number}");
        let _ = trade.desk.send_as(Some(&token), "GET", &path).await.expect(404);
    });
}
