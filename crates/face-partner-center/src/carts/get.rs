//! `GET /v1/customers/{customer}/carts/{cart}`.

use crate::carts::wire::Cart;
use crate::params;
use crate::wire::client::Client;
use tenantry_commerce::{Limits, cart_get};
use tenantry_core::Problem;
use tenantry_http::{Answer, Call};

pub(crate) async fn handle(call: Call) -> Result<Answer, Problem> {
    let cart = (params::customer(&call)?, params::cart(&call)?);
    Answer::ok(&Cart::of(cart_get(&call.ctx, call.world.db(), &Limits::NONE, cart).await?, Client::of(&call)))
}
