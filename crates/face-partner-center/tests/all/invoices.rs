//! Invoices: found, filtered, read line by line, and saved as a document.

use crate::desk::fault;
use crate::usage::{TOTAL, Trade, sum, written};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use tenantry_core::ResourceUri;
use tenantry_testkit::{Bench, HOURS, event, on_every_engine};
use tenantry_usage::Event;

/// After two closes; the first invoice's number and the second's.
async fn trade_with_invoices(bench: &Bench) -> (Trade, String, String) {
    let trade = Trade::new(bench).await;
    trade.desk.channel.advance_to("2026-02-10").await;
    trade.desk.channel.accept(vec![event(&trade.shop, HOURS, "2026-02-05T05:00:00Z", "10")]).await;
    trade.desk.channel.advance_to("2026-03-10").await;
    let list = trade.get("/invoices").await.expect(200).json();
    let number = |at: usize| list["items"][at]["id"].as_str().unwrap().to_owned();
    let (newest, oldest) = (number(0), number(1));
    (trade, oldest, newest)
}

fn encoded(filter: &Value) -> String {
    filter.to_string().replace('{', "%7B").replace('}', "%7D").replace('"', "%22")
}

#[test]
fn an_invoice_looks_as_recorded() {
    on_every_engine(|bench| async move {
        let (trade, first, _) = trade_with_invoices(&bench).await;
        let link = |uri: &str| json!({"self": {"uri": uri, "method": "GET", "headers": []}});
        let detail = |kind: &str, segment: &str| {
            json!({
                "invoiceLineItemType": kind,
                "billingProvider": "azure",
                "links": link(&format!("/invoices/Recurring-{first}/lineitems/Azure/{segment}")),
                "attributes": {"objectType": "InvoiceDetail"},
            })
        };
        let expected = json!({
            "id": first,
            "invoiceDate": "2026-02-04T00:00:00Z",
            "billingPeriodStartDate": "2026-01-01T00:00:00Z",
            "billingPeriodEndDate": "2026-01-31T23:59:59Z",
            "totalCharges": 9.71,
            "paidAmount": 0,
            "currencyCode": "USD",
            "currencySymbol": "$",
            "pdfDownloadLink": format!("/invoices/{first}/documents/statement"),
            "invoiceDetails": [
                detail("billing_line_items", "BillingLineItems"),
                detail("usage_line_items", "UsageLineItems"),
            ],
            "documentType": "invoice",
            "invoiceType": "Recurring",
            "links": link(&format!("/invoices/Recurring-{first}")),
            "attributes": {"objectType": "Invoice"},
        });
        assert!(first.starts_with('D'), "clients tell the kind of invoice by its first letter: {first}");
        for id in [first.clone(), first.to_lowercase(), format!("Recurring-{first}"), format!("onetime-{first}")] {
            assert_eq!(trade.get(&format!("/invoices/{id}")).await.expect(200).json(), expected, "{id}");
        }
        assert_eq!(trade.get("/invoices").await.json()["items"][1], expected);
        for id in ["D269999999", "Recurring-", "unbilled", "x%20y"] {
            assert_eq!(fault(&trade.get(&format!("/invoices/{id}")).await.expect(404)), "1000", "{id}");
        }
    });
}

