//! The groups somebody answers for.

use crate::people::group::Group;
use crate::people::guard::may;
use crate::people::object::{kind_of, no_object};
use crate::people::rows;
use tenantry_access::DirectoryRead;
use tenantry_core::{ObjectId, OpContext, Problem, TenantId};
use tenantry_db::Db;

/// The groups that have a principal among their owners, in the order of ids.
///
/// # Errors
/// `ObjectNotFound`.
pub async fn groups_owned(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    principal: ObjectId,
) -> Result<Vec<Group>, Problem> {
    may::<DirectoryRead>(ctx, tenant)?;
    let mut reader = db.reader().await?;
    kind_of(&mut reader, tenant, principal).await?.ok_or_else(|| no_object(principal))?;
    rows::group::owned(&mut reader, tenant, principal).await
}
