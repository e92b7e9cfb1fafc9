//! Changing a subscription: its name, seats, state, renewal, the reseller on its record.
//!
//! Clients send the whole object back, so a member that says what is there already is no change, whatever the
//! rules for changing it are.

use crate::offer::BillingCycle;
use crate::order_check::FRIENDLY_NAME_MAX;
use crate::subscription::{State, Status, Subscription, SuspensionReason, deleted};
use crate::subscription_cancel::cancelled;
use crate::subscription_keep::{keep, stale};
use crate::{
    Limits, audit_made, azure_plan, rows, subscription_add_ons, subscription_record, subscription_term_end,
    subscriptions, text,
};
use tenantry_access::{SubscriptionChange, allow};
use tenantry_core::{Caller, OpContext, Problem, Reason, SubscriptionId, TenantId};
use tenantry_db::{Connection, Db, audit};

/// What a subscription is to become. `None` stays as it is.
#[derive(Debug, Clone)]
pub struct ChangeSubscription {
    /// Whose.
    pub customer: TenantId,
    /// Which.
    pub subscription: SubscriptionId,
    /// The name people give it.
    pub friendly_name: Option<String>,
    /// Seats.
    pub quantity: Option<i64>,
    /// Where it is to be in its life.
    pub status: Option<Status>,
    /// Why it is suspended, if `status` asks for that. A spending limit is the platform's to name.
    pub suspended_for: SuspensionReason,
    /// Whether it goes on after the commitment.
    pub auto_renew: Option<bool>,
    /// How many seats the next term begins with; `Some(None)`: those it has then.
    pub next_term_quantity: Option<Option<i64>>,
    /// How often it is billed. Cannot change here; refused if it differs.
    pub billing_cycle: Option<BillingCycle>,
    /// The number in the partner network of the reseller on its record.
    pub on_record: Option<String>,
    /// The version the caller saw; `None` changes whatever is there.
    pub version: Option<i64>,
}

impl ChangeSubscription {
    /// No change yet.
    #[must_use]
    pub const fn of(customer: TenantId, subscription: SubscriptionId) -> Self {
        Self {
            customer,
            subscription,
            friendly_name: None,
            quantity: None,
            status: None,
            suspended_for: SuspensionReason::CustomerCancellation,
            auto_renew: None,
            next_term_quantity: None,
            billing_cycle: None,
            on_record: None,
            version: None,
        }
    }

    /// The same, without what only repeats how the subscription was: clients send back all they have read.
    fn but_for(self, before: &Subscription) -> Self {
        Self {
            quantity: self.quantity.filter(|quantity| *quantity != before.quantity),
            status: self.status.filter(|status| *status != before.state.status()),
            auto_renew: self.auto_renew.filter(|auto_renew| *auto_renew != before.auto_renew),
            next_term_quantity: self.next_term_quantity.filter(|next| *next != before.next_term_quantity),
            ..self
        }
    }

    /// Whether it says nothing but that the subscription is to be suspended. Of one that a limit stopped, that is a wish of
    /// its own; among other words it may only repeat what the caller read.
    const fn is_to_stay_down(&self) -> bool {
        matches!(
            self,
            Self {
                status: Some(Status::Suspended),
                suspended_for: SuspensionReason::CustomerCancellation,
                friendly_name: None,
                quantity: None,
                auto_renew: None,
                billing_cycle: None,
                on_record: None,
                ..
            }
        )
    }
}

