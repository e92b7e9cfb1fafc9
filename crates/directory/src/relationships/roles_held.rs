//! Which directory roles a principal holds in a tenant, each with its path: its own tenant's, or a customer's by
//! delegation. For people who want to know why somebody may do something.

use crate::azure::principal_find;
use crate::people::standing;
use crate::relationships::delegated_roles;
use crate::relationships::reach::signed_in;
use tenantry_access::{AccessRead, TenantScope, allow};
use tenantry_core::context::HeldRole;
use tenantry_core::{Caller, ObjectId, OpContext, Problem, Reason, TenantId};
use tenantry_db::Db;

/// The directory roles a principal of any tenant holds in `tenant`. Asked by the principal itself, by who may read
/// access in the tenant, or in the principal's own.
///
/// # Errors
/// `ObjectNotFound` if there is no such principal, or the caller has nothing to do with it; `TokenMissing`.
pub async fn directory_roles_held(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    principal: ObjectId,
) -> Result<Vec<HeldRole>, Problem> {
    signed_in(ctx)?;
    let mut reader = db.reader().await?;
    let found = principal_find(&mut reader, principal, tenant).await?;
    let home = found.map(|(home, _)| home).filter(|home| may_ask(ctx, tenant, *home, principal));
    let home = home.ok_or_else(|| {
        Problem::new(Reason::ObjectNotFound, format!("there is no principal {principal}; check the object id"))
    })?;
    let standing = standing(&mut reader, home, principal).await?;
    if home == tenant {
        return Ok(standing.directory_roles);
    }
    delegated_roles(&mut reader, home, &standing.groups, &standing.roles, tenant, ctx.now()).await
}

/// Whether the caller may ask what a principal at home in `home` may do in `tenant`.
pub(crate) fn may_ask(ctx: &OpContext, tenant: TenantId, home: TenantId, principal: ObjectId) -> bool {
    matches!(&ctx.caller, Caller::SignedIn(identity) if identity.principal == principal)
        || allow::<AccessRead, _>(ctx, TenantScope(tenant)).is_ok()
        || allow::<AccessRead, _>(ctx, TenantScope(home)).is_ok()
}
