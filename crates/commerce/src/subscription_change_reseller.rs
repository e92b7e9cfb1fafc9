//! Another partner sells a subscription from now on: the reseller of record changes.
//!
//! One transaction moves the subscription, the access to it and what rating is told. Usage is split at the instant: what
//! happened before is billed along the old channel, however late it is reported; what happens from then on along the new
//! one. Nobody is billed for both, nothing is billed to nobody. If the new seller bills the customer here, so it does from
//! that instant on; what the old one billed it ends there.

use crate::channel::Channel;
use crate::order_place::{check_purchase_limit, held_of_seller};
use crate::partner::missing;
use crate::reach::Reach;
use crate::subscription::{OnRecord, Status, Subscription, deleted};
use crate::{Partner, agreement, customers, events, rows, subscription_add_ons, subscriptions};
use tenantry_access::{ChannelManage, PartnerScope, ResellerManage, WorldScope, allow};
use tenantry_core::{OpContext, Problem, Reason, SubscriptionId, TenantId};
use tenantry_db::{Db, Tx, audit};
use tenantry_directory::subscription_hand_over;

/// Which subscription goes to whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChangeReseller {
    /// Whose it is.
    pub customer: TenantId,
    /// Which.
    pub subscription: SubscriptionId,
    /// The partner that sells it from now on. The tenant is its customer already: it has accepted its invitation.
    pub partner: TenantId,
}

/// Gives a usage-based subscription to another partner, from now on. The indirect provider above both may, and the
/// provider. Giving it to the partner that has it changes nothing.
///
/// # Errors
/// `SubscriptionNotFound`, `TenantNotFound` for what is not there or not the caller's; `Forbidden` for the partners
/// themselves; `SubscriptionDeleted`; `Unsupported` for seats, which are paid for their term, and for
/// what goes with an Azure plan; `OfferNotPurchasable` if the customer has as many of the other partner as it may have (one
/// Azure plan), has not agreed to buy from it, or if its account is under review there; `InvalidField` on
/// `partner` if the tenant is not its customer, or if its prices come from another market or in another currency; `Stale`
/// if the subscription is changed meanwhile.
pub async fn subscription_change_reseller(
    ctx: &OpContext,
    db: &Db,
    change: ChangeReseller,
) -> Result<Subscription, Problem> {
    let target = format!("{} to {}", change.subscription, change.partner);
    let line = audit::open(ctx, db, "subscription-change-reseller", &target).await?;
    let outcome = hand_over(ctx, db, change).await;
    line.close(ctx, db, outcome).await
}

async fn hand_over(ctx: &OpContext, db: &Db, change: ChangeReseller) -> Result<Subscription, Problem> {
    let mut tx = db.begin().await?;
    let seen = subscriptions::visible(ctx, &mut tx, change.customer, change.subscription).await?;
    let found = rows::partner::by_id(&mut tx, Reach::of(ctx)?, change.partner).await?;
    let to = found.ok_or_else(|| missing(ctx, change.partner))?;
    let (from, channel) = (Channel::of(&mut tx, seen.partner).await?, Channel::of(&mut tx, to.tenant).await?);
    may_hand_over(ctx, &from, &channel)?;
    if seen.partner == to.tenant {
        return Ok(seen);
    }
    let changed = give(ctx, &mut tx, &seen, &to).await?;
    tx.commit().await?;
    Ok(changed)
}

/// Makes a subscription another partner's from now on, with access to it and what rating is told; an Azure plan with all
/// that is under it. Whether the caller may
/// is asked by who calls this; the rules of [`check`] hold for everybody.
pub(crate) async fn give(
    ctx: &OpContext,
    tx: &mut Tx,
    seen: &Subscription,
    to: &Partner,
) -> Result<Subscription, Problem> {
    let (from, channel) = (Channel::of(tx, seen.partner).await?, Channel::of(tx, to.tenant).await?);
    check(seen, to, &from, &channel)?;
    let under = match seen.offer.is_azure_plan() {
        true => subscription_add_ons::of(tx, seen).await?,
        false => Vec::new(),
    };
    let changed = give_one(ctx, tx, seen, to).await?;
    for one in under {
        give_one(ctx, tx, &one, to).await?;
    }
    Ok(changed)
}

