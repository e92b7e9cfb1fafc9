//! `GET /v1/customers/{customer}/offers`: the offers of the customer's country that a customer such as this can buy.

use crate::offers::wire::Offer;
use crate::offers::{PAGE_DEFAULT, PAGE_MAX, locale};
use crate::params;
use crate::wire::paging::Cut;
use tenantry_commerce::{customer_get, offer_list_of_customer};
use tenantry_core::Problem;
use tenantry_http::{Answer, Call};

pub(crate) async fn handle(call: Call) -> Result<Answer, Problem> {
    let cut = Cut::of(&call, PAGE_DEFAULT, PAGE_MAX)?;
    let customer = customer_get(&call.ctx, call.world.db(), params::customer(&call)?).await?;
    let offers = offer_list_of_customer(&call.ctx, call.world.db(), customer.id).await?;
    let path = format!("/customers/{}/offers", customer.id);
    Answer::ok(&cut.page(&call, &path, offers, |offer| Offer::of(offer, locale(&call), customer.country())))
}
