//! `PUT /v1/customers/{customer}/carts/{cart}`: other lines for a cart. The documentation has 200 and 201 for it; clients
//! ask for neither in particular.

use crate::carts::line;
use crate::carts::wire::Cart;
use crate::params;
use crate::wire::client::Client;
use crate::wire::input::Body;
use tenantry_commerce::{Limits, cart_replace};
use tenantry_core::Problem;
use tenantry_http::{Answer, Call};

pub(crate) async fn handle(call: Call) -> Result<Answer, Problem> {
    let cart = (params::customer(&call)?, params::cart(&call)?);
    let body = Body::of(&call)?;
    let lines = line::read_lines(&body.fields()?)?;
    Answer::ok(&Cart::of(
        cart_replace(&call.ctx, call.world.db(), &Limits::NONE, cart, lines).await?,
        Client::of(&call),
    ))
}
