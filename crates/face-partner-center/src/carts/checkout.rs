//! `POST /v1/customers/{customer}/carts/{cart}/checkout`. There is nothing to say in a body: clients send none, `null` or
//! `"success"`, so none is read.

use crate::carts::wire::CheckoutResult;
use crate::params;
use tenantry_commerce::{Limits, cart_checkout};
use tenantry_core::Problem;
use tenantry_http::{Answer, Call};

pub(crate) async fn handle(call: Call) -> Result<Answer, Problem> {
    let cart = (params::customer(&call)?, params::cart(&call)?);
    let done = cart_checkout(&call.ctx, call.world.db(), &Limits::NONE, cart).await?;
    Answer::created(&CheckoutResult::of(done))
}
