//! Reading orders.

use crate::house::{AZURE, in_a_house};
use tenantry_commerce::{order_get, order_list};
use tenantry_core::{OpContext, OrderId, Reason, Role};
use uuid::Uuid;

#[test]
fn an_order_is_found_under_its_customer_only() {
    in_a_house(|house| async move {
        let (contoso, fabrikam) = (house.partner("contoso").await, house.partner("fabrikam").await);
        let customer = house.customer(&contoso, "Northwind").await;
        let sibling = house.customer(&contoso, "Tailspin").await;
        let order = house.subscription(&customer, AZURE, 1).await.order;
        let get = async |ctx: &OpContext, customer, order| {
            order_get(ctx, &house.db, customer, order).await.map(|found| found.id).map_err(|problem| problem.reason())
        };
        let own = house.by(&contoso, &[Role::BillingAdmin]);
        let stranger = house.by(&fabrikam, &Role::ALL);
        assert_eq!(get(&own, customer.id, order).await, Ok(order));
        assert_eq!(get(&own, sibling.id, order).await, Err(Reason::OrderNotFound));
        assert_eq!(get(&own, customer.id, OrderId::new(Uuid::nil())).await, Err(Reason::OrderNotFound));
        assert_eq!(get(&stranger, customer.id, order).await, Err(Reason::CustomerNotFound));
        assert_eq!(get(&house.by(&contoso, &[Role::UserAdmin]), customer.id, order).await, Err(Reason::Forbidden));
        let list = async |ctx: &OpContext, customer| order_list(ctx, &house.db, customer).await.map(|all| all.len());
        assert_eq!(list(&own, customer.id).await.map_err(|p| p.reason()), Ok(1));
        assert_eq!(list(&own, sibling.id).await.map_err(|p| p.reason()), Ok(0));
        assert_eq!(list(&stranger, customer.id).await.map_err(|p| p.reason()), Err(Reason::CustomerNotFound));
    });
}
