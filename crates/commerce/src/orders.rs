//! Reading orders.

use crate::order::{Order, no_order};
use crate::reach::Reach;
use crate::{customers, rows};
use tenantry_access::{OrderRead, allow};
use tenantry_core::{OpContext, OrderId, Problem, TenantId};
use tenantry_db::Db;

/// An order of a customer.
pub async fn order_get(ctx: &OpContext, db: &Db, customer: TenantId, id: OrderId) -> Result<Order, Problem> {
    let mut reader = db.reader().await?;
    let customer = customers::visible(ctx, &mut reader, customer).await?;
    let mut found = rows::order::of_customer(&mut reader, Reach::of(ctx)?, customer.id, Some(id)).await?;
    let order = found.pop().ok_or_else(|| no_order(id))?;
    Ok(allow::<OrderRead, _>(ctx, order)?.into_target())
}

/// A customer's orders, oldest first.
pub async fn order_list(ctx: &OpContext, db: &Db, customer: TenantId) -> Result<Vec<Order>, Problem> {
    let mut reader = db.reader().await?;
    let customer = customers::visible(ctx, &mut reader, customer).await?;
    let customer = allow::<OrderRead, _>(ctx, customer)?.into_target();
    rows::order::of_customer(&mut reader, Reach::of(ctx)?, customer.id, None).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{AZURE, House};
    use tenantry_core::{Reason, Role};
    use uuid::Uuid;

    #[tokio::test]
    async fn an_order_is_found_under_its_customer_only() {
        let house = House::open().await;
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
    }
}
