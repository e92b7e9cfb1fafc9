//! Placing orders: what comes into being, what is refused, and who may.

use crate::house::{AZURE, PREMIUM, in_a_house, new_order};
use tenantry_commerce::{
    BillingCycle, Limits, PlaceOrder, State, events, order_get, order_list, order_place, subscription_list,
};
use tenantry_core::{Reason, Role};

const E3: &str = "796b6b5f-613c-4e24-a17c-eba730d49c02";
const TRIAL: &str = "32B23C88-949F-4E5B-B500-A87EEC676B80";
const ARCHIVING: &str = "2828BE95-46BA-4F91-B2FD-0BEF192ECF60";

#[test]
fn an_order_creates_its_subscriptions_at_once() {
    in_a_house(|house| async move {
        let partner = house.partner("contoso").await;
        let customer = house.customer(&partner, "Northwind").await;
        let ctx = house.by(&partner, &[Role::SalesAgent]);
        let mut new = new_order(&customer, &[(AZURE, 1), (E3, 5)]);
        new.lines[1].friendly_name = Some(" Suite ".into());
        new.lines.reverse();
        let order = order_place(&ctx, &house.db, &Limits::NONE, new).await.unwrap();
        assert_eq!((order.billing_cycle, order.currency.code(), order.number), (BillingCycle::Monthly, "USD", 1));
        let lines: Vec<_> = order.lines.iter().map(|l| (l.number, l.friendly_name.as_str(), l.quantity)).collect();
        assert_eq!(lines, [(0, "Microsoft Azure", 1), (1, "Suite", 5)]);

        let made = subscription_list(&ctx, &house.db, customer.id, Some(order.id)).await.unwrap();
        let seen: Vec<_> =
            made.iter().map(|s| (s.id, s.auto_renew, s.commitment_ends_on.map(|d| d.to_string()))).collect();
        assert_eq!(
            seen,
            [
                (order.lines[0].subscription, false, None),
                (order.lines[1].subscription, true, Some("2027-01-10".to_owned())),
            ]
        );
        assert_eq!(made[0].state, State::Active { since: house.ctx.now() });
        assert_eq!(order_get(&ctx, &house.db, customer.id, order.id).await.unwrap(), order);
        assert_eq!(order_list(&ctx, &house.db, customer.id).await.unwrap(), [order]);
        let events: Vec<events::SubscriptionChanged> = house.events(events::SUBSCRIPTION_CHANGED).await;
        let told: Vec<_> = events.iter().map(|e| (e.subscription, e.usage_based, e.edges.len())).collect();
        assert_eq!(told, [(made[0].id, true, 1), (made[1].id, false, 1)]);
    });
}

#[test]
fn orders_that_break_a_rule_are_refused() {
    in_a_house(|house| async move {
        let partner = house.partner("contoso").await;
        let customer = house.customer(&partner, "Northwind").await;
        let ctx = house.by(&partner, &[Role::SalesAgent]);
        let check = async |lines: &[(&str, i64)], change: fn(&mut PlaceOrder), reason: Reason| {
            let mut new = new_order(&customer, lines);
            change(&mut new);
            let refused = order_place(&ctx, &house.db, &Limits::FAITHFUL, new).await.unwrap_err();
            assert_eq!(refused.reason(), reason, "{lines:?}: {refused:?}");
        };
        let same: fn(&mut PlaceOrder) = |_| ();
        check(&[], same, Reason::MissingField).await;
        check(&[(AZURE, 1)], |o| o.lines[0].number = 1, Reason::LineNumbersInvalid).await;
        check(&[(AZURE, 1), (E3, 1)], |o| o.lines[1].number = 0, Reason::LineNumbersInvalid).await;
        check(&[("MS-AZR-0000X", 1)], same, Reason::OfferNotFound).await;
        check(&[(AZURE, 2)], same, Reason::QuantityOutOfRange).await;
        check(&[(PREMIUM, 0)], same, Reason::QuantityOutOfRange).await;
        check(&[(PREMIUM, 301)], same, Reason::QuantityOutOfRange).await;
        check(&[(TRIAL, 1)], same, Reason::QuantityOutOfRange).await;
        check(&[(E3, 26)], same, Reason::SandboxLimit).await;
        check(&[(ARCHIVING, 1)], same, Reason::OfferNotPurchasable).await;
        check(&[(E3, 1), (TRIAL, 25)], same, Reason::OfferNotPurchasable).await;
        check(&[(PREMIUM, 1), (PREMIUM, 1), (PREMIUM, 1)], same, Reason::OfferNotPurchasable).await;
        check(&[(E3, 1), (AZURE, 1)], |o| o.billing_cycle = Some(BillingCycle::Annual), Reason::BillingCycleRefused)
            .await;
        check(&[(TRIAL, 25)], |o| o.billing_cycle = Some(BillingCycle::Monthly), Reason::BillingCycleRefused).await;
        check(&[(E3, 1); 6], same, Reason::SandboxLimit).await;
        check(&[(E3, 1); 101], same, Reason::TooLarge).await;
        assert!(subscription_list(&ctx, &house.db, customer.id, None).await.unwrap().is_empty());
        assert!(house.events::<events::SubscriptionChanged>(events::SUBSCRIPTION_CHANGED).await.is_empty());
    });
}

#[test]
fn purchase_limits_count_what_the_customer_has() {
    in_a_house(|house| async move {
        let partner = house.partner("contoso").await;
        let customer = house.customer(&partner, "Northwind").await;
        let order = async |lines: &[(&str, i64)]| {
            let placed = order_place(&house.ctx, &house.db, &Limits::NONE, new_order(&customer, lines)).await;
            placed.map(|order| order.billing_cycle).map_err(|problem| problem.reason())
        };
        assert_eq!(order(&[(TRIAL, 25)]).await, Ok(BillingCycle::None));
        assert_eq!(order(&[(TRIAL, 25)]).await, Err(Reason::OfferNotPurchasable));
        assert_eq!(order(&[(PREMIUM, 1)]).await, Ok(BillingCycle::Monthly));
        assert_eq!(order(&[(PREMIUM, 1), (PREMIUM, 1)]).await, Err(Reason::OfferNotPurchasable));
        assert_eq!(order(&[(PREMIUM, 1)]).await, Ok(BillingCycle::Monthly));
    });
}

#[test]
fn strangers_and_helpdesk_order_nothing() {
    in_a_house(|house| async move {
        let (contoso, fabrikam) = (house.partner("contoso").await, house.partner("fabrikam").await);
        let customer = house.customer(&contoso, "Northwind").await;
        for (ctx, reason) in [
            (house.by(&contoso, &[Role::HelpdeskAgent]), Reason::Forbidden),
            (house.by(&fabrikam, &Role::ALL), Reason::CustomerNotFound),
        ] {
            let refused = order_place(&ctx, &house.db, &Limits::NONE, new_order(&customer, &[(AZURE, 1)])).await;
            assert_eq!(refused.unwrap_err().reason(), reason);
        }
    });
}