/// Changes a subscription. Nothing changed is no error, and no new version.
///
/// Source: partner-center-v1.md 4.2. Refused: `Stale`; anything on a deleted one (`SubscriptionDeleted`); seats of
/// one that is or becomes suspended (`SubscriptionSuspended`), of a usage-based one (`QuantityFixed`), outside the
/// offer's limits (`QuantityOutOfRange`), beyond what add-on and base allow each other, or the sandbox's (`SandboxLimit`);
/// a state that cannot follow (`StatusChangeRefused`; on `azureEntitlements` for an Azure plan that is in use, on
/// `parentSubscriptionId` for an add-on whose base is not active, on `cancellationAllowedUntilDate` when it is too late to
/// cancel); another billing cycle (`BillingCycleRefused`); a number that cannot be on its record (`InvalidField`,
/// `Unsupported`).
pub async fn subscription_change(
    ctx: &OpContext,
    db: &Db,
    limits: &Limits,
    change: ChangeSubscription,
) -> Result<Subscription, Problem> {
    let target = change.subscription.to_string();
    let line = audit::open_about(ctx, db, "subscription-change", &target, change.customer).await?;
    let outcome = save(ctx, db, limits, change).await;
    line.close_with(ctx, db, outcome, audit_made::of_subscription).await
}

async fn save(ctx: &OpContext, db: &Db, limits: &Limits, change: ChangeSubscription) -> Result<Subscription, Problem> {
    let mut tx = db.begin().await?;
    let seen = subscriptions::visible(ctx, &mut tx, change.customer, change.subscription).await?;
    let seen = allow::<SubscriptionChange, _>(ctx, seen)?.into_target();
    if change.version.is_some_and(|version| version != seen.version) {
        return Err(stale());
    }
    let before = seen.clone();
    let seen = subscription_term_end::caught_up(ctx, &mut tx, seen).await?;
    if seen.version != before.version && change.version.is_some() {
        // What the caller saw was before the term ended. It has ended, whatever becomes of the change.
        tx.commit().await?;
        return Err(stale());
    }
    let change = if seen.version == before.version { change } else { change.but_for(&before) };
    let mut changed = apply(ctx, limits, &seen, &change)?;
    record(&mut tx, &mut changed, change.on_record.as_deref()).await?;
    if changed == seen {
        tx.commit().await?;
        return Ok(seen);
    }
    let is_active = |one: &Subscription| one.state.status() == Status::Active;
    if is_active(&changed) && !is_active(&seen) {
        rows::customer::lock_served(&mut tx, changed.customer, changed.partner).await?;
    } else {
        rows::customer::lock_of(&mut tx, changed.customer, changed.partner).await?;
    }
    subscription_add_ons::check(&mut tx, &seen, &changed).await?;
    azure_plan::check_unused(&mut tx, &seen, &changed).await?;
    changed.version += 1;
    keep(ctx, &mut tx, &changed).await?;
    subscription_add_ons::follow(ctx, &mut tx, &changed).await?;
    tx.commit().await?;
    Ok(changed)
}

/// Puts a reseller on the record, if that is another than the one that is there.
async fn record(on: &mut impl Connection, changed: &mut Subscription, mpn_id: Option<&str>) -> Result<(), Problem> {
    let Some(wanted) = mpn_id.filter(|id| !id.trim().is_empty()) else { return Ok(()) };
    if changed.on_record.as_ref().is_some_and(|known| known.mpn_id == wanted.trim()) {
        return Ok(());
    }
    let seller = subscription_record::seller(on, changed.partner).await?;
    changed.on_record = Some(subscription_record::named(on, &seller, ("partnerId", wanted)).await?);
    Ok(())
}

/// The subscription after the change, or the rule that refuses it.
fn apply(
    ctx: &OpContext,
    limits: &Limits,
    seen: &Subscription,
    change: &ChangeSubscription,
) -> Result<Subscription, Problem> {
    if seen.state.status() == Status::Deleted {
        return Err(deleted());
    }
    let mut changed = seen.clone();
    if change.billing_cycle.is_some_and(|cycle| cycle != seen.billing_cycle) {
        let message =
            format!("billingCycle: stays `{}`; it cannot change through the subscription", seen.billing_cycle);
        return Err(Problem::new(Reason::BillingCycleRefused, message).at("billingCycle"));
    }
    if let Some(name) = &change.friendly_name {
        changed.friendly_name = text::required("friendlyName", name, FRIENDLY_NAME_MAX)?;
    }
    if let Some(status) = change.status.filter(|status| *status != seen.state.status()) {
        changed = in_state(ctx, changed, status, change.suspended_for)?;
    } else if change.is_to_stay_down() {
        changed.state = seen.state.held_down();
    }
    if let Some(quantity) = change.quantity.filter(|quantity| *quantity != seen.quantity) {
        check_quantity(limits, seen, changed.state, quantity)?;
        changed.quantity = quantity;
    }
    if let Some(auto_renew) = change.auto_renew {
        if auto_renew && !seen.offer.auto_renewable {
            let message = format!("{} does not renew by itself; leave it false", seen.offer.name);
            return Err(Problem::invalid("autoRenewEnabled", message));
        }
        changed.auto_renew = auto_renew;
    }
    changed.next_term_quantity = next_term_quantity(limits, seen, &changed, change.next_term_quantity)?;
    Ok(changed)
}

