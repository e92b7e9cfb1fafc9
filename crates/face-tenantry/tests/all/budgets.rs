//! Budgets and alerts over HTTP: put, seen, crossed, resolved, removed, and refused with the field named.

use crate::house::{EVENTS, House, in_a_house};
use serde_json::{Value, json};
use tenantry_core::Role;
use tenantry_testkit::Reply;

const ONE: &str = "/api/v1/budgets/00000000-0000-4000-8000-000000000001";
const NONE: &str = "/api/v1/budgets/00000000-0000-4000-8000-000000000099";

/// A cap of a dollar on the subscription, with members changed.
fn body(house: &House, changes: Value) -> Value {
    let mut body = json!({
        "name": "Northwind, January",
        "scope": {"kind": "subscription", "subscription": house.subscription.id.to_string()},
        "limit": "1.00",
        "thresholds": [50],
        "action": "cap",
    });
    for (name, value) in changes.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

async fn put(house: &House, token: &str, path: &str, body: &Value) -> Reply {
    house.client.put(path).token(token).json(body).send().await
}

async fn delete(house: &House, token: &str, path: &str) -> Reply {
    house.client.delete(path).token(token).send().await
}

async fn resolve(house: &House, token: &str, id: &str) -> Reply {
    house.client.post(&format!("/api/v1/alerts/{id}/resolve")).token(token).json(&json!({})).send().await
}

#[test]
fn a_budget_is_put_used_up_told_and_removed() {
    in_a_house(|house| async move {
        let sent = body(&house, json!({}));
        let new = put(&house, &house.partner, ONE, &sent).await.expect(201).json();
        let expected = json!({
            "id": "00000000-0000-4000-8000-000000000001",
            "owner": house.channel.partner.tenant.to_string(),
            "name": "Northwind, January",
            "scope": {"kind": "subscription", "subscription": house.subscription.id.to_string()},
            "edge": new["edge"],
            "kind": "monthly", "limit": "1.00", "currency": "USD", "thresholds": [50, 100],
            "action": "cap", "onAnomaly": "notify",
            "month": "2026-01", "spent": "0", "percentUsed": "0", "overshoot": "0", "reached": false,
        });
        assert_eq!(new, expected);
        assert_eq!(put(&house, &house.partner, ONE, &sent).await.expect(200).json(), expected);
        house.accept(vec![house.event("a", json!({"quantity": "14"}))]).await;
        let seen = house.get(&house.partner, ONE).await.expect(200).json();
        assert_eq!(
            (&seen["spent"], &seen["percentUsed"], &seen["overshoot"], &seen["reached"]),
            (&json!("1.19"), &json!("119"), &json!("0.19"), &json!(true))
        );
        let list = house.get(&house.partner, "/api/v1/budgets").await.expect(200).json();
        assert_eq!(list, json!({"items": [seen]}));
        let refused = house.report(&house.event("b", json!({"time": "2026-01-10T16:00:00Z"}))).await.expect(400).json();
        assert_eq!(refused["code"], "subscription_not_active", "{refused:#}");

        let alerts = house.get(&house.partner, "/api/v1/alerts?state=open").await.expect(200).json();
        let short: Vec<_> = alerts["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|alert| {
                json!([
                    alert["kind"],
                    alert["threshold"],
                    alert["action"],
                    alert["spent"],
                    alert["overshoot"],
                    alert["period"]
                ])
            })
            .collect();
        let expected = [
            json!(["budget", 50, "notify", "1.19", "0.19", "2026-01"]),
            json!(["budget", 100, "cap", "1.19", "0.19", "2026-01"]),
        ];
        assert!(expected.iter().all(|alert| short.contains(alert)) && short.len() == 2, "{alerts:#}");
        let id = alerts["items"][0]["id"].as_str().unwrap();
        let resolved = resolve(&house, &house.partner, id).await.expect(200).json();
        assert_eq!(resolved["resolvedAt"], "2026-01-10T16:00:00Z");
        assert_eq!(resolve(&house, &house.partner, id).await.expect(200).json(), resolved, "once");
        let open = house.get(&house.partner, "/api/v1/alerts?state=open").await.expect(200).json();
        assert_eq!(open["items"].as_array().unwrap().len(), 1);

        let removed = delete(&house, &house.partner, ONE).await.expect(200).json();
        assert_eq!(removed["id"], seen["id"]);
        let _ = house.get(&house.partner, ONE).await.expect(404);
        house.accept(vec![house.event("c", json!({"time": "2026-01-10T16:00:00Z"}))]).await;
    });
}

