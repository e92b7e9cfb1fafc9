//! Placing an order. Order, subscriptions and events are one transaction: there is no order without what it
//! bought, and nobody hears of a subscription that was not kept.

use crate::asked::asked;
use crate::channel::Channel;
use crate::customer::Customer;
use crate::offer::{BillingCycle, Offer, PurchaseLimit};
use crate::order::{Order, OrderLine};
use crate::order_check::{Checked, checked};
use crate::reach::Reach;
use crate::subscription::{OnRecord, Status, Subscription};
use crate::subscription_keep::keep_new;
use crate::subscription_new::Purchase;
use crate::{Limits, agreement, audit_made, customers, qualification, rows, subscription_record};
use serde::Serialize;
use std::collections::BTreeMap;
use tenantry_access::{OrderPlace, allow};
use tenantry_core::{OfferId, OpContext, OrderId, Problem, Reason, TenantId};
use tenantry_db::{Connection, Db, Tx, audit};

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
/// `SandboxLimit`; on `customerAgreement`, a customer that has not agreed yet (`OfferNotPurchasable`).
pub async fn order_place(ctx: &OpContext, db: &Db, limits: &Limits, new: PlaceOrder) -> Result<Order, Problem> {
    order_place_with(ctx, db, limits, new, LineWords::default()).await
}

/// What a client may say of lines besides what they buy, by the lines' numbers.
#[derive(Debug, Clone, Default)]
pub struct LineWords {
    /// For which term, as ISO 8601 writes durations (`P1Y`).
    pub terms: BTreeMap<i64, String>,
    /// The numbers in the partner network of the resellers to be on their records.
    pub on_record: BTreeMap<i64, String>,
}

/// As [`order_place`], where the client says more of its lines.
///
/// # Errors
/// `InvalidField` for a term that the offer is not sold for; on `partnerIdOnRecord`, `Unsupported` where a direct partner
/// sells and `InvalidField` for a number that cannot be on the record; and those of [`order_place`].
pub async fn order_place_with(
    ctx: &OpContext,
    db: &Db,
    limits: &Limits,
    new: PlaceOrder,
    words: LineWords,
) -> Result<Order, Problem> {
    let line = audit::open(ctx, db, "order-place", &new.customer.to_string()).await?;
    let outcome = place(ctx, db, limits, Placing { partner: None, key: None, words, new }).await;
    line.close_with(ctx, db, outcome, audit_made::of_order).await
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
    let outcome =
        place(ctx, db, limits, Placing { partner: Some(partner), key: None, words: LineWords::default(), new }).await;
    line.close_with(ctx, db, outcome, audit_made::of_order).await
}

/// Places an order that something of ours stands for (a group of a cart), named by `key`: whatever request asks, and
/// however often, there is one.
pub(crate) async fn order_place_once(
    ctx: &OpContext,
    db: &Db,
    limits: &Limits,
    partner: TenantId,
    (key, new): (String, PlaceOrder),
) -> Result<Order, Problem> {
    let line = audit::open(ctx, db, "order-place", &format!("{} by {key}", new.customer)).await?;
    let placing = Placing { partner: Some(partner), key: Some(key), words: LineWords::default(), new };
    let outcome = place(ctx, db, limits, placing).await;
    line.close_with(ctx, db, outcome, audit_made::of_order).await
}

/// An order on its way.
struct Placing {
    /// Whose customer it is for; the only one in reach if absent.
    partner: Option<TenantId>,
    /// What it is known by when it is asked for again; the request, if absent.
    key: Option<String>,
    words: LineWords,
    new: PlaceOrder,
}

/// The name of an order among those that were asked for: what is said besides counts only where it is said.
fn asked_for(ctx: &OpContext, placing: &Placing) -> Result<Option<String>, Problem> {
    let Placing { partner, key, words: LineWords { terms, on_record }, new } = placing;
    match (key, partner) {
        (Some(key), _) => Ok(Some(key.clone())),
        (None, Some(partner)) => asked(ctx, &(partner, new)),
        (None, None) if !on_record.is_empty() => asked(ctx, &(new, terms, on_record)),
        (None, None) if !terms.is_empty() => asked(ctx, &(new, terms)),
        (None, None) => asked(ctx, new),
    }
}

