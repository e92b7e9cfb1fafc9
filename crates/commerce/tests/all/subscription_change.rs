//! Changing subscriptions: seats, states, renewal, names.

use crate::house::{AZURE, House, PREMIUM, in_a_house};
use tenantry_commerce::{
    BillingCycle, ChangeSubscription, Limits, State, Status, Subscription, SuspensionReason, events,
    subscription_change, subscription_get,
};
use tenantry_core::{OpContext, Reason, Role};
use tenantry_db::sql;
use tenantry_testkit::time;

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

#[test]
fn seats_follow_the_offer_and_the_state() {
    in_a_house(|house| async move {
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
    });
}

#[test]
fn a_life_goes_through_its_states() {
    in_a_house(|house| async move {
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
        house.clock.advance_to(time("2026-02-01"));
        check(&ctx, STATUS(Status::Suspended), Ok("Microsoft Azure, 1, suspended, v2")).await;
        check(&ctx, STATUS(Status::Active), Ok("Microsoft Azure, 1, active, v3")).await;
        check(&ctx, STATUS(Status::Suspended), Ok("Microsoft Azure, 1, suspended, v4")).await;
        check(&ctx, STATUS(Status::Deleted), Err(Reason::StatusChangeRefused)).await;
        // Nobody is told that time will do it, because nothing does.
        check(&house.ctx, STATUS(Status::Deleted), Err(Reason::StatusChangeRefused)).await;

        let told: Vec<events::SubscriptionChanged> = house.events(events::SUBSCRIPTION_CHANGED).await;
        let states: Vec<_> = told.iter().map(|event| (event.version, event.state.status())).collect();
        use Status::{Active, Suspended};
        assert_eq!(states, [(1, Active), (2, Suspended), (3, Active), (4, Suspended)]);
        let since = time("2026-02-01");
        assert_eq!(told[1].state, State::Suspended { since, reason: SuspensionReason::CustomerCancellation });
    });
}

/// No act leads there yet, but what is stored as deleted stays as it is.
#[test]
fn a_deleted_subscription_never_changes() {
    in_a_house(|house| async move {
        let partner = house.partner("contoso").await;
        let customer = house.customer(&partner, "Northwind").await;
        let azure = house.subscription(&customer, AZURE, 1).await;
        let mut tx = house.db.begin().await.unwrap();
        sql("UPDATE subscription SET state = 'deleted'").run(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        let rename: Change = Box::new(|c| c.friendly_name = Some("x".into()));
        for with in [STATUS(Status::Active), STATUS(Status::Suspended), STATUS(Status::Deleted), rename] {
            let ctx = house.by(&partner, &[Role::AdminAgent]);
            assert_eq!(change(&house, &ctx, &azure, with).await, Err(Reason::SubscriptionDeleted));
        }
        let stored = subscription_get(&house.ctx, &house.db, customer.id, azure.id).await.unwrap();
        assert_eq!((stored.state, stored.version), (State::Deleted { at: azure.created_at }, 1));
    });
}

#[test]
fn other_members_have_rules_of_their_own() {
    in_a_house(|house| async move {
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
    });
}

#[test]
fn strangers_and_helpdesk_change_nothing() {
    in_a_house(|house| async move {
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
    });
}
