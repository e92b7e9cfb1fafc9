//! Tokens that are given, in the two forms clients insist on.

use crate::house::{PARTNER_CENTER, V1, V2, in_a_house, object};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use tenantry_core::Identity;
use tenantry_directory::token_verify;

#[test]
fn version_1_answers_in_text() {
    in_a_house(|house| async move {
        let form = format!("{}&resource={PARTNER_CENTER}", house.credentials());
        let reply = house.post(V1, &[], &form).await.expect(200);
        for (name, value) in [("cache-control", "no-store, no-cache"), ("pragma", "no-cache")] {
            assert_eq!(reply.header(name), value);
        }
        assert_ne!(reply.header("x-ms-request-id"), "");
        let mut body = reply.json();
        let token = object(&mut body).remove("access_token").unwrap();
        let ctx = house.channel.world().system("test");
        let now = ctx.now().seconds();
        assert_eq!(
            body,
            json!({
                "token_type": "Bearer", "expires_in": "3599", "ext_expires_in": "3599",
                "expires_on": (now + 3599).to_string(), "not_before": (now - 300).to_string(),
                "resource": "https://api.partnercenter.microsoft.com",
            })
        );
        let (world, audiences) = (house.channel.world(), ["https://api.partnercenter.microsoft.com"]);
        let caller = token_verify(&ctx, world.db(), world.keys(), token.as_str().unwrap(), &audiences).await.unwrap();
        // What it holds is looked up; the channel knows who it is.
        let who = Identity { groups: caller.groups.clone(), ..house.channel.partner_app.identity.clone() };
        assert_eq!(caller, who);
    });
}

#[test]
fn version_2_answers_in_numbers() {
    in_a_house(|house| async move {
        let basic = format!("Basic {}", STANDARD.encode(format!("{}:{}", house.app, house.secret)));
        let scope = format!("grant_type=client_credentials&scope={PARTNER_CENTER}%2F.default+openid");
        let in_body = format!("{scope}&client_id={}&client_secret={}", house.app, house.secret);
        // What Node clients add to it.
        let extra = "&client_info=1&x-client-SKU=node&claims=%7B%7D&response_type=id_token";
        for (path, headers, form) in [
            (V2.to_owned(), vec![], in_body.clone()),
            (V2.to_owned(), vec![("authorization", basic.as_str())], scope),
            (format!("{V2}?client-request-id=1&api-version=1.0"), vec![], format!("{in_body}{extra}")),
            (format!("/{}/oauth2/v2.0/token", house.tenant).to_uppercase(), vec![], in_body.clone()),
            ("/organizations/oauth2/v2.0/token".to_owned(), vec![], in_body),
        ] {
            let mut body = house.post(&path, &headers, &form).await.json();
            let removed = object(&mut body).remove("access_token");
            assert!(removed.is_some_and(|token| token.is_string()), "{path}: {body}");
            assert_eq!(body, json!({"token_type": "Bearer", "expires_in": 3599, "ext_expires_in": 3599}), "{path}");
        }
    });
}

/// Libraries repeat a request under the same id; the second token must be a fresh one, not a kept answer, because
/// answers that hold a secret are not stored.
#[test]
fn a_repeated_request_is_not_answered_from_memory() {
    in_a_house(|house| async move {
        let form = format!("{}&resource={PARTNER_CENTER}", house.credentials());
        let id = [("client-request-id", "aaaaaaaa-0000-4000-8000-00000000000f")];
        let first = house.post(V1, &id, &form).await.expect(200).json();
        let second = house.post(V1, &id, &form).await.expect(200).json();
        assert_ne!(first["access_token"], second["access_token"]);
        let wrong = form.replace(&house.secret, "guess");
        let _ = house.post(V1, &id, &wrong).await.expect(401);
    });
}

#[test]
fn the_id_of_the_call_may_stand_in_the_body() {
    in_a_house(|house| async move {
        let id = "aaaaaaaa-0000-4000-8000-00000000000f";
        let reply = house.post(V1, &[], &format!("client-request-id={id}")).await;
        assert_eq!(reply.json()["correlation_id"], Value::from(id));
    });
}
