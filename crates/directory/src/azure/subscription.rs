//! Which subscriptions live in a tenant, as far as access must know: whose they are and who sold them. Commerce says
//! so when it sells one, the provider when one was bought elsewhere.

use crate::azure::{assignment_rows, subscription_rows};
use tenantry_core::{OpContext, Problem, Reason, SubscriptionId, TenantId, Timestamp};
use tenantry_db::Tx;

/// A subscription that resources can be put in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AzureSubscription {
    /// Its id.
    pub id: SubscriptionId,
    /// The customer's tenant it lives in.
    pub tenant: TenantId,
    /// The partner who sold it; none if it was bought elsewhere, for example by an enterprise agreement.
    pub partner: Option<TenantId>,
    /// What people call it.
    pub name: String,
    /// When it was registered.
    pub created_at: Timestamp,
}

/// Registers a subscription in the tenant it lives in. One that a partner sold belongs to the partner's AdminAgents
/// group, as Owner, and to nobody else: managed service is the default. Registering it again changes its name only.
///
/// Commerce calls this in the transaction of the order; it has asked the policy and writes the audit line.
///
/// # Errors
/// `AlreadyExists` if it is registered for another tenant or partner.
pub async fn subscription_register(
    ctx: &OpContext,
    tx: &mut Tx,
    tenant: TenantId,
    subscription: SubscriptionId,
    partner: Option<TenantId>,
    name: &str,
) -> Result<(), Problem> {
    tx.changes_access();
    if let Some(known) = subscription_rows::by_id(tx, subscription).await? {
        if (known.tenant, known.partner) != (tenant, partner) {
            let message = format!("subscription {subscription} is registered for another tenant or partner already");
            return Err(Problem::new(Reason::AlreadyExists, message));
        }
        return subscription_rows::rename(tx, subscription, name).await;
    }
    let new = AzureSubscription { id: subscription, tenant, partner, name: name.to_owned(), created_at: ctx.now() };
    subscription_rows::insert(tx, &new).await?;
    match partner {
        Some(partner) => foreign_owner_assign(ctx, tx, tenant, subscription, partner).await,
        None => Ok(()),
    }
}

/// Makes the partner's AdminAgents group Owner of a subscription, as a foreign group. If it is already, nothing
/// changes.
///
/// Source: arm.md 11.7.
///
/// # Errors
/// `GroupNotFound` if the tenant named as the partner has no such group: it is no partner's.
pub async fn foreign_owner_assign(
    ctx: &OpContext,
    tx: &mut Tx,
    tenant: TenantId,
    subscription: SubscriptionId,
    partner: TenantId,
) -> Result<(), Problem> {
    let Some(group) = subscription_rows::admin_agents(tx, partner).await? else {
        let message =
            format!("tenant {partner} has no AdminAgents group; only a partner can own a customer's subscription");
        return Err(Problem::new(Reason::GroupNotFound, message));
    };
    assignment_rows::foreign_owner(tx, ctx.chance.guid(), tenant, subscription, (partner, group), ctx.now()).await?;
    tx.changes_access();
    Ok(())
}
