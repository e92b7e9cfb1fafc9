//! Who does not get in, and that nothing of what they sent is counted.

use crate::house::{EVENTS, in_a_house};
use serde_json::json;
use tenantry_directory::MANAGEMENT;

/// The base64url of `{"alg":"none","typ":"JWT"}`.
const ALG_NONE: &str = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0";

#[test]
fn bad_tokens_are_refused_before_anything_is_read() {
    in_a_house(|house| async move {
        let before = house.seen().await;
        let event = house.event("e-1", json!({}));
        let claims = house.provider.split('.').nth(1).unwrap();
        let other_audience = house.channel.token(&house.channel.provider_app, MANAGEMENT).await;
        let strangers_claims = house.stranger.split('.').nth(1).unwrap();
        for (what, authorization, code) in [
            ("none", String::new(), "token_missing"),
            ("basic", "Basic YTpi".to_owned(), "token_missing"),
            ("nonsense", "Bearer x".to_owned(), "token_invalid"),
            ("alg none", format!("Bearer {ALG_NONE}.{claims}."), "token_invalid"),
            ("other claims", format!("Bearer {}", house.provider.replace(claims, strangers_claims)), "token_invalid"),
            ("wrong audience", format!("Bearer {other_audience}"), "audience_refused"),
        ] {
            let sending = house.client.post(EVENTS).json(&event);
            let sending =
                if authorization.is_empty() { sending } else { sending.header("authorization", &authorization) };
            let reply = sending.send().await.expect(401);
            assert_eq!(reply.json()["error"]["code"], code, "{what}: {reply}");
        }
        assert_eq!(house.seen().await, before);
    });
}

#[test]
fn a_token_ends_by_the_clock_of_the_world() {
    in_a_house(|house| async move {
        let _ = house.report(&house.event("e-1", json!({}))).await.expect(202);
        house.channel.advance_to("2026-01-12").await;
        let reply = house.report(&house.event("e-2", json!({}))).await.expect(401);
        assert_eq!(reply.json()["error"]["code"], "token_expired");
    });
}

#[test]
fn only_health_is_for_everybody() {
    in_a_house(|house| async move {
        for path in ["/healthz", "/readyz"] {
            let _ = house.client.get(path).send().await.expect(200);
        }
        for route in tenantry_face_tenantry::face(tenantry_testkit::ORIGIN).routes {
            let path = route.pattern.replace(['{', '}'], "");
            let reply = house.client.request(route.method.as_str(), &path).send().await;
            let open = ["/healthz", "/readyz"].contains(&route.pattern);
            assert_eq!(reply.status == 401, !open, "{route:?}: {reply}");
        }
        let _ = house.client.get("/api/v1/nothing").send().await.expect(404);
    });
}
