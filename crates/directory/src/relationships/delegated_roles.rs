//! What a partner's user may be in a customer's tenant: the directory roles that delegated administration gives, each
//! with the path it comes by. Rights of several paths add up.
//!
//! Source: directory.md part 4. Agent groups and access assignments count transitively; the caller hands in the groups
//! the user is in, through groups too.

use crate::relationships::{access_rows, contract_rows, relationship_rows};
use std::collections::BTreeSet;
use tenantry_access::DELEGATED_ADMIN;
use tenantry_core::context::{HeldBy, HeldRole};
use tenantry_core::{ObjectId, Problem, Role, TenantId, Timestamp};
use tenantry_db::Connection;

/// The roles a user of the partner holds in the customer's tenant. None means: no way in.
///
/// `groups` are the groups of the partner's tenant the user is in, `agents` the agent groups among them.
///
/// # Errors
/// Those of the database.
pub(crate) async fn delegated_roles(
    on: &mut impl Connection,
    partner: TenantId,
    groups: &BTreeSet<ObjectId>,
    agents: &BTreeSet<Role>,
    customer: TenantId,
    now: Timestamp,
) -> Result<Vec<HeldRole>, Problem> {
    let mut held = Vec::new();
    if DELEGATED_ADMIN.iter().any(|(group, _)| agents.contains(group))
        && contract_rows::delegated_admin(on, partner, customer).await?
    {
        let by_group = DELEGATED_ADMIN.into_iter().filter(|(group, _)| agents.contains(group));
        held.extend(by_group.map(|(group, role)| HeldRole { role, by: HeldBy::DelegatedAdmin { group } }));
    }
    if groups.is_empty() {
        return Ok(held);
    }
    let active = relationship_rows::active_between(on, partner, customer, now).await?;
    if active.is_empty() {
        return Ok(held);
    }
    for assignment in access_rows::active_between(on, partner, customer).await? {
        let relationship = active.iter().find(|relationship| relationship.id == assignment.relationship);
        let Some(until) = relationship.and_then(|relationship| relationship.ends_at) else { continue };
        if groups.contains(&assignment.group) {
            held.extend(assignment.roles.into_iter().map(|role| {
                let relationship = assignment.relationship.clone();
                HeldRole { role, by: HeldBy::Granular { relationship, group: assignment.group, until } }
            }));
        }
    }
    Ok(held)
}

/// Whether a relationship gives roles to a principal of the partner at an instant: to the group itself, or to groups it
/// is in, through groups too. Whoever holds such a role is an administrator, though in other tenants than its own.
///
/// # Errors
/// Those of the database.
pub(crate) async fn holds_granular_roles(
    on: &mut impl Connection,
    partner: TenantId,
    principal: ObjectId,
    now: Timestamp,
) -> Result<bool, Problem> {
    let giving = access_rows::giving(on, partner, principal).await?;
    Ok(giving.into_iter().any(|relationship| relationship.at(now).is_active()))
}

/// How a partner is related to a customer's tenant at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Related {
    /// Not at all.
    No,
    /// Until somebody ends it.
    Yes,
    /// By granular relationships alone, the last of which ends then.
    Until(Timestamp),
}

/// Whether the partner has delegated administration over the tenant (DAP), or an active granular relationship.
///
/// # Errors
/// Those of the database.
pub(crate) async fn has_relationship(
    on: &mut impl Connection,
    partner: TenantId,
    customer: TenantId,
    now: Timestamp,
) -> Result<bool, Problem> {
    Ok(related(on, partner, customer, now).await? != Related::No)
}

/// As [`has_relationship`], with the end if there is one.
pub(crate) async fn related(
    on: &mut impl Connection,
    partner: TenantId,
    customer: TenantId,
    now: Timestamp,
) -> Result<Related, Problem> {
    if contract_rows::delegated_admin(on, partner, customer).await? {
        return Ok(Related::Yes);
    }
    let active = relationship_rows::active_between(on, partner, customer, now).await?;
    let last = active.iter().filter_map(|relationship| relationship.ends_at).max();
    Ok(last.map_or(Related::No, Related::Until))
}
