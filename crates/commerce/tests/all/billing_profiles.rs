//! Changing who gets a customer's bills.

use crate::house::in_a_house;
use tenantry_commerce::{ChangeBillingProfile, customer_change_billing_profile, customer_get};
use tenantry_core::{Reason, Role};

#[test]
fn a_change_needs_the_version_it_was_made_from() {
    in_a_house(|house| async move {
        let partner = house.partner("contoso").await;
        let customer = house.customer(&partner, "Northwind").await;
        let ctx = house.by(&partner, &[Role::SalesAgent]);
        let change = async |email: &str, version| {
            let mut details = customer.billing_profile.details.clone();
            details.email = email.to_owned();
            let change = ChangeBillingProfile { customer: customer.id, details, version };
            let changed = customer_change_billing_profile(&ctx, &house.db, change).await;
            changed.map(|customer| customer.billing_profile.version).map_err(|problem| problem.reason())
        };
        assert_eq!(change("one@northwind.test", Some(1)).await, Ok(2));
        assert_eq!(change("two@northwind.test", Some(1)).await, Err(Reason::Stale));
        assert_eq!(change("three@northwind.test", None).await, Ok(3));
        assert_eq!(change("nobody", Some(3)).await, Err(Reason::InvalidField));
        let kept = customer_get(&ctx, &house.db, customer.id).await.unwrap();
        assert_eq!(kept.billing_profile.details.email, "three@northwind.test");
        assert_eq!(kept.billing_profile.id, customer.billing_profile.id);
    });
}

#[test]
fn who_may_not_change_changes_nothing() {
    in_a_house(|house| async move {
        let (contoso, fabrikam) = (house.partner("contoso").await, house.partner("fabrikam").await);
        let customer = house.customer(&contoso, "Northwind").await;
        let mut moved = customer.billing_profile.details.clone();
        moved.default_address.country = "DE".into();
        let kept = customer.billing_profile.details.clone();
        for (ctx, details, reason) in [
            (house.by(&contoso, &[Role::HelpdeskAgent]), &kept, Reason::Forbidden),
            (house.by(&fabrikam, &Role::ALL), &kept, Reason::CustomerNotFound),
            (house.by(&contoso, &Role::ALL), &moved, Reason::InvalidField),
        ] {
            let change = ChangeBillingProfile { customer: customer.id, details: details.clone(), version: None };
            let refused = customer_change_billing_profile(&ctx, &house.db, change).await.unwrap_err();
            assert_eq!(refused.reason(), reason);
        }
        assert_eq!(customer_get(&house.ctx, &house.db, customer.id).await.unwrap(), customer);
    });
}
