//! Reading configuration policies.

use super::guard::{guard, nothing};
use super::policy::ConfigurationPolicy;
use super::policy_rows;
use tenantry_core::{OpContext, Problem, TenantId};
use tenantry_db::Db;

/// The partner's policies for a customer, in the order of their names.
///
/// # Errors
/// `CustomerNotFound`, `Forbidden`.
pub async fn configuration_policy_list(
    ctx: &OpContext,
    db: &Db,
    customer: TenantId,
) -> Result<Vec<ConfigurationPolicy>, Problem> {
    let mut reader = db.reader().await?;
    let served = guard(ctx, &mut reader, customer).await?;
    policy_rows::all(&mut reader, served).await
}

/// One of them.
///
/// # Errors
/// `ObjectNotFound`; otherwise as [`configuration_policy_list`].
pub async fn configuration_policy_get(
    ctx: &OpContext,
    db: &Db,
    customer: TenantId,
    id: &str,
) -> Result<ConfigurationPolicy, Problem> {
    let mut reader = db.reader().await?;
    let served = guard(ctx, &mut reader, customer).await?;
    policy_rows::by_id(&mut reader, served, id).await?.ok_or_else(|| nothing("configuration policy", id))
}
