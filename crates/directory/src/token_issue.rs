//! Issuing access tokens to applications (client credentials).
//!
//! First the form of the request is checked, then who asks, then what for: a client that got a field's name wrong
//! learns that before it doubts its secret. Codes and texts: `refusal.rs`.

use crate::claims::Claims;
use crate::resource::Api;
use crate::rows::{self, Principal};
use crate::{Keys, OauthRefusal, roles, scope, secret, tenant_of_sign_in};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use tenantry_core::{AppId, OpContext, Secret, TenantId};
use tenantry_db::{Connection, Db};

/// How long a token lives, in seconds.
pub const TOKEN_LIFETIME_SECONDS: i64 = 3599;
/// Tokens count from a little before they are made, for servers whose clocks lag (directory.md 1.7).
const NOT_BEFORE_SECONDS: i64 = 300;

/// Which token endpoint was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Endpoint {
    /// `/{tenant}/oauth2/token`, with a `resource`.
    V1,
    /// `/{tenant}/oauth2/v2.0/token`, with a `scope`.
    V2,
}

/// The fields of a token request, as sent. An empty field counts as absent.
#[derive(Debug, Clone, Copy)]
pub struct TokenRequest<'a> {
    /// The endpoint.
    pub endpoint: Endpoint,
    /// The tenant of the path: GUID, domain, or `common` / `organizations` for the application's home tenant.
    pub tenant: &'a str,
    /// `client_credentials`.
    pub grant_type: Option<&'a str>,
    /// The application.
    pub client_id: Option<&'a str>,
    /// Its secret.
    pub client_secret: Option<&'a Secret>,
    /// Whether a certificate assertion came instead. No application has a certificate, so it is refused by name.
    pub client_assertion: bool,
    /// What for, at the version 1 endpoint.
    pub resource: Option<&'a str>,
    /// What for, at the version 2 endpoint.
    pub scope: Option<&'a str>,
}

/// A token and what the answer says about it. Times are in seconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuedToken {
    /// The JWT.
    pub access_token: Secret,
    /// Seconds it lives.
    pub expires_in: i64,
    /// Good until.
    pub expires_on: i64,
    /// Good from.
    pub not_before: i64,
    /// The resource as requested.
    pub resource: String,
}

/// Issues a token.
///
/// # Errors
/// The refusals of directory.md 1.8; [`OauthRefusal::Failed`] if the database fails.
pub async fn token_issue(
    ctx: &OpContext,
    db: &Db,
    keys: &Keys,
    request: &TokenRequest<'_>,
) -> Result<IssuedToken, OauthRefusal> {
    let asked_of = tenant_of_sign_in(db, request.tenant).await?.map(|tenant| tenant.id);
    let (client, resource) = form(request)?;
    let mut reader = db.reader().await?;
    let app = authenticate(ctx, &mut reader, request, client, asked_of).await?;
    let api = Api::find(&resource, keys.origin()).ok_or_else(|| OauthRefusal::ResourceUnknown {
        resource: resource.clone(),
        tenant: request.tenant.to_owned(),
    })?;
    let held = rows::roles_held(&mut reader, app.tenant, app.id).await?;
    let claims = claims(ctx, keys, &app, request.endpoint, api, &resource, roles::templates(&held));
    Ok(IssuedToken {
        access_token: keys.sign(&claims)?,
        expires_in: TOKEN_LIFETIME_SECONDS,
        expires_on: claims.exp,
        not_before: claims.nbf,
        resource,
    })
}

/// The client id and the resource of a well-formed request.
fn form<'a>(request: &TokenRequest<'a>) -> Result<(&'a str, String), OauthRefusal> {
    let grant = needed(request.grant_type, "grant_type")?;
    if grant != "client_credentials" {
        return Err(OauthRefusal::GrantUnsupported { grant: grant.to_owned() });
    }
    let client = needed(request.client_id, "client_id")?;
    let resource = match request.endpoint {
        Endpoint::V1 => needed(request.resource, "resource")?.to_owned(),
        Endpoint::V2 => scope::resource_of(needed(request.scope, "scope")?)?,
    };
    Ok((client, resource))
}

fn needed<'a>(value: Option<&'a str>, field: &'static str) -> Result<&'a str, OauthRefusal> {
    value.filter(|text| !text.is_empty()).ok_or(OauthRefusal::FieldMissing { field })
}

