//! What stands in a token: header and claims at each endpoint, for each API.

use crate::house::{in_a_house, request};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use tenantry_core::{Role, Secret};
use tenantry_directory::{Endpoint, PARTNER_CENTER, SignInRules, TokenRequest, token_issue};
use tenantry_testkit::ORIGIN;

const GRAPH: &str = "https://graph.windows.net";

fn part(token: &Secret, index: usize) -> Value {
    let part = token.reveal().split('.').nth(index).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

#[test]
fn a_version_1_token_says_who_calls_whom() {
    in_a_house(|house| async move {
        let app = house.partner_app("contoso", &[Role::AdminAgent, Role::GlobalAdmin]).await;
        let (client, principal, tenant) =
            (app.made.app.to_string(), app.made.principal.to_string(), app.tenant.id.to_string());
        let asked = TokenRequest { resource: Some(GRAPH), ..request("Contoso.example.test", &client, &app.secret) };
        let issued = token_issue(&house.ctx, &house.db, &house.keys, &SignInRules::default(), &asked).await.unwrap();
        let now = house.ctx.now().seconds();
        assert_eq!((issued.expires_in, issued.expires_on, issued.not_before), (3599, now + 3599, now - 300));
        assert_eq!(issued.resource, GRAPH);

        let kid = house.keys.jwks("")[0].kid.clone();
        assert_eq!(part(&issued.access_token, 0), json!({"typ": "JWT", "alg": "RS256", "kid": kid, "x5t": kid}));
        let mut claims = part(&issued.access_token, 1);
        assert_eq!(claims["uti"].take().as_str().unwrap().len(), 22);
        let issuer = format!("{ORIGIN}/{tenant}/");
        assert_eq!(
            claims,
            json!({
                "aud": GRAPH, "iss": issuer, "idp": issuer, "iat": now, "nbf": now - 300, "exp": now + 3599,
                "appid": client, "appidacr": "1", "idtyp": "app", "oid": principal,
                "roles": [
                    "Directory.Read.All", "Directory.ReadWrite.All", "Domain.ReadWrite.All", "Group.ReadWrite.All",
                    "User.ReadWrite.All",
                ],
                "sub": principal, "tid": tenant, "uti": null, "ver": "1.0",
                "wids": ["62e90394-69f5-4237-9190-012177145e10"],
            })
        );
    });
}

#[test]
fn each_endpoint_and_resource_has_its_form() {
    in_a_house(|house| async move {
        let app = house.partner_app("contoso", &[]).await;
        let (client, own) = (app.made.app.to_string(), "7e4a4719-0000-0000-c000-000000000000");
        for (endpoint, asked, aud, ver) in [
            (Endpoint::V1, GRAPH, GRAPH, "1.0"),
            (Endpoint::V1, "https://graph.windows.net/", "https://graph.windows.net/", "1.0"),
            (Endpoint::V1, "https://localhost:8443", "https://localhost:8443", "1.0"),
            (Endpoint::V2, "https://graph.windows.net/.default", GRAPH, "1.0"),
            (Endpoint::V2, "https://management.azure.com//.default", "https://management.azure.com/", "1.0"),
            (Endpoint::V2, "https://api.partnercenter.microsoft.com/.default openid", PARTNER_CENTER, "1.0"),
            (Endpoint::V2, "https://localhost:8443/.default", own, "2.0"),
            (Endpoint::V2, "https://localhost/.default", own, "2.0"),
        ] {
            // `common` means the tenant the application was registered in.
            let asked = TokenRequest {
                endpoint,
                resource: (endpoint == Endpoint::V1).then_some(asked),
                scope: (endpoint == Endpoint::V2).then_some(asked),
                ..request("common", &client, &app.secret)
            };
            let issued =
                token_issue(&house.ctx, &house.db, &house.keys, &SignInRules::default(), &asked).await.unwrap();
            let claims = part(&issued.access_token, 1);
            assert_eq!((claims["aud"].as_str(), claims["ver"].as_str()), (Some(aud), Some(ver)), "{asked:?}");
            let two = ver == "2.0";
            assert_eq!(claims.get("azp").is_some(), two, "{asked:?}");
            assert_eq!(claims.get("appid").is_some(), !two, "{asked:?}");
            assert_eq!(claims["iss"].as_str().unwrap().ends_with("/v2.0"), two, "{asked:?}");
            assert_eq!(claims["tid"], app.tenant.id.to_string());
            assert_eq!(claims.get("wids"), None);
        }
    });
}
