//! The clock of a sandbox, and months closed by hand.

use crate::house::{House, in_a_house};
use serde_json::{Value, json};
use tenantry_core::Role;
use tenantry_testkit::Reply;

async fn post(house: &House, token: &str, path: &str, body: &Value) -> Reply {
    house.client.post(path).token(token).json(body).send().await
}

#[test]
fn a_sandbox_is_moved_forward_and_only_so() {
    in_a_house(|mut house| async move {
        let clock = house.get(&house.partner, "/api/v1/clock").await.expect(200).json();
        assert_eq!(clock, json!({"world": "test", "sandbox": true, "now": "2026-01-10T16:00:00Z"}));
        for (body, status, field, seen) in [
            (json!({"to": "2026-01-09"}), 409, "", "cannot go back"),
            (json!({"to": "tomorrow"}), 400, "to", "`tomorrow` is not a time"),
            (json!({"to": "3026-01-01"}), 400, "to", "`3026-01-01` is more than 36525 days ahead of 2026-01-10"),
            (json!({"days": -1}), 400, "days", "the clock only goes forward"),
            (json!({"days": 36_526}), 400, "days", "36526 is more than 36525, a century; advance in smaller steps"),
            (json!({"days": i64::MAX}), 400, "days", "9223372036854775807 is more than 36525"),
            (json!({"days": "30"}), 400, "days", "write it without quotes: 30"),
            (json!({"days": 1, "to": "2026-02-01"}), 400, "days", "send either"),
            (json!({}), 400, "to", "send either"),
            (json!({"hours": 1}), 400, "hours", "hours: is not known here; this object has to, days"),
        ] {
            let reply = post(&house, &house.partner, "/api/v1/clock/advance", &body).await;
            assert!(reply.status == status && reply.text().contains(seen), "{body}: {reply}");
            assert_eq!(reply.json()["error"]["field"].as_str().unwrap_or_default(), field, "{body}");
        }
        let moved =
            post(&house, &house.partner, "/api/v1/clock/advance", &json!({"days": 30})).await.expect(200).json();
        let expected = json!({"from": "2026-01-10T16:00:00Z", "to": "2026-02-09T16:00:00Z", "jobsRun": 1});
        assert_eq!(moved, expected);
        house.sign_in().await;
        let to = json!({"to": "2026-02-10T00:00:00Z"});
        let _ = post(&house, &house.provider, "/api/v1/clock/advance", &to).await.expect(200);
        house.sign_in().await;
        let clock = house.get(&house.partner, "/api/v1/clock").await.expect(200).json();
        assert_eq!(clock["now"], "2026-02-10T00:00:00Z");
    });
}

#[test]
fn a_month_that_is_over_can_be_closed_by_hand() {
    in_a_house(|mut house| async move {
        house.accept(vec![house.event("e-1", json!({"quantity": "30"}))]).await;
        let close = "/api/v1/months/2026-01/close";
        let _ = post(&house, &house.provider, close, &json!({})).await.expect(409);
        house.advance("2026-02-01T00:00:00Z").await;
        let helpdesk = house.application(&[Role::HelpdeskAgent]).await;
        let _ = post(&house, &helpdesk, close, &json!({})).await.expect(403);
        let closed = post(&house, &house.provider, close, &json!({})).await.expect(200).json();
        assert_eq!((&closed["new"], &closed["invoices"][0]["total"]), (&json!(true), &json!("2.55")));
        let again = post(&house, &house.provider, close, &json!({})).await.expect(200).json();
        assert_eq!((&again["new"], &again["close"]), (&json!(false), &closed["close"]));
        // The same close, seen by others: its own documents to a partner of this sandbox, and nobody else's.
        let own = post(&house, &house.partner, close, &json!({})).await.expect(200).json();
        assert_eq!(own, again);
        let foreign = post(&house, &house.stranger, close, &json!({})).await.expect(200).json();
        assert_eq!(foreign["invoices"], json!([]));
        let wrong = post(&house, &house.provider, "/api/v1/months/october/close", &json!({})).await.expect(400).json();
        assert_eq!(wrong["error"]["field"], "month");
    });
}
