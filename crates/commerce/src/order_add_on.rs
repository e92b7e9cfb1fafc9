//! Buying add-ons to what an order bought: lines of the same order, subscriptions of their own.

use crate::asked::asked;
use crate::customer::Customer;
use crate::order::{Order, OrderLine};
use crate::order_change::{AddOnLine, ChangeOrder, check_same, stale, visible};
use crate::order_check::{CheckedLine, FRIENDLY_NAME_MAX, LINES_MAX};
use crate::order_place::{check_purchase_limit, held_of_seller};
use crate::subscription::{Status, Subscription};
use crate::subscription_add_ons::check_seats;
use crate::subscription_keep::keep_new;
use crate::subscription_new::Purchase;
use crate::{Limits, customers, offers, rows, text};
use tenantry_access::{OrderPlace, allow};
use tenantry_core::{OpContext, Problem, Reason};
use tenantry_db::{Db, Tx};

pub(crate) async fn add(
    ctx: &OpContext,
    db: &Db,
    limits: &Limits,
    change: &ChangeOrder,
    lines: Vec<AddOnLine>,
) -> Result<Order, Problem> {
    let mut tx = db.begin().await?;
    let order = visible(ctx, &mut tx, change).await?;
    let order = allow::<OrderPlace, _>(ctx, order)?.into_target();
    let customer = customers::visible_of_partner(ctx, &mut tx, order.partner, order.customer).await?;
    rows::customer::lock_served(&mut tx, customer.id, customer.partner).await?;
    // Read again behind the lock: whoever asked the same at the same moment has waited here until the first was through.
    let order = visible(ctx, &mut tx, change).await?;
    let asked = asked(ctx, &(change.order, &lines))?;
    if let Some(asked) = &asked
        && rows::order::added_by(&mut tx, order.id, asked).await?
    {
        return Ok(order);
    }
    check_same(&order, change)?;
    let changed = buy(ctx, &mut tx, limits, (&customer, order), (lines, asked)).await?;
    tx.commit().await?;
    Ok(changed)
}

async fn buy(
    ctx: &OpContext,
    tx: &mut Tx,
    limits: &Limits,
    (customer, mut order): (&Customer, Order),
    (lines, asked): (Vec<AddOnLine>, Option<String>),
) -> Result<Order, Problem> {
    if lines.is_empty() {
        return Err(Problem::missing("lineItems"));
    }
    if order.lines.len() + lines.len() > LINES_MAX {
        let message = format!("an order has at most {LINES_MAX} lines; place another one");
        return Err(Problem::new(Reason::TooLarge, message).at("lineItems"));
    }
    let mut held = held_of_seller(ctx, tx, customer).await?;
    let first = rows::subscription::next_number(tx, customer).await?;
    let mut asked = asked;
    for (number, line) in (first..).zip(lines) {
        let field = |name: &str| format!("lineItems[{}].{name}", line.number);
        let offer_field = field("offerId");
        let (base, line) = checked(limits, customer, (&order, &held), line)?;
        let alive = held.iter().filter(|held| held.state.status() != Status::Deleted).count();
        limits.check_subscriptions(i64::try_from(alive + 1).unwrap_or(i64::MAX))?;
        check_purchase_limit(&held, line.offer, 1, &offer_field)?;
        let purchase = Purchase {
            customer,
            order: order.id,
            parent: Some(base.id),
            billing_cycle: line.offer.check_billing_cycle(Some(base.billing_cycle))?,
            on_record: base.on_record.clone(),
        };
        let made = purchase.made(ctx, line, number);
        let place = order.lines.iter().map(|line| line.number + 1).max().unwrap_or_default();
        let added = OrderLine::of(place, &made);
        // One line carries the request: they are added together or not at all.
        rows::order::insert_line(tx, order.id, &added, asked.take()).await?;
        keep_new(ctx, tx, &made).await?;
        order.lines.push(added);
        held.push(made);
    }
    order.version += 1;
    if rows::order::update(tx, &order).await? { Ok(order) } else { Err(stale()) }
}

/// A line against its offer and its base, which is given with it.
fn checked(
    limits: &Limits,
    customer: &Customer,
    (order, held): (&Order, &[Subscription]),
    line: AddOnLine,
) -> Result<(Subscription, CheckedLine), Problem> {
    let field = |name: &str| format!("lineItems[{}].{name}", line.number);
    let offer = offers::sold(&line.offer, customer.country()).map_err(|problem| problem.at(field("offerId")))?;
    if !offer.is_add_on() {
        let message = format!("{}: {} is no add-on; order it in an order of its own", field("offerId"), offer.name);
        return Err(Problem::new(Reason::OfferNotPurchasable, message).at(field("offerId")));
    }
    let parent = field("parentSubscriptionId");
    let base = held.iter().find(|held| held.id == line.parent && held.order == order.id);
    let Some(base) = base else {
        let message = format!("{parent}: this order bought no subscription {}; name one of its lines", line.parent);
        return Err(Problem::new(Reason::OfferNotPurchasable, message).at(parent));
    };
    if !offer.prerequisites.contains(&base.offer.id) {
        let message = format!(
            "{parent}: {} is no add-on to {}; see the add-ons of that offer in the catalogue",
            offer.name, base.offer.name
        );
        return Err(Problem::new(Reason::OfferNotPurchasable, message).at(parent));
    }
    if base.state.status() != Status::Active {
        let message = format!(
            "{parent}: {} is {}; add-ons are bought to what is active",
            base.friendly_name,
            base.state.status().name()
        );
        return Err(Problem::new(Reason::SubscriptionSuspended, message).at(parent));
    }
    offer.check_quantity(&field("quantity"), line.quantity)?;
    limits.check_seats(line.quantity)?;
    check_seats(&field("quantity"), line.quantity, base)?;
    let named = text::optional(&field("friendlyName"), line.friendly_name.as_deref(), FRIENDLY_NAME_MAX)?;
    let checked = CheckedLine {
        number: line.number,
        offer,
        friendly_name: named.unwrap_or_else(|| offer.name.to_owned()),
        quantity: line.quantity,
    };
    Ok((base.clone(), checked))
}
