//! Checking the bearer token of a request.
//!
//! A good signature says that we made the token, not that it still counts. So who sends it is looked up: whether the
//! application and the user are there and switched on, and what they hold. What is taken away is gone at once.
//!
//! Looking up costs a dozen queries, so the answer is remembered, by the SHA-256 of the token, with the access epoch
//! read before the look-up. A token that was seen before costs one hash and no query, until somebody changes who may do
//! what. Times and audience are compared each time; roles that end by themselves limit how long the answer is kept.

use super::claims::Claims;
use super::granted::SIGN_IN_SCOPES;
use super::person::acting;
use super::resource::Api;
use super::{Endpoint, Keys, client};
use crate::applications::{Consent, consent_of};
use crate::people::user_by_id;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::sync::Arc;
use tenantry_core::context::SignedInUser;
use tenantry_core::{AppId, Identity, ObjectId, OpContext, Problem, Reason, TenantId, Timestamp};
use tenantry_db::{Connection, Db};

/// How far clocks may differ, in seconds.
const SKEW_SECONDS: i64 = 300;

/// A token whose signature is good, and who sends it.
#[derive(Debug)]
pub(crate) struct Verified {
    epoch: u64,
    claims: Claims,
    identity: Identity,
    /// When something of the identity ends by itself.
    changes_at: Option<Timestamp>,
}

/// Who sent the token. `audiences` are the APIs the face answers for, by any of their names.
///
/// # Errors
/// `TokenInvalid` (forged, not ours, or of an application or user that is gone), `TokenExpired`, `AudienceRefused`.
pub async fn token_verify(
    ctx: &OpContext,
    db: &Db,
    keys: &Keys,
    bearer: &str,
    audiences: &[&str],
) -> Result<Identity, Problem> {
    let name: [u8; 32] = Sha256::digest(bearer).into();
    // Before anything is looked up: see `Db::access_epoch`.
    let epoch = db.access_epoch();
    let remembered = keys.verified.get(&name);
    let fresh =
        |verified: &Arc<Verified>| verified.epoch == epoch && verified.changes_at.is_none_or(|at| ctx.now() < at);
    if let Some(verified) = remembered.filter(fresh) {
        check(ctx, keys, &verified.claims, audiences)?;
        return Ok(verified.identity.clone());
    }
    let claims: Claims = keys.read_anywhere(db, bearer).await?;
    check(ctx, keys, &claims, audiences)?;
    let (identity, changes_at) = identity(ctx, db, keys, &claims).await?;
    keys.verified.put(name, Arc::new(Verified { epoch, claims, identity: identity.clone(), changes_at }));
    Ok(identity)
}

fn check(ctx: &OpContext, keys: &Keys, claims: &Claims, audiences: &[&str]) -> Result<(), Problem> {
    check_issuer(keys, claims)?;
    check_times(ctx, claims)?;
    check_audience(keys, claims, audiences)
}

fn invalid(what: &str) -> Problem {
    Problem::new(Reason::TokenInvalid, format!("the bearer token {what}; get a new one"))
}

/// Looks up who sends it.
async fn identity(
    ctx: &OpContext,
    db: &Db,
    keys: &Keys,
    claims: &Claims,
) -> Result<(Identity, Option<Timestamp>), Problem> {
    let tenant = TenantId::parse(&claims.tid).map_err(|_| invalid("names no tenant"))?;
    let app = claims.client().and_then(|client| AppId::parse(client).ok());
    let app = app.ok_or_else(|| invalid("names no application"))?;
    let gone = || invalid("is of an application that is not in its tenant any more");
    let known = client::known(ctx, db, keys, Some(tenant), app).await?.ok_or_else(gone)?;
    if known.application.disabled || known.place.as_ref().is_some_and(|place| place.disabled) {
        let message = format!("the application {} is disabled; ask an admin of its tenant", known.application.name);
        return Err(Problem::new(Reason::TokenInvalid, message));
    }
    let mut reader = db.reader().await?;
    let api = Api::find(&claims.aud, keys.origin()).and_then(|api| AppId::parse(api.app_id()).ok());
    if claims.of_user() {
        return of_user(ctx, &mut reader, keys, claims, (tenant, app, api)).await;
    }
    let place = known.place.as_ref().ok_or_else(gone)?;
    if place.principal.to_string() != claims.oid {
        return Err(gone());
    }
    let consent = consent(ctx, &mut reader, (tenant, app, api), None).await?;
    let mut identity =
        Identity::application(app, place.principal, (tenant, place.acting.kind), place.acting.roles.iter().copied());
    identity.directory_roles.clone_from(&place.acting.directory_roles);
    identity.groups.clone_from(&place.acting.groups);
    identity.rights = consent.app_permissions;
    Ok((identity, None))
}

