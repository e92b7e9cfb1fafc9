//! Authorization codes: from the sign-in page to the tokens, and everything that can be wrong on the way.

use crate::tokens_house::{BACK, LOCAL, SCOPE, VERIFIER, ask, at_a_desk, challenge, claims, field, redeem};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;
use tenantry_core::Secret;
use tenantry_directory::{
    AuthorizeRequest, Endpoint, MICROSOFT_GRAPH, TokenRequest, UserChange, user_change, user_info,
};
use tenantry_testkit::ORIGIN;

#[test]
fn a_code_gives_tokens_that_say_who_signed_in() {
    at_a_desk(|desk| async move {
        let (client, home, clerk) =
            (desk.web.made.app.to_string(), desk.partner.id.to_string(), desk.clerk.id.to_string());
        let code = desk.web_code(&desk.clerk, "common").await;
        let request = TokenRequest {
            code: Some(&code),
            client_secret: Some(&desk.web.secret),
            ..redeem(&client, BACK, "common")
        };
        let issued = desk.token(&request).await.unwrap();
        assert_eq!(issued.scope.as_deref(), Some("openid profile User.Read"));
        assert!(issued.refresh_token.is_some());
        let info = URL_SAFE_NO_PAD.decode(issued.client_info.unwrap()).unwrap();
        assert_eq!(serde_json::from_slice::<serde_json::Value>(&info).unwrap(), json!({"uid": clerk, "utid": home}));

        let access = claims(&issued.access_token);
        let now = desk.house.ctx.now().seconds();
        let issuer = format!("{ORIGIN}/{home}/");
        for (claim, expected) in [
            ("aud", json!(MICROSOFT_GRAPH)),
            ("iss", json!(issuer)),
            ("idp", json!(issuer)),
            ("tid", json!(home)),
            ("oid", json!(clerk)),
            ("appid", json!(client)),
            ("appidacr", json!("1")),
            ("idtyp", json!("user")),
            ("upn", json!("clerk@contoso.example.test")),
            ("unique_name", json!("clerk@contoso.example.test")),
            ("name", json!("Order Clerk")),
            ("amr", json!(["pwd"])),
            ("scp", json!("User.Read openid profile")),
            ("exp", json!(now + 3599)),
            ("ver", json!("1.0")),
            ("roles", json!(null)),
            ("wids", json!(null)),
        ] {
            assert_eq!(access[claim], expected, "{claim}");
        }
        let id = claims(issued.id_token.as_ref().unwrap());
        for (claim, expected) in [
            ("aud", json!(client)),
            ("iss", json!(format!("{ORIGIN}/{home}/v2.0"))),
            ("tid", json!(home)),
            ("oid", json!(clerk)),
            ("preferred_username", json!("clerk@contoso.example.test")),
            ("name", json!("Order Clerk")),
            ("ver", json!("2.0")),
            ("sub", access["sub"].clone()),
            ("nonce", json!(null)),
        ] {
            assert_eq!(id.get(claim).cloned().unwrap_or_default(), expected, "{claim}");
        }
        assert!(id.get("nonce").is_none(), "absent, not null: msal-node looks");
        assert_ne!(access["sub"], access["oid"]);

        let (ctx, db, keys) = (&desk.house.ctx, &desk.house.db, &desk.house.keys);
        let profile = user_info(ctx, db, keys, issued.access_token.reveal()).await.unwrap();
        assert_eq!((json!(profile.sub), profile.preferred_username.as_str()), (id["sub"].clone(), &*desk.clerk.name));
        // An ID token is for the application itself and opens nothing.
        let opened = desk.house.verify(issued.id_token.unwrap().reveal(), &[MICROSOFT_GRAPH]).await;
        assert_eq!(opened, Err(tenantry_core::Reason::TokenInvalid));
        let seen = desk.house.verify_whole(issued.access_token.reveal(), &[MICROSOFT_GRAPH]).await.unwrap();
        assert_eq!((seen.principal, seen.home(), seen.rights.len()), (desk.clerk.id, desk.partner.id, 3));
    });
}

