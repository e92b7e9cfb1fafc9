//! What becomes of events: each gets the verdict it deserves, and what is refused leaves no trace.

use crate::house::{EVENTS, House, in_a_house};
use serde_json::{Value, json};
use tenantry_commerce::{ChangeSubscription, Limits, Status, subscription_change};
use tenantry_testkit::{Reply, UNPRICED};

/// One event by itself and in a batch: the same verdict; and nothing has changed.
async fn check(house: &House, changes: Value, status: u16, code: &str, field: &str, seen: &str) {
    let before = house.seen().await;
    let event = house.event("bad", changes);
    let single = house.report(&event).await.expect(status).json();
    assert_eq!(single["status"], "refused", "{single:#}");
    assert_eq!((single["code"].as_str(), single["field"].as_str()), (Some(code), Some(field)), "{single:#}");
    assert!(single["message"].as_str().is_some_and(|message| message.contains(seen)), "{single:#}");
    let batch = house.report(&json!([event])).await.expect(200).json();
    assert_eq!(batch, json!({"accepted": 0, "duplicate": 0, "refused": 1, "verdicts": [single]}));
    assert_eq!(house.seen().await, before);
}

#[test]
fn bad_events_are_refused_and_leave_no_trace() {
    in_a_house(|house| async move {
        let nobody = "00000000-0000-4000-8000-000000000099";
        let subscription = format!("there is no subscription {nobody}");
        for (changes, status, code, field, seen) in [
            (json!({"subscription": nobody}), 404, "unknown_subscription", "subscription", subscription.as_str()),
            (json!({"subscription": "x"}), 400, "invalid_field", "subscription", "`x` is not a subscription id"),
            (json!({"meter": "Compute Hours"}), 400, "invalid_field", "meter", "is not a meter id"),
            (json!({"quantity": "0.1234567890123456789"}), 400, "invalid_field", "quantity", "more than 18"),
            (json!({"quantity": "NaN"}), 400, "invalid_field", "quantity", "`NaN` is not a decimal number"),
            (json!({"quantity": "1e3"}), 400, "invalid_field", "quantity", "uses an exponent"),
            (json!({"quantity": "-1"}), 400, "negative_without_correction", "quantity", "-1 is negative"),
            (json!({"quantity": "-1", "corrects": "none"}), 400, "corrects_unknown_event", "corrects", "`none`"),
            (json!({"time": "2026-01-10T16:05:01Z"}), 400, "in_future", "time", "2026-01-10T16:00:00Z"),
            (json!({"time": "noon"}), 400, "invalid_field", "time", "`noon` is not a time"),
            (json!({"time": "2025-12-31T23:00:00Z"}), 400, "before_subscription", "time", "2026-01-01"),
            (json!({"time": null}), 400, "missing_field", "time", "time is required"),
            (json!({"quantities": "1"}), 400, "unknown_field", "quantities", "it has source, id"),
            (json!({"tags": "a=b"}), 400, "invalid_field", "tags", "is no JSON object"),
        ] {
            check(&house, changes, status, code, field, seen).await;
        }
        // Right up to the tolerance it is fine.
        let _ = house.report(&house.event("soon", json!({"time": "2026-01-10T16:05:00Z"}))).await.expect(202);
    });
}

#[test]
fn a_subscription_of_another_partner_is_not_there() {
    in_a_house(|house| async move {
        let event = house.event("e-1", json!({}));
        let post = async |token: &str| house.client.post(EVENTS).token(token).json(&event).send().await;
        let foreign = post(&house.stranger).await.expect(404).json();
        let nobody = "00000000-0000-4000-8000-000000000099";
        let unknown = house.report(&house.event("e-1", json!({"subscription": nobody}))).await.expect(404);
        let unknown = unknown.json().to_string();
        assert_eq!(foreign.to_string(), unknown.replace(nobody, &house.subscription.id.to_string()));
        // In a sandbox its own partner may try things.
        let _ = post(&house.partner).await.expect(202);
    });
}

#[test]
fn usage_of_a_suspended_subscription_is_refused_from_then_on() {
    in_a_house(|mut house| async move {
        let suspend = ChangeSubscription {
            status: Some(Status::Suspended),
            ..ChangeSubscription::of(house.customer.id, house.subscription.id)
        };
        let (ctx, db) = (house.channel.partner_ctx(), house.channel.world().db());
        subscription_change(&ctx, db, &Limits::NONE, suspend).await.unwrap();
        house.advance("2026-01-10T18:00:00Z").await;
        let after = json!({"time": "2026-01-10T17:00:00Z"});
        check(&house, after, 400, "subscription_not_active", "subscription", "suspended since 2026-01-10T16:00:00Z")
            .await;
        let _ = house.report(&house.event("before", json!({}))).await.expect(202);
    });
}

#[test]
fn an_event_counts_once_for_ever() {
    in_a_house(|mut house| async move {
        let batch: Value = (0..50).map(|n| house.event(&format!("e-{n}"), json!({"quantity": "0.1"}))).collect();
        let first = house.report(&batch).await.expect(200).json();
        assert_eq!((&first["accepted"], &first["duplicate"], &first["refused"]), (&json!(50), &json!(0), &json!(0)));
        assert_eq!(first["verdicts"][7], json!({"source": "meters", "id": "e-7", "status": "accepted"}));
        let before = house.seen().await;
        let again = house.report(&batch).await.expect(200).json();
        assert_eq!((&again["accepted"], &again["duplicate"], &again["refused"]), (&json!(0), &json!(50), &json!(0)));
        assert_eq!(house.seen().await, before);
        house.advance("2026-03-20").await;
        let late = house.report(&batch[3]).await.expect(200).json();
        assert_eq!(late, json!({"source": "meters", "id": "e-3", "status": "duplicate"}));
    });
}

