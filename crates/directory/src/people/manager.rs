//! Who manages whom.

use crate::people::guard::{is_self, may};
use crate::people::user::User;
use crate::people::{rows, user_find};
use tenantry_access::{DirectoryRead, OwnProfileRead};
use tenantry_core::{ObjectId, OpContext, Problem, TenantId};
use tenantry_db::Db;

/// A user's manager, if one is set and not deleted.
///
/// # Errors
/// `UserNotFound`.
pub async fn user_manager(ctx: &OpContext, db: &Db, tenant: TenantId, id: ObjectId) -> Result<Option<User>, Problem> {
    may_see(ctx, tenant, id)?;
    let mut reader = db.reader().await?;
    user_find::present(&mut reader, tenant, id).await?;
    match rows::user::manager_of(&mut reader, tenant, id).await? {
        Some(manager) => rows::user::by_id(&mut reader, tenant, manager).await,
        None => Ok(None),
    }
}

/// The users whose manager this one is, in the order of ids.
///
/// # Errors
/// `UserNotFound`.
pub async fn user_direct_reports(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    id: ObjectId,
) -> Result<Vec<User>, Problem> {
    may_see(ctx, tenant, id)?;
    let mut reader = db.reader().await?;
    user_find::present(&mut reader, tenant, id).await?;
    rows::user::managed_by(&mut reader, tenant, id).await
}

fn may_see(ctx: &OpContext, tenant: TenantId, id: ObjectId) -> Result<(), Problem> {
    if is_self(ctx, tenant, id) { may::<OwnProfileRead>(ctx, tenant) } else { may::<DirectoryRead>(ctx, tenant) }
}
