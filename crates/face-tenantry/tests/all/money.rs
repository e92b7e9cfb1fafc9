//! One number everywhere: what is unbilled becomes the invoice, the file behind it sums to it, the ledger owes it,
//! and an explanation ends at the events.

use crate::house::{House, in_a_house};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use tenantry_testkit::{HOURS, THIRD_PARTY, TIERED};

/// January's usage: 3.33 hours, 150 GB over two tiers, 2 hours of another vendor.
async fn use_things(house: &House) {
    house
        .accept(vec![
            house.event("h-1", json!({"quantity": "1.11", "tags": {"env": "test"}})),
            house.event("h-2", json!({"quantity": "2.22", "time": "2026-01-09T03:00:00Z"})),
            house.event("g-1", json!({"quantity": "150", "meter": TIERED})),
            house.event("t-1", json!({"quantity": "2", "meter": THIRD_PARTY})),
        ])
        .await;
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_else(|| panic!("no {name} in {value:#}"))
}

#[test]
fn unbilled_becomes_the_invoice_the_file_and_the_balance() {
    in_a_house(|mut house| async move {
        use_things(&house).await;
        let unbilled = house.get(&house.partner, "/api/v1/unbilled?month=2026-01").await.expect(200).json();
        // 0.28305 + (100 x 0.05 + 50 x 0.04) x 0.85 + 2 x 0.972, each line rounded once.
        let amounts: Vec<&str> = unbilled["lines"].as_array().unwrap().iter().map(|l| text(l, "amount")).collect();
        assert_eq!((amounts, text(&unbilled, "total")), (vec!["0.28", "5.95", "1.94"], "8.17"));

        house.advance("2026-02-10").await;
        let list = house.get(&house.partner, "/api/v1/invoices").await.expect(200).json();
        let summary = &list["items"][0];
        assert_eq!(
            (text(summary, "total"), text(summary, "kind"), text(summary, "month")),
            ("8.17", "invoice", "2026-01")
        );
        let path = format!("/api/v1/invoices/{}", text(summary, "number"));
        let reply = house.get(&house.partner, &path).await.expect(200);
        let (invoice, hash) = (&reply.json()["invoice"], reply.json()["hash"].clone());
        assert_eq!((reply.header("etag"), invoice["total"].as_str()), (hash.to_string().as_str(), Some("8.17")));
        // A document is ordered for people, the draft by ids.
        let exact = |lines: &Value| -> BTreeMap<String, String> {
            let line = |line: &Value| (text(line, "meter").to_owned(), text(line, "exact").to_owned());
            lines.as_array().unwrap().iter().map(line).collect()
        };
        assert_eq!(exact(&invoice["lines"]), exact(&unbilled["lines"]));

        let csv = house.get(&house.partner, &format!("{path}/reconciliation")).await.expect(200);
        assert!(csv.header("content-disposition").contains("reconciliation-D26"), "{csv}");
        assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
        // Four rows of usage, and a rounding row for each line that was not whole cents.
        assert_eq!(csv.text().lines().count(), 1 + 4 + 2);
        let pdf = house.get(&house.partner, &format!("{path}/pdf")).await.expect(200);
        assert!(pdf.body.starts_with(b"%PDF-") && pdf.header("content-disposition").contains(".pdf"));

        let balance = house.get(&house.partner, "/api/v1/balance").await.expect(200).json();
        let owed = json!({"seller": house.channel.provider.tenant.to_string(), "currency": "USD", "owed": "8.17"});
        assert_eq!(balance["balances"], json!([owed]));
        let rest = house.get(&house.partner, "/api/v1/unbilled").await.expect(200).json();
        assert_eq!((&rest["lines"], text(&rest, "total")), (&json!([]), "0.00"));
        let other_month = house.get(&house.partner, "/api/v1/invoices?month=2026-02").await.expect(200).json();
        assert_eq!(other_month, json!({"items": []}));
    });
}

#[test]
fn late_usage_and_corrections_are_lines_of_the_next_document() {
    in_a_house(|mut house| async move {
        use_things(&house).await;
        house.advance("2026-02-10").await;
        let first = house.get(&house.partner, "/api/v1/invoices").await.expect(200).json();
        house.accept(vec![house.event("c-1", json!({"quantity": "-1.11", "corrects": "h-1"}))]).await;
        let unbilled = house.get(&house.partner, "/api/v1/unbilled").await.expect(200).json();
        let line = &unbilled["lines"][0];
        assert_eq!(
            (text(line, "serviceMonth"), text(line, "exact"), text(line, "amount")),
            ("2026-01", "-0.09435", "-0.09")
        );
        house.advance("2026-03-10").await;
        let both = house.get(&house.partner, "/api/v1/invoices").await.expect(200).json();
        assert_eq!(both["items"][0], first["items"][0]);
        assert_eq!((text(&both["items"][1], "kind"), text(&both["items"][1], "total")), ("creditNote", "-0.09"));
        let balance = house.get(&house.partner, "/api/v1/balance").await.expect(200).json();
        assert_eq!(balance["balances"][0]["owed"], "8.08");
    });
}

