//! `GET /v1/customers/{customer}/offercategories`: the offer categories of the customer's country. Without links, as
//! the recorded list of a country.

use crate::offers::locale;
use crate::offers::wire::OfferCategory;
use crate::params;
use crate::wire::Collection;
use tenantry_commerce::{customer_get, offer_category_list};
use tenantry_core::Problem;
use tenantry_http::{Answer, Call};

pub(crate) async fn handle(call: Call) -> Result<Answer, Problem> {
    let customer = customer_get(&call.ctx, call.world.db(), params::customer(&call)?).await?;
    let country = customer.country();
    let shelves = offer_category_list(&call.ctx, country)?;
    let view = |shelf| OfferCategory::of(Some(shelf), locale(&call), country);
    Answer::ok(&Collection::bare(shelves.into_iter().map(view).collect()))
}
