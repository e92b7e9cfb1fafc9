//! Reading transfers, and what could be transferred.

use crate::reach::Reach;
use crate::rows::subscription::Which;
use crate::transfer::{no_transfer, obstacle};
use crate::{Transfer, TransferEligibility, customers, rows};
use tenantry_access::{SubscriptionRead, allow};
use tenantry_core::{OpContext, Problem, TenantId};
use tenantry_db::{Connection, Db};
use uuid::Uuid;

/// A transfer of a customer's subscriptions, for the partners at both ends.
///
/// # Errors
/// `CustomerNotFound`, `ObjectNotFound`, `Forbidden`.
pub async fn transfer_get(ctx: &OpContext, db: &Db, customer: TenantId, id: Uuid) -> Result<Transfer, Problem> {
    let mut reader = db.reader().await?;
    let found = customers::visible(ctx, &mut reader, customer).await?;
    allow::<SubscriptionRead, _>(ctx, found)?;
    visible(ctx, &mut reader, customer, id).await
}

/// A customer's transfers that the caller stands at an end of, oldest first, in every state.
///
/// # Errors
/// `CustomerNotFound`, `Forbidden`.
pub async fn transfer_list(ctx: &OpContext, db: &Db, customer: TenantId) -> Result<Vec<Transfer>, Problem> {
    let mut reader = db.reader().await?;
    let found = customers::visible(ctx, &mut reader, customer).await?;
    let customer = allow::<SubscriptionRead, _>(ctx, found)?.into_target().id;
    rows::transfer::of_customer(&mut reader, Reach::of(ctx)?, customer, None).await
}

/// What of a customer's subscriptions could be offered now, oldest first, in every state: those the caller sees.
///
/// # Errors
/// `CustomerNotFound`, `Forbidden`.
pub async fn transfer_eligibility(
    ctx: &OpContext,
    db: &Db,
    customer: TenantId,
) -> Result<Vec<TransferEligibility>, Problem> {
    let mut reader = db.reader().await?;
    let found = customers::visible(ctx, &mut reader, customer).await?;
    let customer = allow::<SubscriptionRead, _>(ctx, found)?.into_target().id;
    let all = rows::subscription::of_customer(&mut reader, Reach::of(ctx)?, customer, Which::default()).await?;
    let offered = rows::transfer::offered(&mut reader, customer, ctx.now()).await?;
    let judged = all.iter().map(|subscription| TransferEligibility {
        subscription: subscription.id,
        obstacle: obstacle(subscription, offered.contains(&subscription.id)),
    });
    Ok(judged.collect())
}

/// A transfer the caller stands at an end of.
pub(crate) async fn visible(
    ctx: &OpContext,
    on: &mut impl Connection,
    customer: TenantId,
    id: Uuid,
) -> Result<Transfer, Problem> {
    let found = rows::transfer::of_customer(on, Reach::of(ctx)?, customer, Some(id)).await?;
    found.into_iter().next().ok_or_else(|| no_transfer(id))
}
