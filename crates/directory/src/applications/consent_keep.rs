//! Writing consent down. Asks no policy and writes no audit line: the acts that consent have done both.

use super::Application;
use super::permission_grant::{AssigneeKind, GivenTo};
use super::rows::consent::{self, KeptAssignment, KeptGrant};
use super::rows::principal;
use std::collections::BTreeSet;
use tenantry_core::{AppId, ObjectId, OpContext, Problem, TenantId};
use tenantry_db::{Db, Tx};
use uuid::Uuid;

/// The application's service principal in a tenant; made if it is not there.
///
/// # Errors
/// Those of the database.
pub(crate) async fn member_ensure(
    ctx: &OpContext,
    tx: &mut Tx,
    tenant: TenantId,
    application: &Application,
) -> Result<ObjectId, Problem> {
    let id = ObjectId::new(ctx.chance.guid());
    principal::insert(tx, id, (tenant, application.app), &application.name, ctx.now()).await?;
    let found = principal::find(tx, tenant, ObjectId::new(application.app.guid())).await?;
    found.map(|found| found.id).ok_or_else(|| {
        Problem::corrupt(format!("application {} has no service principal in tenant {tenant}", application.app))
    })
}

/// As [`member_ensure`], in a transaction of its own: for sign-in, when a pre-consented application comes to a tenant
/// for the first time. Whoever calls this has found that the application may be there ([`super::Consent::is_known`]).
///
/// # Errors
/// Those of the database.
pub(crate) async fn principal_ensure(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    application: &Application,
) -> Result<ObjectId, Problem> {
    let mut tx = db.begin().await?;
    let id = member_ensure(ctx, &mut tx, tenant, application).await?;
    tx.changes_access();
    tx.commit().await?;
    Ok(id)
}

/// Adds scopes to what the client was granted before.
///
/// # Errors
/// Those of the database.
pub(crate) async fn scopes_keep(
    ctx: &OpContext,
    tx: &mut Tx,
    (tenant, client): (TenantId, ObjectId),
    api: AppId,
    given_to: GivenTo,
    scopes: BTreeSet<String>,
) -> Result<(), Problem> {
    if scopes.is_empty() {
        return Ok(());
    }
    let before = consent::grant_between(tx, client, api, given_to).await?;
    let scopes = before.into_iter().flat_map(|grant| grant.scopes).chain(scopes).collect();
    let (id, created_at) = (ctx.chance.guid(), ctx.now());
    consent::grant_put(tx, &KeptGrant { id, tenant, client, api, given_to, scopes, created_at }).await?;
    tx.changes_access();
    Ok(())
}

/// Gives the client roles of an API. Twice is once.
///
/// # Errors
/// Those of the database.
pub(crate) async fn permissions_keep(
    ctx: &OpContext,
    tx: &mut Tx,
    (tenant, client): (TenantId, ObjectId),
    api: AppId,
    roles: impl IntoIterator<Item = Uuid>,
) -> Result<(), Problem> {
    for role in roles {
        let (id, created_at) = (ctx.chance.guid(), ctx.now());
        let kind = AssigneeKind::ServicePrincipal;
        let new = KeptAssignment { id, tenant, principal: client, kind, api, role, created_at };
        consent::assignment_insert(tx, &new).await?;
    }
    tx.changes_access();
    Ok(())
}

/// Forgets what a principal (a user or group that goes) was given or consented to.
///
/// # Errors
/// Those of the database.
pub(crate) async fn consent_forget(tx: &mut Tx, tenant: TenantId, principal: ObjectId) -> Result<(), Problem> {
    consent::forget(tx, tenant, principal).await?;
    tx.changes_access();
    Ok(())
}
