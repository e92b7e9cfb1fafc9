//! `GET /v1/customers/{customer}/orders/{order}/provisioningstatus`: whether what was bought is there.

use crate::orders::wire::LineProvisioning;
use crate::params;
use crate::wire::Collection;
use tenantry_commerce::order_get;
use tenantry_core::Problem;
use tenantry_http::{Answer, Call};

pub(crate) async fn handle(call: Call) -> Result<Answer, Problem> {
    let order = order_get(&call.ctx, call.world.db(), params::customer(&call)?, params::order(&call)?).await?;
    let own = format!("/customers/{}/orders/{}/provisioningstatus", order.customer, order.id);
    Answer::ok(&Collection::whole(order.lines.iter().map(LineProvisioning::of).collect(), own))
}
