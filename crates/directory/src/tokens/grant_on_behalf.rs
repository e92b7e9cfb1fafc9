//! On behalf of: a service that was called with a user's token asks for a token to call the next service, as the same
//! user. The token it shows must have been made for it; what the next one allows is what the user or an administrator
//! consented to for *this* service.
//!
//! Source: directory.md 1.5; RFC 7523.

use super::claims::Claims;
use super::person::SignedInBy;
use super::request::{needed, needed_secret};
use super::resource::Target;
use super::scope::Asked;
use super::token_issue::{Service, Wanted};
use super::token_verify::{check_issuer, check_times, home_of};
use super::{IssuedToken, OauthRefusal, refresh};
use crate::people::User;
use tenantry_core::{AppId, ObjectId, Problem, TenantId, Timestamp};

pub(crate) async fn issue(service: &Service<'_>, asked_of: Option<TenantId>) -> Result<IssuedToken, OauthRefusal> {
    let (ctx, db, request) = (service.ctx, service.db, service.request);
    let assertion = needed_secret(request.assertion, "assertion")?;
    if needed(request.requested_token_use, "requested_token_use")? != "on_behalf_of" {
        return Err(OauthRefusal::field("requested_token_use", "must be on_behalf_of"));
    }
    let asked = Asked::read(request.endpoint, request.resource, request.scope)?;
    let (known, shown) = service.client(asked_of, |_| false).await?;
    let app = known.application.app;
    let claims: Claims = service.keys.read_anywhere(db, assertion.reveal()).await.map_err(wrong)?;
    check_issuer(service.keys, &claims).map_err(wrong)?;
    check_times(ctx, &claims).map_err(wrong)?;
    if !claims.of_user() {
        return Err(refused("it is of an application, and nobody signed in there"));
    }
    check_audience(service, &claims, app).await?;
    let tenant = TenantId::parse(&claims.tid).map_err(|_| refused("it names no tenant"))?;
    if asked_of.is_some_and(|asked_of| asked_of != tenant) {
        return Err(refused("it is for another tenant"));
    }
    let (user, by) = person(service, &claims).await?;
    let ready = service.ready(Wanted { by: &by, user, tenant, app, shown, asked: &asked, nonce: None }).await?;
    let issued = service.issue(&ready).await?;
    if !asked.wants("offline_access") {
        return Ok(issued);
    }
    let mut tx = db.begin().await?;
    let refresh_token = refresh::begin(ctx, &mut tx, ctx.chance.guid(), (app, shown, &by), &asked).await?;
    tx.commit().await?;
    Ok(IssuedToken { refresh_token: Some(refresh_token), ..issued })
}

fn refused(what: &str) -> OauthRefusal {
    OauthRefusal::AssertionOfUserWrong { what: what.to_owned() }
}

fn wrong(problem: Problem) -> OauthRefusal {
    refused(problem.message())
}

async fn check_audience(service: &Service<'_>, claims: &Claims, app: AppId) -> Result<(), OauthRefusal> {
    let target = Target::find(&mut service.db.reader().await?, &claims.aud, service.keys.origin()).await?;
    if target.is_some_and(|target| target.api == app) {
        return Ok(());
    }
    Err(OauthRefusal::AssertionOfUserAudience { audience: claims.aud.clone() })
}

/// The user of the token, and the sign-in behind it.
async fn person(service: &Service<'_>, claims: &Claims) -> Result<(User, SignedInBy), OauthRefusal> {
    let id = ObjectId::parse(&claims.oid).map_err(|_| refused("it names no user"))?;
    let home = home_of(service.keys, claims).ok_or_else(|| refused("it does not say where the user is from"))?;
    let by = SignedInBy {
        home,
        user: id,
        second_factor: claims.amr.iter().any(|method| method == "mfa"),
        signed_in_at: Timestamp::from_seconds(claims.iat),
        // Of the sign-in the token came from: what is made of the token ends with it.
        valid_from: claims.tokens_valid_from.map(Timestamp::from_micros).ok_or(OauthRefusal::GrantRevoked)?,
    };
    // Whether it still counts is asked in one place.
    let user = by.user(&mut service.db.reader().await?).await?;
    Ok((user, by))
}