#[test]
fn every_mistake_with_a_code_has_its_number() {
    at_a_desk(|desk| async move {
        let (web, program) = (desk.web.made.app.to_string(), desk.program.made.app.to_string());
        let code = desk.web_code(&desk.clerk, "contoso.example.test").await;
        let (secret, wrong, empty) = (&desk.web.secret, Secret::new("guessed"), Secret::new(""));
        let good = || TokenRequest {
            code: Some(&code),
            client_secret: Some(secret),
            ..redeem(&web, BACK, "contoso.example.test")
        };
        let other = desk.house.app(&desk.partner, &[]).await;
        let other_id = other.made.app.to_string();
        let verifier = Secret::new(VERIFIER);
        for (case, request, expected) in [
            ("no code", TokenRequest { code: None, ..good() }, 900_144),
            ("an empty code", TokenRequest { code: Some(&empty), ..good() }, 900_144),
            ("no address", TokenRequest { redirect_uri: None, ..good() }, 900_144),
            ("no client", TokenRequest { client_id: None, ..good() }, 900_144),
            ("no secret", TokenRequest { client_secret: None, ..good() }, 7_000_218),
            ("a wrong secret", TokenRequest { client_secret: Some(&wrong), ..good() }, 7_000_215),
            ("a guessed code", TokenRequest { code: Some(&wrong), ..good() }, 70_000),
            (
                "another application",
                TokenRequest { client_id: Some(&other_id), client_secret: Some(&other.secret), ..good() },
                70_000,
            ),
            ("another address", TokenRequest { redirect_uri: Some("https://evil.test/"), ..good() }, 500_112),
            ("a verifier nobody asked for", TokenRequest { code_verifier: Some(&verifier), ..good() }, 501_481),
            ("another tenant", TokenRequest { tenant: "northwind.example.test", ..good() }, 50_034),
            ("a scope nobody consented to", TokenRequest { scope: Some("User.ReadWrite.All"), ..good() }, 65_001),
            ("a scope nobody has", TokenRequest { scope: Some("User.Raed"), ..good() }, 70_011),
            ("two resources", TokenRequest { scope: Some("https://a.test/x https://b.test/y"), ..good() }, 70_011),
            ("nobody's resource", TokenRequest { scope: Some("https://a.test/x"), ..good() }, 500_011),
            // After all that the code is still good: a mistake of the client does not cost the person a sign-in.
            ("nothing wrong", good(), 0),
            ("used", good(), 54_005),
        ] {
            assert_eq!(desk.refused(&request).await, expected, "{case}");
        }
        let code = desk.web_code(&desk.clerk, "common").await;
        desk.house.advance("2026-01-10T16:10:00Z");
        assert_eq!(desk.refused(&TokenRequest { code: Some(&code), ..good() }).await, 70_008, "ten minutes old");

        let code = desk.program_code(&desk.clerk).await;
        let good =
            || TokenRequest { code: Some(&code), code_verifier: Some(&verifier), ..redeem(&program, LOCAL, "common") };
        for (case, request, expected) in [
            ("no verifier", TokenRequest { code_verifier: None, ..good() }, 900_144),
            ("a wrong verifier", TokenRequest { code_verifier: Some(&wrong), ..good() }, 501_481),
            ("another port", TokenRequest { redirect_uri: Some("http://localhost:1/"), ..good() }, 500_112),
            ("nothing wrong", good(), 0),
        ] {
            assert_eq!(desk.refused(&request).await, expected, "{case}");
        }
    });
}

#[test]
fn a_code_that_comes_twice_takes_back_what_it_gave() {
    at_a_desk(|desk| async move {
        let (client, code, verifier) =
            (desk.program.made.app.to_string(), desk.program_code(&desk.clerk).await, Secret::new(VERIFIER));
        let request =
            TokenRequest { code: Some(&code), code_verifier: Some(&verifier), ..redeem(&client, LOCAL, "common") };
        let given = desk.token(&request).await.unwrap().refresh_token.unwrap();
        let given = desk.refresh(&given, SCOPE).await.unwrap().refresh_token.unwrap();
        assert_eq!(desk.refused(&request).await, 54_005);
        assert_eq!(desk.refresh(&given, SCOPE).await.unwrap_err(), 50_173);
    });
}

#[test]
fn of_two_at_once_one_wins() {
    at_a_desk(|desk| async move {
        let (client, code, verifier) =
            (desk.program.made.app.to_string(), desk.program_code(&desk.clerk).await, Secret::new(VERIFIER));
        let request =
            TokenRequest { code: Some(&code), code_verifier: Some(&verifier), ..redeem(&client, LOCAL, "common") };
        let (one, two) = tokio::join!(desk.token(&request), desk.token(&request));
        let mut seen = [one, two].map(|outcome| outcome.map_or_else(|refusal| refusal.code(), |_| 0));
        seen.sort_unstable();
        assert_eq!(seen, [0, 54_005]);
    });
}

#[test]
fn a_hybrid_answer_binds_code_and_nonce() {
    at_a_desk(|desk| async move {
        let (client, session) = (desk.web.made.app.to_string(), desk.session(&desk.clerk).await);
        // The secure application model: version 1, no resource, the code and the ID token as a form.
        let request = AuthorizeRequest {
            endpoint: Endpoint::V1,
            response_type: Some("code id_token"),
            response_mode: Some("form_post"),
            scope: Some("openid profile"),
            nonce: Some("b5bb9d8014a0f9b1"),
            client_info: true,
            ..ask(&client, BACK, "common")
        };
        let answer = desk.authorize(&request, &session).await.unwrap();
        assert_eq!((answer.location(), answer.uri.as_str(), field(&answer, "state")), (None, BACK, "42".into()));
        let (code, id_token) = (field(&answer, "code"), Secret::new(field(&answer, "id_token")));
        let id = claims(&id_token);
        let hash = ring::digest::digest(&ring::digest::SHA256, code.as_bytes());
        assert_eq!(id["c_hash"], json!(URL_SAFE_NO_PAD.encode(&hash.as_ref()[..16])));
        assert_eq!((&id["nonce"], &id["ver"]), (&json!("b5bb9d8014a0f9b1"), &json!("1.0")));
        assert_eq!(id["upn"], json!("clerk@contoso.example.test"));
        let code = Secret::new(code);
        let request = TokenRequest {
            endpoint: Endpoint::V1,
            code: Some(&code),
            client_secret: Some(&desk.web.secret),
            scope: None,
            resource: Some("https://api.partnercenter.microsoft.com"),
            ..redeem(&client, BACK, "common")
        };
        let issued = desk.token(&request).await.unwrap();
        assert_eq!(issued.scope.as_deref(), Some("user_impersonation"));
        assert_eq!(claims(issued.id_token.as_ref().unwrap())["nonce"], json!("b5bb9d8014a0f9b1"));
        assert!(issued.refresh_token.is_some(), "version 1 always gives one");
    });
}

