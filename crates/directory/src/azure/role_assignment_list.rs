//! Reading role assignments at a scope, with the filters of the field. Source: arm.md 11.2.

use crate::azure::asking::Asking;
use crate::azure::guard::Guard;
use crate::azure::{AzureAssignment, assignment_rows};
use tenantry_access::azure::ArmScope;
use tenantry_core::{ObjectId, OpContext, Problem, Reason, TenantId};
use tenantry_db::Db;
use uuid::Uuid;

const READ: &str = "Microsoft.Authorization/roleAssignments/read";

/// Which assignments of a scope are wanted. By default those at it, above it and below it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AssignmentFilter {
    /// Leaves those below out: `atScope()`.
    pub at_scope: bool,
    /// Whose.
    pub of: AssignedTo,
}

/// Whose assignments are wanted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum AssignedTo {
    /// Everybody's.
    #[default]
    Anybody,
    /// Exactly this principal's: `principalId eq '..'`.
    Principal(ObjectId),
    /// This principal's and those of the groups it is in: `assignedTo('..')`.
    Reaching(ObjectId),
    /// The caller's and those of the groups it is in: `asTarget()`.
    Caller,
}

/// The assignments at a scope, in the order of their ids.
///
/// # Errors
/// `SubscriptionNotFound`, `TenantNotFound`; `Forbidden` without `roleAssignments/read` at the scope, unless the caller
/// asks for its own.
pub async fn role_assignment_list(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    scope: &ArmScope,
    filter: AssignmentFilter,
) -> Result<Vec<AzureAssignment>, Problem> {
    let mut reader = db.reader().await?;
    let guard = Guard::of(ctx, &mut reader, tenant).await?;
    let whose: Option<Vec<ObjectId>> = match filter.of {
        AssignedTo::Caller => {
            guard.visible(ctx, &mut reader, scope).await?;
            Some(guard.asking.principals().to_vec())
        }
        of => {
            guard.require(ctx, &mut reader, READ, scope).await?;
            match of {
                AssignedTo::Principal(principal) => Some(vec![principal]),
                AssignedTo::Reaching(principal) => {
                    let asking = Asking::of_principal(&mut reader, tenant, principal).await?;
                    Some(asking.map_or_else(|| vec![principal], |(_, asking)| asking.principals().to_vec()))
                }
                AssignedTo::Anybody | AssignedTo::Caller => None,
            }
        }
    };
    let shows = |kept: &AzureAssignment| {
        let at = &kept.assignment.scope;
        let there = at.contains(scope) || !filter.at_scope && scope.contains(at);
        there && whose.as_ref().is_none_or(|whose| whose.contains(&kept.assignment.principal))
    };
    Ok(assignment_rows::all(&mut reader, tenant).await?.into_iter().filter(shows).collect())
}

/// One assignment at exactly this scope.
///
/// # Errors
/// `SubscriptionNotFound`, `TenantNotFound`; `Forbidden` without `roleAssignments/read` at the scope;
/// `AssignmentNotFound`.
pub async fn role_assignment_find(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    scope: &ArmScope,
    id: Uuid,
) -> Result<AzureAssignment, Problem> {
    let mut reader = db.reader().await?;
    Guard::of(ctx, &mut reader, tenant).await?.require(ctx, &mut reader, READ, scope).await?;
    let known = assignment_rows::by_id(&mut reader, tenant, id).await?;
    known.filter(|known| known.assignment.scope == *scope).ok_or_else(|| {
        Problem::new(
            Reason::AssignmentNotFound,
            format!("there is no role assignment {id} at this scope; check the id"),
        )
    })
}
