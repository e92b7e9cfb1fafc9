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
