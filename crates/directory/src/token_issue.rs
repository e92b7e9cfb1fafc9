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
