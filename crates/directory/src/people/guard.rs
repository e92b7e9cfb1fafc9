//! The questions every act of this folder asks before it looks at anything: may the caller do this in this tenant,
//! and is the one it is about somebody who needs more than that?

use crate::people::group::Group;
use crate::people::rows;
use crate::people::standing::standing;
use crate::relationships::holds_granular_roles;
use tenantry_access::{Action, AdminPasswordReset, DirectoryRoleManage, PasswordReset, TenantScope, allow};
use tenantry_core::{Caller, ObjectId, OpContext, Problem, TenantId};
use tenantry_db::Connection;

/// Whether the policy lets the caller do this in the tenant.
///
/// # Errors
/// `TenantNotFound` if the tenant is not there for the caller, `Forbidden` if it is.
pub(crate) fn may<A: Action>(ctx: &OpContext, tenant: TenantId) -> Result<(), Problem> {
    allow::<A, _>(ctx, TenantScope(tenant)).map(drop)
}

/// Whether the caller is this very user, in its own tenant.
pub(crate) fn is_self(ctx: &OpContext, tenant: TenantId, user: ObjectId) -> bool {
    match &ctx.caller {
        Caller::SignedIn(identity) => {
            let home = identity.user.as_ref().is_some_and(|user| user.home == tenant);
            home && identity.tenant == tenant && identity.principal == user
        }
        Caller::System(_) | Caller::Nobody => false,
    }
}

/// Whoever may act on users may still not act on an administrator in a way that would make them one: take over its
/// sign-in, or put it out of office. That needs the right to reset administrators' passwords.
pub(crate) async fn may_touch_holder_of_roles(
    ctx: &OpContext,
    on: &mut impl Connection,
    tenant: TenantId,
    user: ObjectId,
) -> Result<(), Problem> {
    if holds_roles(ctx, on, tenant, user).await? { may::<AdminPasswordReset>(ctx, tenant) } else { Ok(()) }
}

/// Whether the caller may give somebody another password: for people with roles another right is needed than for people
/// without.
pub(crate) async fn may_reset_password(
    ctx: &OpContext,
    on: &mut impl Connection,
    tenant: TenantId,
    user: ObjectId,
) -> Result<(), Problem> {
    match holds_roles(ctx, on, tenant, user).await? {
        true => may::<AdminPasswordReset>(ctx, tenant),
        false => may::<PasswordReset>(ctx, tenant),
    }
}

/// Whether a principal is more than a member: by a directory role, by a group of agents, or by a group that holds roles
/// at customers.
pub(crate) async fn holds_roles(
    ctx: &OpContext,
    on: &mut impl Connection,
    tenant: TenantId,
    principal: ObjectId,
) -> Result<bool, Problem> {
    let held = standing(on, tenant, principal).await?;
    if !held.roles.is_empty() || !held.directory_roles.is_empty() {
        return Ok(true);
    }
    holds_granular_roles(on, tenant, principal, ctx.now()).await
}

/// Whether the caller may change who is in a group or answers for it, and may delete it. A group of agents, one that
/// holds roles at customers, and one inside such a group make administrators of their members: changing them needs the
/// right to give roles, not just to manage groups.
pub(crate) async fn may_change_who_is_in(
    ctx: &OpContext,
    on: &mut impl Connection,
    group: &Group,
) -> Result<(), Problem> {
    let of_agents = group.agents.is_some()
        || rows::group::transitive(on, group.tenant, group.id).await?.iter().any(|above| above.agents.is_some());
    if of_agents || holds_granular_roles(on, group.tenant, group.id, ctx.now()).await? {
        return may::<DirectoryRoleManage>(ctx, group.tenant);
    }
    Ok(())
}
