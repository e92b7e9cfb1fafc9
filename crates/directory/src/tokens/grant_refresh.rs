//! Redeeming a refresh token, for the same resource or another one, in the user's own tenant or in one where a partner's
//! user has delegated administration (directory.md 1.6). When it counts: `family.rs`.

use super::client::Shown;
use super::family::{Bad, judge};
use super::request::needed_secret;
use super::rows::family as rows;
use super::token_issue::{Service, Wanted, is_public};
use super::{IssuedToken, OauthRefusal, refresh};
use crate::applications::secret;
use tenantry_core::TenantId;
use uuid::Uuid;

pub(crate) async fn issue(service: &Service<'_>, asked_of: Option<TenantId>) -> Result<IssuedToken, OauthRefusal> {
    let (ctx, db, request) = (service.ctx, service.db, service.request);
    let token = needed_secret(request.refresh_token, "refresh_token")?;
    let (known, shown) = service.client(asked_of, is_public).await?;
    let digest = secret::digest(token);
    let mut reader = db.reader().await?;
    let kept = rows::find(&mut reader, &digest).await?.filter(|kept| kept.app == known.application.app);
    let kept = kept.ok_or(OauthRefusal::GrantUnknown { field: "refresh_token" })?;
    if kept.state.client_proven && shown == Shown::Nothing {
        return Err(OauthRefusal::SecretMissing);
    }
    if let Err(bad) = judge(kept.state, ctx.now()) {
        drop(reader);
        return Err(refuse(service, kept.family, bad).await);
    }
    let user = kept.by.user(&mut reader).await?;
    drop(reader);
    let asked = kept.asked.or_later(request.endpoint, request.resource, request.scope)?;
    let tenant = asked_of.unwrap_or(kept.by.home);
    let wanted = Wanted { by: &kept.by, user, tenant, app: kept.app, shown, asked: &asked, nonce: None };
    let ready = service.ready(wanted).await?;
    let issued = service.issue(&ready).await?;
    let mut tx = db.begin().await?;
    rows::lock(&mut tx, kept.family).await?;
    // Judged again with nobody beside us.
    let now = rows::find(&mut tx, &digest).await?.ok_or(OauthRefusal::GrantUnknown { field: "refresh_token" })?;
    if let Err(bad) = judge(now.state, ctx.now()) {
        drop(tx);
        return Err(refuse(service, kept.family, bad).await);
    }
    if !rows::redeem(&mut tx, &digest, kept.family, ctx.now()).await? {
        return Err(OauthRefusal::GrantRevoked);
    }
    let next = refresh::next(ctx, &mut tx, (kept.family, Some(&digest)), &asked).await?;
    tx.commit().await?;
    Ok(IssuedToken { refresh_token: Some(next), ..issued })
}

/// Refuses a token that does not count; a stolen one takes its family along.
async fn refuse(service: &Service<'_>, family: Uuid, bad: Bad) -> OauthRefusal {
    match bad {
        Bad::Refused(refusal) => refusal,
        Bad::Stolen => refresh::revoke(service.ctx, service.db, family, OauthRefusal::GrantRevoked).await,
    }
}
