//! `GET /v1/offers/{offer}`.

use crate::offers::wire::Offer;
use crate::offers::{country, locale, offer};
use tenantry_commerce::offer_get;
use tenantry_core::Problem;
use tenantry_http::{Answer, Call};

pub(crate) async fn handle(call: Call) -> Result<Answer, Problem> {
    let country = country(&call).await?;
    let found = offer_get(&call.ctx, &country, &offer(&call)?)?;
    Answer::ok(&Offer::of(found, locale(&call), &country))
}