async fn authenticate(
    ctx: &OpContext,
    reader: &mut impl Connection,
    request: &TokenRequest<'_>,
    client: &str,
    asked_of: Option<TenantId>,
) -> Result<Principal, OauthRefusal> {
    let named = || client.to_owned();
    let unknown = || OauthRefusal::ApplicationUnknown { app: named(), tenant: request.tenant.to_owned() };
    let app = AppId::parse(client).map_err(|_| unknown())?;
    let tenant = match asked_of {
        Some(tenant) => tenant,
        None => rows::application_home(reader, app).await?.ok_or_else(unknown)?,
    };
    let principal = rows::principal_of(reader, tenant, app).await?.ok_or_else(unknown)?;
    let given = match request.client_secret {
        Some(secret) if !secret.reveal().is_empty() => secret::digest(secret),
        _ if request.client_assertion => return Err(OauthRefusal::AssertionUnknown { app: named() }),
        _ => return Err(OauthRefusal::SecretMissing),
    };
    let kept = rows::secrets_of(reader, app).await?;
    // All are compared, so that the time taken does not tell which one matched.
    let matching: Vec<_> = kept.iter().filter(|kept| secret::same(&kept.digest, &given)).collect();
    if matching.is_empty() {
        return Err(OauthRefusal::SecretWrong { app: named() });
    }
    if matching.iter().all(|kept| kept.expires_at <= ctx.now()) {
        return Err(OauthRefusal::SecretExpired { app: named() });
    }
    // Only after the secret: a stranger does not learn what is switched off.
    if principal.disabled {
        return Err(OauthRefusal::ApplicationDisabled { app: named() });
    }
    Ok(principal)
}

fn claims(
    ctx: &OpContext,
    keys: &Keys,
    app: &Principal,
    endpoint: Endpoint,
    api: Api,
    resource: &str,
    templates: Vec<&'static str>,
) -> Claims {
    const BY_SECRET: &str = "1";
    let now = ctx.now().seconds();
    let version_2 = endpoint == Endpoint::V2 && api.takes_version_2();
    let issuer = keys.issuer(&app.tenant.to_string(), if version_2 { Endpoint::V2 } else { Endpoint::V1 });
    let (one, two) = if version_2 { (None, Some(app.app)) } else { (Some(app.app), None) };
    Claims {
        aud: if version_2 { api.app_id().to_owned() } else { resource.to_owned() },
        iss: issuer.clone(),
        iat: now,
        nbf: now - NOT_BEFORE_SECONDS,
        exp: now + TOKEN_LIFETIME_SECONDS,
        appid: one.map(|app| app.to_string()),
        appidacr: one.map(|_| BY_SECRET.to_owned()),
        azp: two.map(|app| app.to_string()),
        azpacr: two.map(|_| BY_SECRET.to_owned()),
        idp: Some(issuer),
        idtyp: "app".to_owned(),
        oid: app.id.to_string(),
        sub: app.id.to_string(),
        tid: app.tenant.to_string(),
        uti: URL_SAFE_NO_PAD.encode(ctx.chance.bytes::<16>()),
        ver: if version_2 { "2.0" } else { "1.0" }.to_owned(),
        wids: templates.into_iter().map(str::to_owned).collect(),
    }
}

#[cfg(test)]
mod tests {
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

    #[tokio::test]
    async fn a_version_1_token_says_who_calls_whom() {
        let house = House::open().await;
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
    }

    #[tokio::test]
    async fn each_endpoint_and_resource_has_its_form() {
        let house = House::open().await;
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
    }

    #[tokio::test]
    async fn every_refusal_has_its_code() {
        let house = House::open().await;
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
    }

    #[tokio::test]
    async fn secrets_expire_on_the_worlds_clock_and_can_be_renewed_and_removed() {
        let house = House::open().await;
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
    }

    #[tokio::test]
    async fn a_disabled_application_gets_nothing() {
        let house = House::open().await;
        let tenant = house.tenant(TenantKind::Partner, "contoso").await;
        let (app, secret) = house.app(&tenant, &[]).await;
        let mut tx = house.db.begin().await.unwrap();
        application_disable(&house.ctx, &mut tx, tenant.id, app.app).await.unwrap();
        tx.commit().await.unwrap();
        let client = app.app.to_string();
        let refused = token_issue(&house.ctx, &house.db, &house.keys, &request("common", &client, &secret)).await;
        assert_eq!(refused.unwrap_err().code(), 7_000_112);
    }
}