/// The page that asked did not say "maintain access", so the code does not give it; and a refresh keeps what it had.
#[test]
fn a_refresh_token_comes_from_the_sign_in_and_not_from_the_redemption() {
    at_a_desk(|desk| async move {
        let client = desk.web.made.app.to_string();
        for (case, asked, redeemed, expected) in [
            ("not asked for", "User.Read openid", "User.Read openid", false),
            ("asked for too late", "User.Read openid", SCOPE, false),
            ("asked for in time", SCOPE, SCOPE, true),
            ("asked for in time, and not again", SCOPE, "User.Read openid", true),
            ("asked for in time, and nothing then", SCOPE, "", true),
        ] {
            let session = desk.session(&desk.clerk).await;
            let request = AuthorizeRequest { scope: Some(asked), ..ask(&client, BACK, "common") };
            let code = Secret::new(field(&desk.authorize(&request, &session).await.unwrap(), "code"));
            let request = TokenRequest {
                code: Some(&code),
                client_secret: Some(&desk.web.secret),
                scope: Some(redeemed),
                ..redeem(&client, BACK, "common")
            };
            let token = desk.token(&request).await.unwrap().refresh_token;
            assert_eq!(token.is_some(), expected, "{case}");
            let Some(mut token) = token else { continue };
            for scope in ["User.Read", "https://management.azure.com/user_impersonation", ""] {
                let request = TokenRequest {
                    grant_type: Some("refresh_token"),
                    client_id: Some(&client),
                    client_secret: Some(&desk.web.secret),
                    refresh_token: Some(&token),
                    scope: Some(scope),
                    ..TokenRequest::new(Endpoint::V2, "common")
                };
                let issued = desk.token(&request).await;
                // Whoever is not consented to at an API gets nothing there, and keeps the token.
                if let Ok(issued) = issued {
                    token = issued.refresh_token.unwrap_or_else(|| panic!("{case}: {scope}"));
                }
            }
            assert!(
                desk.token(&TokenRequest {
                    grant_type: Some("refresh_token"),
                    client_id: Some(&client),
                    client_secret: Some(&desk.web.secret),
                    refresh_token: Some(&token),
                    ..TokenRequest::new(Endpoint::V2, "common")
                })
                .await
                .is_ok()
            );
        }
        // Version 1 knows no scopes, but a code of version 2 does not get there what it was not asked for.
        let session = desk.session(&desk.clerk).await;
        let request = AuthorizeRequest { scope: Some("User.Read openid"), ..ask(&client, BACK, "common") };
        let code = Secret::new(field(&desk.authorize(&request, &session).await.unwrap(), "code"));
        let request = TokenRequest {
            endpoint: Endpoint::V1,
            code: Some(&code),
            client_secret: Some(&desk.web.secret),
            scope: None,
            ..redeem(&client, BACK, "common")
        };
        assert!(desk.token(&request).await.unwrap().refresh_token.is_none());
    });
}

#[test]
fn who_may_not_sign_in_any_more_gets_nothing_for_a_code() {
    at_a_desk(|desk| async move {
        let (ctx, db) = (&desk.house.ctx, &desk.house.db);
        let client = desk.web.made.app.to_string();
        let code = desk.web_code(&desk.clerk, "common").await;
        desk.house.advance("2026-01-10T16:01:00Z");
        let off = UserChange { enabled: Some(false), ..UserChange::default() };
        user_change(ctx, db, desk.partner.id, desk.clerk.id, off).await.unwrap();
        let request = TokenRequest {
            code: Some(&code),
            client_secret: Some(&desk.web.secret),
            ..redeem(&client, BACK, "common")
        };
        assert_eq!(desk.refused(&request).await, 50_057);
        let on = UserChange { enabled: Some(true), ..UserChange::default() };
        user_change(ctx, db, desk.partner.id, desk.clerk.id, on).await.unwrap();
        assert_eq!(desk.refused(&request).await, 50_173, "what was given out before stays worthless");
        assert_eq!(challenge().len(), 43);
    });
}
