//! Redeeming an authorization code: once, within ten minutes, by the application it was made for, with the redirect
//! address it was sent to and the verifier of its challenge.
//!
//! A code that comes twice was seen by somebody else. It gives nothing, and what it gave before is taken back
//! (RFC 9700 4.5).

use super::client::Shown;
use super::redirect_uri;
use super::request::{needed, needed_secret};
use super::rows::code as rows;
use super::token_issue::{Service, Wanted};
use super::{IssuedToken, OauthRefusal, pkce, refresh};
use crate::applications::secret;
use tenantry_core::TenantId;

pub(crate) async fn issue(service: &Service<'_>, asked_of: Option<TenantId>) -> Result<IssuedToken, OauthRefusal> {
    let (ctx, db, request) = (service.ctx, service.db, service.request);
    let code = needed_secret(request.code, "code")?;
    let redirect = needed(request.redirect_uri, "redirect_uri")?;
    let may_be_public = |known: &super::client::Known| {
        known.application.public_client || redirect_uri::is_public(&known.application, redirect)
    };
    let (known, shown) = service.client(asked_of, may_be_public).await?;
    let digest = secret::digest(code);
    let mut reader = db.reader().await?;
    let kept = rows::find(&mut reader, &digest).await?.filter(|kept| kept.app == known.application.app);
    let kept = kept.ok_or(OauthRefusal::GrantUnknown { field: "code" })?;
    if kept.redeemed_at.is_some() {
        drop(reader);
        return Err(used_twice(service, &digest).await);
    }
    if kept.expires_at <= ctx.now() {
        return Err(OauthRefusal::CodeExpired);
    }
    if kept.redirect_uri != redirect {
        return Err(OauthRefusal::RedirectDiffers);
    }
    pkce::check(kept.challenge.as_ref(), request.code_verifier)?;
    if shown == Shown::Nothing && kept.challenge.is_none() {
        return Err(OauthRefusal::ChallengeMissing);
    }
    let user = kept.by.user(&mut reader).await?;
    drop(reader);
    let asked = kept.asked.or_later(request.endpoint, request.resource, request.scope)?;
    let ready = service
        .ready(Wanted {
            by: &kept.by,
            user,
            tenant: asked_of.unwrap_or(kept.acted_in),
            app: kept.app,
            shown,
            asked: &asked,
            nonce: kept.nonce.as_deref(),
        })
        .await?;
    let issued = service.issue(&ready).await?;
    let wants_refresh = kept.asked.wants_refresh();
    let family = wants_refresh.then(|| ctx.chance.guid());
    let mut tx = db.begin().await?;
    if !rows::redeem(&mut tx, &digest, family, ctx.now()).await? {
        drop(tx);
        return Err(used_twice(service, &digest).await);
    }
    let refresh_token = match family {
        Some(family) => Some(refresh::begin(ctx, &mut tx, family, (kept.app, shown, &kept.by), &asked).await?),
        None => None,
    };
    tx.commit().await?;
    Ok(IssuedToken { refresh_token, ..issued })
}

async fn used_twice(service: &Service<'_>, digest: &str) -> OauthRefusal {
    let found = async { rows::find(&mut service.db.reader().await?, digest).await };
    match found.await {
        Ok(kept) => match kept.and_then(|kept| kept.family) {
            Some(family) => refresh::revoke(service.ctx, service.db, family, OauthRefusal::CodeUsed).await,
            None => OauthRefusal::CodeUsed,
        },
        Err(problem) => OauthRefusal::Failed(problem),
    }
}
