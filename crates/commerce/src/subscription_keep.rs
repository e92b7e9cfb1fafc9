//! What follows when a subscription is made or changed: the customer's tenant and the other rooms hear of it in the
//! transaction that made it so. Every act ends here, so that none forgets seats, licences, the end
//! of the term or the log.

use crate::channel::Channel;
use crate::subscription::{Status, Subscription};
use crate::{azure_plan, catalogue, events, into_tenant, rows, subscription_term_end};
use tenantry_core::{Day, OpContext, Problem, Reason};
use tenantry_db::Tx;

/// Saves a change and tells of it. The caller holds the customer's row and has counted the version up.
///
/// # Errors
/// `Stale` if the stored version is not the one before.
pub(crate) async fn keep(ctx: &OpContext, tx: &mut Tx, changed: &Subscription) -> Result<(), Problem> {
    keep_since(ctx, tx, changed, ctx.now().day()).await
}

/// As [`keep`], of what became of it on a day when nobody looked: its seats are billed by that from that day on.
///
/// # Errors
/// As [`keep`].
pub(crate) async fn keep_since(
    ctx: &OpContext,
    tx: &mut Tx,
    changed: &Subscription,
    since: Day,
) -> Result<(), Problem> {
    if !rows::subscription::update(tx, changed).await? {
        return Err(stale());
    }
    tell(ctx, tx, changed, Some(since).filter(|since| *since < ctx.now().day())).await
}

/// Keeps a new subscription and tells of it; with an Azure plan, its first Azure subscription too. The caller holds the
/// customer's row.
pub(crate) async fn keep_new(ctx: &OpContext, tx: &mut Tx, made: &Subscription) -> Result<(), Problem> {
    keep_alone(ctx, tx, made).await?;
    if !made.offer.is_azure_plan() {
        return Ok(());
    }
    let first = azure_plan::first_of(ctx, tx, made, catalogue::AZURE_UNDER_PLAN).await?;
    keep_alone(ctx, tx, &first).await
}

/// As [`keep_new`], of a plan into which Azure subscriptions are moved that there are already.
pub(crate) async fn keep_alone(ctx: &OpContext, tx: &mut Tx, made: &Subscription) -> Result<(), Problem> {
    rows::subscription::insert(tx, made).await?;
    tell(ctx, tx, made, None).await
}

async fn tell(ctx: &OpContext, tx: &mut Tx, subscription: &Subscription, since: Option<Day>) -> Result<(), Problem> {
    into_tenant::appear(ctx, tx, subscription).await?;
    if let Some(end) = subscription.commitment_ends_on.filter(|_| subscription.state.status() == Status::Active) {
        subscription_term_end::schedule(tx, end).await?;
    }
    let channel = Channel::to_customer(tx, subscription.partner, subscription.customer).await?;
    let event = events::SubscriptionChanged::of(subscription, &channel);
    let event = if let Some(since) = since { event.since(since) } else { event };
    events::publish(ctx, tx, events::SUBSCRIPTION_CHANGED, subscription.id, &event).await
}

/// The refusal of a change of what is no longer there in that version.
pub(crate) fn stale() -> Problem {
    Problem::new(Reason::Stale, "the subscription was changed since it was read; read it again and repeat the change")
}