#[test]
fn the_list_is_cut_and_filtered() {
    on_every_engine(|bench| async move {
        let (trade, first, second) = trade_with_invoices(&bench).await;
        let check = async |query: &str, expected: &[&String]| {
            let reply = trade.get(&format!("/invoices?{query}")).await.expect(200).json();
            let seen: Vec<_> = reply["items"].as_array().unwrap().iter().map(|i| i["id"].as_str().unwrap()).collect();
            assert_eq!(seen, expected, "{query}");
            reply
        };
        check("size=200&offset=0", &[&second, &first]).await;
        let page = check("size=1", &[&second]).await;
        assert_eq!(
            (&page["totalCount"], &page["links"]["next"]["uri"]),
            (&json!(2), &json!("/invoices?size=1&offset=1"))
        );
        let page = check("size=1&offset=1", &[&first]).await;
        assert!(page["links"].get("next").is_none());
        let date = |operator: &str, value: &str| json!({"Field": "InvoiceDate", "Operator": operator, "Value": value});
        let filter = |filter: &Value| format!("filter={}", encoded(filter));
        check(&filter(&date("less_than", "2026-03-01")), &[&first]).await;
        check(&filter(&date("equals", "2026-03-04")), &[&second]).await;
        let (from, to) =
            (date("GreaterThanOrEquals", "2026-02-04T00:00:00Z"), date("less_than", "2026-03-04T00:00:00Z"));
        check(&filter(&json!({"LeftFilter": from, "RightFilter": to, "Operator": "and"})), &[&first]).await;
        check(&filter(&json!({"LeftFilter": from, "RightFilter": to, "Operator": "or"})), &[&second, &first]).await;
        for (query, said) in [("size=201", "3000 size"), (&filter(&date("substring", "2026")), "800042 filter")] {
            let refused = trade.get(&format!("/invoices?{query}")).await.expect(400);
            assert_eq!(fault(&refused), said, "{query}");
        }
    });
}

#[test]
fn lines_add_up_to_the_invoice_and_usage_to_the_lines() {
    on_every_engine(|bench| async move {
        let (trade, first, _) = trade_with_invoices(&bench).await;
        let path = format!("/invoices/{first}/lineitems/Azure");
        let billing = trade.get(&format!("{path}/BillingLineItems")).await.expect(200);
        assert_eq!(sum(&billing, "postTaxTotal"), TOTAL);
        assert_eq!(sum(&billing, "pretaxCharges"), TOTAL);
        let billing = billing.json();
        // Seven lines: four and two of Northwind, one of Tailspin. What has no price is on no document.
        assert_eq!(billing["totalCount"], 7);
        let numbers: Vec<_> =
            billing["items"].as_array().unwrap().iter().map(|i| i["detailLineItemId"].as_i64()).collect();
        assert_eq!(numbers, (1..=7).map(Some).collect::<Vec<_>>());
        let tiered = billing["items"].as_array().unwrap().iter().find(|i| i["consumedQuantity"] == 150).unwrap();
        for (member, value) in [
            ("partnerId", json!(trade.desk.channel.partner.tenant.to_string())),
            ("partnerName", json!("CONTOSO")),
            ("customerId", json!(trade.northwind.id.to_string())),
            ("customerCompanyName", json!("Northwind")),
            ("domainName", json!("northwind.example.test")),
            ("mpnId", json!(4_847_383)),
            ("tier2MpnId", json!(-1)),
            ("invoiceNumber", json!(first)),
            ("subscriptionId", json!(trade.shop.id.to_string().to_uppercase())),
            ("orderId", json!(trade.shop.order.to_string())),
            ("serviceName", json!("Storage")),
            ("resourceName", json!("Standard IO - Page Blob/Disk (GB)")),
            ("unit", json!("GB")),
            ("chargeStartDate", json!("2026-01-01T00:00:00Z")),
            ("chargeEndDate", json!("2026-01-31T23:59:59Z")),
            ("consumptionPrice", json!(7)),
            ("consumptionDiscount", json!(1.05)),
            ("pretaxCharges", json!(5.95)),
            ("currency", json!("USD")),
            ("billingProvider", json!("azure")),
            ("invoiceLineItemType", json!("billing_line_items")),
            ("attributes", json!({"objectType": "UsageBasedLineItem"})),
        ] {
            assert_eq!(tiered[member], value, "{member}");
        }
        let usage = trade.get(&format!("{path}/UsageLineItems")).await.expect(200);
        // Two meters were used on two days each.
        assert_eq!(usage.json()["totalCount"], 9);
        let by_meter = |list: &Value| {
            let mut meters: BTreeMap<String, Vec<String>> = BTreeMap::new();
            for item in list["items"].as_array().unwrap() {
                let key = format!("{} {}", item["subscriptionId"], item["resourceGuid"]);
                meters.entry(key).or_default().push(item["consumedQuantity"].to_string());
            }
            meters
        };
        let days = &by_meter(&usage.json())[&format!("{} {}", tiered["subscriptionId"], tiered["resourceGuid"])];
        assert_eq!(days, &["60", "90"]);
        assert_eq!(by_meter(&usage.json()).len(), by_meter(&billing).len());
        let day = usage.json()["items"][0].clone();
        for (member, value) in [
            ("billingProvider", json!("azure")),
            ("invoiceLineItemType", json!("usage_line_items")),
            ("meteredRegion", json!("westeurope")),
            ("meteredService", json!("Microsoft.Compute/virtualMachines")),
            ("attributes", json!({"objectType": "DailyUsageLineItem"})),
        ] {
            assert_eq!(day[member], value, "{member}");
        }
        let billing = trade.get(&format!("{path}/billing_line_items")).await.expect(200);
        assert_eq!(sum(&usage, "consumedQuantity"), sum(&billing, "consumedQuantity"));
    });
}

