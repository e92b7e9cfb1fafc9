//! `GET /v1/customers/{customer}/subscriptions/{subscription}`.

use crate::params;
use crate::subscriptions::country;
use crate::subscriptions::wire::Subscription;
use tenantry_commerce::subscription_get;
use tenantry_core::Problem;
use tenantry_http::{Answer, Call};

pub(crate) async fn handle(call: Call) -> Result<Answer, Problem> {
    let (customer, id) = (params::customer(&call)?, params::subscription(&call)?);
    let found = subscription_get(&call.ctx, call.world.db(), customer, id).await?;
    let country = country(&call, customer).await?;
    Answer::ok(&Subscription::of(found, country.as_deref()))
}
