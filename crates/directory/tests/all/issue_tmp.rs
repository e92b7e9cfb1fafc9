//!

// from src/token_issue.rs
use super::*;
use crate::testing::House;
use crate::{SECRET_LIFETIME_SECONDS, application_disable, secret_add, secret_remove};
use serde_json::{Value, json};
use tenantry_core::{Role, TenantKind};

const GRAPH: &str = "https://graph.windows.net";

fn request<'a>(tenant: &'a str, client: &'a str, secret: &'a Secret) -> TokenRequest<'a> {
    TokenRequest {
        endpoint: Endpoint::V1,
        tenant,
        grant_type: Some("client_credentials"),
        client_id: Some(client),
        client_secret: Some(secret),
        client_assertion: false,
        resource: Some(GRAPH),
        scope: None,
    }
}

fn part(token: &Secret, index: usize) -> Value {
    let part = token.reveal().split('.').nth(index).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

#[test]
fn a_version_1_token_says_who_calls_whom() {
    in_a_house(|house| async move {
        let tenant = house.tenant(TenantKind::Partner, "contoso").await;
        let (app, secret) = house.app(&tenant, &[Role::AdminAgent, Role::GlobalAdmin]).await;
        let client = app.app.to_string();
        let asked = request("Contoso.example.test", &client, &secret);
        let issued = token_issue(&house.ctx, &house.db, &house.keys, &asked).await.unwrap();
        let now = house.ctx.now().seconds();
        assert_eq!((issued.expires_in, issued.expires_on, issued.not_before), (3599, now + 3599, now - 300));
        assert_eq!(issued.resource, GRAPH);

        let kid = house.keys.jwks("")[0].kid.clone();
        assert_eq!(part(&issued.access_token, 0), json!({"typ": "JWT", "alg": "RS256", "kid": kid, "x5t": kid}));
        let mut claims = part(&issued.access_token, 1);
        assert_eq!(claims["uti"].take().as_str().unwrap().len(), 22);
        let issuer = format!("https://localhost:8443/{}/", tenant.id);
        assert_eq!(
            claims,
            json!({
                "aud": GRAPH, "iss": issuer, "idp": issuer, "iat": now, "nbf": now - 300, "exp": now + 3599,
                "appid": client, "appidacr": "1", "idtyp": "app", "oid": app.principal.to_string(),
                "sub": app.principal.to_string(), "tid": tenant.id.to_string(), "uti": null, "ver": "1.0",
                "wids": ["62e90394-69f5-4237-9190-012177145e10"],
            })
        );
    });
}

#[test]
fn each_endpoint_and_resource_has_its_form() {
    in_a_house(|house| async move {
        let tenant = house.tenant(TenantKind::Partner, "contoso").await;
        let (app, secret) = house.app(&tenant, &[]).await;
        let (client, own) = (app.app.to_string(), "7e4a4719-0000-0000-c000-000000000000");
        for (endpoint, asked, aud, ver) in [
            (Endpoint::V1, GRAPH, GRAPH, "1.0"),
            (Endpoint::V1, "https://graph.windows.net/", "https://graph.windows.net/", "1.0"),
            (Endpoint::V1, "https://localhost:8443", "https://localhost:8443", "1.0"),
            (Endpoint::V2, "https://graph.windows.net/.default", GRAPH, "1.0"),
            (Endpoint::V2, "https://management.azure.com//.default", "https://management.azure.com/", "1.0"),
            (Endpoint::V2, "https://api.partnercenter.microsoft.com/.default openid", crate::PARTNER_CENTER, "1.0"),
            (Endpoint::V2, "https://localhost:8443/.default", own, "2.0"),
            (Endpoint::V2, "https://localhost/.default", own, "2.0"),
        ] {
            // `common` means the tenant the application was registered in.
            let asked = TokenRequest {
                endpoint,
                resource: (endpoint == Endpoint::V1).then_some(asked),
                scope: (endpoint == Endpoint::V2).then_some(asked),
                ..request("common", &client, &secret)
            };
            let issued = token_issue(&house.ctx, &house.db, &house.keys, &asked).await.unwrap();
            let claims = part(&issued.access_token, 1);
            assert_eq!((claims["aud"].as_str(), claims["ver"].as_str()), (Some(aud), Some(ver)), "{asked:?}");
            let two = ver == "2.0";
            assert_eq!(claims.get("azp").is_some(), two, "{asked:?}");
            assert_eq!(claims.get("appid").is_some(), !two, "{asked:?}");
            assert_eq!(claims["iss"].as_str().unwrap().ends_with("/v2.0"), two, "{asked:?}");
            assert_eq!(claims["tid"], tenant.id.to_string());
            assert_eq!(claims.get("wids"), None);
        }
    });
}

#[test]
fn every_refusal_has_its_code() {
    in_a_house(|house| async move {
        let tenant = house.tenant(TenantKind::Partner, "contoso").await;
        house.tenant(TenantKind::Customer, "fabrikam").await;
        let (app, secret) = house.app(&tenant, &[]).await;
        let client = app.app.to_string();
        let (wrong, empty) = (Secret::new("guessed"), Secret::new(""));
        let good = || request("contoso.example.test", &client, &secret);
        let v2 = |scope| TokenRequest { endpoint: Endpoint::V2, scope, ..good() };
        let nobody = "00000000-0000-0000-0000-000000000009";
        for (case, code, status, error) in [
            (TokenRequest { tenant: "adatum.example.test", ..good() }, 90_002, 400, "invalid_request"),
            (TokenRequest { tenant: nobody, ..good() }, 90_002, 400, "invalid_request"),
            (TokenRequest { tenant: "no such tenant", ..good() }, 900_023, 400, "invalid_request"),
            (TokenRequest { grant_type: None, ..good() }, 900_144, 400, "invalid_request"),
            (TokenRequest { grant_type: Some("password"), ..good() }, 70_003, 400, "unsupported_grant_type"),
            (TokenRequest { client_id: None, ..good() }, 900_144, 400, "invalid_request"),
            (TokenRequest { client_id: Some(""), ..good() }, 900_144, 400, "invalid_request"),
            (TokenRequest { client_id: Some(nobody), ..good() }, 700_016, 400, "unauthorized_client"),
            (TokenRequest { client_id: Some("panel"), ..good() }, 700_016, 400, "unauthorized_client"),
            (TokenRequest { client_id: Some(nobody), tenant: "common", ..good() }, 700_016, 400, "unauthorized_client"),
            (TokenRequest { tenant: "fabrikam.example.test", ..good() }, 700_016, 400, "unauthorized_client"),
            (TokenRequest { client_secret: None, ..good() }, 7_000_218, 401, "invalid_client"),
            (TokenRequest { client_secret: Some(&empty), ..good() }, 7_000_218, 401, "invalid_client"),
            (TokenRequest { client_secret: Some(&wrong), ..good() }, 7_000_215, 401, "invalid_client"),
            (TokenRequest { client_secret: None, client_assertion: true, ..good() }, 700_027, 401, "invalid_client"),
            (TokenRequest { resource: None, ..good() }, 900_144, 400, "invalid_request"),
            (TokenRequest { resource: Some("https://example.test"), ..good() }, 500_011, 400, "invalid_resource"),
            (v2(None), 900_144, 400, "invalid_request"),
            (v2(Some("User.Read")), 1_002_012, 400, "invalid_scope"),
            (v2(Some("https://a.test/.default https://b.test/.default")), 70_011, 400, "invalid_scope"),
            (v2(Some("https://example.test/.default")), 500_011, 400, "invalid_resource"),
        ] {
            let refusal = token_issue(&house.ctx, &house.db, &house.keys, &case).await.unwrap_err();
            let message = refusal.message();
            assert_eq!(
                (refusal.code(), refusal.status(), refusal.error()),
                (code, status, error),
                "{case:?}: {message}"
            );
            assert!(!format!("{refusal:?}{message}").contains("guessed"), "{case:?}");
        }
    });
}

#[test]
fn secrets_expire_on_the_worlds_clock_and_can_be_renewed_and_removed() {
    in_a_house(|house| async move {
        let tenant = house.tenant(TenantKind::Partner, "contoso").await;
        let (app, first) = house.app(&tenant, &[]).await;
        let client = app.app.to_string();
        let issue = async |secret: &Secret| {
            let issued = token_issue(&house.ctx, &house.db, &house.keys, &request("common", &client, secret)).await;
            issued.map(|_| ()).map_err(|refusal| refusal.code())
        };
        house.clock.advance_to(house.ctx.now().plus_seconds(SECRET_LIFETIME_SECONDS - 1));
        assert_eq!(issue(&first).await, Ok(()));
        house.clock.advance_to(house.ctx.now().plus_seconds(1));
        assert_eq!(issue(&first).await, Err(7_000_222));

        let mut tx = house.db.begin().await.unwrap();
        let (id, second) = secret_add(&house.ctx, &mut tx, tenant.id, app.app, 60).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!((issue(&first).await, issue(&second).await), (Err(7_000_222), Ok(())));

        let mut tx = house.db.begin().await.unwrap();
        secret_remove(&mut tx, tenant.id, id).await.unwrap();
        assert!(secret_remove(&mut tx, tenant.id, id).await.is_err());
        tx.commit().await.unwrap();
        assert_eq!(issue(&second).await, Err(7_000_215));
    });
}

#[test]
fn a_disabled_application_gets_nothing() {
    in_a_house(|house| async move {
        let tenant = house.tenant(TenantKind::Partner, "contoso").await;
        let (app, secret) = house.app(&tenant, &[]).await;
        let mut tx = house.db.begin().await.unwrap();
        application_disable(&house.ctx, &mut tx, tenant.id, app.app).await.unwrap();
        tx.commit().await.unwrap();
        let client = app.app.to_string();
        let refused = token_issue(&house.ctx, &house.db, &house.keys, &request("common", &client, &secret)).await;
        assert_eq!(refused.unwrap_err().code(), 7_000_112);
    });
}

