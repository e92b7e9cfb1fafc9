//! Consenting: to scopes, by a user or an admin, and to all that an application is configured with, by an admin.
//!
//! A user consents alone only to what the API leaves to users, and only for themselves. Sign-in, where the user was
//! just asked on a page, calls [`asked_write`] after checks of its own.
//!
//! Source: directory.md part 4.

use super::consent_keep::{member_ensure, permissions_keep, scopes_keep};
use super::consent_of::{PublishedApi, published};
use super::guard::{may, may_empower};
use super::permission_grants::published_all;
use super::rows::application as rows;
use super::secret_add::unknown;
use super::{AccessKind, Application, GivenTo};
use std::collections::{BTreeMap, BTreeSet};
use tenantry_access::ConsentManage;
use tenantry_core::{AppId, Caller, ObjectId, OpContext, Problem, Reason, TenantId};
use tenantry_db::{Connection, Db, Tx, audit};
use uuid::Uuid;

/// Permissions, by the API they are of.
type ByApi<T> = BTreeMap<AppId, BTreeSet<T>>;

/// Who consents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConsentBy {
    /// An admin, for everybody in the tenant.
    Admin,
    /// A user of the tenant, alone.
    User(ObjectId),
}

/// Consents to scopes of an API for an application. It becomes a member of the tenant if it is not one.
///
/// # Errors
/// `ApplicationNotFound` if there is none this tenant can have; `InvalidField` for scopes the API does not publish;
/// `Forbidden` for a scope that only an admin can give, or somebody else's consent.
pub async fn consent_give(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    app: AppId,
    by: ConsentBy,
    api: AppId,
    scopes: &BTreeSet<String>,
) -> Result<(), Problem> {
    let line = audit::open(ctx, db, "consent-give", &app.to_string()).await?;
    let outcome = give(ctx, db, tenant, app, (by, api, scopes)).await;
    line.close(ctx, db, outcome).await
}

async fn give(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    app: AppId,
    (by, api, scopes): (ConsentBy, AppId, &BTreeSet<String>),
) -> Result<(), Problem> {
    match by {
        ConsentBy::Admin => may::<ConsentManage>(ctx, tenant)?,
        ConsentBy::User(user) => for_oneself(ctx, tenant, user)?,
    }
    let mut tx = db.begin().await?;
    let application = usable(&mut tx, tenant, app).await?;
    consent_write(ctx, &mut tx, tenant, &application, by, api, scopes).await?;
    tx.commit().await
}

/// Consents, as an admin, to all that the application is configured with: scopes for everybody, and permissions of its
/// own. What an API does not publish is left out.
///
/// # Errors
/// `ApplicationNotFound` if there is none this tenant can have; `Forbidden` for permissions of its own at the directory
/// without the right to make administrators.
pub async fn consent_give_configured(ctx: &OpContext, db: &Db, tenant: TenantId, app: AppId) -> Result<(), Problem> {
    let line = audit::open(ctx, db, "consent-give-configured", &app.to_string()).await?;
    let outcome = give_configured(ctx, db, tenant, app).await;
    line.close(ctx, db, outcome).await
}

async fn give_configured(ctx: &OpContext, db: &Db, tenant: TenantId, app: AppId) -> Result<(), Problem> {
    may::<ConsentManage>(ctx, tenant)?;
    let mut tx = db.begin().await?;
    let application = usable(&mut tx, tenant, app).await?;
    for required in &application.required_access {
        if required.access.iter().any(|(_, kind)| *kind == AccessKind::Role) {
            may_empower(ctx, tenant, required.api)?;
        }
    }
    configured_write(ctx, &mut tx, tenant, &application).await?;
    tx.commit().await
}

fn for_oneself(ctx: &OpContext, tenant: TenantId, user: ObjectId) -> Result<(), Problem> {
    let oneself = match &ctx.caller {
        Caller::System(_) => true,
        Caller::SignedIn(identity) => {
            identity.principal == user
                && identity.tenant == tenant
                && identity.user.as_ref().is_some_and(|signed_in| signed_in.home == tenant)
        }
        Caller::Nobody => false,
    };
    if oneself {
        return Ok(());
    }
    Err(Problem::new(Reason::Forbidden, "a user consents for themselves only; an admin consents for everybody"))
}

