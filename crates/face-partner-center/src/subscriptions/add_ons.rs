//! `GET /v1/customers/{customer}/subscriptions/{subscription}/addons`.

use crate::params;
use crate::subscriptions::country;
use crate::subscriptions::wire::Subscription;
use crate::wire::{Collection, upper};
use tenantry_commerce::subscription_add_on_list;
use tenantry_core::Problem;
use tenantry_http::{Answer, Call};

pub(crate) async fn handle(call: Call) -> Result<Answer, Problem> {
    let (customer, id) = (params::customer(&call)?, params::subscription(&call)?);
    let found = subscription_add_on_list(&call.ctx, call.world.db(), customer, id).await?;
    let country = country(&call, customer).await?;
    let items = found.into_iter().map(|add_on| Subscription::of(add_on, country.as_deref())).collect();
    Answer::ok(&Collection::whole(items, format!("/customers/{customer}/subscriptions/{}/addons", upper(id))))
}
