//! Looking at groups.

use crate::people::group::{Group, no_group};
use crate::people::guard::may;
use crate::people::rows;
use crate::people::user_find::limit_of;
use tenantry_access::DirectoryRead;
use tenantry_core::{ObjectId, OpContext, Problem, TenantId};
use tenantry_db::Db;

/// A group by its id.
///
/// # Errors
/// `GroupNotFound`.
pub async fn group_find(ctx: &OpContext, db: &Db, tenant: TenantId, id: ObjectId) -> Result<Group, Problem> {
    may::<DirectoryRead>(ctx, tenant)?;
    let found = rows::group::by_id(&mut db.reader().await?, tenant, id).await?;
    found.ok_or_else(|| no_group(&id.to_string()))
}

/// Groups in the order of ids, after one.
///
/// # Errors
/// `TenantNotFound`, `Forbidden`.
pub async fn group_page(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    after: Option<ObjectId>,
    limit: usize,
) -> Result<Vec<Group>, Problem> {
    may::<DirectoryRead>(ctx, tenant)?;
    rows::group::page(&mut db.reader().await?, tenant, after, limit_of(limit)).await
}
