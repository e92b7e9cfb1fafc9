//! Ordering what is in a cart: each group of lines becomes an order of its own, through the same act as any other order. A
//! group that cannot be ordered keeps none of the others from it.
//!
//! Orders are transactions of their own, so a checkout can die between two of them. Each is known by the cart and its
//! group: the next checkout finds those that are there and goes on with the rest. What became of each group is kept when
//! all were tried, and that is what every later checkout answers.

use crate::cart::{Cart, CartLine, CartState, LineState, OrderGroup};
use crate::cart_check::{groups, states};
use crate::cart_create::in_use;
use crate::carts::open_cart;
use crate::order::Order;
use crate::order_place::{PlaceLine, PlaceOrder, held_of_seller, order_place_once};
use crate::reach::Reach;
use crate::{Limits, customers, rows};
use std::collections::{BTreeMap, BTreeSet};
use tenantry_access::{OrderPlace, allow};
use tenantry_core::{OpContext, Problem, Reason, TenantId};
use tenantry_db::{Connection, Db, audit};
use uuid::Uuid;

/// What became of a cart.
#[derive(Debug)]
pub struct Checkout {
    /// Of each group an order, or why there is none; in the order of the lines.
    pub groups: Vec<(OrderGroup, Result<Order, Problem>)>,
}

/// Reasons for which one group is not ordered and the others are. Anything else is the whole checkout's trouble: it is
/// answered as such, and can be tried again.
const OF_A_GROUP: [(&str, Reason); 10] = [
    ("invalid-field", Reason::InvalidField),
    ("missing-field", Reason::MissingField),
    ("unsupported", Reason::Unsupported),
    ("too-large", Reason::TooLarge),
    ("offer-not-found", Reason::OfferNotFound),
    ("offer-not-purchasable", Reason::OfferNotPurchasable),
    ("quantity-out-of-range", Reason::QuantityOutOfRange),
    ("billing-cycle-refused", Reason::BillingCycleRefused),
    ("line-numbers-invalid", Reason::LineNumbersInvalid),
    ("sandbox-limit", Reason::SandboxLimit),
];

/// The stored name of a reason for which a group was not ordered.
pub(crate) fn reason_name(reason: Reason) -> Option<&'static str> {
    OF_A_GROUP.iter().find(|(_, known)| *known == reason).map(|(name, _)| *name)
}

/// The reason of a stored name.
pub(crate) fn reason_of(name: &str) -> Option<Reason> {
    OF_A_GROUP.iter().find(|(known, _)| *known == name).map(|(_, reason)| *reason)
}

/// Orders what is in a cart. A cart that was ordered is answered with what became of it then.
///
/// Source: partner-center-v1.md 2.4 row 61, 4.4 (of the two answers it knows to a repeated checkout, today's).
///
/// # Errors
/// `OrderNotFound` at `cartId` for a cart that is not there or over; `Stale` at `cartId` if its lines were changed at the
/// same moment; `OfferNotPurchasable` at `lineItems` if nothing in it can be ordered: it stays as it is.
pub async fn cart_checkout(
    ctx: &OpContext,
    db: &Db,
    limits: &Limits,
    (customer, id): (TenantId, Uuid),
) -> Result<Checkout, Problem> {
    let line = audit::open(ctx, db, "cart-checkout", &format!("{id} of {customer}")).await?;
    let outcome = checkout(ctx, db, limits, customer, id).await;
    line.close(ctx, db, outcome).await
}

async fn checkout(
    ctx: &OpContext,
    db: &Db,
    limits: &Limits,
    customer: TenantId,
    id: Uuid,
) -> Result<Checkout, Problem> {
    let cart = open_cart(ctx, db, customer, id).await?;
    let cart = allow::<OrderPlace, _>(ctx, cart)?.into_target();
    if cart.state == CartState::Ordered {
        return kept(ctx, db, &cart).await;
    }
    let mut tx = db.begin().await?;
    if !rows::cart::take(&mut tx, &cart).await? {
        drop(tx);
        // Another checkout was through in the meantime, or somebody put other lines.
        let now = open_cart(ctx, db, customer, id).await?;
        return if now.state == CartState::Ordered { kept(ctx, db, &now).await } else { Err(in_use(id)) };
    }
    tx.commit().await?;

    let tried = order_groups(ctx, db, limits, &cart).await?;
    let nothing = tried.iter().all(|(_, outcome)| outcome.is_err());
    let mut tx = db.begin().await?;
    if nothing && !placed(ctx, &mut tx, &cart).await?.is_empty() {
        // Another checkout of these lines ordered what this one was refused, and is not through.
        return Err(in_use(id));
    }
    let next = if nothing { CartState::Active } else { CartState::Ordered };
    let mine = rows::cart::finish(&mut tx, &cart, next).await?;
    if mine && !nothing {
        rows::cart::insert_groups(&mut tx, cart.id, &tried).await?;
    }
    tx.commit().await?;
    if nothing {
        return Err(nothing_ordered(&tried));
    }
    // Whoever was first has kept what became of it; both give the same answer.
    kept(ctx, db, &cart).await
}

