//! What is refused, with the status, word and number that clients know.

use crate::house::{House, PARTNER_CENTER, V1, V2, in_a_house};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use tenantry_core::Secret;
use tenantry_directory::{application_disable, secret_add, secret_remove};
use tenantry_testkit::Reply;
use uuid::Uuid;

#[test]
fn a_refusal_has_the_whole_body_clients_read() {
    in_a_house(|house| async move {
        let app = &house.app;
        let form =
            format!("grant_type=client_credentials&client_id={app}&client_secret=guess&resource={PARTNER_CENTER}");
        let correlation = "AAAAAAAA-0000-4000-8000-00000000000F";
        let reply = house.post(V1, &[("client-request-id", correlation)], &form).await.expect(401);
        assert_eq!(reply.header("cache-control"), "no-store, no-cache");
        assert_eq!(reply.header("client-request-id"), correlation);
        let trace = reply.header("x-ms-request-id");
        let correlation = correlation.to_lowercase();
        let text = format!(
            "AADSTS7000215: Invalid client secret provided. Ensure the secret being sent in the request is the client \
             secret value, not the client secret ID, for a secret added to app '{app}'. Trace ID: {trace} Correlation \
             ID: {correlation} Timestamp: 2026-01-10 16:00:00Z"
        );
        assert_eq!(
            reply.json(),
            json!({
                "error": "invalid_client", "error_description": text, "error_codes": [7000215],
                "timestamp": "2026-01-10 16:00:00Z", "trace_id": trace, "correlation_id": correlation,
                "error_uri": "https://login.microsoftonline.com/error?code=7000215",
            })
        );
    });
}

#[test]
fn every_refusal_has_its_status_and_code() {
    in_a_house(|house| async move {
        let (app, secret) = (house.app.as_str(), house.secret.as_str());
        let good = house.credentials();
        let v1 = format!("{good}&resource={PARTNER_CENTER}");
        let scope = format!("&scope={PARTNER_CENTER}");
        for (path, form, status, error, code) in [
            ("/adatum.example.test/oauth2/token", v1.clone(), 400, "invalid_request", 90_002),
            ("/no%20name/oauth2/token", v1.clone(), 400, "invalid_request", 900_023),
            // A tenant that is there, but is not the application's.
            ("/fabrikam.example.test/oauth2/token", v1.clone(), 400, "unauthorized_client", 700_016),
            (V1, String::new(), 400, "invalid_request", 900_144),
            (V1, good.clone(), 400, "invalid_request", 900_144),
            (V2, good.clone(), 400, "invalid_request", 900_144),
            (V1, v1.replace("client_credentials", "password"), 400, "unsupported_grant_type", 70_003),
            (V1, v1.replace("client_id", "id"), 400, "invalid_request", 900_144),
            (V1, v1.replace(app, "00000000-0000-0000-0000-000000000009"), 400, "unauthorized_client", 700_016),
            (V1, v1.replace("client_secret", "secret"), 401, "invalid_client", 7_000_218),
            // An assertion, but not said to be one.
            (V1, v1.replace("client_secret", "client_assertion"), 400, "invalid_request", 90_014),
            (V1, v1.replace(secret, "guess"), 401, "invalid_client", 7_000_215),
            (V1, v1.replace(secret, house.channel.stranger_app.secret.reveal()), 401, "invalid_client", 7_000_215),
            (V1, v1.replace("api.partner", "api.other"), 400, "invalid_resource", 500_011),
            (V2, format!("{good}{scope}%2Fuser_impersonation"), 400, "invalid_scope", 1_002_012),
            (V2, format!("{good}&scope=https%3A%2F%2Fa.test%2F.default+b%2F.default"), 400, "invalid_scope", 70_011),
            (V1, "grant_type=%FF".to_owned(), 400, "invalid_grant", 9_002_313),
            // U+0000, which one of the databases cannot keep: refused on both, before it gets there.
            (V1, v1.replace(app, "a%00b"), 400, "invalid_grant", 9_002_313),
            (V1, v1.replace("api.partner", "api.%00partner"), 400, "invalid_grant", 9_002_313),
            (V2, format!("{good}&scope=%00"), 400, "invalid_grant", 9_002_313),
            // One reader may take the first, another the last (RFC 6749 3.2).
            (V1, format!("{v1}&client_id={app}"), 400, "invalid_request", 90_014),
            (V1, format!("{v1}&Client_Secret=guess"), 400, "invalid_request", 90_014),
            (V2, format!("{good}{scope}%2F.default{scope}%2F.default"), 400, "invalid_request", 90_014),
            (V1, "a".repeat(65 << 10), 413, "invalid_request", 9_002_313),
        ] {
            let reply = house.post(path, &[], &form).await;
            check(&reply, (status, error, code), &format!("{path} {form}"));
            assert!(!reply.text().contains(secret), "the secret came back: {reply}");
        }
    });
}

