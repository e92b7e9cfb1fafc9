//! Reading contracts, and taking delegated administration away.

use crate::relationships::contract::no_relationship;
use crate::relationships::reach::signed_in;
use crate::relationships::{Contract, contract_rows};
use tenantry_access::{ContractRead, RelationshipApprove, RelationshipManage, RelationshipRead, TenantScope, allow};
use tenantry_core::{OpContext, Problem, Reason, TenantId};
use tenantry_db::{Db, audit};
use uuid::Uuid;

/// The contracts of a partner, in the order of their ids.
///
/// # Errors
/// `TenantNotFound`, `Forbidden`.
pub async fn contract_list(ctx: &OpContext, db: &Db, tenant: TenantId) -> Result<Vec<Contract>, Problem> {
    allow::<ContractRead, _>(ctx, TenantScope(tenant))?;
    contract_rows::all(&mut db.reader().await?, Some(tenant), None).await
}

/// One of them.
///
/// # Errors
/// `ObjectNotFound`; otherwise as [`contract_list`].
pub async fn contract_find(ctx: &OpContext, db: &Db, tenant: TenantId, id: Uuid) -> Result<Contract, Problem> {
    let all = contract_list(ctx, db, tenant).await?;
    all.into_iter().find(|contract| contract.id == id).ok_or_else(|| {
        Problem::new(Reason::ObjectNotFound, format!("tenant {tenant} has no contract {id}; check the id"))
    })
}

/// The contracts partners have with the customer `tenant`, in the order of their ids.
///
/// # Errors
/// `TenantNotFound`, `Forbidden`.
pub async fn contracts_with(ctx: &OpContext, db: &Db, tenant: TenantId) -> Result<Vec<Contract>, Problem> {
    allow::<RelationshipRead, _>(ctx, TenantScope(tenant))?;
    contract_rows::all(&mut db.reader().await?, None, Some(tenant)).await
}

/// Takes delegated administration of a customer's tenant away from a partner; the contract itself stays, as does the
/// business. Either side may: a Global Administrator of the customer's own, or who manages the partner's
/// relationships.
///
/// # Errors
/// `RelationshipNotFound` if there is no contract between the two, or the caller is on neither side; `Forbidden`.
pub async fn delegated_admin_remove(
    ctx: &OpContext,
    db: &Db,
    partner: TenantId,
    customer: TenantId,
) -> Result<(), Problem> {
    let line = audit::open(ctx, db, "delegated-admin-remove", &format!("{partner} {customer}")).await?;
    let outcome = remove(ctx, db, partner, customer).await;
    line.close(ctx, db, outcome).await
}

async fn remove(ctx: &OpContext, db: &Db, partner: TenantId, customer: TenantId) -> Result<(), Problem> {
    signed_in(ctx)?;
    if ctx.confined_to().is_some_and(|tenant| tenant != partner && tenant != customer) {
        return Err(no_relationship(partner, customer));
    }
    let mut tx = db.begin().await?;
    if !contract_rows::delegated_admin_remove(&mut tx, partner, customer).await? {
        return Err(no_relationship(partner, customer));
    }
    if ctx.tenant() == Some(customer) {
        allow::<RelationshipApprove, _>(ctx, TenantScope(customer))?;
    } else {
        allow::<RelationshipManage, _>(ctx, TenantScope(partner))?;
    }
    tx.changes_access();
    tx.commit().await
}
