//! `GET /v1/customers/{customer}/orders/{order}`. `include_price` is accepted; see [`crate::orders::wire::Order`].

use crate::orders::wire::Order;
use crate::params;
use tenantry_commerce::order_get;
use tenantry_core::Problem;
use tenantry_http::{Answer, Call};

pub(crate) async fn handle(call: Call) -> Result<Answer, Problem> {
    let order = order_get(&call.ctx, call.world.db(), params::customer(&call)?, params::order(&call)?).await?;
    Answer::ok(&Order::of(order))
}
