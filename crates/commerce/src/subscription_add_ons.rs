//! Add-ons and the subscriptions they go with. An add-on has no more seats than its base, is suspended with it, and comes
//! back only while its base is active (partner-center-v1.md 4.2).
//!
//! Unsure: the sources do not say whether add-ons come back by themselves when their base does. Here they do not, because
//! some of them may have been suspended before; whoever reactivates them decides which.

use crate::reach::Reach;
use crate::rows::subscription::Which;
use crate::subscription::{State, Status, Subscription, SuspensionReason};
use crate::subscription_keep::keep_since;
use crate::{rows, subscriptions};
use tenantry_access::{SubscriptionRead, allow};
use tenantry_core::{OpContext, Problem, Reason, SubscriptionId, TenantId};
use tenantry_db::{Connection, Db, Tx};

/// The add-ons of a subscription in every state, oldest first. Those of an Azure plan are its Azure subscriptions.
///
/// # Errors
/// `SubscriptionNotFound`, `CustomerNotFound`, `Forbidden`.
pub async fn subscription_add_on_list(
    ctx: &OpContext,
    db: &Db,
    customer: TenantId,
    id: SubscriptionId,
) -> Result<Vec<Subscription>, Problem> {
    let mut reader = db.reader().await?;
    let base = subscriptions::visible(ctx, &mut reader, customer, id).await?;
    let base = allow::<SubscriptionRead, _>(ctx, base)?.into_target();
    of(&mut reader, &base).await
}

/// What goes with a subscription. Its seller is theirs.
pub(crate) async fn of(on: &mut impl Connection, base: &Subscription) -> Result<Vec<Subscription>, Problem> {
    let which = Which { parent: Some(base.id), ..Which::default() };
    rows::subscription::of_customer(on, Reach::ALL.of_partner(base.partner), base.customer, which).await
}

/// Those that are not gone.
pub(crate) async fn alive(on: &mut impl Connection, base: &Subscription) -> Result<Vec<Subscription>, Problem> {
    let mut found = of(on, base).await?;
    found.retain(|add_on| add_on.state.status() != Status::Deleted);
    Ok(found)
}

/// Refuses more seats of an add-on than its base has. `field` is where the quantity stands in what was sent.
pub(crate) fn check_seats(field: &str, quantity: i64, base: &Subscription) -> Result<(), Problem> {
    if quantity <= base.quantity {
        return Ok(());
    }
    let message = format!(
        "{field}: an add-on has at most as many seats as its base, {} has {}; give that one more seats first",
        base.friendly_name, base.quantity
    );
    Err(Problem::new(Reason::QuantityOutOfRange, message).at(field))
}

/// What base and add-ons have to say to a change of one of them. The caller holds the customer's row.
pub(crate) async fn check(tx: &mut Tx, seen: &Subscription, changed: &Subscription) -> Result<(), Problem> {
    if let Some(parent) = seen.parent {
        let which = Which { id: Some(parent), ..Which::default() };
        let own = Reach::ALL.of_partner(seen.partner);
        let base = rows::subscription::of_customer(tx, own, seen.customer, which).await?.pop();
        let base = base.ok_or_else(|| Problem::corrupt(format!("{} goes with {parent}, which is gone", seen.id)))?;
        return check_against_base(seen, changed, &base);
    }
    if changed.quantity < seen.quantity {
        let wider = alive(tx, seen).await?.into_iter().find(|add_on| add_on.quantity > changed.quantity);
        if let Some(add_on) = wider {
            let message = format!(
                "quantity: its add-on {} has {} seats, and an add-on has at most as many as its base; take seats from it \
                 first",
                add_on.friendly_name, add_on.quantity
            );
            return Err(Problem::new(Reason::QuantityOutOfRange, message).at("quantity"));
        }
    }
    Ok(())
}

fn check_against_base(seen: &Subscription, changed: &Subscription, base: &Subscription) -> Result<(), Problem> {
    if changed.quantity != seen.quantity {
        check_seats("quantity", changed.quantity, base)?;
    }
    let active = |state: State| state.status() == Status::Active;
    if active(changed.state) && !active(seen.state) && !active(base.state) {
        let message = format!(
            "parentSubscriptionId: an add-on is active only while its base is, and {} is {}; reactivate that one first",
            base.friendly_name,
            base.state.status().name()
        );
        return Err(Problem::new(Reason::StatusChangeRefused, message).at("parentSubscriptionId"));
    }
    Ok(())
}

/// Suspends what goes with a subscription that was active and is no longer: since when that one is not.
pub(crate) async fn follow(ctx: &OpContext, tx: &mut Tx, changed: &Subscription) -> Result<(), Problem> {
    let reason = match changed.state {
        State::Active { .. } => return Ok(()),
        State::Suspended { reason, .. } => reason,
        State::Deleted { .. } => SuspensionReason::CustomerCancellation,
    };
    for add_on in of(tx, changed).await? {
        if add_on.state.status() == Status::Active {
            let since = changed.state.since();
            let state = add_on.state.suspend(since, reason)?;
            let suspended = Subscription { state, version: add_on.version + 1, next_term_quantity: None, ..add_on };
            keep_since(ctx, tx, &suspended, since.day()).await?;
        }
    }
    Ok(())
}
