//! The token endpoint: which grant, who asks, and what for.
//!
//! First the form of the request is checked, then who asks, then what for: a client that got a field's name wrong
//! learns that before it doubts its secret. Codes and texts: `refusal.rs`. Each grant has its own file.

use super::client::{Known, Place, Shown, authenticate, known, remembered};
use super::granted::{self, Asking, granted, permitted};
use super::mint::{ForUser, Mint};
use super::person::{Acting, SignedInBy, acting};
use super::request::{given, needed};
use super::scope::{self, Asked};
use super::{Endpoint, IssuedToken, Keys, OauthRefusal, SignInRules, TokenRequest};
use super::{grant_code, grant_device, grant_on_behalf, grant_password, grant_refresh, weak_sign_in};
use crate::applications::{assignments_of, principal_ensure};
use crate::azure::azure_role_held;
use crate::people::User;
use crate::{is_open, tenant_of_sign_in};
use std::sync::Arc;
use tenantry_core::{AppId, OpContext, TenantId};
use tenantry_db::Db;

/// Issues tokens.
///
/// # Errors
/// The refusals of directory.md 1.8; [`OauthRefusal::Failed`] if the database fails.
pub async fn token_issue(
    ctx: &OpContext,
    db: &Db,
    keys: &Keys,
    rules: &SignInRules,
    request: &TokenRequest<'_>,
) -> Result<IssuedToken, OauthRefusal> {
    let service = Service { ctx, db, keys, request };
    // A tenant that is named by its id, or not at all, needs no look-up to be known again.
    let named = TenantId::parse(request.tenant).ok();
    if (named.is_some() || is_open(request.tenant))
        && let Some(known) = service.seen_before(named)
    {
        return service.client_credentials(known, Shown::Secret).await;
    }
    let asked_of = tenant_of_sign_in(db, request.tenant).await?.map(|tenant| tenant.id);
    if let Some(known) = service.seen_before(asked_of) {
        return service.client_credentials(known, Shown::Secret).await;
    }
    match needed(request.grant_type, "grant_type")? {
        "client_credentials" => {
            let client = needed(request.client_id, "client_id")?;
            service.resource()?;
            let known = service.known(client, asked_of).await?;
            let shown = authenticate(ctx, db, keys, request, &known, false).await?;
            service.client_credentials(known, shown).await
        }
        "authorization_code" => grant_code::issue(&service, asked_of).await,
        "refresh_token" => grant_refresh::issue(&service, asked_of).await,
        "urn:ietf:params:oauth:grant-type:device_code" | "device_code" => grant_device::issue(&service, asked_of).await,
        "urn:ietf:params:oauth:grant-type:jwt-bearer" => grant_on_behalf::issue(&service, asked_of).await,
        "password" if rules.password_grant => grant_password::issue(&service, asked_of).await,
        other => Err(OauthRefusal::GrantUnsupported { grant: other.to_owned() }),
    }
}

/// One request to the token service.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Service<'a> {
    pub(crate) ctx: &'a OpContext,
    pub(crate) db: &'a Db,
    pub(crate) keys: &'a Keys,
    pub(crate) request: &'a TokenRequest<'a>,
}

/// A user's sign-in that was found good, and what is wanted with it.
#[derive(Debug)]
pub(crate) struct Wanted<'a> {
    pub(crate) by: &'a SignedInBy,
    pub(crate) user: User,
    /// The tenant the tokens are for.
    pub(crate) tenant: TenantId,
    pub(crate) app: AppId,
    pub(crate) shown: Shown,
    pub(crate) asked: &'a Asked,
    pub(crate) nonce: Option<&'a str>,
}

/// What it came to: everything about the tokens is known, and nothing is written yet.
#[derive(Debug)]
pub(crate) struct Ready<'a> {
    wanted: Wanted<'a>,
    acting: Acting,
    target: super::resource::Target,
    granted: Vec<String>,
}

impl<'a> Service<'a> {
    /// A client that showed its secret here before and asks for itself: the common case, without a query.
    fn seen_before(&self, asked_of: Option<TenantId>) -> Option<Arc<Known>> {
        let request = self.request;
        if request.grant_type != Some("client_credentials") || self.resource().is_err() {
            return None;
        }
        let known = remembered(self.ctx, self.db, self.keys, request, (asked_of, given(request.client_id)?))?;
        known.place.as_ref().is_some_and(|place| !place.disabled).then_some(known)
    }

    /// The resource an application asks for, for itself.
    fn resource(&self) -> Result<String, OauthRefusal> {
        match self.request.endpoint {
            Endpoint::V1 => needed(self.request.resource, "resource").map(str::to_owned),
            Endpoint::V2 => scope::resource_of(needed(self.request.scope, "scope")?),
        }
    }

    pub(crate) fn application_unknown(&self, client: impl ToString) -> OauthRefusal {
        OauthRefusal::ApplicationUnknown { app: client.to_string(), tenant: self.request.tenant.to_owned() }
    }

    /// The application that asks.
    pub(crate) async fn known(&self, client: &str, asked_of: Option<TenantId>) -> Result<Arc<Known>, OauthRefusal> {
        let unknown = || self.application_unknown(client);
        let app = AppId::parse(client).map_err(|_| unknown())?;
        known(self.ctx, self.db, self.keys, asked_of, app).await?.ok_or_else(unknown)
    }

