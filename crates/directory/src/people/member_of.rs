//! What a user, group or service principal is in: groups, and the directory roles it holds. Everybody may ask this of
//! themselves.

use crate::people::directory_role::ActivatedRole;
use crate::people::guard::{is_self, may};
use crate::people::object::{DirectoryObject, kind_of, no_object};
use crate::people::rows;
use tenantry_access::{DirectoryRead, OwnProfileRead};
use tenantry_core::{ObjectId, OpContext, Problem, TenantId};
use tenantry_db::Db;

/// The groups and roles of a principal: groups in the order of ids, then roles. With `transitive` also the groups those
/// groups are in.
///
/// # Errors
/// `ObjectNotFound`.
pub async fn member_of(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    principal: ObjectId,
    transitive: bool,
) -> Result<Vec<DirectoryObject>, Problem> {
    if is_self(ctx, tenant, principal) {
        may::<OwnProfileRead>(ctx, tenant)?;
    } else {
        may::<DirectoryRead>(ctx, tenant)?;
    }
    let mut reader = db.reader().await?;
    kind_of(&mut reader, tenant, principal).await?.ok_or_else(|| no_object(principal))?;
    let groups = if transitive {
        rows::group::transitive(&mut reader, tenant, principal).await?
    } else {
        rows::group::direct(&mut reader, tenant, principal).await?
    };
    let activated = rows::role::activated(&mut reader, tenant).await?;
    let held = rows::role::of_principal(&mut reader, tenant, principal).await?;
    let roles = held
        .into_iter()
        .filter_map(|role| activated.get(&role).map(|at| DirectoryObject::Role(ActivatedRole::of(tenant, role, *at))));
    Ok(groups.into_iter().map(DirectoryObject::Group).chain(roles).collect())
}
