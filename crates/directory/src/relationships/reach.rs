//! Finding a relationship for a tenant: one of the two sides, or nobody. To everybody else it is not there, whatever
//! their roles.

use crate::relationships::relationship::unknown_relationship;
use crate::relationships::{Relationship, RelationshipStatus, relationship_rows};
use crate::rows;
use tenantry_access::{Action, Scoped, allow};
use tenantry_core::{Caller, OpContext, Problem, Reason, TenantId, TenantKind};
use tenantry_db::Connection;

/// A relationship seen from one of its sides, for the policy.
struct Seen<'a> {
    tenant: TenantId,
    id: &'a str,
}

impl Scoped for Seen<'_> {
    fn partner(&self) -> Option<TenantId> {
        None
    }

    fn customer(&self) -> Option<TenantId> {
        None
    }

    fn tenant(&self) -> Option<TenantId> {
        Some(self.tenant)
    }

    fn hidden(&self) -> Problem {
        unknown_relationship(self.id)
    }
}

/// The side of a relationship a tenant is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Partner,
    Customer,
}

/// Nobody who has not signed in learns what is there.
pub(crate) fn signed_in(ctx: &OpContext) -> Result<(), Problem> {
    match ctx.caller {
        Caller::Nobody => {
            Err(Problem::new(Reason::TokenMissing, "this needs a bearer token; get one at the token endpoint"))
        }
        Caller::System(_) | Caller::SignedIn(_) => Ok(()),
    }
}

/// A relationship of the partner `tenant`, for a caller who may do `A` there.
pub(crate) async fn of_partner<A: Action>(
    ctx: &OpContext,
    on: &mut impl Connection,
    tenant: TenantId,
    id: &str,
) -> Result<Relationship, Problem> {
    signed_in(ctx)?;
    let found = relationship_rows::of_partner(on, tenant, &id.to_ascii_lowercase()).await?;
    let found = found.ok_or_else(|| unknown_relationship(id))?;
    allowed::<A>(ctx, tenant, id)?;
    Ok(found.at(ctx.now()))
}

/// A relationship that the tenant is a side of. A customer sees it once the partner has locked it; one that names no
/// customer yet is seen by each customer who was given its id, which nobody can guess.
pub(crate) async fn of_either(
    ctx: &OpContext,
    on: &mut impl Connection,
    tenant: TenantId,
    id: &str,
) -> Result<(Relationship, Side), Problem> {
    signed_in(ctx)?;
    let found = relationship_rows::by_id(on, &id.to_ascii_lowercase()).await?;
    let found = found.ok_or_else(|| unknown_relationship(id))?.at(ctx.now());
    if found.partner == tenant {
        return Ok((found, Side::Partner));
    }
    let visible = match &found.customer {
        _ if found.status == RelationshipStatus::Created => false,
        Some(customer) => customer.tenant == tenant,
        None if found.status == RelationshipStatus::ApprovalPending => {
            rows::tenant_by_id(on, tenant).await?.is_some_and(|tenant| tenant.kind == TenantKind::Customer)
        }
        None => false,
    };
    if visible { Ok((found, Side::Customer)) } else { Err(unknown_relationship(id)) }
}

/// Asks the policy for one side of a relationship.
pub(crate) fn allowed<A: Action>(ctx: &OpContext, tenant: TenantId, id: &str) -> Result<(), Problem> {
    allow::<A, _>(ctx, Seen { tenant, id }).map(|_| ())
}

/// The version the caller saw must be the current one.
pub(crate) fn current(seen: i64, version: i64, what: &str) -> Result<(), Problem> {
    if seen == version { Ok(()) } else { Err(stale(what)) }
}

pub(crate) fn stale(what: &str) -> Problem {
    Problem::new(Reason::Stale, format!("{what} has changed since it was read; read it again and repeat the change"))
}