#[test]
fn lines_are_cut_by_offset_and_go_on_by_token() {
    on_every_engine(|bench| async move {
        let (trade, first, _) = trade_with_invoices(&bench).await;
        let whole = trade.get(&format!("/invoices/{first}/lineitems/azure/usagelineitems")).await.expect(200).json();
        let mut seen = Vec::new();
        let mut next = Some(format!("/invoices/Recurring-{first}/lineitems/azure/USAGELINEITEMS?size=4"));
        while let Some(uri) = next {
            let page = trade.get(&uri).await.expect(200).json();
            assert_eq!(page["totalCount"], 9, "{uri}");
            seen.extend(page["items"].as_array().unwrap().clone());
            next = page["links"]["next"]["uri"].as_str().map(str::to_owned);
        }
        assert_eq!(json!(seen), whole["items"]);

        let query = "provider=azure&InvoiceLineItemType=usagelineitems&currencycode=usd&period=current&size=4";
        let mut page = trade.get(&format!("/invoices/Recurring-{first}/lineitems?{query}")).await.expect(200).json();
        let mut seen = page["items"].as_array().unwrap().clone();
        while let Some(link) = page["links"].get("next") {
            let token = page["continuationToken"].as_str().unwrap();
            assert_eq!(link["headers"], json!([{"key": "MS-ContinuationToken", "value": token}]));
            // One client family sends nothing but the token.
            let uri = format!("/invoices/{first}/lineitems?seekoperation=next&MS-ContinuationToken={token}");
            page = trade.get(&uri).await.expect(200).json();
            seen.extend(page["items"].as_array().unwrap().clone());
        }
        assert_eq!(json!(seen), whole["items"]);
    });
}

#[test]
fn other_kinds_of_lines_are_empty_lists_or_refused() {
    on_every_engine(|bench| async move {
        let (trade, first, _) = trade_with_invoices(&bench).await;
        for path in [
            "lineitems/Office/BillingLineItems",
            "lineitems/OneTime/BillingLineItems",
            "lineitems/marketplace/usagelineitems",
            "lineitems?provider=all&invoicelineitemtype=billinglineitems&currencycode=USD&period=current&size=2000",
            "lineitems?provider=azure&invoicelineitemtype=billinglineitems&currencycode=EUR",
        ] {
            let reply = trade.get(&format!("/invoices/{first}/{path}")).await.expect(200).json();
            assert_eq!((&reply["totalCount"], &reply["items"]), (&json!(0), &json!([])), "{path}");
        }
        for (path, said) in [
            ("lineitems/Google/BillingLineItems", "3000 provider"),
            ("lineitems/Azure/Lines", "3000 type"),
            ("lineitems/Azure/BillingLineItems?size=2001", "3000 size"),
            ("lineitems?invoicelineitemtype=billinglineitems", "3000 provider"),
            ("lineitems?provider=azure", "3000 invoiceLineItemType"),
            ("lineitems?provider=azure&invoicelineitemtype=billinglineitems&period=next", "3000 period"),
            ("lineitems?provider=azure&invoicelineitemtype=billinglineitems&currencycode=x", "3000 currencyCode"),
        ] {
            let refused = trade.get(&format!("/invoices/{first}/{path}")).await.expect(400);
            assert_eq!(fault(&refused), said, "{path}");
        }
    });
}

