//! Reading relationships and what was asked of them, from either side.

use crate::relationships::access_assignment::RelationshipOperation;
use crate::relationships::reach::{allowed, of_either};
use crate::relationships::{
    Relationship, RelationshipCustomer, RelationshipRequest, RelationshipStatus, access_rows, relationship_rows,
};
use tenantry_access::{RelationshipRead, TenantScope, allow};
use tenantry_core::{OpContext, Problem, Reason, TenantId};
use tenantry_db::Db;
use uuid::Uuid;

/// One relationship, for the partner or the customer `tenant`.
///
/// # Errors
/// `RelationshipNotFound` if the tenant is no side of it; `Forbidden`.
pub async fn relationship_find(ctx: &OpContext, db: &Db, tenant: TenantId, id: &str) -> Result<Relationship, Problem> {
    let (found, _) = of_either(ctx, &mut db.reader().await?, tenant, id).await?;
    allowed::<RelationshipRead>(ctx, tenant, id)?;
    Ok(found)
}

/// The relationships of a partner after an id, in the order of their ids.
///
/// # Errors
/// `TenantNotFound`, `Forbidden`.
pub async fn relationship_page(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    after: Option<&str>,
    limit: usize,
) -> Result<Vec<Relationship>, Problem> {
    allow::<RelationshipRead, _>(ctx, TenantScope(tenant))?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let page = relationship_rows::page(&mut db.reader().await?, tenant, after.unwrap_or_default(), limit).await?;
    Ok(page.into_iter().map(|relationship| relationship.at(ctx.now())).collect())
}

/// The relationships that partners have or want with the customer `tenant`, in the order of their ids. Those that are
/// still being written are not among them.
///
/// # Errors
/// `TenantNotFound`, `Forbidden`.
pub async fn relationships_with(ctx: &OpContext, db: &Db, tenant: TenantId) -> Result<Vec<Relationship>, Problem> {
    allow::<RelationshipRead, _>(ctx, TenantScope(tenant))?;
    let all = relationship_rows::of_customer(&mut db.reader().await?, tenant, None).await?;
    let locked = all.into_iter().filter(|relationship| relationship.status != RelationshipStatus::Created);
    Ok(locked.map(|relationship| relationship.at(ctx.now())).collect())
}

/// What was asked of a relationship, the oldest first.
///
/// # Errors
/// As [`relationship_find`].
pub async fn relationship_request_list(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    id: &str,
) -> Result<Vec<RelationshipRequest>, Problem> {
    let found = relationship_find(ctx, db, tenant, id).await?;
    relationship_rows::requests(&mut db.reader().await?, found.partner, &found.id).await
}

/// One of them.
///
/// # Errors
/// As [`relationship_find`]; `RelationshipNotFound` also for an unknown request.
pub async fn relationship_request_find(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    id: &str,
    request: Uuid,
) -> Result<RelationshipRequest, Problem> {
    let all = relationship_request_list(ctx, db, tenant, id).await?;
    all.into_iter().find(|known| known.id == request).ok_or_else(|| not_there("request", request))
}

/// The operations on a relationship's access assignments, the oldest first.
///
/// # Errors
/// As [`relationship_find`].
pub async fn relationship_operation_list(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    id: &str,
) -> Result<Vec<RelationshipOperation>, Problem> {
    let found = relationship_find(ctx, db, tenant, id).await?;
    access_rows::operations(&mut db.reader().await?, found.partner, &found.id).await
}

/// One of them.
///
/// # Errors
/// As [`relationship_find`]; `RelationshipNotFound` also for an unknown operation.
pub async fn relationship_operation_find(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    id: &str,
    operation: Uuid,
) -> Result<RelationshipOperation, Problem> {
    let all = relationship_operation_list(ctx, db, tenant, id).await?;
    all.into_iter().find(|known| known.id == operation).ok_or_else(|| not_there("operation", operation))
}

/// The customers a partner has agreed granular relationships with, by tenant. One is listed while at least one of them
/// has not ended (directory.md 3.4, delegatedAdminCustomer).
///
/// # Errors
/// `TenantNotFound`, `Forbidden`.
pub async fn delegated_customer_list(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
) -> Result<Vec<RelationshipCustomer>, Problem> {
    allow::<RelationshipRead, _>(ctx, TenantScope(tenant))?;
    let all = relationship_rows::with_customers(&mut db.reader().await?, tenant).await?;
    let agreed = all.into_iter().map(|relationship| relationship.at(ctx.now()));
    let mut customers: Vec<_> =
        agreed.filter(|relationship| relationship.status.is_agreed()).filter_map(|known| known.customer).collect();
    customers.sort_by_key(|customer| customer.tenant);
    customers.dedup_by_key(|customer| customer.tenant);
    Ok(customers)
}

/// One of them.
///
/// # Errors
/// `RelationshipNotFound` if the partner has none with the customer; otherwise as [`delegated_customer_list`].
pub async fn delegated_customer_find(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    customer: TenantId,
) -> Result<RelationshipCustomer, Problem> {
    let all = delegated_customer_list(ctx, db, tenant).await?;
    all.into_iter().find(|known| known.tenant == customer).ok_or_else(|| {
        let message = format!("there is no delegated admin relationship with customer {customer}; check the tenant id");
        Problem::new(Reason::RelationshipNotFound, message)
    })
}

pub(crate) fn not_there(what: &str, id: Uuid) -> Problem {
    Problem::new(Reason::RelationshipNotFound, format!("the relationship has no {what} {id}; check the id"))
}
