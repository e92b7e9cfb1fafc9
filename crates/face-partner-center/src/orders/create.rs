//! `POST /v1/customers/{customer}/orders`.

use crate::orders::cycle;
use crate::orders::wire::Order;
use crate::params;
use crate::wire::input::{Body, Fields};
use tenantry_commerce::{Limits, LineWords, PlaceLine, PlaceOrder, order_place_with};
use tenantry_core::{OfferId, Problem};
use tenantry_http::{Answer, Call};

pub(crate) async fn handle(call: Call) -> Result<Answer, Problem> {
    let customer = params::customer(&call)?;
    let body = Body::of(&call)?;
    let fields = body.fields()?;
    let sent = fields.list("lineItems")?;
    let lines = sent.iter().map(line).collect::<Result<_, _>>()?;
    let said = |name: &'static str| sent.iter().filter_map(move |line| word(line, name).transpose());
    let words = LineWords {
        terms: said("termDuration").collect::<Result<_, _>>()?,
        on_record: said("partnerIdOnRecord").collect::<Result<_, _>>()?,
    };
    let new = PlaceOrder { customer, billing_cycle: cycle::read(&fields)?, lines };
    let order = order_place_with(&call.ctx, call.world.db(), &Limits::NONE, new, words).await?;
    Answer::created(&Order::of(order))
}

/// What a line says in a member that it may leave out, by the line's number.
fn word(fields: &Fields<'_>, name: &str) -> Result<Option<(i64, String)>, Problem> {
    let said = fields.text(name)?.filter(|said| !said.trim().is_empty());
    said.map(|said| Ok((fields.whole_required("lineItemNumber")?, said))).transpose()
}

fn line(fields: &Fields<'_>) -> Result<PlaceLine, Problem> {
    let offer = fields.text("offerId")?.filter(|id| !id.trim().is_empty());
    Ok(PlaceLine {
        number: fields.whole_required("lineItemNumber")?,
        offer: OfferId::new(offer.ok_or_else(|| Problem::missing(fields.path("offerId")))?.trim()),
        friendly_name: fields.text("friendlyName")?,
        quantity: fields.whole_required("quantity")?,
    })
}
