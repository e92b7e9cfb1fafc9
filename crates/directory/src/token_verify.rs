//! Checking the bearer token of a request.
//!
//! A good signature says that we made the token, not that it still counts: the application and its roles are
//! looked up each time, so that switching an application off or taking a role away acts at once.

use crate::claims::Claims;
use crate::resource::Api;
use crate::{Endpoint, Keys, rows};
use tenantry_core::Identity;
use tenantry_core::{AppId, OpContext, Problem, Reason, TenantId, Timestamp};
use tenantry_db::Db;

/// How far clocks may differ, in seconds.
const SKEW_SECONDS: i64 = 300;

/// Who sent the token. `audiences` are the APIs the face answers for, by any of their names.
///
/// # Errors
/// `TokenInvalid` (forged, not ours, or of an application that is gone), `TokenExpired`, `AudienceRefused`.
pub async fn token_verify(
    ctx: &OpContext,
    db: &Db,
    keys: &Keys,
    bearer: &str,
    audiences: &[&str],
) -> Result<Identity, Problem> {
    let claims = keys.verify(bearer)?;
    check_issuer(keys, &claims)?;
    check_times(ctx, &claims)?;
    check_audience(keys, &claims, audiences)?;
    let foreign = |what: &str| Problem::new(Reason::TokenInvalid, format!("the bearer token {what}; get a new one"));
    let tenant = TenantId::parse(&claims.tid).map_err(|_| foreign("names no tenant"))?;
    let app = claims.client().and_then(|client| AppId::parse(client).ok());
    let app = app.ok_or_else(|| foreign("names no application"))?;
    let mut reader = db.reader().await?;
    let principal = rows::principal_of(&mut reader, tenant, app).await?;
    let principal = principal.filter(|principal| principal.id.to_string() == claims.oid);
    let principal = principal.ok_or_else(|| foreign("is of an application that is not in its tenant any more"))?;
    if principal.disabled {
        let message = format!("the application {} is disabled; ask an admin of its tenant", principal.app_name);
        return Err(Problem::new(Reason::TokenInvalid, message));
    }
    let roles = rows::roles_held(&mut reader, tenant, principal.id).await?;
    Ok(Identity::application(app, principal.id, (tenant, principal.tenant_kind), roles))
}

fn check_issuer(keys: &Keys, claims: &Claims) -> Result<(), Problem> {
    let ours = [Endpoint::V1, Endpoint::V2].map(|version| keys.issuer(&claims.tid, version));
    if ours.contains(&claims.iss) {
        return Ok(());
    }
    let message =
        format!("the bearer token was issued as {}, but this server is {}; get a new one", claims.iss, ours[0]);
    Err(Problem::new(Reason::TokenInvalid, message))
}

fn check_times(ctx: &OpContext, claims: &Claims) -> Result<(), Problem> {
    let (now, at) = (ctx.now().seconds(), |seconds| Timestamp::from_seconds(seconds));
    if now >= claims.exp.saturating_add(SKEW_SECONDS) {
        let message = format!("the bearer token expired at {}; it is {} now; get a new one", at(claims.exp), at(now));
        return Err(Problem::new(Reason::TokenExpired, message));
    }
    if now < claims.nbf.saturating_sub(SKEW_SECONDS) {
        let message = format!("the bearer token counts from {}; it is {} now; get a new one", at(claims.nbf), at(now));
        return Err(Problem::new(Reason::TokenInvalid, message));
    }
    Ok(())
}

/// Two names of one API are one audience; a name we do not know is compared as it stands.
fn check_audience(keys: &Keys, claims: &Claims, audiences: &[&str]) -> Result<(), Problem> {
    let api = Api::find(&claims.aud, keys.origin());
    let accepted = audiences.iter().any(|audience| match api {
        Some(api) => Api::find(audience, keys.origin()) == Some(api),
        None => *audience == claims.aud,
    });
    if accepted {
        return Ok(());
    }
    let message = format!(
        "the bearer token is for {}; this API takes tokens for {}; ask the token endpoint for one of these",
        claims.aud,
        audiences.join(", ")
    );
    Err(Problem::new(Reason::AudienceRefused, message))
}
