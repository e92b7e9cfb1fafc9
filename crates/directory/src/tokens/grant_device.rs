//! What a device gets when it asks whether somebody let it in. The other half, the page, is in `device.rs`.
//!
//! Three spellings of the grant and two of the field are in use (directory.md 1.5); all are taken.

use super::request::needed_secret;
use super::rows::device::{self as rows, KeptDevice, State};
use super::token_issue::{Service, Wanted, is_public};
use super::{IssuedToken, OauthRefusal, refresh};
use crate::applications::secret;
use tenantry_core::TenantId;

/// A client that asks too often is told to wait so much longer each time, in seconds (RFC 8628 3.5).
const SLOWER_SECONDS: i64 = 5;

pub(crate) async fn issue(service: &Service<'_>, asked_of: Option<TenantId>) -> Result<IssuedToken, OauthRefusal> {
    let (ctx, db, request) = (service.ctx, service.db, service.request);
    let code = needed_secret(request.device_code.or(request.code), "device_code")?;
    let (known, shown) = service.client(asked_of, is_public).await?;
    let kept = rows::by_device(&mut db.reader().await?, &secret::digest(code)).await?;
    let kept = kept.filter(|kept| kept.app == known.application.app).ok_or(OauthRefusal::DeviceUnknown)?;
    if kept.expires_at <= ctx.now() {
        return Err(OauthRefusal::DeviceExpired { endpoint: request.endpoint });
    }
    let by = match &kept.state {
        State::Waiting => return Err(waiting(service, &kept).await),
        State::Refused => return Err(OauthRefusal::DeviceDeclined),
        State::Redeemed => return Err(OauthRefusal::CodeUsed),
        State::Allowed(by) => by,
    };
    let user = by.user(&mut db.reader().await?).await?;
    let asked = kept.asked.or_later(request.endpoint, request.resource, request.scope)?;
    let tenant = asked_of.or(kept.asked_of).unwrap_or(by.home);
    let ready = service.ready(Wanted { by, user, tenant, app: kept.app, shown, asked: &asked, nonce: None }).await?;
    let issued = service.issue(&ready).await?;
    let mut tx = db.begin().await?;
    if !rows::redeem(&mut tx, &kept.digest).await? {
        return Err(OauthRefusal::CodeUsed);
    }
    let refresh_token = if kept.asked.wants_refresh() {
        Some(refresh::begin(ctx, &mut tx, ctx.chance.guid(), (kept.app, shown, by), &asked).await?)
    } else {
        None
    };
    tx.commit().await?;
    Ok(IssuedToken { refresh_token, ..issued })
}

/// Nobody has decided. The pace is measured by the world's clock; a clock that has not moved at all, as in a sandbox
/// whose time stands still, says nothing about it.
async fn waiting(service: &Service<'_>, kept: &KeptDevice) -> OauthRefusal {
    let now = service.ctx.now();
    let too_fast = kept.polled_at.is_some_and(|at| at != now && now < at.plus_seconds(kept.interval_seconds));
    let interval = if too_fast { kept.interval_seconds + SLOWER_SECONDS } else { kept.interval_seconds };
    let noted = async {
        let mut tx = service.db.begin().await?;
        rows::polled(&mut tx, &kept.digest, interval, now).await?;
        tx.commit().await
    };
    match noted.await {
        Err(problem) => OauthRefusal::Failed(problem),
        Ok(()) if too_fast => OauthRefusal::DeviceTooFast,
        Ok(()) => OauthRefusal::DevicePending,
    }
}
