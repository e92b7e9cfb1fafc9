//! Placing an order. Order, subscriptions and events are one transaction: there is no order without what it
//! bought, and nobody hears of a subscription that was not kept.

use crate::customer::Customer;
use crate::offer::{BillingCycle, Offer, PurchaseLimit};
use crate::order::{Order, OrderLine};
use crate::reach::Reach;
use crate::subscription::{State, Status, Subscription, commitment_end};
use crate::{Edge, Limits, customers, events, offers, rows, text};
use std::collections::BTreeMap;
use tenantry_access::{OrderPlace, allow};
use tenantry_core::{OfferId, OpContext, OrderId, Problem, Reason, SubscriptionId, TenantId};
use tenantry_db::{Db, Tx, audit, counter};

/// What a customer is to get.
#[derive(Debug, Clone)]
pub struct PlaceOrder {
    /// For whom.
    pub customer: TenantId,
    /// How often to bill; the offers' default if absent.
    pub billing_cycle: Option<BillingCycle>,
    /// What. The numbers are 0 to n-1, in any order.
    pub lines: Vec<PlaceLine>,
}

/// One line of an order to be placed.
#[derive(Debug, Clone)]
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

const LINES_MAX: usize = 100;
pub(crate) const FRIENDLY_NAME_MAX: usize = 200;

/// Places an order and creates its subscriptions at once.
///
/// Source: partner-center-v1.md 4.3. Refused: no lines (`MissingField`); numbers other than 0 to n-1
/// (`LineNumbersInvalid`); an offer not sold in the customer's country (`OfferNotFound`); an add-on, or more than
/// the offer's purchase limit (`OfferNotPurchasable`); `QuantityOutOfRange`; `BillingCycleRefused`;
/// `SandboxLimit`.
pub async fn order_place(ctx: &OpContext, db: &Db, limits: &Limits, new: PlaceOrder) -> Result<Order, Problem> {
    let line = audit::open(ctx, db, "order-place", &new.customer.to_string()).await?;
    let outcome = place(ctx, db, limits, new).await;
    line.close(ctx, db, outcome).await
}

async fn place(ctx: &OpContext, db: &Db, limits: &Limits, new: PlaceOrder) -> Result<Order, Problem> {
    let customer = customers::visible(ctx, &mut db.reader().await?, new.customer).await?;
    let customer = allow::<OrderPlace, _>(ctx, customer)?.into_target();
    let checked = checked(limits, customer.country(), new)?;

    let mut tx = db.begin().await?;
    let edge = rows::edge::of_buyer(&mut tx, Reach::of(ctx)?, customer.partner).await?;
    let edge = edge.ok_or_else(|| Problem::corrupt(format!("partner {} has no edge", customer.partner)))?;
    rows::customer::lock(&mut tx, customer.id).await?;
    check_holdings(ctx, &mut tx, limits, &customer, &checked).await?;
    let subscriptions = subscriptions(ctx, &mut tx, &customer, &checked).await?;
    let order = order(ctx, &mut tx, &customer, &edge, &checked, &subscriptions).await?;
    save(ctx, &mut tx, &edge, &order, &subscriptions).await?;
    tx.commit().await?;
    Ok(order)
}

/// An order whose lines are known to be good by themselves.
struct Checked {
    id: Option<OrderId>,
    billing_cycle: BillingCycle,
    lines: Vec<CheckedLine>,
}

struct CheckedLine {
    number: i64,
    offer: &'static Offer,
    friendly_name: String,
    quantity: i64,
}

/// What can be said without looking at what the customer has.
fn checked(limits: &Limits, country: &str, new: PlaceOrder) -> Result<Checked, Problem> {
    if new.lines.is_empty() {
        return Err(Problem::missing("lineItems"));
    }
    if new.lines.len() > LINES_MAX {
        let message = format!("an order has at most {LINES_MAX} lines, this one has {}; split it", new.lines.len());
        return Err(Problem::new(Reason::TooLarge, message).at("lineItems"));
    }
    let mut lines = new.lines;
    lines.sort_by_key(|line| line.number);
    if let Some((due, line)) = (0..).zip(&lines).find(|(due, line)| *due != line.number) {
        let message = format!(
            "lineItems: lines are numbered 0 to {}, each number once; {due} is missing before {}",
            lines.len() - 1,
            line.number
        );
        return Err(Problem::new(Reason::LineNumbersInvalid, message).at("lineItems"));
    }
    let lines = lines.into_iter().map(|line| checked_line(limits, country, line)).collect::<Result<Vec<_>, _>>()?;
    let mut cycle = new.billing_cycle;
    for line in &lines {
        let first = &lines[0].offer;
        if line.offer.sales_group != first.sales_group {
            let message = format!(
                "lineItems[{}].offerId: {} cannot be ordered together with {}; place two orders",
                line.number, line.offer.name, first.name
            );
            return Err(Problem::new(Reason::OfferNotPurchasable, message).at("lineItems"));
        }
        cycle = Some(line.offer.check_billing_cycle(cycle)?);
    }
    Ok(Checked { id: None, billing_cycle: cycle.unwrap_or(BillingCycle::None), lines })
}

fn checked_line(limits: &Limits, country: &str, line: PlaceLine) -> Result<CheckedLine, Problem> {
    let field = |name: &str| format!("lineItems[{}].{name}", line.number);
    let offer = offers::sold(&line.offer, country).map_err(|problem| problem.at(field("offerId")))?;
    if offer.is_add_on() {
        let message = format!(
            "{}: {} is an add-on and goes with a subscription that is there already; add it to that one's order",
            field("offerId"),
            offer.name
        );
        return Err(Problem::new(Reason::OfferNotPurchasable, message).at(field("offerId")));
    }
    offer.check_quantity(&field("quantity"), line.quantity)?;
    limits.check_seats(line.quantity)?;
    let named = text::optional(&field("friendlyName"), line.friendly_name.as_deref(), FRIENDLY_NAME_MAX)?;
    Ok(CheckedLine {
        number: line.number,
        offer,
        friendly_name: named.unwrap_or_else(|| offer.name.to_owned()),
        quantity: line.quantity,
    })
}

/// How many the customer has, and may have.
async fn check_holdings(
    ctx: &OpContext,
    tx: &mut Tx,
    limits: &Limits,
    customer: &Customer,
    order: &Checked,
) -> Result<(), Problem> {
    let all = rows::subscription::Which::default();
    let held = rows::subscription::of_customer(tx, Reach::of(ctx)?, customer.id, all).await?;
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
