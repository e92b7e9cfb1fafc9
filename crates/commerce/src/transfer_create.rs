//! Offering a customer's subscriptions to another of its partners.

use crate::reach::Reach;
use crate::rows::subscription::Which;
use crate::subscription::no_subscription;
use crate::transfer::{LINES_MAX, STANDS_SECONDS, TransferState, actor, obstacle};
use crate::transfer_end::partner;
use crate::{Partner, Status, Subscription, Transfer, TransferLine, customers, rows};
use std::collections::BTreeSet;
use tenantry_access::{SubscriptionChange, allow};
use tenantry_core::{OpContext, Problem, Reason, SubscriptionId, TenantId};
use tenantry_db::{Db, Tx, audit};

/// What is offered to whom.
#[derive(Debug, Clone)]
pub struct NewTransfer {
    /// Whose subscriptions.
    pub customer: TenantId,
    /// The partner that sells them; `None` is the caller.
    pub source: Option<TenantId>,
    /// The partner they are offered to.
    pub target: TenantId,
    /// Which.
    pub subscriptions: Vec<SubscriptionId>,
}

/// Offers usage-based subscriptions to another partner, which has thirty days to accept. They stay what they are until it
/// does.
///
/// # Errors
/// `CustomerNotFound`, `SubscriptionNotFound` for what is not the caller's, `Forbidden`; `MissingField`, `InvalidField`
/// for lines, or a target that is no partner or the source itself; `AlreadyExists` for a subscription that is offered
/// already; `StatusChangeRefused` for one that is suspended or deleted, `Unsupported` for seats.
pub async fn transfer_create(ctx: &OpContext, db: &Db, new: NewTransfer) -> Result<Transfer, Problem> {
    let line = audit::open_about(ctx, db, "transfer-create", &format!("to {}", new.target), new.customer).await?;
    let outcome = create(ctx, db, new).await;
    line.close(ctx, db, outcome).await
}

async fn create(ctx: &OpContext, db: &Db, new: NewTransfer) -> Result<Transfer, Problem> {
    let mut tx = db.begin().await?;
    let seen = customers::visible(ctx, &mut tx, new.customer).await?;
    let source = new.source.or(ctx.tenant()).unwrap_or(seen.partner);
    let found = customers::visible_of_partner(ctx, &mut tx, source, new.customer).await;
    let customer = found.map_err(|problem| match problem.reason() {
        Reason::CustomerNotFound => Problem::invalid(
            "sourcePartnerTenantId",
            "the partner that sells the subscriptions now offers them; leave it out, or name your own tenant",
        ),
        _ => problem,
    })?;
    let customer = allow::<SubscriptionChange, _>(ctx, customer)?.into_target();
    // Two offers of one subscription at once: the second waits, and finds the first.
    rows::customer::lock_served(&mut tx, customer.id, customer.partner).await?;
    let (from, to) = (partner(&mut tx, source).await?, target(&mut tx, &new, source).await?);
    let lines = lines(ctx, &mut tx, &new, source).await?;
    let transfer = Transfer {
        id: ctx.chance.guid(),
        customer: customer.id,
        customer_name: customer.company_name,
        source,
        source_name: from.company_name,
        target: to.tenant,
        target_name: to.company_name,
        lines,
        done: TransferState::Active,
        created_at: ctx.now(),
        changed_at: ctx.now(),
        changed_by: actor(ctx),
        expires_at: ctx.now().plus_seconds(STANDS_SECONDS),
    };
    rows::transfer::insert(&mut tx, &transfer).await?;
    tx.commit().await?;
    Ok(transfer)
}

/// Whether the target has the customer too is the target's to know: it is found out when it accepts.
async fn target(tx: &mut Tx, new: &NewTransfer, source: TenantId) -> Result<Partner, Problem> {
    const FIELD: &str = "targetPartnerTenantId";
    if new.target == source {
        return Err(Problem::invalid(FIELD, "the subscriptions are that partner's already; name another"));
    }
    let found = rows::partner::by_id(tx, Reach::ALL, new.target).await?;
    found.ok_or_else(|| Problem::invalid(FIELD, format!("there is no partner {}; check the tenant id", new.target)))
}

/// What is offered, if all of it can be.
async fn lines(
    ctx: &OpContext,
    tx: &mut Tx,
    new: &NewTransfer,
    source: TenantId,
) -> Result<Vec<TransferLine>, Problem> {
    if new.subscriptions.is_empty() {
        return Err(Problem::missing("lineItems"));
    }
    if new.subscriptions.len() > LINES_MAX {
        let message = format!("{} are too many; at most {LINES_MAX} in one transfer", new.subscriptions.len());
        return Err(Problem::invalid("lineItems", message));
    }
    let offered = rows::transfer::offered(tx, new.customer, ctx.now()).await?;
    let (mut named, mut lines) = (BTreeSet::new(), Vec::with_capacity(new.subscriptions.len()));
    for (place, id) in new.subscriptions.iter().enumerate() {
        let field = format!("lineItems[{place}].subscriptionId");
        let which = Which { id: Some(*id), ..Which::default() };
        let found = rows::subscription::of_customer(tx, Reach::of(ctx)?, new.customer, which).await?.pop();
        let found = found.filter(|found| found.partner == source);
        let subscription = found.ok_or_else(|| no_subscription(*id).at(&field))?;
        if !named.insert(*id) {
            return Err(Problem::invalid(field, format!("{id} is named twice; name it once")));
        }
        can_be_offered(&subscription, offered.contains(id), field)?;
        let offer = subscription.offer.offer_id();
        lines.push(TransferLine { subscription: *id, offer, friendly_name: subscription.friendly_name });
    }
    Ok(lines)
}

fn can_be_offered(subscription: &Subscription, offered: bool, field: String) -> Result<(), Problem> {
    let Some(obstacle) = obstacle(subscription, offered) else { return Ok(()) };
    let reason = match subscription.state.status() {
        Status::Active if !subscription.offer.is_usage_based() => Reason::Unsupported,
        Status::Active if subscription.offer.is_under_azure_plan() => Reason::Unsupported,
        Status::Active => Reason::AlreadyExists,
        Status::Suspended | Status::Deleted => Reason::StatusChangeRefused,
    };
    Err(Problem::new(reason, format!("{field}: {} cannot be transferred: {obstacle}", subscription.id)).at(field))
}
