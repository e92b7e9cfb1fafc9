//! Changing a subscription: its name, seats, state, renewal.
//!
//! Clients send the whole object back, so a member that says what is there already is no change, whatever the
//! rules for changing it are.

use crate::offer::BillingCycle;
use crate::order_check::FRIENDLY_NAME_MAX;
use crate::reach::Reach;
use crate::subscription::{State, Status, Subscription, SuspensionReason, deleted};
use crate::{Limits, events, rows, subscriptions, text};
use tenantry_access::{SubscriptionChange, allow};
use tenantry_core::{Caller, OpContext, Problem, Reason, SubscriptionId, TenantId};
use tenantry_db::{Db, audit};

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
    /// Whether it goes on after the commitment.
    pub auto_renew: Option<bool>,
    /// How often it is billed. Cannot change here; refused if it differs.
    pub billing_cycle: Option<BillingCycle>,
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
            auto_renew: None,
            billing_cycle: None,
            version: None,
        }
    }
}

/// Changes a subscription. Nothing changed is no error, and no new version.
///
/// Source: partner-center-v1.md 4.2. Refused: `Stale`; anything on a deleted one (`SubscriptionDeleted`); seats of
/// one that is or becomes suspended (`SubscriptionSuspended`), of a usage-based one (`QuantityFixed`), outside the
/// offer's limits (`QuantityOutOfRange`) or the sandbox's (`SandboxLimit`); a state that cannot follow
/// (`StatusChangeRefused`); another billing cycle (`BillingCycleRefused`).
///
/// Deletion is the platform's own: it ends a suspended subscription whose data was kept long enough.
pub async fn subscription_change(
    ctx: &OpContext,
    db: &Db,
    limits: &Limits,
    change: ChangeSubscription,
) -> Result<Subscription, Problem> {
    let line = audit::open(ctx, db, "subscription-change", &change.subscription.to_string()).await?;
    let outcome = save(ctx, db, limits, change).await;
    line.close(ctx, db, outcome).await
}

async fn save(ctx: &OpContext, db: &Db, limits: &Limits, change: ChangeSubscription) -> Result<Subscription, Problem> {
    let mut tx = db.begin().await?;
    let seen = subscriptions::visible(ctx, &mut tx, change.customer, change.subscription).await?;
    let seen = allow::<SubscriptionChange, _>(ctx, seen)?.into_target();
    if change.version.is_some_and(|version| version != seen.version) {
        return Err(stale());
    }
    let mut changed = apply(ctx, limits, &seen, &change)?;
    if changed == seen {
        return Ok(seen);
    }
    changed.version += 1;
    if !rows::subscription::update(&mut tx, &changed).await? {
        return Err(stale());
    }
    let edge = rows::edge::of_buyer(&mut tx, Reach::of(ctx)?, changed.partner).await?;
    let edge = edge.ok_or_else(|| Problem::corrupt(format!("partner {} has no edge", changed.partner)))?;
    let event = events::SubscriptionChanged::of(&changed, &edge);
    events::publish(ctx, &mut tx, events::SUBSCRIPTION_CHANGED, changed.id, &event).await?;
    tx.commit().await?;
    Ok(changed)
}

fn stale() -> Problem {
    Problem::new(Reason::Stale, "the subscription was changed since it was read; read it again and repeat the change")
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
        changed.state = next_state(ctx, seen.state, status)?;
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
    Ok(changed)
}

