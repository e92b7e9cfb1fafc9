//! Money that comes in and goes back, over the wire: payments, what is owed since when, statements, credit notes, and
//! what a seller says of its documents.

use crate::house::{House, in_a_house};
use serde_json::{Value, json};
use tenantry_testkit::Reply;

async fn post(house: &House, token: &str, path: &str, body: &Value) -> Reply {
    house.client.post(path).token(token).json(body).send().await
}

/// A document of 2.55, issued on 4 February 2026.
async fn bill(house: &mut House) {
    house.accept(vec![house.event("e-1", json!({"quantity": "30"}))]).await;
    house.advance("2026-02-10").await;
}

fn payment(house: &House, changes: Value) -> Value {
    let mut body = json!({
        "partner": house.channel.partner.tenant.to_string(),
        "amount": "2.00",
        "currency": "USD",
        "paidOn": "2026-02-09",
        "reference": "bank-1",
    });
    for (name, value) in changes.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

#[test]
fn what_a_partner_paid_is_written_down_by_its_seller_and_read_by_both() {
    in_a_house(|mut house| async move {
        bill(&mut house).await;
        let (path, partner) = ("/api/v1/payments", house.channel.partner.tenant);
        let made = post(&house, &house.provider, path, &payment(&house, json!({}))).await.expect(201).json();
        assert_eq!(
            (&made["amount"], &made["kind"], &made["documents"]),
            (&json!("2.00"), &json!("payment"), &json!([]))
        );
        let again = post(&house, &house.provider, path, &payment(&house, json!({}))).await.expect(200).json();
        assert_eq!(again, made, "the reference names it");
        let other = payment(&house, json!({"amount": "2.01"}));
        let _ = post(&house, &house.provider, path, &other).await.expect(409);
        let own = house.get(&house.partner, path).await.expect(200).json();
        assert_eq!(own, json!({"items": [made]}));
        let ageing = house.get(&house.partner, "/api/v1/ageing").await.expect(200).json();
        let account = &ageing["accounts"][0];
        assert_eq!(
            (&account["owed"], &account["notDue"], &account["onAccount"]),
            (&json!("0.55"), &json!("0.55"), &json!("0.00"))
        );
        let document = &account["documents"][0];
        assert_eq!((&document["status"], &document["open"]), (&json!("partlyPaid"), &json!("0.55")));
        assert_eq!(document["coveredBy"], json!([{"by": "bank-1", "amount": "2.00"}]));

        let back = json!({
            "partner": partner.to_string(), "payment": "bank-1", "reference": "bank-1-back", "returnedOn": "2026-02-10",
            "reason": "no such account",
        });
        let reversals = "/api/v1/payment-reversals";
        let again = back.clone();
        let back = post(&house, &house.provider, reversals, &back).await.expect(201).json();
        assert_eq!(post(&house, &house.provider, reversals, &again).await.expect(200).json(), back);
        assert_eq!((&back["kind"], &back["reverses"]), (&json!("reversal"), &json!("bank-1")));
        let statement = house.get(&house.partner, "/api/v1/statement?from=2026-01-01").await.expect(200).json();
        assert_eq!(statement["through"], "2026-02-10");
        let account = &statement["accounts"][0];
        let lines: Vec<_> =
            account["lines"].as_array().unwrap().iter().map(|line| line["balance"].as_str().unwrap()).collect();
        assert_eq!((lines, &account["closing"]), (vec!["2.55", "0.55", "2.55"], &json!("2.55")));
        house.advance("2026-05-10").await;
        let ageing = house.get(&house.partner, "/api/v1/ageing").await.expect(200).json();
        let account = &ageing["accounts"][0];
        assert_eq!((&account["days31To60"], &account["documents"][0]["status"]), (&json!("2.55"), &json!("overdue")));
    });
}

#[test]
fn what_is_wrong_with_a_payment_is_said_by_field() {
    in_a_house(|mut house| async move {
        bill(&mut house).await;
        for (changes, status, field) in [
            (json!({"partner": null}), 400, "partner"),
            (json!({"partner": "me"}), 400, "partner"),
            (json!({"amount": "2.001"}), 400, "amount"),
            (json!({"amount": "-2"}), 400, "amount"),
            (json!({"amount": "1e5"}), 400, "amount"),
            (json!({"amount": "1e9"}), 400, "amount"),
            (json!({"amount": "1E2"}), 400, "amount"),
            (json!({"documents": ["D260000001", "D260000001"]}), 400, "documents"),
            (json!({"paidOn": "1990-01-01"}), 400, "paidOn"),
            (json!({"currency": "XYZ"}), 400, "currency"),
            (json!({"paidOn": "9.2.2026"}), 400, "paidOn"),
            (json!({"paidOn": "2026-02-11"}), 400, "paidOn"),
            (json!({"reference": ""}), 400, "reference"),
            (json!({"documents": ["D269999999"]}), 404, "documents"),
        ] {
            let body = payment(&house, changes);
            let refused = post(&house, &house.provider, "/api/v1/payments", &body).await.expect(status).json();
            assert_eq!(refused["error"]["field"], field, "{body}: {refused:#}");
        }
        let nobody = payment(&house, json!({"partner": "00000000-0000-4000-8000-000000000099"}));
        for (token, body, status) in [
            (&house.partner, payment(&house, json!({})), 403),
            (&house.stranger, payment(&house, json!({})), 404),
            (&house.stranger, nobody, 404),
        ] {
            let _ = post(&house, token, "/api/v1/payments", &body).await.expect(status);
        }
        let partner = house.channel.partner.tenant;
        for path in ["payments", "ageing", "statement", "credit-notes"] {
            let _ = house.get(&house.stranger, &format!("/api/v1/{path}?partner={partner}")).await.expect(404);
            let _ = house.get(&house.provider, &format!("/api/v1/{path}?partner={partner}")).await.expect(200);
            let _ = house.get(&house.provider, &format!("/api/v1/{path}")).await.expect(400);
        }
        let _ = house.get(&house.partner, "/api/v1/statement?from=2026-02-02&through=2026-02-01").await.expect(400);
        let future = house.get(&house.partner, "/api/v1/statement?through=2030-01-01").await.expect(400).json();
        assert_eq!(future["error"]["field"], "through", "{future:#}");
    });
}

#[test]
fn lines_of_an_invoice_are_credited() {
    in_a_house(|mut house| async move {
        bill(&mut house).await;
        let path = "/api/v1/invoices/D260000001/credit-notes";
        let before = house.get(&house.partner, "/api/v1/invoices/D260000001").await.expect(200).text();
        let body = json!({"reference": "case-1", "reason": "agreed", "lines": [{"line": 1, "amount": "0.55"}]});
        let made = post(&house, &house.provider, path, &body).await.expect(201).json();
        let again = post(&house, &house.provider, path, &body).await.expect(200).json();
        assert_eq!(again, made, "the reference names it");
        let other = json!({"reference": "case-1", "reason": "agreed"});
        let other = post(&house, &house.provider, path, &other).await.expect(409).json();
        assert_eq!(other["error"]["field"], "reference", "{other:#}");
        assert_eq!(
            (&made["creditNote"]["number"], &made["creditNote"]["total"]),
            (&json!("C260000001"), &json!("0.55"))
        );
        let seen = house.get(&house.partner, "/api/v1/credit-notes/c260000001").await.expect(200).json();
        assert_eq!(seen, made);
        let list = house.get(&house.partner, "/api/v1/credit-notes").await.expect(200).json();
        assert_eq!((&list["items"][0]["invoice"], list["items"].as_array().unwrap().len()), (&json!("D260000001"), 1));
        let file = house.get(&house.partner, "/api/v1/credit-notes/C260000001/reconciliation").await.expect(200);
        assert!(file.text().contains(",-0.55,0.00,-0.55,USD,"), "{file}");
        let paper = house.get(&house.partner, "/api/v1/credit-notes/C260000001/pdf").await.expect(200);
        assert!(paper.body.starts_with(b"%PDF-"));
        let after = house.get(&house.partner, "/api/v1/invoices/D260000001").await.expect(200).text();
        assert_eq!(after, before, "the invoice is what it was");
        let balance = house.get(&house.partner, "/api/v1/balance").await.expect(200).json();
        assert_eq!(balance["balances"][0]["owed"], "2.00");
        for (token, body, status) in [
            (
                &house.provider,
                json!({"reference": "m", "reason": "more", "lines": [{"line": 1, "amount": "2.01"}]}),
                400,
            ),
            (
                &house.provider,
                json!({"reference": "m", "reason": "more", "lines": [{"line": 1, "amount": "0.001"}]}),
                400,
            ),
            (&house.provider, json!({"reference": "m", "lines": []}), 400),
            (&house.provider, json!({"reason": "more"}), 400),
            (&house.partner, json!({"reference": "m", "reason": "myself"}), 403),
            (&house.stranger, json!({"reference": "m", "reason": "myself"}), 404),
        ] {
            let _ = post(&house, token, path, &body).await.expect(status);
        }
        for path in ["C260000001", "C260000001/reconciliation", "C260000001/pdf"] {
            let _ = house.get(&house.stranger, &format!("/api/v1/credit-notes/{path}")).await.expect(404);
        }
        let rest = post(&house, &house.provider, path, &json!({"reference": "case-2", "reason": "all of it"}))
            .await
            .expect(201)
            .json();
        assert_eq!(rest["creditNote"]["total"], "2.00");
    });
}

#[test]
fn a_dry_run_shows_what_the_close_issues_by_the_terms_of_the_seller() {
    in_a_house(|mut house| async move {
        house.accept(vec![house.event("e-1", json!({"quantity": "1.25"}))]).await;
        let partner = house.channel.partner.tenant.to_string();
        let rounding = json!({"partner": partner, "rounding": "floor"});
        let set = post(&house, &house.provider, "/api/v1/rounding", &rounding).await.expect(200).json();
        assert_eq!(set, json!({"partner": partner, "rounding": "floor", "from": "2026-01-10T16:00:00Z"}));
        let tax = json!({"market": "US", "rate": "0.5", "hook": "t1"});
        let _ = post(&house, &house.provider, "/api/v1/tax-rates", &tax).await.expect(200);
        for (token, path, body, status) in [
            (&house.provider, "/api/v1/rounding", json!({"partner": partner, "rounding": "up"}), 400),
            (&house.partner, "/api/v1/rounding", rounding, 403),
            (&house.stranger, "/api/v1/rounding", json!({"partner": partner, "rounding": "floor"}), 404),
            (&house.provider, "/api/v1/tax-rates", json!({"market": "US", "rate": "1.5"}), 400),
        ] {
            let _ = post(&house, token, path, &body).await.expect(status);
        }
        let path = "/api/v1/months/2026-01/dry-run";
        let dry = house.get(&house.provider, path).await.expect(200).json();
        // 1.25 hours are 0.10625: cut to 0.10, and half of it is tax.
        let shown = &dry["invoices"][0];
        assert_eq!((&shown["net"], &shown["tax"], &shown["number"]), (&json!("0.10"), &json!("0.05"), &json!("")));
        assert_eq!((&dry["alreadyClosed"], &dry["stopped"]), (&json!(false), &json!([])));
        assert_eq!(
            (&shown["taxHook"], &shown["lines"][0]["meterName"]),
            (&json!("t1"), &json!("Compute Hours")),
            "{shown:#}"
        );
        let unbilled = house.get(&house.partner, "/api/v1/unbilled").await.expect(200).json();
        assert_eq!(unbilled["total"], "0.10");
        house.advance("2026-02-10").await;
        let issued = house.get(&house.partner, "/api/v1/invoices/D260000001").await.expect(200).json();
        let issued = &issued["invoice"];
        assert_eq!((&issued["total"], &issued["lines"][0]["amount"]), (&json!("0.15"), &shown["lines"][0]["amount"]));
        let again = house.get(&house.provider, path).await.expect(200).json();
        let there = &again["invoices"][0];
        assert_eq!((&again["alreadyClosed"], &there["number"]), (&json!(true), &issued["number"]), "{again:#}");
        assert_eq!(&there["issuedAt"], &issued["issued_at"]);
        for path in ["months/9999-12/dry-run", "unbilled?month=9999-12"] {
            let partner = house.channel.partner.tenant;
            let path = if path.contains('?') { format!("{path}&partner={partner}") } else { path.to_owned() };
            let refused = house.get(&house.provider, &format!("/api/v1/{path}")).await.expect(400).json();
            assert_eq!(refused["error"]["field"], "month", "{path}: {refused:#}");
        }
        let zz = json!({"market": "ZZ", "rate": "0.1"});
        let refused = post(&house, &house.provider, "/api/v1/tax-rates", &zz).await.expect(400).json();
        assert_eq!(refused["error"]["field"], "market", "{refused:#}");
        let _ = house.get(&house.provider, "/api/v1/months/october/dry-run").await.expect(400);
    });
}
