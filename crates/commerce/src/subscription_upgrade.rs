//! Upgrading a subscription: the customer gets another offer for the same seats, and the old subscription stops.
//!
//! The new subscription is bought today, in an order of its own, so that its term and its bills begin with it; the old one
//! is suspended today, and seat billing gives back what is not used of it, as for every suspension. Both are one
//! transaction. Licences of people are moved afterwards, if that is asked for, person by person: one that cannot be moved
//! is told of, and stands where it stood (partner-center-v1.md 4.9).

use crate::answered_refusal::close_refused;
use crate::asked::asked;
use crate::customer::Customer;
use crate::offer::Offer;
use crate::reach::Reach;
use crate::rows::subscription::Which;
use crate::rows::transition::NewTransition;
use crate::subscription::Subscription;
use crate::subscription_licences::{LicenceError, Mover};
use crate::subscription_replace::Replacement;
use crate::upgrade::{UpgradeObstacle, UpgradeObstacleKind as Kind, is_administered, obstacles, targets};
use crate::{Limits, agreement, customers, rows, subscription_term_end, subscriptions, text};
use tenantry_access::{SubscriptionChange, allow};
use tenantry_core::{OfferId, OpContext, Problem, Reason, SubscriptionId, TenantId};
use tenantry_db::{Db, audit};

/// Which subscription becomes what.
#[derive(Debug, Clone)]
pub struct UpgradeSubscription {
    /// Whose.
    pub customer: TenantId,
    /// Which.
    pub subscription: SubscriptionId,
    /// What the customer has afterwards.
    pub target: OfferId,
    /// Seats the caller believes it has; all of them move.
    pub quantity: Option<i64>,
    /// Whether people who have licences of the old product by themselves get the new one instead.
    pub with_licences: bool,
}

/// How an upgrade ended.
#[derive(Debug, Clone)]
pub enum Upgraded {
    /// It is done.
    Done {
        /// What the customer has now.
        target: Box<Subscription>,
        /// The people whose licences were not moved, and why.
        licence_errors: Vec<LicenceError>,
    },
    /// These stand in the way; nothing was changed.
    Refused(Vec<UpgradeObstacle>),
}

/// Upgrades a subscription. The same request again (caller's tenant, request id, content) upgrades nothing: it gets what it
/// made.
///
/// # Errors
/// `SubscriptionNotFound`, `CustomerNotFound`, `Forbidden`; `InvalidField` for another number of seats than it has;
/// `Stale`. What stands in the way is an answer ([`Upgraded::Refused`]).
pub async fn subscription_upgrade(
    ctx: &OpContext,
    db: &Db,
    limits: &Limits,
    upgrade: UpgradeSubscription,
) -> Result<Upgraded, Problem> {
    let target = upgrade.subscription.to_string();
    let line = audit::open_about(ctx, db, "subscription-upgrade", &target, upgrade.customer).await?;
    match apply(ctx, db, limits, &upgrade).await {
        Ok(Upgraded::Refused(obstacles)) => {
            let why = obstacles.first().map_or("", |first| &first.message);
            close_refused(ctx, db, line, Problem::new(Reason::OfferNotPurchasable, why)).await?;
            Ok(Upgraded::Refused(obstacles))
        }
        outcome => line.close(ctx, db, outcome).await,
    }
}

async fn apply(ctx: &OpContext, db: &Db, limits: &Limits, upgrade: &UpgradeSubscription) -> Result<Upgraded, Problem> {
    let mut reader = db.reader().await?;
    let seen = subscriptions::visible(ctx, &mut reader, upgrade.customer, upgrade.subscription).await?;
    let seen = allow::<SubscriptionChange, _>(ctx, seen)?.into_target();
    let customer = customers::visible_of_partner(ctx, &mut reader, seen.partner, seen.customer).await?;
    drop(reader);
    let administered = is_administered(ctx, db, &customer).await?;
    let mover = match upgrade.with_licences {
        false => None,
        true => match Mover::of(ctx, db, &seen).await {
            Ok(mover) => Some(mover),
            Err(problem) if problem.reason() == Reason::Forbidden => {
                return Ok(Upgraded::Refused(vec![UpgradeObstacle::person_required(&problem)]));
            }
            Err(problem) => return Err(problem),
        },
    };
    let target = match in_one(ctx, db, limits, (upgrade, &customer, administered)).await? {
        Ok(target) => target,
        Err(obstacles) => return Ok(Upgraded::Refused(obstacles)),
    };
    let licence_errors = match mover {
        Some(mover) => move_licences(ctx, db, mover, &target).await?,
        None => Vec::new(),
    };
    Ok(Upgraded::Done { target: Box::new(target), licence_errors })
}

