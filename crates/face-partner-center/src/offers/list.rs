//! `GET /v1/offers`: by country, and by category if one is named.

use crate::offers::wire::Offer;
use crate::offers::{PAGE_DEFAULT, PAGE_MAX, country, locale};
use crate::wire::paging::Cut;
use tenantry_commerce::offer_list;
use tenantry_core::Problem;
use tenantry_http::{Answer, Call};

pub(crate) async fn handle(call: Call) -> Result<Answer, Problem> {
    let cut = Cut::of(&call, PAGE_DEFAULT, PAGE_MAX)?;
    let country = country(&call).await?;
    let category = call.query("offer_category_id").map(str::trim).filter(|id| !id.is_empty());
    let offers = offer_list(&call.ctx, &country, category)?;
    Answer::ok(&cut.page(&call, "/offers", offers, |offer| Offer::of(offer, locale(&call), &country)))
}
