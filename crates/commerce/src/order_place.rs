//! Placing an order. Order, subscriptions and events are one transaction: there is no order without what it
//! bought, and nobody hears of a subscription that was not kept.

use crate::asked::asked;
use crate::channel::Channel;
use crate::customer::Customer;
use crate::offer::{BillingCycle, PurchaseLimit};
use crate::order::{Order, OrderLine};
use crate::order_check::{Checked, checked};
use crate::reach::Reach;
use crate::subscription::{State, Status, Subscription, commitment_end};
use crate::{Limits, customers, events, into_tenant, rows};
use serde::Serialize;
use std::collections::BTreeMap;
use tenantry_access::{OrderPlace, allow};
use tenantry_core::{OfferId, OpContext, OrderId, Problem, Reason, SubscriptionId, TenantId};
use tenantry_db::{Db, Tx, audit};

/// What a customer is to get.
#[derive(Debug, Clone, Serialize)]
pub struct PlaceOrder {
    /// For whom.
    pub customer: TenantId,
    /// How often to bill; the offers' default if absent.
    pub billing_cycle: Option<BillingCycle>,
    /// What. The numbers are 0 to n-1, in any order.
    pub lines: Vec<PlaceLine>,
}

/// One line of an order to be placed.
#[derive(Debug, Clone, Serialize)]
pub struct PlaceLine {
    /// Its number.
    pub number: i64,
    /// What is ordered.
    pub offer: OfferId,
    /// The subscription's name; the offer's if absent.
    pub friendly_name: Option<String>,
    /// Seats; 1 if usage is billed.
    pub quantity: i64,
}

/// Places an order and creates its subscriptions at once. The same request again (caller's tenant, request id, content)
/// buys nothing: it gets the order it made.
///
/// Source: partner-center-v1.md 4.3. Refused: no lines (`MissingField`); numbers other than 0 to n-1
/// (`LineNumbersInvalid`); an offer not sold in the customer's country (`OfferNotFound`); an add-on, or more than
/// the offer's purchase limit (`OfferNotPurchasable`); `QuantityOutOfRange`; `BillingCycleRefused`;
/// `SandboxLimit`.
pub async fn order_place(ctx: &OpContext, db: &Db, limits: &Limits, new: PlaceOrder) -> Result<Order, Problem> {
    let line = audit::open(ctx, db, "order-place", &new.customer.to_string()).await?;
    let outcome = place(ctx, db, limits, None, new).await;
    line.close(ctx, db, outcome).await
}

/// Places an order for a customer of the partner named: what an indirect provider does for a reseller
/// (`associatedPartnerId` of the field, partner-center-v1.md 3.1). The reseller sells; it is billed by the indirect
/// provider, and its AdminAgents own what is created.
///
/// # Errors
/// `CustomerNotFound` if the tenant is not that partner's customer, or that partner not the caller's reseller; and those
/// of [`order_place`].
pub async fn order_place_of_partner(
    ctx: &OpContext,
    db: &Db,
    limits: &Limits,
    partner: TenantId,
    new: PlaceOrder,
) -> Result<Order, Problem> {
    let line = audit::open(ctx, db, "order-place", &format!("{} of {partner}", new.customer)).await?;
    let outcome = place(ctx, db, limits, Some(partner), new).await;
    line.close(ctx, db, outcome).await
}

async fn place(
    ctx: &OpContext,
    db: &Db,
    limits: &Limits,
    partner: Option<TenantId>,
    new: PlaceOrder,
) -> Result<Order, Problem> {
    let mut reader = db.reader().await?;
    let customer = match partner {
        Some(partner) => customers::visible_of_partner(ctx, &mut reader, partner, new.customer).await?,
        None => customers::visible_as_one(ctx, &mut reader, new.customer).await?,
    };
    drop(reader);
    let customer = allow::<OrderPlace, _>(ctx, customer)?.into_target();
    let asked = match partner {
        Some(partner) => asked(ctx, &(partner, &new))?,
        None => asked(ctx, &new)?,
    };
    let checked = checked(limits, customer.country(), new)?;

    let mut tx = db.begin().await?;
    rows::customer::lock(&mut tx, &customer).await?;
    let channel = Channel::to_customer(&mut tx, customer.partner, customer.id).await?;
    // Only now: whoever asked the same at the same moment has waited here until the first was through.
    if let Some(asked) = &asked
        && let Some(order) = rows::order::by_asked(&mut tx, Reach::of(ctx)?, customer.id, asked).await?
    {
        return Ok(order);
    }
    check_holdings(ctx, &mut tx, limits, &customer, &checked).await?;
    let (order, subscriptions) = create(ctx, &mut tx, &customer, &channel, checked).await?;
    rows::order::insert(&mut tx, &order, asked).await?;
    for subscription in &subscriptions {
        rows::subscription::insert(&mut tx, subscription).await?;
        into_tenant::appear(ctx, &mut tx, subscription).await?;
        let changed = events::SubscriptionChanged::of(subscription, &channel);
        events::publish(ctx, &mut tx, events::SUBSCRIPTION_CHANGED, subscription.id, &changed).await?;
    }
    tx.commit().await?;
    Ok(order)
}