async fn of_user(
    ctx: &OpContext,
    on: &mut impl Connection,
    keys: &Keys,
    claims: &Claims,
    (tenant, app, api): (TenantId, AppId, Option<AppId>),
) -> Result<(Identity, Option<Timestamp>), Problem> {
    let user = ObjectId::parse(&claims.oid).map_err(|_| invalid("names no user"))?;
    let home = home_of(keys, claims).ok_or_else(|| invalid("does not say where its user is from"))?;
    let found = user_by_id(on, home, user).await?.filter(|user| user.deleted_at.is_none());
    let found = found.ok_or_else(|| invalid("is of a user that is not there any more"))?;
    if !found.enabled {
        return Err(Problem::new(Reason::TokenInvalid, "the user of the bearer token is disabled; ask an admin"));
    }
    if claims.tokens_valid_from != Some(found.tokens_valid_from.micros()) {
        return Err(invalid("was made before the user's sign-ins were revoked or the password was changed"));
    }
    let acting = acting(on, (home, user), tenant, ctx.now()).await?;
    let acting = acting.ok_or_else(|| invalid("is of a user that has no place in its tenant any more"))?;
    let consent = consent(ctx, on, (tenant, app, api), Some(user)).await?;
    if !consent.is_known() {
        return Err(invalid("is of an application that is not in its tenant any more"));
    }
    let changes_at = acting.changes_at();
    let second_factor = claims.amr.iter().any(|method| method == "mfa");
    let identity = Identity {
        app,
        principal: user,
        tenant,
        tenant_kind: acting.kind,
        roles: acting.roles,
        directory_roles: acting.directory_roles,
        groups: acting.groups,
        rights: still_granted(claims, &consent),
        user: Some(SignedInUser { name: found.name, home, second_factor }),
    };
    Ok((identity, changes_at))
}

/// The scopes of the token that somebody still consents to. A wider consent needs a new token.
fn still_granted(claims: &Claims, consent: &Consent) -> BTreeSet<String> {
    let scopes = claims.scp.as_deref().unwrap_or_default().split_whitespace();
    let counts = |scope: &&str| SIGN_IN_SCOPES.contains(scope) || consent.scopes.contains(*scope);
    scopes.filter(counts).map(str::to_owned).collect()
}

/// Consent at the API the token is for. At an API that is none of the world's own it is not ours to say.
async fn consent(
    ctx: &OpContext,
    on: &mut impl Connection,
    (tenant, app, api): (TenantId, AppId, Option<AppId>),
    user: Option<ObjectId>,
) -> Result<Consent, Problem> {
    match api {
        Some(api) => consent_of(on, tenant, app, user, api, ctx.now()).await,
        None => Ok(Consent::default()),
    }
}

/// The tenant the user of a token is from: that of its `idp`.
pub(crate) fn home_of(keys: &Keys, claims: &Claims) -> Option<TenantId> {
    let rest = claims.idp.as_deref()?.strip_prefix(keys.origin())?.strip_prefix('/')?;
    TenantId::parse(rest.split('/').next()?).ok()
}

pub(crate) fn check_issuer(keys: &Keys, claims: &Claims) -> Result<(), Problem> {
    let ours = [Endpoint::V1, Endpoint::V2].map(|version| keys.issuer(&claims.tid, version));
    if ours.contains(&claims.iss) {
        return Ok(());
    }
    let message =
        format!("the bearer token was issued as {}, but this server is {}; get a new one", claims.iss, ours[0]);
    Err(Problem::new(Reason::TokenInvalid, message))
}

pub(crate) fn check_times(ctx: &OpContext, claims: &Claims) -> Result<(), Problem> {
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
