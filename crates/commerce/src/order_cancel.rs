//! Cancelling what an order bought, while all of it is given back. See `subscription_cancel.rs` for what that is.

use crate::order::Order;
use crate::order_change::{ChangeOrder, check_same, stale, visible};
use crate::reach::Reach;
use crate::rows;
use crate::rows::subscription::Which;
use crate::subscription::{Status, Subscription};
use crate::subscription_add_ons::follow;
use crate::subscription_cancel::cancelled;
use crate::subscription_keep::keep;
use tenantry_access::{SubscriptionChange, allow};
use tenantry_core::{OpContext, Problem};
use tenantry_db::Db;

/// Cancels the lines of these numbers, or all: together or none. What is cancelled already stays so.
pub(crate) async fn cancel(ctx: &OpContext, db: &Db, change: &ChangeOrder, numbers: &[i64]) -> Result<Order, Problem> {
    let mut tx = db.begin().await?;
    let order = visible(ctx, &mut tx, change).await?;
    let order = allow::<SubscriptionChange, _>(ctx, order)?.into_target();
    rows::customer::lock_of(&mut tx, order.customer, order.partner).await?;
    // Read again behind the lock.
    let mut order = visible(ctx, &mut tx, change).await?;
    check_same(&order, change)?;
    if let Some(unknown) = numbers.iter().find(|number| !order.lines.iter().any(|line| line.number == **number)) {
        let message = format!("the order has no line {unknown}; name lines it has, or none to cancel all of it");
        return Err(Problem::invalid("lineItems.lineItemNumber", message));
    }
    let which = Which { order: Some(order.id), ..Which::default() };
    let bought = rows::subscription::of_customer(&mut tx, Reach::of(ctx)?, order.customer, which).await?;
    let mut any = false;
    for line in &mut order.lines {
        if !numbers.is_empty() && !numbers.contains(&line.number) {
            continue;
        }
        let seen = bought.iter().find(|bought| bought.id == line.subscription);
        let Some(seen) = seen.filter(|seen| seen.state.status() != Status::Deleted) else { continue };
        let changed = Subscription { state: cancelled(ctx, seen)?, version: seen.version + 1, ..seen.clone() };
        keep(ctx, &mut tx, &changed).await?;
        follow(ctx, &mut tx, &changed).await?;
        line.cancelled = true;
        any = true;
    }
    if !any {
        return Ok(order);
    }
    order.version += 1;
    if !rows::order::update(&mut tx, &order).await? {
        return Err(stale());
    }
    tx.commit().await?;
    Ok(order)
}