#[test]
fn open_lines_are_shown_once_while_usage_arrives() {
    on_every_engine(|bench| async move {
        let trade = Trade::new(&bench).await;
        for (list, resource) in [
            (
                "/invoices/unbilled/lineitems?provider=azure&invoicelineitemtype=usagelineitems&period=current",
                "/virtual/b",
            ),
            ("/invoices/Unbilled/lineitems/azure/USAGELINEITEMS?period=current", "/virtual/a"),
        ] {
            let whole = async || trade.get(list).await.expect(200).json()["items"].as_array().unwrap().clone();
            let before = whole().await;
            let mut page = trade.get(&format!("{list}&size=4")).await.expect(200).json();
            let mut seen = page["items"].as_array().unwrap().clone();
            assert_eq!(seen, before[..4]);
            // The first day of each subscription: before the first line, and before lines that are still to come.
            let arrived = [&trade.shop, &trade.crumbs, &trade.farm].map(|of| Event {
                resource: ResourceUri::new(resource),
                id: format!("{}{resource}", of.id),
                ..event(of, HOURS, "2026-01-10T20:00:00Z", "3")
            });
            trade.desk.channel.accept(arrived.to_vec()).await;
            assert_ne!(whole().await[..4], before[..4], "{list}");
            while let Some(link) = page["links"].get("next") {
                let token = page["continuationToken"].as_str().unwrap();
                assert_eq!(link["headers"], json!([{"key": "MS-ContinuationToken", "value": token}]));
                let path = list.split('?').next().unwrap();
                page = trade
                    .get(&format!("{path}?seekoperation=next&MS-ContinuationToken={token}"))
                    .await
                    .expect(200)
                    .json();
                seen.extend(page["items"].as_array().unwrap().clone());
            }
            for line in &before {
                assert_eq!(seen.iter().filter(|shown| *shown == line).count(), 1, "{list}: {line}");
            }
        }
    });
}

#[test]
fn a_statement_is_a_document_to_save() {
    on_every_engine(|bench| async move {
        let (trade, first, _) = trade_with_invoices(&bench).await;
        let reply = trade.get(&format!("/invoices/recurring-{first}/documents/statement")).await.expect(200);
        assert_eq!(reply.header("content-type"), "application/pdf");
        assert_eq!(reply.header("content-disposition"), format!("attachment; filename=Invoice_{first}.pdf"));
        assert!(reply.body.starts_with(b"%PDF-"));
        let again = trade.get(&format!("/invoices/{first}/documents/statement")).await.expect(200);
        assert_eq!(reply.body, again.body, "an issued document never changes");
    });
}

#[test]
fn balances_are_what_the_invoices_ask_for() {
    on_every_engine(|bench| async move {
        let trade = Trade::new(&bench).await;
        let nothing = trade.get("/invoices/summary").await.expect(200);
        assert_eq!(written(&nothing, "balanceAmount"), "0.00");
        assert_eq!(nothing.json()["latestInvoiceDate"], "0001-01-01T00:00:00");
        trade.desk.channel.advance_to("2026-02-10").await;
        trade.desk.channel.accept(vec![event(&trade.shop, HOURS, "2026-02-05T05:00:00Z", "10")]).await;
        trade.desk.channel.advance_to("2026-03-10").await;
        let summary = trade.get("/invoices/summary").await.expect(200);
        assert_eq!(written(&summary, "balanceAmount"), "10.56");
        let summary = summary.json();
        for (member, value) in [
            ("currencyCode", "USD"),
            ("firstInvoiceCreationDate", "2026-02-04T00:00:00Z"),
            ("latestInvoiceDate", "2026-03-04T00:00:00Z"),
            ("accountingDate", "2026-03-04T00:00:00Z"),
            ("lastPaymentDate", "0001-01-01T00:00:00"),
        ] {
            assert_eq!(summary[member], value, "{member}");
        }
        assert_eq!(summary["details"][0]["invoiceType"], "Recurring");
        assert_eq!(summary["details"][0]["summary"]["balanceAmount"], 10.56);
        let all = trade.get("/invoices/summaries").await.expect(200).json();
        assert_eq!((&all["totalCount"], &all["items"][0]), (&json!(1), &summary));
    });
}
