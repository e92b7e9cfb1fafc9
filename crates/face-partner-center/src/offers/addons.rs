//! `GET /v1/offers/{offer}/addons`.

use crate::offers::wire::Offer;
use crate::offers::{PAGE_DEFAULT, PAGE_MAX, country, locale, offer};
use crate::wire::paging::Cut;
use tenantry_commerce::offer_add_on_list;
use tenantry_core::Problem;
use tenantry_http::{Answer, Call};

pub(crate) async fn handle(call: Call) -> Result<Answer, Problem> {
    let cut = Cut::of(&call, PAGE_DEFAULT, PAGE_MAX)?;
    let country = country(&call).await?;
    let base = offer(&call)?;
    let offers = offer_add_on_list(&call.ctx, &country, &base)?;
    let path = format!("/offers/{base}/addons");
    Answer::ok(&cut.page(&call, &path, offers, |offer| Offer::of(offer, locale(&call), &country)))
}
