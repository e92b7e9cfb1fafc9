//! Reading subscriptions.

use crate::house::{AZURE, PREMIUM, in_a_house};
use tenantry_commerce::{subscription_get, subscription_list};
use tenantry_core::{OpContext, Reason, Role};

#[test]
fn a_subscription_is_found_under_its_customer_only() {
    in_a_house(|house| async move {
        let (contoso, fabrikam) = (house.partner("contoso").await, house.partner("fabrikam").await);
        let customer = house.customer(&contoso, "Northwind").await;
        let sibling = house.customer(&contoso, "Tailspin").await;
        let azure = house.subscription(&customer, AZURE, 1).await;
        let seats = house.subscription(&customer, PREMIUM, 3).await;
        let get = async |ctx: &OpContext, customer| {
            subscription_get(ctx, &house.db, customer, azure.id).await.map(|s| s.id).map_err(|p| p.reason())
        };
        let own = house.by(&contoso, &[Role::HelpdeskAgent]);
        assert_eq!(get(&own, customer.id).await, Ok(azure.id));
        assert_eq!(get(&own, sibling.id).await, Err(Reason::SubscriptionNotFound));
        assert_eq!(get(&house.by(&fabrikam, &Role::ALL), customer.id).await, Err(Reason::CustomerNotFound));
        assert_eq!(get(&house.by(&contoso, &[Role::UserAdmin]), customer.id).await, Err(Reason::Forbidden));
        let list = async |order| subscription_list(&own, &house.db, customer.id, order).await.unwrap();
        assert_eq!(list(None).await, [azure, seats.clone()]);
        assert_eq!(list(Some(seats.order)).await, [seats]);
        assert!(subscription_list(&own, &house.db, sibling.id, None).await.unwrap().is_empty());
    });
}
