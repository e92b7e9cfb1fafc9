//! Moving a customer's Azure subscriptions, which were bought by themselves, under an Azure plan.
//!
//! The plan is bought for that, in an order of its own, unless the customer has one of this partner already. The
//! subscriptions keep their ids, and so everything that runs in them, what was reported and how it is billed: they become
//! Azure subscriptions of the plan, as if they had been made with it. All move or none, in one transaction, so nobody sees
//! it half done.
//!
//! Source: partner-center-v1.md 2.7 rows 121 to 123, 4.5. How long ago they must have been bought (code 900130) is not said
//! there, so no time is asked for.

use crate::agreement;
use crate::catalogue;
use crate::customer::Customer;
use crate::offer::Offer;
use crate::order_check::CheckedLine;
use crate::order_place::held_of_seller;
use crate::reach::Reach;
use crate::subscription::{Status, Subscription};
use crate::subscription_keep::{keep, keep_alone};
use crate::subscription_new::Purchase;
use crate::{Limits, customers, rows};
use tenantry_access::{OrderPlace, SubscriptionRead, allow};
use tenantry_core::{OfferId, OpContext, OrderId, Problem, Reason, SubscriptionId, TenantId, Timestamp};
use tenantry_db::{Connection, Db, Tx, audit};
use uuid::Uuid;

const FAMILY: &str = "productFamily";

/// Azure subscriptions that were moved together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AzurePlanUpgrade {
    /// Names it.
    pub id: Uuid,
    /// Whose they are.
    pub customer: TenantId,
    /// When they were moved.
    pub made_at: Timestamp,
    /// Which, in the order they were bought.
    pub moved: Vec<MovedUnderPlan>,
}

/// One of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MovedUnderPlan {
    /// Which.
    pub subscription: SubscriptionId,
    /// What it was of.
    pub from: &'static Offer,
    /// What it is of.
    pub to: &'static Offer,
}

/// Whether a customer's Azure subscriptions could be moved now: what stands in the way, if something does.
///
/// # Errors
/// `CustomerNotFound`, `Forbidden`.
pub async fn azure_plan_upgrade_obstacle(
    ctx: &OpContext,
    db: &Db,
    limits: &Limits,
    customer: TenantId,
) -> Result<Option<Problem>, Problem> {
    let mut reader = db.reader().await?;
    let customer = customers::visible_as_one(ctx, &mut reader, customer).await?;
    let customer = allow::<OrderPlace, _>(ctx, customer)?.into_target();
    match judged(ctx, &mut reader, limits, &customer).await {
        Err(problem) if problem.is_ours() => Err(problem),
        judged => Ok(judged.err()),
    }
}

/// Moves all of them.
///
/// # Errors
/// `CustomerNotFound`, `Forbidden`; on `productFamily`, `OfferNotPurchasable` if there is nothing to move and
/// `SubscriptionSuspended` if something of it, or the plan, is not in use; on `transfers`, `Stale` if something of it, or the plan, is offered to
/// another partner; as an order for who has not agreed or is under review; `SandboxLimit`.
pub async fn azure_plan_upgrade(
    ctx: &OpContext,
    db: &Db,
    limits: &Limits,
    customer: TenantId,
) -> Result<AzurePlanUpgrade, Problem> {
    let line = audit::open_about(ctx, db, "azure-plan-upgrade", &customer.to_string(), customer).await?;
    let outcome = upgrade(ctx, db, limits, customer).await;
    line.close(ctx, db, outcome).await
}

async fn upgrade(ctx: &OpContext, db: &Db, limits: &Limits, customer: TenantId) -> Result<AzurePlanUpgrade, Problem> {
    let mut tx = db.begin().await?;
    let customer = customers::visible_as_one(ctx, &mut tx, customer).await?;
    let customer = allow::<OrderPlace, _>(ctx, customer)?.into_target();
    rows::customer::lock_served(&mut tx, customer.id, customer.partner).await?;
    let (there, moving) = judged(ctx, &mut tx, limits, &customer).await?;
    let plan = match there {
        Some(plan) => plan,
        None => bought(ctx, &mut tx, &customer).await?,
    };
    let to = catalogue::AZURE_UNDER_PLAN;
    let mut made = AzurePlanUpgrade { id: ctx.chance.guid(), customer: customer.id, made_at: ctx.now(), moved: vec![] };
    for seen in moving {
        made.moved.push(MovedUnderPlan { subscription: seen.id, from: seen.offer, to });
        let moved = Subscription {
            offer: to,
            parent: Some(plan.id),
            billing_cycle: plan.billing_cycle,
            version: seen.version + 1,
            ..seen
        };
        keep(ctx, &mut tx, &moved).await?;
    }
    rows::product_upgrade::insert(&mut tx, &made, customer.partner).await?;
    tx.commit().await?;
    Ok(made)
}

