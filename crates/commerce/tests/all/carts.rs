//! Carts: what is ordered of them, once, whoever asks and however often.

use crate::house::{House, in_a_house};
use std::collections::BTreeMap;
use tenantry_commerce::{
    CartLine, CartState, Checkout, Customer, Limits, LineFault, WantedCycle, cart_checkout, cart_create, cart_get,
    cart_replace, events, order_list, subscription_list,
};
use tenantry_core::{OfferId, OpContext, OrderId, Problem, Reason, Role};
use tenantry_db::sql;
use tenantry_testkit::time;
use uuid::Uuid;

const E1: &str = "91FD106F-4B2C-4938-95AC-F54F74E9A239";
const MODERN: &str = "CFQ7TTC0LF8R:0001:CFQ7TTC0K5DR";
/// A customer may have one.
const TRIAL: &str = "32B23C88-949F-4E5B-B500-A87EEC676B80";

fn line(item: &str, quantity: i64, billing_cycle: Option<WantedCycle>) -> CartLine {
    CartLine {
        id: 0,
        item: OfferId::new(item),
        friendly_name: None,
        quantity,
        billing_cycle,
        term: None,
        renews_to: None,
        promotion: None,
        term_ends: None,
        participants: Vec::new(),
        context: BTreeMap::new(),
        add_ons: Vec::new(),
    }
}

async fn cart(house: &House, ctx: &OpContext, customer: &Customer, lines: Vec<CartLine>) -> Uuid {
    cart_create(ctx, &house.db, &Limits::NONE, customer.id, lines).await.unwrap().cart.id
}

/// The orders made, and the reasons for those that were not.
fn outcome(done: Result<Checkout, Problem>) -> Result<(Vec<OrderId>, Vec<Reason>), Reason> {
    let groups = done.map_err(|problem| problem.reason())?.groups;
    let orders = groups.iter().filter_map(|(_, outcome)| outcome.as_ref().ok()).map(|order| order.id);
    let refused = groups.iter().filter_map(|(_, outcome)| outcome.as_ref().err()).map(Problem::reason);
    Ok((orders.collect(), refused.collect()))
}

