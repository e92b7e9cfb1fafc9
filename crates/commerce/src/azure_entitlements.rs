//! The Azure subscriptions under a plan: reading them, and cancelling one that is not its owner's any more.
//!
//! Cancelling stops one of them and leaves the plan and the others alone. Usage from then on is refused, the resources in
//! it have no owner to act for; what was used before is billed. Whoever clears it up reactivates it as any suspended
//! subscription, so nothing is lost by cancelling too soon.
//!
//! Source: partner-center-v1.md 2.5 rows 83-85, 4.5. Its section 11 says that the reasons are in no source; the samples of
//! the .NET client send one, `compromise`, and refuse all others themselves.

use crate::subscription::{State, Subscription, SuspensionReason, no_subscription};
use crate::subscription_keep::keep;
use crate::{audit_made, rows, subscription_add_ons, subscriptions};
use tenantry_access::{SubscriptionChange, SubscriptionRead, allow};
use tenantry_core::{OpContext, Problem, Reason, SubscriptionId, TenantId};
use tenantry_db::{Connection, Db, audit};

/// The Azure subscriptions of a plan in every state, oldest first.
///
/// # Errors
/// `CustomerNotFound`, `SubscriptionNotFound`, `Forbidden`; `Unsupported` for what is no Azure plan.
pub async fn azure_entitlement_list(
    ctx: &OpContext,
    db: &Db,
    customer: TenantId,
    plan: SubscriptionId,
) -> Result<Vec<Subscription>, Problem> {
    let mut reader = db.reader().await?;
    let found = subscriptions::visible(ctx, &mut reader, customer, plan).await?;
    let plan = is_plan(allow::<SubscriptionRead, _>(ctx, found)?.into_target())?;
    under(&mut reader, &plan).await
}

/// One Azure subscription of a plan.
///
/// # Errors
/// As [`azure_entitlement_list`]; `SubscriptionNotFound` for one that is not under this plan.
pub async fn azure_entitlement_get(
    ctx: &OpContext,
    db: &Db,
    customer: TenantId,
    (plan, id): (SubscriptionId, SubscriptionId),
) -> Result<Subscription, Problem> {
    let found = azure_entitlement_list(ctx, db, customer, plan).await?;
    found.into_iter().find(|one| one.id == id).ok_or_else(|| no_subscription(id))
}

/// Cancels an Azure subscription because it is compromised, the only reason the field knows: it is stopped from now on,
/// also where a spending limit had stopped it, which would let it go on. One that was cancelled stays as it is.
///
/// # Errors
/// As [`azure_entitlement_get`]; `SubscriptionDeleted`; `Stale` if it is changed meanwhile.
pub async fn azure_entitlement_cancel(
    ctx: &OpContext,
    db: &Db,
    customer: TenantId,
    (plan, id): (SubscriptionId, SubscriptionId),
) -> Result<Subscription, Problem> {
    let line = audit::open_about(ctx, db, "azure-entitlement-cancel", &id.to_string(), customer).await?;
    let outcome = cancel(ctx, db, customer, (plan, id)).await;
    line.close_with(ctx, db, outcome, audit_made::of_subscription).await
}

async fn cancel(
    ctx: &OpContext,
    db: &Db,
    customer: TenantId,
    (plan, id): (SubscriptionId, SubscriptionId),
) -> Result<Subscription, Problem> {
    let mut tx = db.begin().await?;
    let found = subscriptions::visible(ctx, &mut tx, customer, plan).await?;
    let plan = is_plan(allow::<SubscriptionChange, _>(ctx, found)?.into_target())?;
    rows::customer::lock_of(&mut tx, plan.customer, plan.partner).await?;
    let seen = under(&mut tx, &plan).await?.into_iter().find(|one| one.id == id);
    let seen = seen.ok_or_else(|| no_subscription(id))?;
    let state = compromised(ctx, seen.state)?;
    if state == seen.state {
        return Ok(seen);
    }
    let changed = Subscription { state, version: seen.version + 1, ..seen };
    keep(ctx, &mut tx, &changed).await?;
    tx.commit().await?;
    Ok(changed)
}

/// The state after it. What is stopped already stays stopped since then, for another reason.
fn compromised(ctx: &OpContext, state: State) -> Result<State, Problem> {
    const WHY: SuspensionReason = SuspensionReason::Compromised;
    match state {
        State::Suspended { since, .. } => Ok(State::Suspended { since, reason: WHY }),
        State::Active { .. } | State::Deleted { .. } => state.suspend(ctx.now(), WHY),
    }
}

fn is_plan(found: Subscription) -> Result<Subscription, Problem> {
    if found.offer.is_azure_plan() {
        return Ok(found);
    }
    let message = format!("{} is no Azure plan, so no Azure subscriptions are under it", found.offer.name);
    Err(Problem::new(Reason::Unsupported, message).at("subscription"))
}

async fn under(on: &mut impl Connection, plan: &Subscription) -> Result<Vec<Subscription>, Problem> {
    let mut found = subscription_add_ons::of(on, plan).await?;
    found.retain(|one| one.offer.is_under_azure_plan());
    Ok(found)
}
