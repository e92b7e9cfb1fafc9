//! Another partner sells a subscription from now on: access goes with it.

use crate::azure::{assignment_rows, foreign_owner_assign, subscription_rows};
use tenantry_core::{OpContext, Problem, SubscriptionId, TenantId};
use tenantry_db::Tx;

/// Makes a subscription the other partner's. Its AdminAgents group becomes Owner, and everybody of the old partner loses
/// every role on the subscription and on what is in it. Roles of the customer's own people stay.
///
/// Commerce calls this in the transaction that moves the subscription; it has asked the policy and writes the audit line.
///
/// # Errors
/// A subscription that is not registered as the old partner's in that tenant is damage: commerce and directory disagree.
pub async fn subscription_hand_over(
    ctx: &OpContext,
    tx: &mut Tx,
    tenant: TenantId,
    subscription: SubscriptionId,
    (from, to): (TenantId, TenantId),
) -> Result<(), Problem> {
    tx.changes_access();
    let known = subscription_rows::by_id(tx, subscription).await?;
    if known.is_none_or(|known| (known.tenant, known.partner) != (tenant, Some(from))) {
        return Err(Problem::corrupt(format!("subscription {subscription} is not registered as sold by {from}")));
    }
    subscription_rows::sold_by(tx, subscription, to).await?;
    for held in assignment_rows::all(tx, tenant).await? {
        let assignment = held.assignment;
        if assignment.scope.subscription_id() == Some(subscription) && assignment.home == Some(from) {
            assignment_rows::delete(tx, tenant, assignment.id).await?;
        }
    }
    foreign_owner_assign(ctx, tx, tenant, subscription, to).await
}

/// Takes every role away that people and groups of a partner hold anywhere in the tenant.
///
/// # Errors
/// Those of the database.
pub(crate) async fn foreign_assignments_remove(
    tx: &mut Tx,
    tenant: TenantId,
    partner: TenantId,
) -> Result<(), Problem> {
    for held in assignment_rows::all(tx, tenant).await? {
        if held.assignment.home == Some(partner) {
            assignment_rows::delete(tx, tenant, held.assignment.id).await?;
        }
    }
    Ok(())
}