async fn set_state(house: &House, cart: Uuid, statement: &'static str) {
    let mut tx = house.db.begin().await.unwrap();
    sql(statement).bind(cart).run(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
}

#[test]
fn two_checkouts_at_once_buy_once() {
    in_a_house(|house| async move {
        let partner = house.partner("contoso").await;
        let customer = house.customer(&partner, "Northwind").await;
        let ctx = house.by(&partner, &[Role::SalesAgent]);
        let lines = vec![line(TRIAL, 25, None), line(E1, 5, None), line(MODERN, 1, Some(WantedCycle::Annual))];
        let id = cart(&house, &ctx, &customer, lines).await;
        let again = house.by_again(&ctx);
        let checkout = async |ctx| outcome(cart_checkout(ctx, &house.db, &Limits::NONE, (customer.id, id)).await);
        let (one, other) = tokio::join!(checkout(&ctx), checkout(&again));
        let (orders, refused) = one.clone().unwrap();
        assert_eq!((orders.len(), refused.as_slice()), (3, [].as_slice()));
        assert_eq!(other, one);
        assert_eq!(order_list(&ctx, &house.db, customer.id).await.unwrap().len(), 3);
        assert_eq!(house.events::<events::SubscriptionChanged>(events::SUBSCRIPTION_CHANGED).await.len(), 3);
        let seen = cart_get(&ctx, &house.db, &Limits::NONE, (customer.id, id)).await.unwrap();
        assert_eq!(seen.cart.state, CartState::Ordered);
        assert!(seen.lines.iter().all(|line| line.problem.is_none()), "what was bought is not held against it");
    });
}

#[test]
fn a_checkout_that_died_half_way_is_gone_on_with() {
    in_a_house(|house| async move {
        let partner = house.partner("contoso").await;
        let customer = house.customer(&partner, "Northwind").await;
        let ctx = house.by(&partner, &[Role::SalesAgent]);
        let id = cart(&house, &ctx, &customer, vec![line(TRIAL, 25, None), line("NOTHING", 1, None)]).await;
        let checkout = async || {
            let ctx = house.by_again(&ctx);
            outcome(cart_checkout(&ctx, &house.db, &Limits::NONE, (customer.id, id)).await)
        };
        let first = checkout().await.unwrap();
        assert_eq!((first.0.len(), first.1.as_slice()), (1, [Reason::OfferNotFound].as_slice()));
        // As if nothing had been kept but the order.
        set_state(&house, id, "DELETE FROM cart_group WHERE cart = $1").await;
        set_state(&house, id, "UPDATE cart SET state = 'ordering' WHERE id = $1").await;
        let lines = vec![line(E1, 1, None)];
        let replaced = cart_replace(&ctx, &house.db, &Limits::NONE, (customer.id, id), lines).await;
        assert_eq!(replaced.map(|_| ()).map_err(|problem| problem.reason()), Err(Reason::Stale));
        house.clock.advance_to(time("2026-03-01"));
        assert_eq!(checkout().await.unwrap(), first, "and it is never over");
        assert_eq!(checkout().await.unwrap(), first);
        assert_eq!(subscription_list(&ctx, &house.db, customer.id, None).await.unwrap().len(), 1);
    });
}

/// An order is that of the lines it was made of. Another checkout may have given the cart back, and somebody put others.
#[test]
fn other_lines_are_another_order() {
    in_a_house(|house| async move {
        let partner = house.partner("contoso").await;
        let customer = house.customer(&partner, "Northwind").await;
        let ctx = house.by(&partner, &[Role::SalesAgent]);
        let id = cart(&house, &ctx, &customer, vec![line(TRIAL, 25, None)]).await;
        cart_checkout(&ctx, &house.db, &Limits::NONE, (customer.id, id)).await.unwrap();
        set_state(&house, id, "DELETE FROM cart_group WHERE cart = $1").await;
        set_state(&house, id, "UPDATE cart SET state = 'active' WHERE id = $1").await;
        cart_replace(&ctx, &house.db, &Limits::NONE, (customer.id, id), vec![line(E1, 50, None)]).await.unwrap();
        let again = house.by_again(&ctx);
        let done = cart_checkout(&again, &house.db, &Limits::NONE, (customer.id, id)).await.unwrap();
        let bought = done.groups[0].1.as_ref().unwrap();
        assert_eq!((bought.lines[0].offer.as_str(), bought.lines[0].quantity), (E1, 50));
    });
}

#[test]
fn what_the_customer_buys_meanwhile_counts() {
    in_a_house(|house| async move {
        let partner = house.partner("contoso").await;
        let customer = house.customer(&partner, "Northwind").await;
        let ctx = house.by(&partner, &[Role::SalesAgent]);
        let id = cart(&house, &ctx, &customer, vec![line(TRIAL, 25, None)]).await;
        let fault = async || {
            let seen = cart_get(&ctx, &house.db, &Limits::NONE, (customer.id, id)).await.unwrap();
            seen.lines[0].problem.as_ref().map(|wrong| wrong.fault)
        };
        assert_eq!(fault().await, None);
        house.subscription(&customer, TRIAL, 25).await;
        assert_eq!(fault().await, Some(LineFault::Quota));
        let done = outcome(cart_checkout(&ctx, &house.db, &Limits::NONE, (customer.id, id)).await);
        assert_eq!(done, Err(Reason::OfferNotPurchasable));
        let seen = cart_get(&ctx, &house.db, &Limits::NONE, (customer.id, id)).await.unwrap();
        assert_eq!(seen.cart.state, CartState::Active, "it can still be changed");
    });
}

#[test]
fn a_sandbox_with_limits_says_so_in_the_line_and_in_the_checkout() {
    in_a_house(|house| async move {
        let partner = house.partner("contoso").await;
        let customer = house.customer(&partner, "Northwind").await;
        let ctx = house.by(&partner, &[Role::SalesAgent]);
        let lines = vec![line(E1, 26, None), line(MODERN, 25, None)];
        let made = cart_create(&ctx, &house.db, &Limits::FAITHFUL, customer.id, lines).await.unwrap();
        let faults: Vec<_> = made.lines.iter().map(|line| line.problem.as_ref().map(|wrong| wrong.fault)).collect();
        assert_eq!(faults, [Some(LineFault::Sandbox), None]);
        let done = cart_checkout(&ctx, &house.db, &Limits::FAITHFUL, (customer.id, made.cart.id)).await;
        let (orders, refused) = outcome(done).unwrap();
        assert_eq!((orders.len(), refused.as_slice()), (1, [Reason::SandboxLimit].as_slice()));
    });
}

#[test]
fn a_cart_is_its_partners_and_no_other_partners() {
    in_a_house(|house| async move {
        let (contoso, fabrikam) = (house.partner("contoso").await, house.partner("fabrikam").await);
        let customer = house.customer(&contoso, "Northwind").await;
        house.share(&customer, &fabrikam).await;
        let (own, other) = (house.by(&contoso, &[Role::AdminAgent]), house.by(&fabrikam, &[Role::AdminAgent]));
        let id = cart(&house, &own, &customer, vec![line(E1, 1, None)]).await;
        let get = async |ctx: &OpContext| {
            let found = cart_get(ctx, &house.db, &Limits::NONE, (customer.id, id)).await;
            found.map(|view| view.cart.partner).map_err(|problem| problem.reason())
        };
        assert_eq!(get(&own).await, Ok(contoso.tenant));
        assert_eq!(get(&other).await, Err(Reason::OrderNotFound));
        let done = outcome(cart_checkout(&other, &house.db, &Limits::NONE, (customer.id, id)).await);
        assert_eq!(done, Err(Reason::OrderNotFound));
        let lines = vec![line(E1, 2, None)];
        let put = cart_replace(&other, &house.db, &Limits::NONE, (customer.id, id), lines).await;
        assert_eq!(put.map(|_| ()).map_err(|problem| problem.reason()), Err(Reason::OrderNotFound));
        // The other's own cart for the same tenant is its own order.
        let theirs = cart(&house, &other, &customer, vec![line(E1, 1, None)]).await;
        outcome(cart_checkout(&other, &house.db, &Limits::NONE, (customer.id, theirs)).await).unwrap();
        assert_eq!(order_list(&own, &house.db, customer.id).await.unwrap().len(), 0);
        assert_eq!(order_list(&other, &house.db, customer.id).await.unwrap()[0].partner, fabrikam.tenant);
    });
}

#[test]
fn carts_that_are_over_are_swept_when_the_next_is_made() {
    in_a_house(|house| async move {
        let partner = house.partner("contoso").await;
        let customer = house.customer(&partner, "Northwind").await;
        let sibling = house.customer(&partner, "Tailspin").await;
        let ctx = house.by(&partner, &[Role::SalesAgent]);
        let kept = async || {
            let rows = sql("SELECT id FROM cart ORDER BY created_at").all(&mut house.db.reader().await.unwrap()).await;
            rows.unwrap().len()
        };
        let ordered = cart(&house, &ctx, &customer, vec![line(E1, 1, None)]).await;
        outcome(cart_checkout(&ctx, &house.db, &Limits::NONE, (customer.id, ordered)).await).unwrap();
        cart(&house, &ctx, &customer, vec![line(E1, 1, None)]).await;
        cart(&house, &ctx, &sibling, vec![line(E1, 1, None)]).await;
        assert_eq!(kept().await, 3);
        house.clock.advance_to(time("2026-01-17T16:00:00Z"));
        cart(&house, &ctx, &customer, vec![line(E1, 1, None)]).await;
        assert_eq!(kept().await, 3, "what was ordered stays, and what is another customer's");
    });
}

#[test]
fn a_cart_says_in_which_currency_it_is_billed() {
    in_a_house(|house| async move {
        let partner = house.partner("contoso").await;
        let customer = house.customer(&partner, "Northwind").await;
        let ctx = house.by(&partner, &[Role::AdminAgent]);
        let made = cart_create(&ctx, &house.db, &Limits::NONE, customer.id, vec![line(E1, 1, None)]).await.unwrap();
        assert_eq!(made.currency, partner.currency);
    });
}
