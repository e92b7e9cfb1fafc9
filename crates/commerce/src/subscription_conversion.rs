//! Turning a trial into what it was a trial of. The subscription stays the same: its id, its order, its name, and the
//! licences people have of it. From the day of the conversion on it is billed and committed to as if bought on that day
//! (partner-center-v1.md 4.9).

use crate::answered_refusal::close_refused;
use crate::offer::{BillingCycle, Offer};
use crate::order_place::{check_purchase_limit, held_of_seller};
use crate::subscription::{Status, Subscription};
use crate::subscription_keep::keep;
use crate::{Limits, agreement, catalogue, customers, rows, subscription_term_end, subscriptions};
use tenantry_access::{SubscriptionChange, SubscriptionRead, allow};
use tenantry_core::{OfferId, OpContext, OrderId, Problem, Reason, SubscriptionId, TenantId};
use tenantry_db::{Db, audit};
use tenantry_rating::term_end;

/// What a trial can become.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conversion {
    /// The offer it is of.
    pub offer: &'static Offer,
    /// The offer it would be of.
    pub target: &'static Offer,
    /// The order that bought the trial.
    pub order: OrderId,
    /// Its seats, as far as the target allows them.
    pub quantity: i64,
    /// How often it would be billed if nothing else is said.
    pub billing_cycle: BillingCycle,
}

/// Which trial becomes what.
#[derive(Debug, Clone)]
pub struct ConvertSubscription {
    /// Whose.
    pub customer: TenantId,
    /// Which.
    pub subscription: SubscriptionId,
    /// What it becomes.
    pub target: OfferId,
    /// Seats; those it has, if absent.
    pub quantity: Option<i64>,
    /// How often it is billed; the target's default if absent.
    pub billing_cycle: Option<BillingCycle>,
}

/// How a conversion ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Converted {
    /// The subscription as it is now.
    Done {
        /// What it was a trial of.
        from: &'static Offer,
        /// The subscription.
        subscription: Box<Subscription>,
    },
    /// It cannot become that; nothing was changed.
    NotOffered {
        /// What it is of.
        from: &'static Offer,
        /// Why, in words for the caller.
        why: String,
    },
}

/// What a subscription can be converted to: nothing, unless it is an active trial.
///
/// # Errors
/// `SubscriptionNotFound`, `CustomerNotFound`, `Forbidden`.
pub async fn conversion_list(
    ctx: &OpContext,
    db: &Db,
    customer: TenantId,
    id: SubscriptionId,
) -> Result<Vec<Conversion>, Problem> {
    let mut reader = db.reader().await?;
    let seen = subscriptions::visible(ctx, &mut reader, customer, id).await?;
    let seen = allow::<SubscriptionRead, _>(ctx, seen)?.into_target();
    let customer = customers::visible_of_partner(ctx, &mut reader, seen.partner, seen.customer).await?;
    if seen.state.status() != Status::Active {
        return Ok(Vec::new());
    }
    targets(&seen, customer.country()).map(|target| conversion(&seen, target)).collect()
}

fn conversion(seen: &Subscription, target: &'static Offer) -> Result<Conversion, Problem> {
    Ok(Conversion {
        offer: seen.offer,
        target,
        order: seen.order,
        quantity: seen.quantity.clamp(target.quantity_min, target.quantity_max),
        billing_cycle: target.check_billing_cycle(None)?,
    })
}

/// The offers a trial leads to that are sold in a country.
fn targets<'a>(seen: &Subscription, country: &'a str) -> impl Iterator<Item = &'static Offer> + use<'a> {
    let ids = if seen.offer.trial { seen.offer.conversion_targets } else { &[] };
    let found = ids.iter().filter_map(|id| catalogue::find(&OfferId::new(id)));
    found.filter(move |target| target.sold_in(country))
}

