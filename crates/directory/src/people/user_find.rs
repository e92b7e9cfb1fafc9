//! Looking at users. Everybody who signed in may look at themselves.

use crate::people::guard::{is_self, may};
use crate::people::rows;
use crate::people::user::{User, no_user};
use tenantry_access::{DirectoryRead, OwnProfileRead};
use tenantry_core::{Caller, ObjectId, OpContext, Problem, TenantId};
use tenantry_db::{Connection, Db};

/// The most users or groups a page holds.
pub(crate) const PAGE_MOST: usize = 1_000;

/// A user by its id or user principal name. Deleted ones are found by id only.
///
/// # Errors
/// `UserNotFound`.
pub async fn user_find(ctx: &OpContext, db: &Db, tenant: TenantId, name: &str) -> Result<User, Problem> {
    let mut reader = db.reader().await?;
    // The policy speaks before the table: nobody learns from a refusal who is there.
    if own_name(ctx, tenant, name) {
        may::<OwnProfileRead>(ctx, tenant)?;
    } else {
        may::<DirectoryRead>(ctx, tenant)?;
    }
    find(&mut reader, tenant, name).await
}

pub(crate) async fn find(on: &mut impl Connection, tenant: TenantId, name: &str) -> Result<User, Problem> {
    let found = match ObjectId::parse(name) {
        Ok(id) => rows::user::by_id(on, tenant, id).await?,
        Err(_) => rows::user::by_name(on, tenant, &name.trim().to_ascii_lowercase()).await?,
    };
    found.ok_or_else(|| no_user(name))
}

/// A user of the tenant that is not deleted.
pub(crate) async fn present(on: &mut impl Connection, tenant: TenantId, id: ObjectId) -> Result<User, Problem> {
    let found = rows::user::by_id(on, tenant, id).await?.filter(|user| user.deleted_at.is_none());
    found.ok_or_else(|| no_user(&id.to_string()))
}

fn own_name(ctx: &OpContext, tenant: TenantId, name: &str) -> bool {
    let Caller::SignedIn(identity) = &ctx.caller else { return false };
    let by_name = identity.user.as_ref().is_some_and(|user| user.name.eq_ignore_ascii_case(name.trim()));
    is_self(ctx, tenant, identity.principal) && (by_name || ObjectId::parse(name) == Ok(identity.principal))
}

/// Users in the order of ids, after one: those there are, or those that can be restored.
///
/// # Errors
/// `Forbidden`, `TenantNotFound`.
pub async fn user_page(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    deleted: bool,
    after: Option<ObjectId>,
    limit: usize,
) -> Result<Vec<User>, Problem> {
    may::<DirectoryRead>(ctx, tenant)?;
    rows::user::page(&mut db.reader().await?, tenant, deleted, after, limit_of(limit)).await
}

/// A page is never empty by request and never endless.
pub(crate) fn limit_of(limit: usize) -> i64 {
    i64::try_from(limit.clamp(1, PAGE_MOST)).unwrap_or(1)
}
