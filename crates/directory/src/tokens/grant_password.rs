//! The grant that hands a person's password to the application. Served only where the operator of the world says so
//! (`SignInRules::password_grant`): RFC 9700 2.4 forbids it, and old clients know nothing else.
//!
//! Whoever has a second factor or must change the password cannot sign in this way: there is no page to ask on.

use super::person::SignedInBy;
use super::request::{needed, needed_secret};
use super::scope::Asked;
use super::sign_in::checked;
use super::token_issue::{Service, Wanted, is_public};
use super::{IssuedToken, OauthRefusal, refresh};
use crate::people::{second_factor_of, sign_in_check};
use tenantry_core::TenantId;

pub(crate) async fn issue(service: &Service<'_>, asked_of: Option<TenantId>) -> Result<IssuedToken, OauthRefusal> {
    let (ctx, db, request) = (service.ctx, service.db, service.request);
    let name = needed(request.username, "username")?;
    let password = needed_secret(request.password, "password")?;
    let asked = Asked::read(request.endpoint, request.resource, request.scope)?;
    let (known, shown) = service.client(asked_of, is_public).await?;
    let user = checked(sign_in_check(ctx, db, None, name, password).await?)?;
    if user.password_change_due {
        return Err(OauthRefusal::PasswordExpired);
    }
    if second_factor_of(db, &user).await? {
        return Err(OauthRefusal::SecondFactorNeeded);
    }
    let by = SignedInBy::new(&user, false, ctx.now());
    let (tenant, app) = (asked_of.unwrap_or(by.home), known.application.app);
    let ready = service.ready(Wanted { by: &by, user, tenant, app, shown, asked: &asked, nonce: None }).await?;
    let issued = service.issue(&ready).await?;
    if !asked.wants_refresh() {
        return Ok(issued);
    }
    let mut tx = db.begin().await?;
    let refresh_token = refresh::begin(ctx, &mut tx, ctx.chance.guid(), (app, shown, &by), &asked).await?;
    tx.commit().await?;
    Ok(IssuedToken { refresh_token: Some(refresh_token), ..issued })
}
