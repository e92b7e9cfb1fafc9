//! Giving a principal of a partner tenant a role, and taking it away. Both act at once, also on tokens that are
//! out already.

use crate::roles::{Place, place};
use crate::rows;
use tenantry_core::{ObjectId, OpContext, Problem, Role, TenantId, TenantKind};
use tenantry_db::Tx;

/// Puts the principal into the role's group, or assigns the directory role. Twice is once.
///
/// # Errors
/// `InvalidField` if the tenant is not a partner's: only these have agent groups and roles.
pub async fn role_assign(
    ctx: &OpContext,
    tx: &mut Tx,
    tenant: TenantId,
    principal: ObjectId,
    role: Role,
) -> Result<(), Problem> {
    let found = rows::tenant_by_id(tx, tenant).await?;
    if found.is_none_or(|tenant| tenant.kind != TenantKind::Partner) {
        return Err(Problem::invalid("roles", format!("{role} exists in partner tenants only; give none here")));
    }
    match place(role) {
        Place::Group(group) => rows::member_insert(tx, tenant, group, principal, ctx.now()).await,
        Place::DirectoryRole(role, _) => rows::assignment_insert(tx, tenant, role, principal, ctx.now()).await,
    }
}

/// Takes the role away. One that is not held is no error.
///
/// # Errors
/// Those of the database.
pub async fn role_unassign(tx: &mut Tx, tenant: TenantId, principal: ObjectId, role: Role) -> Result<(), Problem> {
    match place(role) {
        Place::Group(group) => rows::member_delete(tx, tenant, group, principal).await,
        Place::DirectoryRole(role, _) => rows::assignment_delete(tx, tenant, role, principal).await,
    }
}
