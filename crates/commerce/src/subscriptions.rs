//! Reading subscriptions.

use crate::reach::Reach;
use crate::rows::subscription::Which;
use crate::subscription::{Subscription, no_subscription};
use crate::{customers, rows};
use tenantry_access::{ChannelManage, SubscriptionRead, WorldScope, allow};
use tenantry_core::{OpContext, OrderId, Problem, SubscriptionId, TenantId, Timestamp};
use tenantry_db::{Connection, Db};

/// A subscription of a customer.
pub async fn subscription_get(
    ctx: &OpContext,
    db: &Db,
    customer: TenantId,
    id: SubscriptionId,
) -> Result<Subscription, Problem> {
    let subscription = visible(ctx, &mut db.reader().await?, customer, id).await?;
    Ok(allow::<SubscriptionRead, _>(ctx, subscription)?.into_target())
}

/// A customer's subscriptions in every state, oldest first; only those of an order if one is named. What is under an Azure
/// plan is not among them: see [`azure_entitlement_list`](crate::azure_entitlement_list).
pub async fn subscription_list(
    ctx: &OpContext,
    db: &Db,
    customer: TenantId,
    order: Option<OrderId>,
) -> Result<Vec<Subscription>, Problem> {
    let mut reader = db.reader().await?;
    let customer = customers::visible(ctx, &mut reader, customer).await?;
    let customer = allow::<SubscriptionRead, _>(ctx, customer)?.into_target();
    let which = Which { order, ..Which::default() };
    let mut found = rows::subscription::of_customer(&mut reader, Reach::of(ctx)?, customer.id, which).await?;
    found.retain(|subscription| !subscription.offer.is_under_azure_plan());
    Ok(found)
}

/// What a customer has of one partner, oldest first. For those who see all partners and do one's accounts.
pub async fn subscription_list_of_partner(
    ctx: &OpContext,
    db: &Db,
    partner: TenantId,
    customer: TenantId,
) -> Result<Vec<Subscription>, Problem> {
    let found = subscription_list(ctx, db, customer, None).await?;
    Ok(found.into_iter().filter(|subscription| subscription.partner == partner).collect())
}

/// From when on a partner sold a subscription.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sold {
    /// Who.
    pub partner: TenantId,
    /// Since when; until the next one.
    pub since: Timestamp,
}

/// Who sold a subscription since when, oldest first. For the provider, and for rooms that split what was used by whom it
/// is charged to: one partner is not told of another.
///
/// # Errors
/// `Forbidden` for partners.
pub async fn subscription_sellers(ctx: &OpContext, db: &Db, id: SubscriptionId) -> Result<Vec<Sold>, Problem> {
    allow::<ChannelManage, _>(ctx, WorldScope { sandbox: false })?;
    rows::subscription::sellers(&mut db.reader().await?, id).await
}

/// A subscription within the caller's reach. What the caller may do with it is asked by who called this.
pub(crate) async fn visible(
    ctx: &OpContext,
    on: &mut impl Connection,
    customer: TenantId,
    id: SubscriptionId,
) -> Result<Subscription, Problem> {
    let customer = customers::visible(ctx, on, customer).await?;
    let which = Which { id: Some(id), ..Which::default() };
    let mut found = rows::subscription::of_customer(on, Reach::of(ctx)?, customer.id, which).await?;
    found.pop().ok_or_else(|| no_subscription(id))
}