async fn give_one(ctx: &OpContext, tx: &mut Tx, seen: &Subscription, to: &Partner) -> Result<Subscription, Problem> {
    let changed = moved(ctx, tx, seen, to).await?;
    if seen.offer.is_metered() {
        subscription_hand_over(ctx, tx, seen.customer, seen.id, (seen.partner, to.tenant)).await?;
    }
    let channel = Channel::to_customer(tx, to.tenant, changed.customer).await?;
    let event = events::SubscriptionChanged::of(&changed, &channel);
    events::publish(ctx, tx, events::SUBSCRIPTION_CHANGED, changed.id, &event).await?;
    Ok(changed)
}

/// Who stands above both may take from one and give to the other.
fn may_hand_over(ctx: &OpContext, from: &Channel, to: &Channel) -> Result<(), Problem> {
    let above = from.first().buyer;
    if above != to.first().buyer {
        return allow::<ChannelManage, _>(ctx, WorldScope { sandbox: false }).map(|_| ());
    }
    if ctx.confined_to().is_some_and(|caller| caller != above) {
        let message = "a subscription changes its reseller through the indirect provider above both; ask it";
        return Err(Problem::new(Reason::Forbidden, message));
    }
    allow::<ResellerManage, _>(ctx, PartnerScope(above)).map(|_| ())
}

fn check(seen: &Subscription, to: &Partner, from: &Channel, channel: &Channel) -> Result<(), Problem> {
    if seen.state.status() == Status::Deleted {
        return Err(deleted());
    }
    if !seen.offer.is_usage_based() {
        let message = format!(
            "{} is sold by the seat and paid for its term; it changes hands by a new order when the term is over",
            seen.offer.name
        );
        return Err(Problem::new(Reason::Unsupported, message));
    }
    if seen.offer.is_under_azure_plan() {
        let message = "an Azure subscription changes hands with the plan it is under; give that to the other partner";
        return Err(Problem::new(Reason::Unsupported, message));
    }
    let priced = |channel: &Channel| (channel.first().market.clone(), channel.first().currency);
    if priced(from) != priced(channel) {
        let (market, currency) = priced(from);
        let message = format!(
            "{} does not buy at prices of {market} in {currency}, by which this subscription is rated; order a new one",
            to.company_name
        );
        return Err(Problem::invalid("partner", message));
    }
    Ok(())
}

/// The subscription as the other partner's, kept.
async fn moved(ctx: &OpContext, tx: &mut Tx, seen: &Subscription, to: &Partner) -> Result<Subscription, Problem> {
    let customer = customers::visible_of_partner(ctx, tx, to.tenant, seen.customer).await.map_err(|problem| {
        let message = format!(
            "the tenant is not a customer of {}; its administrator accepts that partner's invitation first",
            to.company_name
        );
        match problem.reason() {
            Reason::CustomerNotFound => Problem::invalid("partner", message),
            _ => problem,
        }
    })?;
    rows::customer::lock_served(tx, customer.id, customer.partner).await?;
    agreement::check_sold_to(tx, &customer).await?;
    let held = held_of_seller(ctx, tx, &customer).await?;
    check_purchase_limit(&held, seen.offer, 1, "subscription")?;
    let changed = Subscription {
        partner: to.tenant,
        indirect_provider: to.kind.indirect_provider(),
        number: rows::subscription::next_number(tx, &customer).await?,
        sold_since: ctx.now(),
        on_record: OnRecord::of_seller(to),
        version: seen.version + 1,
        ..seen.clone()
    };
    if !rows::subscription::hand_over(tx, &changed, seen.partner).await? {
        let message = "the subscription was changed since it was read; read it again and repeat the change";
        return Err(Problem::new(Reason::Stale, message));
    }
    Ok(changed)
}
