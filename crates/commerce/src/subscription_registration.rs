//! Registering a usage-based subscription, which the field asks for before reservations are bought for it.
//!
//! There it takes a while and is asked after; here it is done when it is answered, so nobody sees it half done.

use crate::subscription::{Status, Subscription};
use crate::subscription_conversion::check_active;
use crate::{rows, subscriptions};
use tenantry_access::{SubscriptionChange, SubscriptionRead, allow};
use tenantry_core::{OpContext, Problem, Reason, SubscriptionId, TenantId, Timestamp};
use tenantry_db::{Db, audit};

/// Registers a subscription; one that is registered stays so.
///
/// Source: partner-center-v1.md 2.5 rows 77 and 78, 4.10.
///
/// # Errors
/// `SubscriptionNotFound`, `CustomerNotFound`, `Forbidden`; `Unsupported` for seats; `SubscriptionSuspended`,
/// `SubscriptionDeleted`.
pub async fn subscription_register_for_reservations(
    ctx: &OpContext,
    db: &Db,
    customer: TenantId,
    id: SubscriptionId,
) -> Result<(), Problem> {
    let line = audit::open(ctx, db, "subscription-register", &id.to_string()).await?;
    let outcome = register(ctx, db, customer, id).await;
    line.close(ctx, db, outcome).await
}

async fn register(ctx: &OpContext, db: &Db, customer: TenantId, id: SubscriptionId) -> Result<(), Problem> {
    let mut tx = db.begin().await?;
    let seen = subscriptions::visible(ctx, &mut tx, customer, id).await?;
    let seen = allow::<SubscriptionChange, _>(ctx, seen)?.into_target();
    check_usage_based(&seen)?;
    check_active(&seen)?;
    rows::registration::insert(&mut tx, (seen.customer, seen.id), ctx.now()).await?;
    tx.commit().await
}

/// Since when a subscription is registered; `None` if nobody registered it, or it is gone.
///
/// # Errors
/// `SubscriptionNotFound`, `CustomerNotFound`, `Forbidden`; `Unsupported` for seats.
pub async fn subscription_registered_at(
    ctx: &OpContext,
    db: &Db,
    customer: TenantId,
    id: SubscriptionId,
) -> Result<Option<Timestamp>, Problem> {
    let mut reader = db.reader().await?;
    let seen = subscriptions::visible(ctx, &mut reader, customer, id).await?;
    let seen = allow::<SubscriptionRead, _>(ctx, seen)?.into_target();
    check_usage_based(&seen)?;
    let at = rows::registration::at(&mut reader, (seen.customer, seen.id)).await?;
    Ok(at.filter(|_| seen.state.status() != Status::Deleted))
}

fn check_usage_based(seen: &Subscription) -> Result<(), Problem> {
    if seen.offer.is_usage_based() {
        return Ok(());
    }
    let message =
        format!("{} is sold by the seat; only Azure subscriptions are registered for reservations", seen.offer.name);
    Err(Problem::new(Reason::Unsupported, message))
}