/// Orders each group, or finds the order that an earlier checkout made of it.
async fn order_groups(
    ctx: &OpContext,
    db: &Db,
    limits: &Limits,
    cart: &Cart,
) -> Result<Vec<(OrderGroup, Result<Order, Problem>)>, Problem> {
    let mut by_group: BTreeMap<OrderGroup, Vec<CartLine>> = BTreeMap::new();
    let mut in_order = Vec::new();
    for (line, group) in cart.lines.iter().zip(groups(&cart.lines)) {
        let lines = by_group.entry(group).or_default();
        if lines.is_empty() {
            in_order.push(group);
        }
        lines.push(line.clone());
    }
    let mut reader = db.reader().await?;
    let customer = customers::visible_of_partner(ctx, &mut reader, cart.partner, cart.customer).await?;
    // What is held is read first: whatever another checkout of this cart ordered and counts there is then found as placed.
    let held = held_of_seller(ctx, &mut reader, &customer).await?;
    let mut placed = placed(ctx, &mut reader, cart).await?;
    drop(reader);
    let mut found = states(limits, &customer, &held, &cart.lines);
    let mut tried = Vec::new();
    for group in in_order {
        if let Some(order) = placed.remove(&group) {
            tried.push((group, Ok(order)));
            continue;
        }
        let refused = found.iter_mut().filter(|state| state.group == group).find_map(refusal);
        let outcome = match refused {
            Some(problem) => Err(problem),
            None => {
                let new = as_order(cart, by_group.remove(&group).unwrap_or_default());
                order_place_once(ctx, db, limits, cart.partner, (key(cart, group), new)).await
            }
        };
        match outcome {
            Err(problem) if reason_name(problem.reason()).is_none() => return Err(problem),
            outcome => tried.push((group, outcome)),
        }
    }
    Ok(tried)
}

/// What the order of a group is known by. Of these lines: a cart that is open again may have got others.
fn key(cart: &Cart, group: OrderGroup) -> String {
    format!("cart {} {} {group}", cart.id, cart.version)
}

/// The orders that checkouts made of a cart as it is.
async fn placed(
    ctx: &OpContext,
    on: &mut impl Connection,
    cart: &Cart,
) -> Result<BTreeMap<OrderGroup, Order>, Problem> {
    let mut placed = BTreeMap::new();
    for group in groups(&cart.lines).into_iter().collect::<BTreeSet<_>>() {
        let known = rows::order::by_asked(on, Reach::of(ctx)?, cart.customer, &key(cart, group)).await?;
        placed.extend(known.map(|order| (group, order)));
    }
    Ok(placed)
}

/// What keeps a line from being ordered.
fn refusal(state: &mut LineState) -> Option<Problem> {
    let of_line = state.problem.take().map(|wrong| wrong.problem);
    of_line.or_else(|| state.add_ons.drain(..).next().map(|wrong| wrong.problem))
}

/// The order that a group is.
fn as_order(cart: &Cart, lines: Vec<CartLine>) -> PlaceOrder {
    let billing_cycle = lines.first().and_then(|line| line.billing_cycle).and_then(|cycle| cycle.sold());
    let lines = (0..).zip(lines).map(|(number, line)| PlaceLine {
        number,
        offer: line.item,
        friendly_name: line.friendly_name,
        quantity: line.quantity,
    });
    PlaceOrder { customer: cart.customer, billing_cycle, lines: lines.collect() }
}

fn nothing_ordered(tried: &[(OrderGroup, Result<Order, Problem>)]) -> Problem {
    let why = tried.iter().find_map(|(_, outcome)| outcome.as_ref().err()).map(Problem::message).unwrap_or_default();
    let message = format!("nothing in this cart can be ordered; change its lines and try again: {why}");
    Problem::new(Reason::OfferNotPurchasable, message).at("lineItems")
}

/// What became of an ordered cart.
async fn kept(ctx: &OpContext, db: &Db, cart: &Cart) -> Result<Checkout, Problem> {
    let mut reader = db.reader().await?;
    let mut groups = Vec::new();
    for (group, outcome) in rows::cart::groups(&mut reader, cart.id).await? {
        let outcome = match outcome {
            Err(problem) => Err(problem),
            Ok(id) => {
                let mut found = rows::order::of_customer(&mut reader, Reach::of(ctx)?, cart.customer, Some(id)).await?;
                Ok(found.pop().ok_or_else(|| Problem::corrupt(format!("cart {} has lost its order {id}", cart.id)))?)
            }
        };
        groups.push((group, outcome));
    }
    if groups.is_empty() {
        return Err(in_use(cart.id));
    }
    Ok(Checkout { groups })
}