/// The plan that is there, and what would be moved under it or under one that is bought.
async fn judged(
    ctx: &OpContext,
    on: &mut impl Connection,
    limits: &Limits,
    customer: &Customer,
) -> Result<(Option<Subscription>, Vec<Subscription>), Problem> {
    agreement::check_sold_to(on, customer).await?;
    let held = held_of_seller(ctx, on, customer).await?;
    let moving = to_move(&held)?;
    let plan = held.iter().find(|held| held.offer.is_azure_plan() && held.state.status() != Status::Deleted).cloned();
    match &plan {
        Some(plan) => check_active(plan)?,
        None => {
            let alive = held.iter().filter(|held| held.state.status() != Status::Deleted).count();
            limits.check_subscriptions(i64::try_from(alive + 1).unwrap_or(i64::MAX))?;
        }
    }
    // What is under a plan goes where the plan goes.
    let offered = rows::transfer::offered(on, customer.id, ctx.now()).await?;
    if let Some(leaving) = moving.iter().chain(&plan).find(|one| offered.contains(&one.id)) {
        let message = format!(
            "{} ({}) is offered to another partner; withdraw the transfer or wait for its end",
            leaving.friendly_name, leaving.id
        );
        return Err(Problem::new(Reason::Stale, message).at("transfers"));
    }
    Ok((plan, moving))
}

/// What was bought by itself, all of it in use.
fn to_move(held: &[Subscription]) -> Result<Vec<Subscription>, Problem> {
    let by_itself = |held: &&Subscription| held.offer.id == catalogue::AZURE && held.state.status() != Status::Deleted;
    let moving: Vec<_> = held.iter().filter(by_itself).cloned().collect();
    if moving.is_empty() {
        let message = "the customer has no Azure subscription that was bought by itself; order an Azure plan";
        return Err(Problem::new(Reason::OfferNotPurchasable, message).at(FAMILY));
    }
    moving.iter().try_for_each(check_active)?;
    Ok(moving)
}

fn check_active(one: &Subscription) -> Result<(), Problem> {
    if one.state.status() == Status::Active {
        return Ok(());
    }
    let message = format!("{} ({}) is suspended; take it back into use first", one.friendly_name, one.id);
    Err(Problem::new(Reason::SubscriptionSuspended, message).at(FAMILY))
}

/// The plan, bought now, with no Azure subscription of its own.
async fn bought(ctx: &OpContext, tx: &mut Tx, customer: &Customer) -> Result<Subscription, Problem> {
    let named = OfferId::new(crate::azure_plan::PLAN);
    let offer = catalogue::find(&named).ok_or_else(|| Problem::corrupt("the Azure plan left the catalogue"))?;
    let purchase = Purchase {
        customer,
        order: OrderId::new(ctx.chance.guid()),
        parent: None,
        billing_cycle: offer.check_billing_cycle(None)?,
        on_record: None,
    };
    let line = CheckedLine { number: 0, offer, friendly_name: offer.name.to_owned(), quantity: 1 };
    let plan = purchase.made(ctx, line, rows::subscription::next_number(tx, customer).await?);
    purchase.ordered(ctx, tx, &plan, None).await?;
    keep_alone(ctx, tx, &plan).await?;
    Ok(plan)
}

/// What was moved by an upgrade of this id.
///
/// # Errors
/// `ObjectNotFound`; on `upgradeId`, `InvalidField` for the upgrade of another customer; `CustomerNotFound`, `Forbidden`.
pub async fn azure_plan_upgrade_get(
    ctx: &OpContext,
    db: &Db,
    customer: TenantId,
    id: Uuid,
) -> Result<AzurePlanUpgrade, Problem> {
    let mut reader = db.reader().await?;
    let seen = customers::visible(ctx, &mut reader, customer).await?;
    let customer = allow::<SubscriptionRead, _>(ctx, seen)?.into_target().id;
    let made = rows::product_upgrade::get(&mut reader, Reach::of(ctx)?, id).await?;
    let told = || Problem::new(Reason::ObjectNotFound, format!("there is no product upgrade `{id}`"));
    let made = made.ok_or_else(told)?;
    if made.customer != customer {
        return Err(Problem::invalid("upgradeId", format!("`{id}` is of another customer")));
    }
    Ok(made)
}
