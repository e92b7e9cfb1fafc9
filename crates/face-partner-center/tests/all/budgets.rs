//! A customer's usage budget: set, read, exceeded, taken away; and what summaries of usage make of it.

use crate::desk::{Desk, fault};
use crate::usage::{Trade, written};
use serde_json::Value;
use tenantry_core::Role;
use tenantry_directory::PARTNER_CENTER;
use tenantry_testkit::{HOURS, event, on_every_engine};

async fn patch(trade: &Trade, body: &str) -> tenantry_testkit::Reply {
    let token = trade.desk.channel.token(&trade.desk.channel.partner_app, PARTNER_CENTER).await;
    let path = format!("/v1/customers/{}/usagebudget", trade.northwind.id);
    trade.desk.client.request("PATCH", &path).token(&token).body(body).send().await
}

async fn usage(trade: &Trade) -> String {
    let summary = trade.get("/usagesummary").await.expect(200).json();
    let records = trade.get("/customers/usagerecords").await.expect(200).json();
    let northwind = &records["items"][0];
    assert_eq!(northwind["name"], "Northwind");
    format!(
        "{} at {} %, {} over, {} near",
        northwind["budget"]["amount"],
        northwind["percentUsed"],
        summary["customersOverBudget"],
        summary["customersTrendingOver"]
    )
}

#[test]
fn a_budget_is_what_usage_is_held_against() {
    on_every_engine(|bench| async move {
        let trade = Trade::new(&bench).await;
        let own = format!("/customers/{}", trade.northwind.id);
        let none = trade.get(&format!("{own}/usagebudget")).await.expect(200);
        assert_eq!(none.text(), r#"{"attributes":{"objectType":"SpendingBudget"}}"#);
        assert_eq!(usage(&trade).await, "null at 0 %, 0 over, 0 near");
        // What Northwind used is 7.67 and a part of a cent, exactly.
        for (body, seen) in [
            (r#"{"Amount":100,"Attributes":{"ObjectType":"SpendingBudget"}}"#, "100.0 at 7.67 %, 0 over, 0 near"),
            (r#"{"amount":9.5}"#, "9.5 at 80.73 %, 0 over, 1 near"),
            (r#"{"AMOUNT":"7.67"}"#, "7.67 at 100 %, 1 over, 0 near"),
            (r#"{"amount":5,"usageSpendingBudget":77}"#, "5.0 at 153.4 %, 1 over, 0 near"),
        ] {
            assert_eq!(patch(&trade, body).await.status, 200);
            assert_eq!(usage(&trade).await, seen, "{body}");
        }
        let told = trade.get(&format!("{own}/usagebudget")).await.expect(200);
        let expected = r#"{"amount":5.00,"usageSpendingBudget":5.00,"attributes":{"objectType":"SpendingBudget"}}"#;
        assert_eq!(told.text(), expected);
        let summary = trade.get(&format!("{own}/usagesummary")).await.expect(200);
        assert_eq!(written(&summary, "budget"), r#"{"amount":5.00,"attributes":{"objectType":"SpendingBudget"}}"#);
        let tailspin = trade.get(&format!("/customers/{}/usagesummary", trade.tailspin.id)).await.expect(200);
        assert!(tailspin.json().get("budget").is_none());
        // The customer may go on.
        trade.desk.channel.accept(vec![event(&trade.shop, HOURS, "2026-01-19T05:00:00Z", "10")]).await;
        for body in ["{\"amount\":null}", "{}"] {
            assert_eq!(patch(&trade, r#"{"amount":1}"#).await.status, 200);
            let gone = patch(&trade, body).await.expect(200);
            assert_eq!(gone.text(), r#"{"attributes":{"objectType":"SpendingBudget"}}"#, "{body}");
            assert_eq!(usage(&trade).await, "null at 0 %, 0 over, 0 near");
        }
    });
}

#[test]
fn what_is_no_amount_is_refused_and_changes_nothing() {
    on_every_engine(|bench| async move {
        let trade = Trade::new(&bench).await;
        assert_eq!(patch(&trade, r#"{"amount":50}"#).await.status, 200);
        for amount in
            ["0", "-1", "0.001", "1e3", "\"much\"", "true", "[1]", "{}", "\"\"", "1e30", "99999999999999999999"]
        {
            let reply = patch(&trade, &format!("{{\"amount\":{amount}}}")).await.expect(400);
            assert_eq!(fault(&reply), "3000 amount", "{amount}: {reply}");
        }
        for body in ["[]", "7"] {
            assert_eq!(fault(&patch(&trade, body).await.expect(400)), "3000 body", "{body}");
        }
        let path = format!("/customers/{}/usagebudget", trade.northwind.id);
        assert_eq!(trade.get(&path).await.json()["amount"], 50.0);
    });
}

#[test]
fn a_budget_is_for_those_who_limit_subscriptions_and_never_for_another_partner() {
    on_every_engine(|bench| async move {
        let trade = Trade::new(&bench).await;
        assert_eq!(patch(&trade, r#"{"amount":50}"#).await.status, 200);
        let path = format!("/v1/customers/{}/usagebudget", trade.northwind.id);
        let stranger = trade.desk.channel.token(&trade.desk.channel.stranger_app, PARTNER_CENTER).await;
        for method in ["GET", "PATCH"] {
            let reply = trade.desk.client.request(method, &path).token(&stranger).body(r#"{"amount":1}"#).send().await;
            assert_eq!(fault(&reply.expect(404)), "60003", "{method}");
        }
        let Trade { desk, .. } = trade;
        let say = async |desk: &Desk, method: &str| {
            desk.send(&format!("{method} {path}"), &[], r#"{"amount":51}"#).await.status.to_string()
        };
        let mut desk = desk;
        for (role, reads, sets) in [
            (Role::BillingAdmin, "200", "403"),
            (Role::HelpdeskAgent, "200", "403"),
            (Role::UserAdmin, "403", "403"),
            (Role::SalesAgent, "200", "200"),
        ] {
            desk = desk.with_roles(&[role]).await;
            let seen = (say(&desk, "GET").await, say(&desk, "PATCH").await);
            assert_eq!(seen, (reads.to_owned(), sets.to_owned()), "{role:?}");
        }
        let amount: Value = desk.send(&format!("GET {path}"), &[], "").await.json();
        assert_eq!(amount["amount"], 51.0);
    });
}