async fn place(ctx: &OpContext, db: &Db, limits: &Limits, placing: Placing) -> Result<Order, Problem> {
    let mut reader = db.reader().await?;
    let customer = match placing.partner {
        Some(partner) => customers::visible_of_partner(ctx, &mut reader, partner, placing.new.customer).await?,
        None => customers::visible_as_one(ctx, &mut reader, placing.new.customer).await?,
    };
    drop(reader);
    let customer = allow::<OrderPlace, _>(ctx, customer)?.into_target();
    let asked = asked_for(ctx, &placing)?;
    let Placing { words: LineWords { terms, on_record }, new, .. } = placing;
    let checked = checked(limits, customer.country(), new)?;
    for line in &checked.lines {
        let term = terms.get(&line.number).map_or("", String::as_str);
        line.offer.check_term(&format!("lineItems[{}].termDuration", line.number), term)?;
    }

    let mut tx = db.begin().await?;
    rows::customer::lock_served(&mut tx, customer.id, customer.partner).await?;
    let channel = Channel::to_customer(&mut tx, customer.partner, customer.id).await?;
    // Only now: whoever asked the same at the same moment has waited here until the first was through.
    if let Some(asked) = &asked
        && let Some(order) = rows::order::by_asked(&mut tx, Reach::of(ctx)?, customer.id, asked).await?
    {
        return Ok(order);
    }
    agreement::check_sold_to(&mut tx, &customer).await?;
    let named = checked.lines.iter().map(|line| (format!("lineItems[{}].offerId", line.number), line.offer));
    qualification::check_qualified(&mut tx, &customer, ctx.now(), named).await?;
    check_holdings(ctx, &mut tx, limits, &customer, &checked).await?;
    let (order, subscriptions) = create(ctx, &mut tx, (&customer, &channel), (checked, &on_record)).await?;
    rows::order::insert(&mut tx, &order, asked).await?;
    for subscription in &subscriptions {
        keep_new(ctx, &mut tx, subscription).await?;
    }
    tx.commit().await?;
    Ok(order)
}

/// What the customer has of its seller. What it has of other partners is theirs to know, and to count.
pub(crate) async fn held_of_seller(
    ctx: &OpContext,
    on: &mut impl Connection,
    customer: &Customer,
) -> Result<Vec<Subscription>, Problem> {
    let all = rows::subscription::Which::default();
    let reach = Reach::of(ctx)?.of_partner(customer.partner);
    let mut held = rows::subscription::of_customer(on, reach, customer.id, all).await?;
    held.retain(|subscription| subscription.partner == customer.partner);
    Ok(held)
}

/// How many the customer has of this partner, and may have.
async fn check_holdings(
    ctx: &OpContext,
    tx: &mut Tx,
    limits: &Limits,
    customer: &Customer,
    order: &Checked,
) -> Result<(), Problem> {
    let held = held_of_seller(ctx, tx, customer).await?;
    limits.check_subscriptions(length(held.iter().filter(|held| is_alive(held)).count() + order.lines.len()))?;
    let mut ordered: BTreeMap<&str, i64> = BTreeMap::new();
    for line in &order.lines {
        *ordered.entry(line.offer.id).or_default() += 1;
    }
    for line in &order.lines {
        let wanted = ordered.get(line.offer.id).copied().unwrap_or_default();
        check_purchase_limit(&held, line.offer, wanted, &format!("lineItems[{}].offerId", line.number))?;
    }
    Ok(())
}

/// Refuses to sell `wanted` more of an offer to a customer that has these subscriptions, if that is more than it may have.
/// `field` is where the offer stands in what was sent.
pub(crate) fn check_purchase_limit(
    held: &[Subscription],
    offer: &Offer,
    wanted: i64,
    field: &str,
) -> Result<(), Problem> {
    let of_offer = held.iter().filter(|subscription| subscription.offer.id == offer.id);
    let (has, max) = match offer.limit {
        PurchaseLimit::None => return Ok(()),
        PurchaseLimit::Concurrent(max) => (length(of_offer.filter(|held| is_alive(held)).count()), max),
        PurchaseLimit::Lifetime(max) => (length(of_offer.count()), max),
    };
    if has + wanted <= max {
        return Ok(());
    }
    let message = format!(
        "{field}: a customer may have {max} of {}; this one has {has} and {wanted} more are ordered",
        offer.name
    );
    Err(Problem::new(Reason::OfferNotPurchasable, message).at(field))
}

fn is_alive(subscription: &Subscription) -> bool {
    subscription.state.status() != Status::Deleted
}

/// Lists are bounded far below any overflow.
fn length(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// The order and what it creates, numbered after what is there.
async fn create(
    ctx: &OpContext,
    tx: &mut Tx,
    (customer, channel): (&Customer, &Channel),
    (checked, on_record): (Checked, &BTreeMap<i64, String>),
) -> Result<(Order, Vec<Subscription>), Problem> {
    let id = OrderId::new(ctx.chance.guid());
    let (mut lines, mut subscriptions) = (Vec::new(), Vec::new());
    let first = rows::subscription::next_number(tx, customer).await?;
    let seller = subscription_record::seller(tx, customer.partner).await?;
    for (number, line) in (first..).zip(checked.lines) {
        let line_number = line.number;
        let on_record = match on_record.get(&line_number) {
            Some(mpn_id) => {
                let field = format!("lineItems[{line_number}].partnerIdOnRecord");
                Some(subscription_record::named(tx, &seller, (&field, mpn_id)).await?)
            }
            None => OnRecord::of_seller(&seller),
        };
        let purchase = Purchase { customer, order: id, parent: None, billing_cycle: checked.billing_cycle, on_record };
        let subscription = purchase.made(ctx, line, number);
        lines.push(OrderLine::of(line_number, &subscription));
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