/// RFC 6749 2.3: one way to show who one is.
#[test]
fn basic_and_a_secret_in_the_form_are_refused_together() {
    in_a_house(|house| async move {
        let (form, app) = (format!("grant_type=client_credentials&resource={PARTNER_CENTER}"), &house.app);
        let basic = format!("Basic {}", STANDARD.encode(format!("{app}:{}", house.secret)));
        let header = [("authorization", basic.as_str())];
        for (more, status) in [
            (String::new(), 200),
            (format!("&client_id={app}"), 200),
            ("&client_id=other".to_owned(), 400),
            (format!("&client_secret={}", house.secret), 400),
            ("&client_assertion=x".to_owned(), 400),
        ] {
            let reply = house.post(V1, &header, &format!("{form}{more}")).await.expect(status);
            let error = reply.json()["error"].as_str().map(str::to_owned);
            assert_eq!(error.as_deref(), (status == 400).then_some("invalid_request"), "{more}");
        }
    });
}

#[test]
fn secrets_end_are_removed_and_applications_are_switched_off() {
    in_a_house(|house| async move {
        let (world, tenant) = (house.channel.world(), house.channel.partner.tenant);
        let (ctx, app) = (world.system("test"), house.channel.partner_app.identity.app);
        let mut tx = world.db().begin().await.unwrap();
        let (_, short) = secret_add(&ctx, &mut tx, tenant, app, 60).await.unwrap();
        let (removed_id, removed) = secret_add(&ctx, &mut tx, tenant, app, 60).await.unwrap();
        secret_remove(&mut tx, tenant, removed_id).await.unwrap();
        tx.commit().await.unwrap();
        let first = Secret::new(house.secret.clone());

        check(&ask(&house, &removed).await, (401, "invalid_client", 7_000_215), "removed");
        house.channel.advance_to("2026-01-10T16:00:59Z").await;
        let _ = ask(&house, &short).await.expect(200);
        house.channel.advance_to("2026-01-10T16:01:00Z").await;
        check(&ask(&house, &short).await, (401, "invalid_client", 7_000_222), "expired");
        let _ = ask(&house, &first).await.expect(200);

        let mut tx = world.db().begin().await.unwrap();
        application_disable(&ctx, &mut tx, tenant, app).await.unwrap();
        tx.commit().await.unwrap();
        check(&ask(&house, &first).await, (400, "unauthorized_client", 7_000_112), "disabled");
    });
}

#[test]
fn the_token_endpoint_takes_posts_only() {
    in_a_house(|house| async move {
        check(&house.get(V1).await, (405, "invalid_request", 900_561), "GET");
    });
}

/// Asks for a token with a secret of the partner's application.
async fn ask(house: &House, secret: &Secret) -> Reply {
    let form = format!("{}&resource={PARTNER_CENTER}", house.credentials().replace(&house.secret, secret.reveal()));
    house.post(V1, &[], &form).await
}

/// Status, word and number are these, and the text says the number too; nobody may keep the answer.
fn check(reply: &Reply, expected: (u16, &str, u64), case: &str) {
    let body = reply.json();
    let seen = (reply.status, body["error"].as_str().unwrap(), body["error_codes"][0].as_u64().unwrap());
    assert_eq!(seen, expected, "{case}: {body}");
    let description = body["error_description"].as_str().unwrap();
    assert!(description.starts_with(&format!("AADSTS{}: ", expected.2)), "{case}: {description}");
    assert_eq!(reply.header("cache-control"), "no-store, no-cache", "{case}");
    assert!(Uuid::try_parse(reply.header("x-ms-request-id")).is_ok(), "{case}: {reply}");
}
