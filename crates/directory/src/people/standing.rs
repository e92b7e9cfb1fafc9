//! What a principal holds in its tenant: the one place that sign-in, tokens and the policy look it up.

use crate::people::rows;
use std::collections::BTreeSet;
use tenantry_core::context::{HeldBy, HeldRole};
use tenantry_core::{DirectoryRole, ObjectId, Problem, Role, TenantId, TenantKind};
use tenantry_db::Connection;

/// What a principal holds in the tenant it belongs to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Standing {
    /// The roles of the channel, in a partner's tenant only: the agent groups it is in, and those directory roles that
    /// mean something to the channel.
    pub(crate) roles: BTreeSet<Role>,
    /// The directory roles assigned to it.
    pub(crate) directory_roles: Vec<HeldRole>,
    /// The groups it is in, itself or through groups.
    pub(crate) groups: BTreeSet<ObjectId>,
}

/// Looks up what a principal holds. Whether the principal is there and may sign in is not asked here.
pub(crate) async fn standing(
    on: &mut impl Connection,
    tenant: TenantId,
    principal: ObjectId,
) -> Result<Standing, Problem> {
    let kind = crate::rows::tenant_by_id(on, tenant).await?.map(|tenant| tenant.kind);
    let groups = rows::group::transitive(on, tenant, principal).await?;
    let assigned = rows::role::of_principal(on, tenant, principal).await?;
    let mut roles = BTreeSet::new();
    if kind == Some(TenantKind::Partner) {
        roles.extend(groups.iter().filter_map(|group| group.agents));
        roles.extend(assigned.iter().filter_map(|role| in_the_channel(*role)));
    }
    let directory_roles = assigned.into_iter().map(|role| HeldRole { role, by: HeldBy::Assignment }).collect();
    Ok(Standing { roles, directory_roles, groups: groups.into_iter().map(|group| group.id).collect() })
}

/// What a directory role of a partner's tenant is in the channel.
const fn in_the_channel(role: DirectoryRole) -> Option<Role> {
    match role {
        DirectoryRole::GlobalAdmin => Some(Role::GlobalAdmin),
        DirectoryRole::UserAdmin => Some(Role::UserAdmin),
        DirectoryRole::BillingAdmin => Some(Role::BillingAdmin),
        _ => None,
    }
}