/// Moves people's licences and keeps how it went.
async fn move_licences(
    ctx: &OpContext,
    db: &Db,
    mover: Mover,
    target: &Subscription,
) -> Result<Vec<LicenceError>, Problem> {
    let errors = mover.to(db, target).await?;
    let told: Vec<_> = errors.iter().map(|error| format!("{}: {}", error.email, error.problem.message())).collect();
    let mut tx = db.begin().await?;
    rows::transition::licences_moved(&mut tx, target.order, ctx.now(), &told).await?;
    tx.commit().await?;
    Ok(errors)
}

/// The upgrade itself, in one transaction: what the customer has now, or what stands in the way.
async fn in_one(
    ctx: &OpContext,
    db: &Db,
    limits: &Limits,
    (upgrade, customer, administered): (&UpgradeSubscription, &Customer, bool),
) -> Result<Result<Subscription, Vec<UpgradeObstacle>>, Problem> {
    let asked = asked(ctx, &(upgrade.subscription, &upgrade.target, upgrade.with_licences))?;
    let mut tx = db.begin().await?;
    rows::customer::lock_served(&mut tx, customer.id, customer.partner).await?;
    // Behind the lock: whoever asked the same at the same moment has waited here until the first was through.
    if let Some(asked) = &asked
        && let Some(order) = rows::order::by_asked(&mut tx, Reach::of(ctx)?, customer.id, asked).await?
    {
        let which = Which { order: Some(order.id), ..Which::default() };
        let mut made = rows::subscription::of_customer(&mut tx, Reach::of(ctx)?, customer.id, which).await?;
        return made.pop().map(Ok).ok_or_else(|| Problem::corrupt(format!("order {} bought nothing", order.id)));
    }
    agreement::check_sold_to(&mut tx, customer).await?;
    let seen = subscriptions::visible(ctx, &mut tx, upgrade.customer, upgrade.subscription).await?;
    let seen = subscription_term_end::caught_up(ctx, &mut tx, seen).await?;
    if let Some(quantity) = upgrade.quantity.filter(|quantity| *quantity != seen.quantity) {
        let message = format!(
            "all {} seats are upgraded together, not {quantity}; change the seats before or afterwards",
            seen.quantity
        );
        return Err(Problem::invalid("quantity", message));
    }
    let target = match target(&seen, customer.country(), &upgrade.target) {
        Ok(target) => target,
        Err(obstacle) => return Ok(Err(vec![obstacle])),
    };
    let found = obstacles(ctx, &mut tx, limits, (customer, administered), (&seen, target)).await?;
    if !found.is_empty() {
        return Ok(Err(found));
    }
    let wanted = (!seen.offer.trial).then_some(seen.billing_cycle);
    let replacement = Replacement {
        target,
        quantity: seen.quantity,
        billing_cycle: target.check_billing_cycle(wanted)?,
        migration: None,
    };
    let made = replacement.of(ctx, &mut tx, customer, &seen, asked).await?;
    let transition = NewTransition {
        operation: made.order,
        customer: customer.id,
        source: seen.id,
        target: made.id,
        with_licences: upgrade.with_licences,
    };
    rows::transition::insert(&mut tx, transition, ctx.now()).await?;
    tx.commit().await?;
    Ok(Ok(made))
}

fn target(seen: &Subscription, country: &str, wanted: &OfferId) -> Result<&'static Offer, UpgradeObstacle> {
    if targets(seen, country).next().is_none() {
        let message = format!("{} leads to no other offer in {country}; order what is wanted anew", seen.offer.name);
        return Err(UpgradeObstacle::new(Kind::NoTargets, message));
    }
    targets(seen, country).find(|target| target.id == wanted.as_str()).ok_or_else(|| {
        let message = format!(
            "{} cannot be upgraded to `{}`; see the subscription's list of upgrades",
            seen.offer.name,
            text::shown(wanted.as_str())
        );
        UpgradeObstacle::new(Kind::NotATarget, message)
    })
}