/// Turns a trial into a paid subscription from today on.
///
/// # Errors
/// `SubscriptionNotFound`, `CustomerNotFound`, `Forbidden`; `SubscriptionSuspended` and `SubscriptionDeleted` for what is
/// not active; `QuantityOutOfRange`; `BillingCycleRefused`; `OfferNotPurchasable` if the customer may have no more of the
/// target; `SandboxLimit`; `Stale`. That a target is not offered is an answer ([`Converted::NotOffered`]).
pub async fn subscription_convert(
    ctx: &OpContext,
    db: &Db,
    limits: &Limits,
    convert: ConvertSubscription,
) -> Result<Converted, Problem> {
    let target = convert.subscription.to_string();
    let line = audit::open_about(ctx, db, "subscription-convert", &target, convert.customer).await?;
    match change(ctx, db, limits, &convert).await {
        Ok(Converted::NotOffered { from, why }) => {
            close_refused(ctx, db, line, Problem::new(Reason::OfferNotPurchasable, why.clone())).await?;
            Ok(Converted::NotOffered { from, why })
        }
        outcome => line.close(ctx, db, outcome).await,
    }
}

async fn change(
    ctx: &OpContext,
    db: &Db,
    limits: &Limits,
    convert: &ConvertSubscription,
) -> Result<Converted, Problem> {
    let mut tx = db.begin().await?;
    let seen = subscriptions::visible(ctx, &mut tx, convert.customer, convert.subscription).await?;
    let seen = allow::<SubscriptionChange, _>(ctx, seen)?.into_target();
    let customer = customers::visible_of_partner(ctx, &mut tx, seen.partner, seen.customer).await?;
    rows::customer::lock_served(&mut tx, customer.id, customer.partner).await?;
    agreement::check_sold_to(&mut tx, &customer).await?;
    let seen = subscription_term_end::caught_up(ctx, &mut tx, seen).await?;
    let target = targets(&seen, customer.country()).find(|target| target.id == convert.target.as_str());
    let Some(target) = target else {
        let why = format!(
            "targetOfferId: {} cannot be converted to `{}`; see the subscription's list of conversions",
            seen.offer.name,
            crate::text::shown(convert.target.as_str())
        );
        return Ok(Converted::NotOffered { from: seen.offer, why });
    };
    check_active(&seen)?;
    let held = held_of_seller(ctx, &mut tx, &customer).await?;
    check_purchase_limit(&held, target, 1, "targetOfferId")?;
    let changed = converted(ctx, limits, &seen, target, convert)?;
    keep(ctx, &mut tx, &changed).await?;
    tx.commit().await?;
    Ok(Converted::Done { from: seen.offer, subscription: Box::new(changed) })
}

/// The subscription as if it had been bought today.
fn converted(
    ctx: &OpContext,
    limits: &Limits,
    seen: &Subscription,
    target: &'static Offer,
    convert: &ConvertSubscription,
) -> Result<Subscription, Problem> {
    let quantity = convert.quantity.unwrap_or(seen.quantity);
    target.check_quantity("quantity", quantity)?;
    limits.check_seats(quantity)?;
    let today = ctx.now().day();
    // A name that nobody chose says what it is.
    let own_name = seen.friendly_name != seen.offer.name;
    Ok(Subscription {
        offer: target,
        friendly_name: if own_name { seen.friendly_name.clone() } else { target.name.to_owned() },
        quantity,
        billing_cycle: target.check_billing_cycle(convert.billing_cycle)?,
        auto_renew: target.auto_renewable,
        starts_on: today,
        commitment_ends_on: term_end(today, target.term.months(), today),
        next_term_quantity: None,
        version: seen.version + 1,
        ..seen.clone()
    })
}

pub(crate) fn check_active(seen: &Subscription) -> Result<(), Problem> {
    match seen.state.status() {
        Status::Active => Ok(()),
        Status::Deleted => Err(crate::subscription::deleted()),
        Status::Suspended => {
            Err(Problem::new(Reason::SubscriptionSuspended, "the subscription is suspended; reactivate it first"))
        }
    }
}