#[test]
fn refusals_name_the_field_and_what_there_is() {
    in_a_house(|house| async move {
        for (changes, field, says) in [
            (json!({"name": null}), "name", "required"),
            (json!({"scope": null}), "scope", "required"),
            (json!({"scope": {}}), "scope.kind", "required"),
            (json!({"scope": {"kind": "everything"}}), "scope.kind", "channel, partner, customer, subscription"),
            (json!({"scope": {"kind": "customer"}}), "scope.customer", "required"),
            (json!({"scope": {"kind": "partner", "partner": "me"}}), "scope.partner", "not a tenant id"),
            (json!({"scope": {"kind": "resourceGroup", "resourceGroup": "web"}}), "scope.subscription", "required"),
            (json!({"edge": "x"}), "edge", "not a"),
            (json!({"kind": "yearly"}), "kind", "monthly, credit"),
            (json!({"limit": null}), "limit", "required"),
            (json!({"limit": "a lot"}), "limit", "a lot"),
            (json!({"limit": "0.001"}), "limit", "more digits than USD has"),
            (json!({"thresholds": [0]}), "thresholds", "1 to 1000"),
            (json!({"action": null}), "action", "required"),
            (json!({"action": "explode"}), "action", "notify, throttle, cap"),
            (json!({"onAnomaly": "explode"}), "onAnomaly", "notify, throttle, cap"),
        ] {
            let refused = put(&house, &house.partner, ONE, &body(&house, changes.clone())).await.expect(400).json();
            let message = refused["error"]["message"].as_str().unwrap_or_default();
            assert!(refused["error"]["field"] == field && message.contains(says), "{changes}: {refused:#}");
        }
        let misspelt = put(&house, &house.partner, ONE, &body(&house, json!({"threshold": 5}))).await.expect(400);
        assert!(misspelt.text().contains("threshold"), "{misspelt}");
        let _ = put(&house, &house.partner, "/api/v1/budgets/mine", &body(&house, json!({}))).await.expect(400);
        let _ = house.get(&house.partner, "/api/v1/alerts?state=closed").await.expect(400);
        let _ = house.get(&house.partner, "/api/v1/budgets?sort=name").await.expect(400);
        let _ = house.get(&house.partner, NONE).await.expect(404);
        let _ = delete(&house, &house.partner, NONE).await.expect(404);
        let _ = resolve(&house, &house.partner, "none").await.expect(404);
    });
}

