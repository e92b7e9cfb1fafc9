//! Tokens that nobody issued. Each is one change away from a good one, and that change alone must sink it.

use crate::house::{House, in_a_house};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::hmac;
use serde_json::{Value, json};
use tenantry_core::{Reason, Role};
use tenantry_directory::{Keys, PARTNER_CENTER, token_verify};
use tenantry_testkit::on_every_engine;

fn encode(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

fn decode(part: &str) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

/// Signed as HS256 with a password.
fn with_password(header: &str, claims: &str, password: &[u8]) -> String {
    let signed = format!("{header}.{claims}");
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, password), signed.as_bytes());
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(tag))
}

#[test]
fn forged_tokens_are_refused() {
    in_a_house(|house| async move {
        let app = house.partner_app("contoso", &[]).await;
        let admin = house.partner_app("fabrikam", &[Role::GlobalAdmin]).await;
        let good = house.issue(&app, &app.secret, PARTNER_CENTER).await.unwrap();
        let parts: Vec<&str> = good.split('.').collect();
        let [header, claims, signature] = parts[..] else { unreachable!() };
        let key = house.keys.jwks("").remove(0);
        let with_header = |changes: Value| {
            let mut header = decode(header);
            header.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
            encode(&header)
        };
        // Header and claims as they were, written anew: proves that the helpers change nothing else.
        assert_eq!(decode(&with_header(json!({}))), decode(header));

        // The public key, which everybody has, taken for the password of an HMAC: in each form it is handed out.
        let hs256 = with_header(json!({"alg": "HS256"}));
        let passwords =
            [STANDARD.decode(&key.x5c[0]).unwrap(), URL_SAFE_NO_PAD.decode(&key.n).unwrap(), key.n.clone().into()];
        let mut cases: Vec<_> = passwords
            .iter()
            .map(|password| ("HS256 with the public key".to_owned(), with_password(&hs256, claims, password)))
            .collect();

        for alg in ["none", "None", "NONE", "", "RS384", "PS256"] {
            let header = with_header(json!({ "alg": alg }));
            cases.push((format!("alg `{alg}`, unsigned"), format!("{header}.{claims}.")));
            cases.push((format!("alg `{alg}`, signed"), format!("{header}.{claims}.{signature}")));
        }
        for (name, value) in [
            ("tid", json!(admin.tenant.id.to_string())),
            ("appid", json!(admin.made.app.to_string())),
            ("oid", json!(admin.made.principal.to_string())),
            ("exp", json!(4_102_444_800_i64)),
            ("wids", json!(["62e90394-69f5-4237-9190-012177145e10"])),
        ] {
            let mut tampered = decode(claims);
            tampered[name] = value;
            cases.push((format!("another {name}"), format!("{header}.{}.{signature}", encode(&tampered))));
        }
        let unknown = with_header(json!({"kid": "another"}));
        cases.extend(
            [
                ("unknown key", format!("{unknown}.{claims}.{signature}")),
                ("cut signature", good[..good.len() - 4].to_owned()),
                ("no signature", format!("{header}.{claims}.")),
                ("two parts", format!("{header}.{claims}")),
                ("four parts", format!("{good}.x")),
                ("no token", "hello".to_owned()),
                ("nothing", String::new()),
            ]
            .map(|(case, bearer)| (case.to_owned(), bearer)),
        );
        // Before and after: what was verified once is remembered, and must not make the next one good.
        for _ in 0..2 {
            for (case, bearer) in &cases {
                assert_eq!(house.verify(bearer, &[PARTNER_CENTER]).await, Err(Reason::TokenInvalid), "{case}");
            }
            assert_eq!(house.verify(&good, &[PARTNER_CENTER]).await, Ok(app.identity(&[])));
        }
    });
}

#[test]
fn a_token_of_another_world_or_origin_is_refused() {
    on_every_engine(|bench| async move {
        let house = House::with_shared_key(&bench).await;
        let app = house.partner_app("contoso", &[]).await;
        let good = house.issue(&app, &app.secret, PARTNER_CENTER).await.unwrap();
        // The same key under another name, and the same name and key with other tenants.
        let moved = Keys::open(&house.ctx, &house.db, "https://elsewhere.test").await.unwrap();
        let seen = token_verify(&house.ctx, &house.db, &moved, &good, &[PARTNER_CENTER]).await;
        assert_eq!(seen.unwrap_err().reason(), Reason::TokenInvalid);
        let other = house.another(&bench).await;
        assert_eq!(other.keys.jwks(""), house.keys.jwks(""));
        assert_eq!(other.verify(&good, &[PARTNER_CENTER]).await, Err(Reason::TokenInvalid));
    });
}
