//! Reading self-serve policies.

use crate::reach::Reach;
use crate::self_serve_policy::{customer, no_policy};
use crate::{SelfServePolicy, SelfServePolicyId, customers, rows};
use tenantry_access::{CustomerRead, allow};
use tenantry_core::{OpContext, Problem, TenantId};
use tenantry_db::Db;

/// A policy.
///
/// # Errors
/// `ObjectNotFound`, `Forbidden`.
pub async fn self_serve_policy_get(
    ctx: &OpContext,
    db: &Db,
    id: SelfServePolicyId,
) -> Result<SelfServePolicy, Problem> {
    let mut reader = db.reader().await?;
    allow::<CustomerRead, _>(ctx, customer(ctx, &mut reader, id).await?)?;
    rows::self_serve_policy::by_id(&mut reader, id).await?.ok_or_else(|| no_policy(id))
}

/// The policies for a customer, of those of its partners that are within the caller's reach.
///
/// # Errors
/// `CustomerNotFound`, `Forbidden`.
pub async fn self_serve_policy_list(
    ctx: &OpContext,
    db: &Db,
    entity: TenantId,
) -> Result<Vec<SelfServePolicy>, Problem> {
    let mut reader = db.reader().await?;
    let customer = customers::visible(ctx, &mut reader, entity).await?;
    let customer = allow::<CustomerRead, _>(ctx, customer)?.into_target();
    rows::self_serve_policy::of_entity(&mut reader, Reach::of(ctx)?, customer.id).await
}
