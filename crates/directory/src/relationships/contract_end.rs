//! The end of a contract: the partner no longer sells to the customer, and whatever it could do in the customer's tenant
//! ends with that.
//!
//! Commerce calls this in the transaction that ends the sale; it has asked the policy and writes the audit line.

use crate::azure::foreign_assignments_remove;
use crate::devices::devices_forget;
use crate::relationships::reach::stale;
use crate::relationships::{RelationshipStatus, contract_rows, relationship_rows};
use tenantry_core::{OpContext, Problem, TenantId};
use tenantry_db::Tx;

/// Ends the contract of a partner with a customer, with delegated administration, the granular relationships that are
/// active, every Azure role that the partner's people and groups hold in the tenant, and the devices it brought in. Where
/// there is none of these it changes nothing.
///
/// # Errors
/// `Stale` if one of the relationships is changed at the same moment.
pub async fn contract_end(ctx: &OpContext, tx: &mut Tx, partner: TenantId, customer: TenantId) -> Result<(), Problem> {
    contract_rows::delete(tx, partner, customer).await?;
    for mut relationship in relationship_rows::active_between(tx, partner, customer, ctx.now()).await? {
        relationship.status = RelationshipStatus::Terminated;
        relationship.changed_at = ctx.now();
        relationship.version += 1;
        if !relationship_rows::update(tx, &relationship).await? {
            return Err(stale("the relationship"));
        }
    }
    foreign_assignments_remove(tx, customer, partner).await?;
    devices_forget(tx, partner, customer).await?;
    tx.changes_access();
    Ok(())
}
