//! `POST /v1/customers/{customer}/carts`. What is wrong with a line stands in the line; the cart is made all the same.

use crate::carts::line;
use crate::carts::wire::Cart;
use crate::params;
use crate::wire::client::Client;
use crate::wire::input::Body;
use tenantry_commerce::{Limits, cart_create};
use tenantry_core::Problem;
use tenantry_http::{Answer, Call};

pub(crate) async fn handle(call: Call) -> Result<Answer, Problem> {
    let customer = params::customer(&call)?;
    let body = Body::of(&call)?;
    let lines = line::read_lines(&body.fields()?)?;
    Answer::created(&Cart::of(
        cart_create(&call.ctx, call.world.db(), &Limits::NONE, customer, lines).await?,
        Client::of(&call),
    ))
}