fn next_state(ctx: &OpContext, state: State, to: Status) -> Result<State, Problem> {
    match (to, &ctx.caller) {
        (Status::Active, _) => state.reactivate(ctx.now()),
        (Status::Suspended, _) => state.suspend(ctx.now(), SuspensionReason::CustomerCancellation),
        (Status::Deleted, Caller::System(_)) => state.delete(ctx.now()),
        (Status::Deleted, _) => Err(Problem::new(
            Reason::StatusChangeRefused,
            "status: a subscription cannot be deleted by request; suspend it, and it is deleted after its data was \
             kept for a while",
        )
        .at("status")),
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::subscription_get;
    use crate::testing::{AZURE, House, PREMIUM};
    use tenantry_core::{Role, Timestamp};

    const SEATS: fn(i64) -> Change = |quantity| Box::new(move |c| c.quantity = Some(quantity));
    const STATUS: fn(Status) -> Change = |status| Box::new(move |c| c.status = Some(status));
    type Change = Box<dyn Fn(&mut ChangeSubscription)>;

    /// Tries a change and shows what is there afterwards, or the reason of the refusal.
    async fn change(house: &House, ctx: &OpContext, of: &Subscription, with: Change) -> Result<String, Reason> {
        let mut change = ChangeSubscription::of(of.customer, of.id);
        with(&mut change);
        let changed = subscription_change(ctx, &house.db, &Limits::FAITHFUL, change).await;
        let changed = changed.map_err(|problem| problem.reason())?;
        let stored = subscription_get(&house.ctx, &house.db, of.customer, of.id).await.unwrap();
        assert_eq!(changed, stored, "what was said is what was kept");
        let Subscription { friendly_name, quantity, state, version, .. } = stored;
        Ok(format!("{friendly_name}, {quantity}, {}, v{version}", state.status().name()))
    }

    #[tokio::test]
    async fn seats_follow_the_offer_and_the_state() {
        let house = House::open().await;
        let partner = house.partner("contoso").await;
        let customer = house.customer(&partner, "Northwind").await;
        let seats = house.subscription(&customer, PREMIUM, 5).await;
        let azure = house.subscription(&customer, AZURE, 1).await;
        let ctx = house.by(&partner, &[Role::SalesAgent]);
        let check = async |of: &Subscription, with: Change, expected: Result<&str, Reason>| {
            assert_eq!(change(&house, &ctx, of, with).await.as_deref().map_err(|r| *r), expected);
        };
        let premium = |rest: &str| format!("Office 365 Business Premium, {rest}");
        check(&seats, SEATS(10), Ok(&premium("10, active, v2"))).await;
        check(&seats, SEATS(10), Ok(&premium("10, active, v2"))).await;
        check(&seats, SEATS(3), Ok(&premium("3, active, v3"))).await;
        check(&seats, SEATS(0), Err(Reason::QuantityOutOfRange)).await;
        check(&seats, SEATS(301), Err(Reason::QuantityOutOfRange)).await;
        check(&seats, SEATS(26), Err(Reason::SandboxLimit)).await;
        check(&azure, SEATS(2), Err(Reason::QuantityFixed)).await;
        check(&azure, SEATS(1), Ok("Microsoft Azure, 1, active, v1")).await;
        let stop_and_shrink = |c: &mut ChangeSubscription| (c.status, c.quantity) = (Some(Status::Suspended), Some(1));
        check(&seats, Box::new(stop_and_shrink), Err(Reason::SubscriptionSuspended)).await;
        check(&seats, STATUS(Status::Suspended), Ok(&premium("3, suspended, v4"))).await;
        check(&seats, SEATS(4), Err(Reason::SubscriptionSuspended)).await;
        check(&seats, Box::new(|c| c.friendly_name = Some("Suite".into())), Ok("Suite, 3, suspended, v5")).await;
    }

    #[tokio::test]
    async fn a_life_goes_through_its_states() {
        let house = House::open().await;
        let partner = house.partner("contoso").await;
        let customer = house.customer(&partner, "Northwind").await;
        let azure = house.subscription(&customer, AZURE, 1).await;
        let ctx = house.by(&partner, &[Role::AdminAgent]);
        let check = async |ctx: &OpContext, with: Change, expected: Result<&str, Reason>| {
            let seen = change(&house, ctx, &azure, with).await;
            assert_eq!(seen.as_deref().map_err(|r| *r), expected);
        };
        check(&ctx, STATUS(Status::Active), Ok("Microsoft Azure, 1, active, v1")).await;
        check(&ctx, STATUS(Status::Deleted), Err(Reason::StatusChangeRefused)).await;
        check(&house.ctx, STATUS(Status::Deleted), Err(Reason::StatusChangeRefused)).await;
        house.clock.advance_to(Timestamp::parse("2026-02-01").unwrap());
        check(&ctx, STATUS(Status::Suspended), Ok("Microsoft Azure, 1, suspended, v2")).await;
        check(&ctx, STATUS(Status::Active), Ok("Microsoft Azure, 1, active, v3")).await;
        check(&ctx, STATUS(Status::Suspended), Ok("Microsoft Azure, 1, suspended, v4")).await;
        check(&ctx, STATUS(Status::Deleted), Err(Reason::StatusChangeRefused)).await;
        check(&house.ctx, STATUS(Status::Deleted), Ok("Microsoft Azure, 1, deleted, v5")).await;
        check(&ctx, STATUS(Status::Active), Err(Reason::SubscriptionDeleted)).await;
        check(&ctx, Box::new(|c| c.friendly_name = Some("x".into())), Err(Reason::SubscriptionDeleted)).await;

        let told: Vec<events::SubscriptionChanged> = house.events(events::SUBSCRIPTION_CHANGED).await;
        let states: Vec<_> = told.iter().map(|event| (event.version, event.state.status())).collect();
        use Status::{Active, Deleted, Suspended};
        assert_eq!(states, [(1, Active), (2, Suspended), (3, Active), (4, Suspended), (5, Deleted)]);
        let since = Timestamp::parse("2026-02-01").unwrap();
        assert_eq!(told[1].state, State::Suspended { since, reason: SuspensionReason::CustomerCancellation });
    }

    #[tokio::test]
    async fn other_members_have_rules_of_their_own() {
        let house = House::open().await;
        let partner = house.partner("contoso").await;
        let customer = house.customer(&partner, "Northwind").await;
        let seats = house.subscription(&customer, PREMIUM, 5).await;
        let azure = house.subscription(&customer, AZURE, 1).await;
        let ctx = house.by(&partner, &[Role::SalesAgent]);
        let reason = async |of: &Subscription, with: Change| change(&house, &ctx, of, with).await.err();
        let annual: fn() -> Change = || Box::new(|c| c.billing_cycle = Some(BillingCycle::Annual));
        let renew: fn(bool) -> Change = |on| Box::new(move |c| c.auto_renew = Some(on));
        assert_eq!(reason(&seats, annual()).await, Some(Reason::BillingCycleRefused));
        assert_eq!(reason(&azure, renew(true)).await, Some(Reason::InvalidField));
        assert_eq!(reason(&azure, renew(false)).await, None);
        assert_eq!(reason(&seats, renew(false)).await, None);
        assert_eq!(reason(&seats, Box::new(|c| c.friendly_name = Some("  ".into()))).await, Some(Reason::MissingField));
        // Renewal off was version 2.
        assert_eq!(reason(&seats, Box::new(|c| c.version = Some(1))).await, Some(Reason::Stale));
        assert_eq!(reason(&seats, Box::new(|c| (c.version, c.quantity) = (Some(2), Some(6)))).await, None);
    }

    #[tokio::test]
    async fn strangers_and_helpdesk_change_nothing() {
        let house = House::open().await;
        let (contoso, fabrikam) = (house.partner("contoso").await, house.partner("fabrikam").await);
        let customer = house.customer(&contoso, "Northwind").await;
        let azure = house.subscription(&customer, AZURE, 1).await;
        for (ctx, expected) in [
            (house.by(&contoso, &[Role::HelpdeskAgent, Role::BillingAdmin]), Reason::Forbidden),
            (house.by(&fabrikam, &Role::ALL), Reason::CustomerNotFound),
        ] {
            assert_eq!(change(&house, &ctx, &azure, STATUS(Status::Suspended)).await, Err(expected));
        }
        assert_eq!(subscription_get(&house.ctx, &house.db, customer.id, azure.id).await.unwrap(), azure);
    }
}
