//! Changing an order that was placed: add-ons to what it bought, or the end of it.
//!
//! Clients say all of it with one object (partner-center-v1.md 2.3 row 51), so one act takes it. What is billed by the
//! seat is agreed to for its term, the cycle of billing included: seat billing reckons every period of a subscription by
//! the cycle it was bought with. So a cycle that differs is refused, and one that is there already is no change.

use crate::offer::BillingCycle;
use crate::order::{Order, OrderLine, no_order};
use crate::reach::Reach;
use crate::{Limits, customers, order_add_on, order_cancel, rows};
use serde::Serialize;
use tenantry_core::{OfferId, OpContext, OrderId, Problem, Reason, SubscriptionId, TenantId};
use tenantry_db::{Connection, Db, audit};

/// What an order is to become.
#[derive(Debug, Clone)]
pub struct ChangeOrder {
    /// Whose.
    pub customer: TenantId,
    /// Which.
    pub order: OrderId,
    /// How often it is billed. Cannot change; refused if it differs.
    pub billing_cycle: Option<BillingCycle>,
    /// What is to happen to it, if anything.
    pub with: Option<OrderChange>,
    /// Lines that were sent along and are to be as they are.
    pub repeated: Vec<RepeatedLine>,
    /// The version the caller saw; `None` changes whatever is there.
    pub version: Option<i64>,
}

/// A line of the order as a caller repeats it. What is absent is not said.
#[derive(Debug, Clone)]
pub struct RepeatedLine {
    /// Its number.
    pub number: i64,
    /// What was ordered.
    pub offer: Option<OfferId>,
    /// The subscription it created.
    pub subscription: Option<SubscriptionId>,
    /// Seats.
    pub quantity: Option<i64>,
}

/// One change of an order.
#[derive(Debug, Clone)]
pub enum OrderChange {
    /// Lines for add-ons to what it bought.
    AddOns(Vec<AddOnLine>),
    /// The end of some lines, by their numbers; of all, if none is named.
    Cancel(Vec<i64>),
}

/// A line that buys an add-on. Its place in the order is the next one; `number` is its name in refusals.
#[derive(Debug, Clone, Serialize)]
pub struct AddOnLine {
    /// Its number in what was sent.
    pub number: i64,
    /// What is ordered.
    pub offer: OfferId,
    /// With which subscription of the order it goes.
    pub parent: SubscriptionId,
    /// The subscription's name; the offer's if absent.
    pub friendly_name: Option<String>,
    /// Seats: no more than that subscription has.
    pub quantity: i64,
}

/// Changes an order. Nothing changed is no error, and no new version. Add-ons that are ordered again by the same request
/// (caller's tenant, request id, content) are bought once.
///
/// Source: partner-center-v1.md 4.3 rules 3 and 8.
///
/// # Errors
/// `OrderNotFound`, `CustomerNotFound`, `Forbidden`, `Stale`; another billing cycle (`BillingCycleRefused`); a line that is
/// sent along and is not as it is in the order (`InvalidField`), or no line of it and no add-on (`MissingField`). Of add-ons:
/// `OfferNotFound`; `OfferNotPurchasable` on `offerId` for what is no add-on or more than may be had, on
/// `parentSubscriptionId` for an add-on to something else; `SubscriptionSuspended`; `QuantityOutOfRange`; `SandboxLimit`.
/// Of cancelling: `InvalidField` for a line that is not there; `StatusChangeRefused` for what is suspended instead, and on
/// `cancellationAllowedUntilDate` when it is too late.
pub async fn order_change(ctx: &OpContext, db: &Db, limits: &Limits, change: ChangeOrder) -> Result<Order, Problem> {
    let line = audit::open_about(ctx, db, "order-change", &change.order.to_string(), change.customer).await?;
    let outcome = apply(ctx, db, limits, change).await;
    line.close(ctx, db, outcome).await
}

async fn apply(ctx: &OpContext, db: &Db, limits: &Limits, change: ChangeOrder) -> Result<Order, Problem> {
    match change.with.clone() {
        Some(OrderChange::AddOns(lines)) => order_add_on::add(ctx, db, limits, &change, lines).await,
        Some(OrderChange::Cancel(numbers)) => order_cancel::cancel(ctx, db, &change, &numbers).await,
        None => {
            let mut reader = db.reader().await?;
            let order = visible(ctx, &mut reader, &change).await?;
            let order = tenantry_access::allow::<tenantry_access::SubscriptionChange, _>(ctx, order)?.into_target();
            check_same(&order, &change)?;
            Ok(order)
        }
    }
}

/// The order within the caller's reach. What the caller may do with it is asked by who called this.
pub(crate) async fn visible(ctx: &OpContext, on: &mut impl Connection, change: &ChangeOrder) -> Result<Order, Problem> {
    let customer = customers::visible(ctx, on, change.customer).await?;
    let mut found = rows::order::of_customer(on, Reach::of(ctx)?, customer.id, Some(change.order)).await?;
    found.pop().ok_or_else(|| no_order(change.order))
}

/// Refuses a change of another version, and another cycle of billing.
pub(crate) fn check_same(order: &Order, change: &ChangeOrder) -> Result<(), Problem> {
    if change.version.is_some_and(|version| version != order.version) {
        return Err(stale());
    }
    change.repeated.iter().try_for_each(|line| check_repeated(order, line))?;
    match change.billing_cycle.filter(|cycle| *cycle != order.billing_cycle) {
        None => Ok(()),
        Some(wanted) => {
            let message = format!(
                "billingCycle: what this order bought is billed `{}` for its term; to have it billed `{wanted}`, order it \
                 anew and suspend this, which gives back what is not used",
                order.billing_cycle
            );
            Err(Problem::new(Reason::BillingCycleRefused, message).at("billingCycle"))
        }
    }
}

/// Refuses a line that is none of the order's: whoever sent it would believe that it was bought. A line that names its
/// subscription may say of it what it is now, which is not what was ordered: clients build lines from subscriptions.
fn check_repeated(order: &Order, line: &RepeatedLine) -> Result<(), Problem> {
    let field = |name: &str| format!("lineItems[{}].{name}", line.number);
    if let Some(id) = line.subscription {
        if order.lines.iter().any(|known| known.subscription == id) {
            return Ok(());
        }
        let message = format!("the order has no line of subscription {id}; it belongs to another order");
        return Err(Problem::invalid(field("subscriptionId"), message));
    }
    let is_offer = |known: &&OrderLine| {
        line.offer.as_ref().is_none_or(|offer| offer.as_str().eq_ignore_ascii_case(known.offer.as_str()))
    };
    let known = order.lines.iter().filter(|known| known.number == line.number).find(is_offer);
    // The one thing that a line can be which is not there yet.
    let known = known.ok_or_else(|| Problem::missing(field("parentSubscriptionId")))?;
    // Of what was cancelled nothing is left, and so it is shown.
    match line.quantity.filter(|quantity| *quantity != known.quantity && !known.cancelled) {
        None => Ok(()),
        Some(wanted) => {
            let message = format!(
                "line {} was ordered with {}, and {wanted} was sent; seats change through the subscription {}",
                line.number, known.quantity, known.subscription
            );
            Err(Problem::invalid(field("quantity"), message))
        }
    }
}

/// The refusal of a change of an order that is no longer there in that version.
pub(crate) fn stale() -> Problem {
    Problem::new(Reason::Stale, "the order was changed since it was read; read it again and repeat the change")
}
