//! A request that comes again makes nothing twice, even if nobody kept the answer of the first: that is how it looks
//! when the machine died after the act and before the answer, and the client asks again.

use crate::house::{in_a_house, new_customer, new_order};
use tenantry_commerce::{
    Customer, Limits, NewCustomer, PlaceOrder, customer_create, events, order_list, order_place, subscription_list,
};
use tenantry_core::{OpContext, Reason, Role};
use tenantry_testkit::{SUFFIX, time};

/// A customer may have one.
const TRIAL: &str = "32B23C88-949F-4E5B-B500-A87EEC676B80";
/// Sold by the seat, as many as one likes: Office 365 E3.
const SUITE: &str = "796b6b5f-613c-4e24-a17c-eba730d49c02";

#[test]
fn an_order_that_comes_again_is_the_order_it_made() {
    in_a_house(|house| async move {
        let partner = house.partner("contoso").await;
        let customer = house.customer(&partner, "Northwind").await;
        let ctx = house.by(&partner, &[Role::SalesAgent]);
        let place = async || {
            // What is not recognised is refused: the customer has its trial.
            let order = new_order(&customer, &[(TRIAL, 25)]);
            order_place(&ctx, &house.db, &Limits::NONE, order).await
        };
        let (one, other) = tokio::join!(place(), place());
        let first = one.unwrap();
        assert_eq!(other.unwrap(), first, "two at once");
        house.clock.advance_to(time("2026-03-01"));
        assert_eq!(place().await.unwrap(), first, "and later");
        assert_eq!(order_list(&ctx, &house.db, customer.id).await.unwrap(), [first]);
        assert_eq!(subscription_list(&ctx, &house.db, customer.id, None).await.unwrap().len(), 1);
        assert_eq!(house.events::<events::SubscriptionChanged>(events::SUBSCRIPTION_CHANGED).await.len(), 1);
    });
}

#[test]
fn another_order_is_not_taken_for_a_repetition() {
    in_a_house(|house| async move {
        let (contoso, fabrikam) = (house.partner("contoso").await, house.partner("fabrikam").await);
        let customer = house.customer(&contoso, "Northwind").await;
        let sibling = house.customer(&contoso, "Tailspin").await;
        let first = house.by(&contoso, &[Role::SalesAgent]);
        let with = |ctx: &OpContext| OpContext { request_id: first.request_id, ..ctx.clone() };
        let order = |customer: &Customer, seats| new_order(customer, &[(SUITE, seats)]);
        let named = |mut order: PlaceOrder| {
            order.lines[0].friendly_name = Some("Suite".into());
            order
        };
        let refused = |reason| Err::<usize, Reason>(reason);
        for (case, ctx, order, expected) in [
            ("the first", first.clone(), order(&customer, 5), Ok(1)),
            ("the same", first.clone(), order(&customer, 5), Ok(1)),
            ("another request id", house.by(&contoso, &[Role::SalesAgent]), order(&customer, 5), Ok(2)),
            ("another quantity", first.clone(), order(&customer, 6), Ok(3)),
            ("another name", first.clone(), named(order(&customer, 5)), Ok(4)),
            ("another customer", first.clone(), order(&sibling, 5), Ok(1)),
            ("of the provider", with(&house.by_provider()), order(&customer, 5), Ok(5)),
            ("of the platform", with(&house.ctx), order(&customer, 5), Ok(6)),
            ("of the platform again", with(&house.ctx), order(&customer, 5), Ok(7)),
            ("the same, still", first.clone(), order(&customer, 5), Ok(7)),
            (
                "of a stranger",
                with(&house.by(&fabrikam, &Role::ALL)),
                order(&customer, 5),
                refused(Reason::CustomerNotFound),
            ),
            (
                "without the role now",
                with(&house.by(&contoso, &[Role::HelpdeskAgent])),
                order(&customer, 5),
                refused(Reason::Forbidden),
            ),
        ] {
            let of = order.customer;
            let placed = order_place(&ctx, &house.db, &Limits::NONE, order).await;
            let count = match placed {
                Ok(_) => Ok(order_list(&house.ctx, &house.db, of).await.unwrap().len()),
                Err(problem) => Err(problem.reason()),
            };
            assert_eq!(count, expected, "{case}");
        }
    });
}

#[test]
fn a_customer_that_comes_again_is_the_customer_it_made() {
    in_a_house(|house| async move {
        let partner = house.partner("contoso").await;
        let ctx = house.by(&partner, &[Role::SalesAgent]);
        let one_customer = Limits { customers_max: Some(1), ..Limits::NONE };
        let create = async |ctx: &OpContext, change: fn(&mut NewCustomer)| {
            let mut new = new_customer(&partner, "Northwind");
            change(&mut new);
            customer_create(ctx, &house.db, SUFFIX, &one_customer, new).await
        };
        let same: fn(&mut NewCustomer) = |_| ();
        let (one, other) = tokio::join!(create(&ctx, same), create(&ctx, same));
        let first = one.unwrap();
        assert_eq!(other.unwrap(), first, "two at once");
        house.clock.advance_to(time("2026-03-01"));
        assert_eq!(create(&ctx, same).await.unwrap(), first, "and later");

        let one_more = Limits { customers_max: Some(2), ..Limits::NONE };
        for (case, ctx, email) in [
            ("another request", house.by(&partner, &[Role::SalesAgent]), "ops@northwind.test"),
            ("another content", ctx.clone(), "other@northwind.test"),
            ("the platform", house.ctx.clone(), "ops@northwind.test"),
        ] {
            let mut new = new_customer(&partner, "Northwind");
            new.billing.email = email.into();
            let refused = customer_create(&ctx, &house.db, SUFFIX, &one_more, new).await.unwrap_err();
            assert_eq!(refused.reason(), Reason::DomainTaken, "{case}");
        }
    });
}
