//! `GET /v1/customers/{customer}`.

use crate::customers::wire::Customer;
use crate::params;
use tenantry_commerce::{customer_get, customer_is_administered};
use tenantry_core::Problem;
use tenantry_http::{Answer, Call};

pub(crate) async fn handle(call: Call) -> Result<Answer, Problem> {
    let customer = customer_get(&call.ctx, call.world.db(), params::customer(&call)?).await?;
    let delegated = customer_is_administered(&call.ctx, call.world.db(), &customer).await?;
    Answer::ok(&Customer::whole(customer, delegated).seen_by(params::partner(&call)?))
}
