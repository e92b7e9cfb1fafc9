//! The beginning of a contract. Commerce calls these in the transactions in which a customer is created or attached to a
//! partner; it has asked the policy and writes the audit line. What a customer or a partner ends by itself is delegated
//! administration, and the names stay with what was sold; the contract ends with the sale (`contract_end`).

use crate::relationships::contract_rows;
use crate::rows;
use tenantry_core::{OpContext, Problem, Reason, TenantId};
use tenantry_db::Tx;

/// Begins a contract with delegated administration. If there is one already, its delegated administration is switched
/// on again, and the names it was begun with stay.
///
/// # Errors
/// `TenantNotFound` if there is no such customer.
pub async fn contract_begin(
    ctx: &OpContext,
    tx: &mut Tx,
    partner: TenantId,
    customer: TenantId,
) -> Result<(), Problem> {
    let Some(tenant) = rows::tenant_by_id(tx, customer).await? else {
        return Err(Problem::new(
            Reason::TenantNotFound,
            format!("there is no tenant {customer}; check the tenant id"),
        ));
    };
    contract_rows::begin(tx, ctx.chance.guid(), partner, &tenant, ctx.now()).await?;
    tx.changes_access();
    Ok(())
}

/// Begins a contract without delegated administration: the customer buys from the partner and keeps its tenant to
/// itself. Commerce calls this when a customer accepts an invitation that way.
///
/// # Errors
/// As [`contract_begin`].
pub async fn contract_begin_plain(
    ctx: &OpContext,
    tx: &mut Tx,
    partner: TenantId,
    customer: TenantId,
) -> Result<(), Problem> {
    contract_begin(ctx, tx, partner, customer).await?;
    contract_rows::delegated_admin_remove(tx, partner, customer).await?;
    Ok(())
}
