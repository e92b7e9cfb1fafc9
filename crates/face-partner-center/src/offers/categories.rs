//! `GET /v1/offercategories`. Recorded without links.

use crate::offers::wire::OfferCategory;
use crate::offers::{country, locale};
use crate::wire::Collection;
use tenantry_commerce::offer_category_list;
use tenantry_core::Problem;
use tenantry_http::{Answer, Call};

pub(crate) async fn handle(call: Call) -> Result<Answer, Problem> {
    let country = country(&call).await?;
    let shelves = offer_category_list(&call.ctx, &country)?;
    let view = |shelf| OfferCategory::of(Some(shelf), locale(&call), &country);
    Answer::ok(&Collection::bare(shelves.into_iter().map(view).collect()))
}