#[test]
fn the_same_id_with_other_content_is_refused_and_both_are_shown() {
    in_a_house(|house| async move {
        let _ = house.report(&house.event("bad", json!({"quantity": "2"}))).await.expect(202);
        check(&house, json!({"quantity": "3"}), 409, "id_conflict", "id", "Counted: 2 of meter").await;
        check(&house, json!({"quantity": "3"}), 409, "id_conflict", "id", "Sent now: 3 of meter").await;
        // Another source has names of its own.
        let _ = house.report(&house.event("bad", json!({"quantity": "3", "source": "other"}))).await.expect(202);
    });
}

#[test]
fn usage_is_visible_at_once_by_hour_and_day() {
    in_a_house(|house| async move {
        let tags = json!({"cost-center": "42"});
        let _ = house.report(&house.event("a", json!({"quantity": 0.1, "tags": tags}))).await.expect(202);
        let _ = house
            .report(&house.event("b", json!({"quantity": 0.2, "time": "2026-01-10T14:59:59.5Z"})))
            .await
            .expect(202);
        let usage = format!("/api/v1/subscriptions/{}/usage", house.subscription.id);
        let hourly = house.get(&house.partner, &format!("{usage}?granularity=hourly")).await.expect(200).json();
        let quantities = |reply: &Value| -> Vec<String> {
            let buckets = reply["buckets"].as_array().unwrap();
            buckets.iter().map(|b| format!("{} {}", b["from"].as_str().unwrap(), b["quantity"])).collect()
        };
        assert_eq!(quantities(&hourly), [r#"2026-01-10T14:00:00Z "0.2""#, r#"2026-01-10T15:00:00Z "0.1""#]);
        let daily = house.get(&house.partner, &usage).await.expect(200).json();
        assert_eq!(quantities(&daily), [r#"2026-01-10T00:00:00Z "0.3""#]);
        assert_eq!((&daily["from"], &daily["to"]), (&json!("2026-01-01T00:00:00Z"), &json!("2026-02-01T00:00:00Z")));
        assert_eq!(daily["buckets"][0]["region"], "westeurope");
        let other_days = house.get(&house.partner, &format!("{usage}?from=2026-01-11")).await.expect(200).json();
        assert_eq!(other_days["buckets"], json!([]));
        let _ = house.get(&house.stranger, &usage).await.expect(404);
        for (query, field) in [
            ("granularity=weekly", "granularity"),
            ("from=soon", "from"),
            ("from=2026-01-02&to=2026-01-02", "to"),
            ("from=2026-01-01&to=2026-03-01&granularity=hourly", "to"),
            ("granularty=hourly", "granularty"),
        ] {
            let refused = house.get(&house.partner, &format!("{usage}?{query}")).await.expect(400).json();
            assert_eq!(refused["error"]["field"], field, "{refused:#}");
        }
    });
}

#[test]
fn a_correction_takes_back_what_it_names_and_no_more() {
    in_a_house(|house| async move {
        let _ = house.report(&house.event("e-1", json!({"quantity": "5"}))).await.expect(202);
        let correction = |id: &str, quantity: &str| house.event(id, json!({"quantity": quantity, "corrects": "e-1"}));
        let _ = house.report(&correction("c-1", "-2")).await.expect(202);
        let again = house.report(&correction("c-1", "-2")).await.expect(200).json();
        assert_eq!(again["status"], "duplicate");
        let unbilled = house.get(&house.partner, "/api/v1/unbilled").await.expect(200).json();
        assert_eq!(unbilled["lines"][0]["quantity"], "3");
        // 3 hours at 0.10, less 15 %.
        assert_eq!((&unbilled["lines"][0]["exact"], &unbilled["total"]), (&json!("0.255"), &json!("0.26")));
        let refused = house.report(&correction("c-2", "-6")).await.expect(400).json();
        assert_eq!(refused["code"], "correction_mismatch");
    });
}

#[test]
fn a_meter_without_a_price_is_counted_and_waits() {
    in_a_house(|house| async move {
        let reply = house.report(&house.event("e-1", json!({"meter": UNPRICED, "quantity": "7"}))).await.expect(202);
        assert_eq!(reply.json()["unrated"], true);
        for token in [&house.partner, &house.provider] {
            let unrated = house.get(token, "/api/v1/unrated").await.expect(200).json();
            let item = &unrated["items"][0];
            assert_eq!((&item["meter"], &item["quantity"]), (&json!(UNPRICED), &json!("7")), "{unrated:#}");
            assert_eq!((&item["firstDay"], &item["resources"]), (&json!("2026-01-10"), &json!(1)));
        }
        assert_eq!(
            house.get(&house.stranger, "/api/v1/unrated").await.expect(200).json(),
            json!({"items": [], "seats": []})
        );
        let unbilled = house.get(&house.partner, "/api/v1/unbilled").await.expect(200).json();
        assert_eq!((&unbilled["lines"][0]["unratedQuantity"], &unbilled["total"]), (&json!("7"), &json!("0.00")));
    });
}

#[test]
fn who_may_report_nothing_hears_so() {
    in_a_house(|house| async move {
        let helpdesk = house.application(&[tenantry_core::Role::HelpdeskAgent]).await;
        let refused: Reply = house.client.post(EVENTS).token(&helpdesk).json(&json!([])).send().await.expect(403);
        assert!(refused.text().contains("AdminAgents"), "{refused}");
    });
}