#[test]
fn nobody_sees_or_changes_a_budget_of_somebody_else() {
    in_a_house(|house| async move {
        let _ = put(&house, &house.partner, ONE, &body(&house, json!({}))).await.expect(201);
        house.accept(vec![house.event("a", json!({"quantity": "14"}))]).await;
        let alerts = house.get(&house.partner, "/api/v1/alerts").await.expect(200).json();
        let alert = alerts["items"][0]["id"].as_str().unwrap();
        for reply in [
            house.get(&house.stranger, ONE).await,
            delete(&house, &house.stranger, ONE).await,
            put(&house, &house.stranger, ONE, &body(&house, json!({"scope": {"kind": "channel"}}))).await,
            resolve(&house, &house.stranger, alert).await,
        ] {
            let text = reply.text().to_owned();
            let _ = reply.expect(404);
            assert!(!text.contains("Northwind") && !text.contains("1.19"), "{text}");
        }
        for path in ["/api/v1/budgets", "/api/v1/alerts"] {
            let none = house.get(&house.stranger, path).await.expect(200).json();
            assert_eq!(none, json!({"items": []}), "{path}");
            assert_eq!(house.client.get(path).send().await.status, 401);
        }
        let helpdesk = house.application(&[Role::HelpdeskAgent]).await;
        let _ = house.get(&helpdesk, ONE).await.expect(200);
        let _ = delete(&house, &helpdesk, ONE).await.expect(403);
        let _ = resolve(&house, &helpdesk, alert).await.expect(403);
        // The provider sees it, and changing it leaves it the partner's.
        let raised = body(&house, json!({"limit": "5.00"}));
        let changed = put(&house, &house.provider, ONE, &raised).await.expect(200).json();
        assert_eq!(changed["owner"], house.channel.partner.tenant.to_string());
    });
}

#[test]
fn the_answer_to_a_batch_names_the_limits_of_the_caller_that_it_crossed() {
    in_a_house(|house| async move {
        let sent = body(&house, json!({}));
        let _ = put(&house, &house.partner, ONE, &sent).await.expect(201);
        // The provider's own limit on the partner, in the provider's prices: 0.10 an hour less its factor.
        let edge = house.get(&house.provider, ONE).await.expect(200).json()["edge"].clone();
        let theirs = json!({"name": "Fabrikam", "scope": {"kind": "channel"}, "edge": edge, "limit": "0.80",
            "thresholds": [90], "action": "notify"});
        let _ = put(&house, &house.provider, &NONE.replace("99", "02"), &theirs).await.expect(201);
        let report = async |token: &str, events: Value| {
            let answer = house.client.post(EVENTS).token(token).json(&events).send().await;
            answer.expect(if events.is_array() { 200 } else { 202 }).json()
        };
        let quiet = report(&house.partner, json!([house.event("a", json!({"quantity": "5"}))])).await;
        assert_eq!(quiet.get("crossings"), None, "{quiet:#}");
        // 0.425 before; 14 more hours are 1.615.
        let batch = json!([house.event("b", json!({"quantity": "1"})), house.event("c", json!({"quantity": "13"}))]);
        let told = report(&house.partner, batch).await;
        let of_one = |threshold: u16, action: &str| {
            json!({"budget": "00000000-0000-4000-8000-000000000001", "name": "Northwind, January", "month": "2026-01",
                "threshold": threshold, "action": action, "spent": "1.615", "limit": "1.00", "currency": "USD",
                "overshoot": "0.615"})
        };
        assert_eq!(told["crossings"], json!([of_one(50, "notify"), of_one(100, "cap")]), "{told:#}");
        assert_eq!(told["accepted"], 2);
        // The provider's limit was crossed in the same batch, and the partner does not hear of it.
        let seen = house.get(&house.provider, "/api/v1/alerts?state=all").await.expect(200).json();
        let all = seen["items"].as_array().unwrap();
        assert!(all.iter().any(|alert| alert["budget"] == "00000000-0000-4000-8000-000000000002"), "{seen:#}");

        // One event alone says it too.
        let raised = body(&house, json!({"limit": "2.00"}));
        let _ = put(&house, &house.partner, ONE, &raised).await.expect(200);
        let single = report(&house.partner, house.event("d", json!({"quantity": "5"}))).await;
        assert_eq!((&single["status"], &single["crossings"][0]["overshoot"]), (&json!("accepted"), &json!("0.04")));
        // What was counted before crosses nothing.
        let again = house.client.post(EVENTS).token(&house.partner).json(&house.event("d", json!({"quantity": "5"})));
        assert_eq!(again.send().await.expect(200).json().get("crossings"), None);
    });
}