/// An application that the tenant can have: its own, or a multi-tenant one.
///
/// # Errors
/// `ApplicationNotFound`.
pub(crate) async fn usable(on: &mut impl Connection, tenant: TenantId, app: AppId) -> Result<Application, Problem> {
    let found = rows::by_app(on, app).await?;
    let found = found.filter(|found| found.deleted_at.is_none() && (found.tenant == tenant || found.multi_tenant));
    found.ok_or_else(|| unknown(app))
}

/// Writes consent to scopes down. The caller has asked who may.
///
/// # Errors
/// `ObjectNotFound` for an API that is not in the tenant; `InvalidField` for scopes it does not publish;
/// `Forbidden` for a user's consent to what is an admin's to give.
pub(crate) async fn consent_write(
    ctx: &OpContext,
    tx: &mut Tx,
    tenant: TenantId,
    application: &Application,
    by: ConsentBy,
    api: AppId,
    scopes: &BTreeSet<String>,
) -> Result<(), Problem> {
    let api = published(tx, tenant, api).await?.ok_or_else(|| {
        Problem::new(Reason::ObjectNotFound, format!("there is no API {api} in this tenant; check its client id"))
    })?;
    published_all(&api, scopes)?;
    let given_to = match by {
        ConsentBy::Admin => GivenTo::Everybody,
        ConsentBy::User(user) => {
            left_to_users(&api, scopes)?;
            GivenTo::User(user)
        }
    };
    let client = member_ensure(ctx, tx, tenant, application).await?;
    scopes_keep(ctx, tx, (tenant, client), api.app, given_to, scopes.clone()).await?;
    tx.changes_access();
    Ok(())
}

fn left_to_users(api: &PublishedApi, scopes: &BTreeSet<String>) -> Result<(), Problem> {
    let admins = api.of_kind(AccessKind::Scope).find(|scope| !scope.users_may && scopes.contains(&scope.name));
    match admins {
        None => Ok(()),
        Some(scope) => {
            let message = format!("only an admin can consent to {}; ask one of your tenant", scope.name);
            Err(Problem::new(Reason::Forbidden, message))
        }
    }
}

/// Writes consent down to exactly these scopes and permissions of the application's own. The caller has asked who may.
///
/// # Errors
/// As [`consent_write`]; `Forbidden` for permissions of its own that are not given by an admin.
pub(crate) async fn asked_write(
    ctx: &OpContext,
    tx: &mut Tx,
    (tenant, application): (TenantId, &Application),
    by: ConsentBy,
    (scopes, roles): (&ByApi<String>, &ByApi<Uuid>),
) -> Result<(), Problem> {
    if by != ConsentBy::Admin && !roles.is_empty() {
        let message = "only an admin can consent to what an application does by itself; ask one of your tenant";
        return Err(Problem::new(Reason::Forbidden, message));
    }
    let client = member_ensure(ctx, tx, tenant, application).await?;
    for (api, scopes) in scopes {
        consent_write(ctx, tx, tenant, application, by, *api, scopes).await?;
    }
    for (api, roles) in roles {
        permissions_keep(ctx, tx, (tenant, client), *api, roles.iter().copied()).await?;
    }
    tx.changes_access();
    Ok(())
}

/// Writes an admin's consent to all that is configured down. The caller has asked who may.
///
/// # Errors
/// Those of the database.
async fn configured_write(
    ctx: &OpContext,
    tx: &mut Tx,
    tenant: TenantId,
    application: &Application,
) -> Result<(), Problem> {
    let client = (tenant, member_ensure(ctx, tx, tenant, application).await?);
    for required in &application.required_access {
        let Some(api) = published(tx, tenant, required.api).await? else { continue };
        let scopes = api.wanted(application, AccessKind::Scope);
        scopes_keep(ctx, tx, client, api.app, GivenTo::Everybody, scopes).await?;
        let names = api.wanted(application, AccessKind::Role);
        let roles = api.of_kind(AccessKind::Role).filter(|role| names.contains(&role.name));
        let roles: Vec<Uuid> = roles.map(|role| role.id).collect();
        permissions_keep(ctx, tx, client, api.app, roles).await?;
    }
    tx.changes_access();
    Ok(())
}
