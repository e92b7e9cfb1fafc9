//! Delegated consent as rows of the directory (`oauth2PermissionGrants`): listing, making, changing, removing.
//!
//! Clients write these directly, without a question on a page, so it takes an admin's right to consent, whomever the
//! grant is for.
//!
//! Source: directory.md 2.2 (oauth2PermissionGrants).

use super::consent_of::PublishedApi;
use super::guard::may;
use super::rows::consent::{self as rows, KeptGrant};
use super::service_principals::{by_id, none};
use super::{GivenTo, PermissionGrant, ServicePrincipal};
use crate::people::text::shown;
use std::collections::BTreeSet;
use tenantry_access::{ApplicationRead, ConsentManage};
use tenantry_core::{ObjectId, OpContext, Problem, Reason, TenantId};
use tenantry_db::{Connection, Db, audit};
use uuid::Uuid;

/// A grant that is to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewGrant {
    /// The client's service principal.
    pub client: ObjectId,
    /// For whom.
    pub given_to: GivenTo,
    /// The API's service principal.
    pub resource: ObjectId,
    /// Names of its scopes.
    pub scopes: BTreeSet<String>,
}

/// Grants of the tenant in the order of their ids; of one client's service principal if given.
///
/// # Errors
/// Those of policy and database.
pub async fn permission_grant_list(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    client: Option<ObjectId>,
    after: Option<Uuid>,
    limit: usize,
) -> Result<Vec<PermissionGrant>, Problem> {
    may::<ApplicationRead>(ctx, tenant)?;
    let mut reader = db.reader().await?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut listed = Vec::new();
    for kept in rows::grant_page(&mut reader, tenant, client, after, limit).await? {
        listed.push(whole(&mut reader, kept).await?);
    }
    Ok(listed.into_iter().flatten().collect())
}

/// A grant of the tenant.
///
/// # Errors
/// `ObjectNotFound`.
pub async fn permission_grant_find(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    id: Uuid,
) -> Result<PermissionGrant, Problem> {
    may::<ApplicationRead>(ctx, tenant)?;
    let mut reader = db.reader().await?;
    let kept = rows::grant_by_id(&mut reader, tenant, id).await?.ok_or_else(|| no_grant(id))?;
    whole(&mut reader, kept).await?.ok_or_else(|| no_grant(id))
}

/// The grant with the API's service principal; `None` if the API's application is deleted.
async fn whole(on: &mut impl Connection, kept: KeptGrant) -> Result<Option<PermissionGrant>, Problem> {
    let resource = by_id(on, kept.tenant, ObjectId::new(kept.api.guid())).await?;
    Ok(resource.map(|resource| kept.with_resource(resource.id)))
}

/// Makes a grant.
///
/// # Errors
/// `ObjectNotFound` for a client, API or user that is not in the tenant; `InvalidField` for scopes the API does not
/// publish; `AlreadyExists` if the three have a grant: change that.
pub async fn permission_grant_create(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    new: NewGrant,
) -> Result<PermissionGrant, Problem> {
    let line = audit::open(ctx, db, "permission-grant-create", &new.client.to_string()).await?;
    let outcome = create(ctx, db, tenant, new).await;
    line.close(ctx, db, outcome).await
}

async fn create(ctx: &OpContext, db: &Db, tenant: TenantId, new: NewGrant) -> Result<PermissionGrant, Problem> {
    may::<ConsentManage>(ctx, tenant)?;
    let mut tx = db.begin().await?;
    let client = principal(&mut tx, tenant, new.client).await?;
    let resource = principal(&mut tx, tenant, new.resource).await?;
    if let GivenTo::User(user) = new.given_to {
        super::app_role_assignments::user_or_group(&mut tx, tenant, user).await?;
    }
    published_all(&PublishedApi::of(&resource), &new.scopes)?;
    if let Some(there) = rows::grant_between(&mut tx, client.id, resource.app, new.given_to).await? {
        let message = format!("there is the grant {} between these already; change that one", there.id);
        return Err(Problem::new(Reason::AlreadyExists, message));
    }
    let (id, created_at) = (ctx.chance.guid(), ctx.now());
    let NewGrant { given_to, scopes, .. } = new;
    let kept = KeptGrant { id, tenant, client: client.id, api: resource.app, given_to, scopes, created_at };
    let kept = rows::grant_put(&mut tx, &kept).await?;
    tx.changes_access();
    tx.commit().await?;
    Ok(kept.with_resource(resource.id))
}

/// Gives a grant other scopes. Tokens that are out have what was granted before for no longer than until they are
/// looked at next.
///
/// # Errors
/// `ObjectNotFound`; `InvalidField` for scopes the API does not publish.
pub async fn permission_grant_change(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    id: Uuid,
    scopes: BTreeSet<String>,
) -> Result<PermissionGrant, Problem> {
    let line = audit::open(ctx, db, "permission-grant-change", &id.to_string()).await?;
    let outcome = change(ctx, db, tenant, id, scopes).await;
    line.close(ctx, db, outcome).await
}

async fn change(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    id: Uuid,
    scopes: BTreeSet<String>,
) -> Result<PermissionGrant, Problem> {
    may::<ConsentManage>(ctx, tenant)?;
    let mut tx = db.begin().await?;
    let before = rows::grant_by_id(&mut tx, tenant, id).await?.ok_or_else(|| no_grant(id))?;
    let resource = by_id(&mut tx, tenant, ObjectId::new(before.api.guid())).await?.ok_or_else(|| no_grant(id))?;
    published_all(&PublishedApi::of(&resource), &scopes)?;
    let kept = rows::grant_put(&mut tx, &KeptGrant { scopes, ..before }).await?;
    tx.changes_access();
    tx.commit().await?;
    Ok(kept.with_resource(resource.id))
}

/// Removes a grant.
///
/// # Errors
/// `ObjectNotFound`.
pub async fn permission_grant_delete(ctx: &OpContext, db: &Db, tenant: TenantId, id: Uuid) -> Result<(), Problem> {
    let line = audit::open(ctx, db, "permission-grant-delete", &id.to_string()).await?;
    let outcome = delete(ctx, db, tenant, id).await;
    line.close(ctx, db, outcome).await
}

async fn delete(ctx: &OpContext, db: &Db, tenant: TenantId, id: Uuid) -> Result<(), Problem> {
    may::<ConsentManage>(ctx, tenant)?;
    let mut tx = db.begin().await?;
    if !rows::grant_delete(&mut tx, tenant, id).await? {
        return Err(no_grant(id));
    }
    tx.changes_access();
    tx.commit().await
}

/// A service principal by its object id alone.
pub(crate) async fn principal(
    on: &mut impl Connection,
    tenant: TenantId,
    id: ObjectId,
) -> Result<ServicePrincipal, Problem> {
    let found = by_id(on, tenant, id).await?.filter(|found| found.id == id);
    found.ok_or_else(|| none(&id.to_string()))
}

/// # Errors
/// `InvalidField` for a scope the API does not publish.
pub(crate) fn published_all(api: &PublishedApi, scopes: &BTreeSet<String>) -> Result<(), Problem> {
    let known = api.scopes();
    match scopes.iter().find(|scope| !known.contains(*scope)) {
        None => Ok(()),
        Some(scope) => {
            let message =
                format!("`{}` is no scope of the API {}; its service principal lists them", shown(scope), api.app);
            Err(Problem::invalid("scope", message))
        }
    }
}

fn no_grant(id: Uuid) -> Problem {
    Problem::new(Reason::ObjectNotFound, format!("there is no permission grant {id} in this tenant; check the id"))
}