/// How many the customer has of this partner, and may have.
async fn check_holdings(
    ctx: &OpContext,
    tx: &mut Tx,
    limits: &Limits,
    customer: &Customer,
    order: &Checked,
) -> Result<(), Problem> {
    let all = rows::subscription::Which::default();
    // What it has of other partners is theirs to know, and to count.
    let reach = Reach::of(ctx)?.of_partner(customer.partner);
    let mut held = rows::subscription::of_customer(tx, reach, customer.id, all).await?;
    held.retain(|subscription| subscription.partner == customer.partner);
    let alive = |subscription: &&Subscription| subscription.state.status() != Status::Deleted;
    limits.check_subscriptions(length(held.iter().filter(alive).count() + order.lines.len()))?;
    let mut ordered: BTreeMap<&str, i64> = BTreeMap::new();
    for line in &order.lines {
        *ordered.entry(line.offer.id).or_default() += 1;
    }
    for line in &order.lines {
        let of_offer = held.iter().filter(|subscription| subscription.offer.id == line.offer.id);
        let (has, max) = match line.offer.limit {
            PurchaseLimit::None => continue,
            PurchaseLimit::Concurrent(max) => (length(of_offer.filter(alive).count()), max),
            PurchaseLimit::Lifetime(max) => (length(of_offer.count()), max),
        };
        let wanted = ordered.get(line.offer.id).copied().unwrap_or_default();
        if has + wanted > max {
            let field = format!("lineItems[{}].offerId", line.number);
            let message = format!(
                "{field}: a customer may have {max} of {}; this one has {has} and {wanted} more are ordered",
                line.offer.name
            );
            return Err(Problem::new(Reason::OfferNotPurchasable, message).at(field));
        }
    }
    Ok(())
}

/// Lists are bounded far below any overflow.
fn length(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// The order and what it creates, numbered after what is there.
async fn create(
    ctx: &OpContext,
    tx: &mut Tx,
    customer: &Customer,
    channel: &Channel,
    checked: Checked,
) -> Result<(Order, Vec<Subscription>), Problem> {
    let id = OrderId::new(ctx.chance.guid());
    let (mut lines, mut subscriptions) = (Vec::new(), Vec::new());
    let first = rows::subscription::next_number(tx, customer).await?;
    for (number, line) in (first..).zip(checked.lines) {
        let starts_on = ctx.now().day();
        let subscription = Subscription {
            id: SubscriptionId::new(ctx.chance.guid()),
            partner: customer.partner,
            indirect_provider: customer.indirect_provider,
            customer: customer.id,
            number,
            order: id,
            offer: line.offer,
            friendly_name: line.friendly_name,
            quantity: line.quantity,
            billing_cycle: checked.billing_cycle,
            auto_renew: line.offer.auto_renewable,
            state: State::Active { since: ctx.now() },
            created_at: ctx.now(),
            starts_on,
            commitment_ends_on: commitment_end(starts_on, line.offer.term),
            version: 1,
            sold_since: ctx.now(),
        };
        lines.push(OrderLine {
            number: line.number,
            offer: line.offer.offer_id(),
            subscription: subscription.id,
            friendly_name: subscription.friendly_name.clone(),
            quantity: line.quantity,
        });
        subscriptions.push(subscription);
    }
    let order = Order {
        id,
        partner: customer.partner,
        indirect_provider: customer.indirect_provider,
        customer: customer.id,
        number: rows::order::next_number(tx, customer).await?,
        currency: channel.last().currency,
        billing_cycle: checked.billing_cycle,
        lines,
        placed_at: ctx.now(),
        version: 1,
    };
    Ok((order, subscriptions))
}