    /// The application, which may be a public client, and how it showed who it is.
    pub(crate) async fn client(
        &self,
        asked_of: Option<TenantId>,
        may_be_public: impl FnOnce(&Known) -> bool,
    ) -> Result<(Arc<Known>, Shown), OauthRefusal> {
        let known = self.known(needed(self.request.client_id, "client_id")?, asked_of).await?;
        let public = may_be_public(&known);
        let shown = authenticate(self.ctx, self.db, self.keys, self.request, &known, public).await?;
        Ok((known, shown))
    }

    async fn client_credentials(&self, known: Arc<Known>, shown: Shown) -> Result<IssuedToken, OauthRefusal> {
        let (ctx, db, keys) = (self.ctx, self.db, self.keys);
        let (app, tenant) = (known.application.app, known.tenant);
        if tenant != known.application.tenant && !known.application.multi_tenant {
            return Err(self.application_unknown(app));
        }
        let resource = self.resource()?;
        let target = match super::resource::Target::known(&resource, keys.origin())? {
            Some(target) => target,
            None => granted::target(&mut db.reader().await?, keys, Some(&resource), self.request.tenant).await?,
        };
        let permitted = permitted(ctx, db, keys, (tenant, app, target.api)).await?;
        let mint = Mint { ctx, keys, endpoint: self.request.endpoint, app, shown };
        let permissions = permitted.permissions.iter().cloned().collect();
        if let Some(place) = &known.place {
            let foreign = tenant != known.application.tenant;
            if foreign && permitted.permissions.is_empty() && !self.holds_anything(&known, place).await? {
                return Err(OauthRefusal::ConsentMissing { app: app.to_string(), wanted: resource });
            }
            return Ok(mint.for_application((place.principal, &place.acting), &target, permissions)?);
        }
        // Pre-consented and here for the first time.
        if !permitted.known || permitted.permissions.is_empty() {
            return Err(self.application_unknown(app));
        }
        let principal = principal_ensure(ctx, db, tenant, &known.application).await?;
        let acting = acting(&mut db.reader().await?, (tenant, principal), tenant, ctx.now()).await?;
        let acting = acting.ok_or_else(|| self.application_unknown(app))?;
        Ok(mint.for_application((principal, &acting), &target, permissions)?)
    }

    /// Whether a tenant gave a stranger's application anything to hold for itself. Somebody of the tenant may have let it
    /// in to act for them; that makes it no member that signs in alone.
    async fn holds_anything(&self, known: &Known, place: &Place) -> Result<bool, OauthRefusal> {
        let (tenant, app, acting) = (known.tenant, known.application.app, &place.acting);
        if !acting.directory_roles.is_empty() || !acting.roles.is_empty() || !acting.groups.is_empty() {
            return Ok(true);
        }
        let mut reader = self.db.reader().await?;
        if !assignments_of(&mut reader, tenant, place.principal).await?.is_empty()
            || azure_role_held(&mut reader, tenant, place.principal).await?
        {
            return Ok(true);
        }
        drop(reader);
        for required in &known.application.required_access {
            let pre_consented = permitted(self.ctx, self.db, self.keys, (tenant, app, required.api)).await?;
            if !pre_consented.permissions.is_empty() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Finds out whether a user may have what is wanted.
    pub(crate) async fn ready<'w>(&self, wanted: Wanted<'w>) -> Result<Ready<'w>, OauthRefusal> {
        let (ctx, keys, tenant_text) = (self.ctx, self.keys, self.request.tenant);
        let mut reader = self.db.reader().await?;
        let user = &wanted.user;
        let acting = acting(&mut reader, (user.tenant, user.id), wanted.tenant, ctx.now()).await?;
        let acting = acting
            .ok_or_else(|| OauthRefusal::UserUnknown { user: user.name.clone(), tenant: tenant_text.to_owned() })?;
        let target = granted::target(&mut reader, keys, wanted.asked.resource.as_deref(), tenant_text).await?;
        let asking = Asking { tenant: wanted.tenant, tenant_text, app: wanted.app, user: user.id };
        let granted = granted(ctx, &mut reader, asking, &target, wanted.asked).await?;
        Ok(Ready { wanted, acting, target, granted })
    }

    /// Writes the tokens. Call it outside of a transaction: it may be one itself.
    pub(crate) async fn issue(&self, ready: &Ready<'_>) -> Result<IssuedToken, OauthRefusal> {
        let Ready { wanted, acting, target, granted } = ready;
        weak_sign_in::note(self.ctx, self.db, wanted.by).await?;
        let mint = Mint {
            ctx: self.ctx,
            keys: self.keys,
            endpoint: self.request.endpoint,
            app: wanted.app,
            shown: wanted.shown,
        };
        Ok(mint.for_user(ForUser {
            by: wanted.by,
            user: &wanted.user,
            acting,
            target,
            asked: wanted.asked,
            granted,
            nonce: wanted.nonce,
            client_info: self.request.client_info,
        })?)
    }
}

/// Whether the application may come without a proof of who it is: a program on somebody's desk has no secret.
pub(crate) fn is_public(known: &Known) -> bool {
    known.application.public_client || !known.application.public_reply_urls.is_empty()
}