/// The seats of the next term after a change. What has no next term has none; clients that send back what they read are not
/// refused for it.
fn next_term_quantity(
    limits: &Limits,
    seen: &Subscription,
    changed: &Subscription,
    asked: Option<Option<i64>>,
) -> Result<Option<i64>, Problem> {
    const FIELD: &str = "scheduledNextTermInstructions";
    let goes_on = changed.auto_renew && changed.state.status() == Status::Active;
    let wanted = asked.unwrap_or(seen.next_term_quantity);
    let Some(quantity) = wanted.filter(|_| goes_on || wanted != seen.next_term_quantity) else { return Ok(None) };
    if wanted == seen.next_term_quantity {
        return Ok(wanted);
    }
    if seen.offer.is_legacy() || seen.commitment_ends_on.is_none() {
        let message = format!(
            "{FIELD}: {} is renewed with the seats it has then; leave it out, and change the seats then",
            seen.offer.name
        );
        return Err(Problem::new(Reason::Unsupported, message).at(FIELD));
    }
    if !goes_on {
        let message =
            "there is no next term; have the subscription active and renewed by itself first, or leave it out";
        return Err(Problem::invalid(FIELD, message));
    }
    seen.offer.check_quantity(&format!("{FIELD}.quantity"), quantity)?;
    if quantity > seen.quantity {
        limits.check_seats(quantity)?;
    }
    Ok(wanted)
}

fn in_state(
    ctx: &OpContext,
    seen: Subscription,
    to: Status,
    reason: SuspensionReason,
) -> Result<Subscription, Problem> {
    let state = seen.state;
    let limited = matches!(state, State::Suspended { reason: SuspensionReason::SpendingLimit, .. });
    let state = match to {
        // Otherwise a limit would hold until somebody clicks.
        Status::Active if limited && !matches!(ctx.caller, Caller::System(_)) => {
            let message = "status: a spending limit stopped the subscription; raise or remove the budget, or resolve the \
                           alert, and it goes on by itself. If no budget or alert of yours stopped it, one of the partner \
                           you buy from did: ask it";
            return Err(Problem::new(Reason::StatusChangeRefused, message).at("status"));
        }
        Status::Active => return seen.taken_back(ctx.now()),
        Status::Suspended => state.suspend(ctx.now(), reason)?,
        Status::Deleted => cancelled(ctx, &seen)?,
    };
    Ok(Subscription { state, ..seen })
}

fn check_quantity(limits: &Limits, seen: &Subscription, after: State, quantity: i64) -> Result<(), Problem> {
    const FIELD: &str = "quantity";
    if seen.offer.is_usage_based() {
        let message = format!("{FIELD}: {} is billed by usage; its quantity is always 1", seen.offer.name);
        return Err(Problem::new(Reason::QuantityFixed, message).at(FIELD));
    }
    let active = |state: State| state.status() == Status::Active;
    if !active(seen.state) || !active(after) {
        let message = "quantity: seats change while the subscription is active; change the status in a call of its own";
        return Err(Problem::new(Reason::SubscriptionSuspended, message).at(FIELD));
    }
    seen.offer.check_quantity(FIELD, quantity)?;
    if quantity > seen.quantity { limits.check_seats(quantity) } else { Ok(()) }
}