#[test]
fn an_amount_is_explained_down_to_its_events() {
    in_a_house(|mut house| async move {
        use_things(&house).await;
        let subscription = house.subscription.id;
        let query = format!("/api/v1/explain?subscription={subscription}&meter={HOURS}");
        let open = house.get(&house.partner, &query).await.expect(200).json();
        assert_eq!(
            (text(&open, "exact"), text(&open, "rounding"), text(&open, "amount")),
            ("0.28305", "-0.00305", "0.28")
        );
        let rows = open["rows"].as_array().unwrap();
        assert_eq!(rows.len(), 2, "{open:#}");
        assert_eq!((text(&rows[0], "day"), text(&rows[0], "charge")), ("2026-01-09", "0.1887"));
        assert_eq!(text(&rows[0], "rule"), "list price x 0.85 (since 1970-01-01T00:00:00Z)");
        assert_eq!((text(&rows[0], "rates"), &rows[0]["priceVersion"]["importNo"]), ("0: 0.1", &json!(1)));
        let event = &rows[1]["events"][0];
        assert_eq!((text(event, "id"), text(event, "quantity")), ("h-1", "1.11"));
        assert_eq!((&event["tags"], text(event, "acceptedAt")), (&json!({"env": "test"}), "2026-01-10T16:00:00Z"));
        let day = house.get(&house.partner, &format!("{query}&day=2026-01-10")).await.expect(200).json();
        assert_eq!(day["rows"], json!([rows[1]]));

        house.advance("2026-02-10").await;
        let list = house.get(&house.partner, "/api/v1/invoices").await.expect(200).json();
        let number = text(&list["items"][0], "number");
        let billed = house.get(&house.partner, &format!("{query}&invoice={number}")).await.expect(200).json();
        assert_eq!((text(&billed, "invoice"), &billed["rows"]), (number, &open["rows"]));
        for (query, field) in [
            (format!("/api/v1/explain?meter={HOURS}"), "subscription"),
            (format!("/api/v1/explain?subscription={subscription}"), "meter"),
            (format!("{query}&day=2026-02-30"), "day"),
        ] {
            let refused = house.get(&house.partner, &query).await.expect(400).json();
            assert_eq!(refused["error"]["field"], field, "{refused:#}");
        }
    });
}

#[test]
fn money_is_seen_by_its_partner_and_the_provider_only() {
    in_a_house(|mut house| async move {
        use_things(&house).await;
        house.accept(vec![]).await;
        house.advance("2026-02-10").await;
        let february = json!({"time": "2026-02-01T10:00:00Z", "quantity": "4"});
        house.accept(vec![house.event("feb", february)]).await;
        let list = house.get(&house.partner, "/api/v1/invoices").await.expect(200).json();
        let number = text(&list["items"][0], "number");
        let (partner, subscription) = (house.channel.partner.tenant, house.subscription.id);
        let helpdesk = house.application(&[tenantry_core::Role::HelpdeskAgent]).await;
        for path in ["unbilled", "balance", "invoices", "unrated"] {
            let own = house.get(&house.partner, &format!("/api/v1/{path}")).await.expect(200);
            let named = format!("/api/v1/{path}?partner={partner}");
            assert_eq!(house.get(&house.provider, &named).await.expect(200).text(), own.text(), "{path}");
            let _ = house.get(&house.stranger, &named).await.expect(404);
            let _ = house.get(&helpdesk, &format!("/api/v1/{path}")).await.expect(403);
            let nobody = "00000000-0000-4000-8000-000000000099";
            let unknown = house.get(&house.stranger, &format!("/api/v1/{path}?partner={nobody}")).await.expect(404);
            assert!(unknown.text().contains("there is no partner"), "{unknown}");
        }
        let unnamed = house.get(&house.provider, "/api/v1/balance").await.expect(400).json();
        assert_eq!(unnamed["error"]["field"], "partner");
        let explain = format!("/api/v1/explain?subscription={subscription}&meter={HOURS}");
        for path in [
            format!("/api/v1/invoices/{number}"),
            format!("/api/v1/invoices/{number}/reconciliation"),
            format!("/api/v1/invoices/{number}/pdf"),
            format!("{explain}&invoice={number}"),
            explain,
        ] {
            let own = house.get(&house.partner, &path).await.expect(200);
            assert_eq!(house.get(&house.provider, &path).await.expect(200).body, own.body, "{path}");
            let hidden = house.get(&house.stranger, &path).await.expect(404);
            assert!(!hidden.text().contains("0.28") && !hidden.text().contains("CONTOSO"), "{hidden}");
            let _ = house.get(&helpdesk, &path).await.expect(403);
        }
    });
}
