//! `GET /v1/customers/{customer}/orders`, oldest first: all, or those of a `billingType`. Unlike the original, a new
//! order is listed at once.

use crate::orders::cycle;
use crate::orders::wire::Order;
use crate::params;
use crate::wire::Collection;
use crate::wire::links::uri;
use tenantry_commerce::order_list;
use tenantry_core::Problem;
use tenantry_http::{Answer, Call};

pub(crate) async fn handle(call: Call) -> Result<Answer, Problem> {
    let customer = params::customer(&call)?;
    let wanted = cycle::asked(&call)?;
    let mut orders = order_list(&call.ctx, call.world.db(), customer).await?;
    orders.retain(|order| wanted.holds(order.billing_cycle));
    let own = uri(&format!("/customers/{customer}/orders"), call.query.pairs());
    Answer::ok(&Collection::whole(orders.into_iter().map(Order::of).collect(), own))
}
