//! `POST /v1/customers/{customer}/orders`.

use crate::orders::cycle;
use crate::orders::wire::Order;
use crate::params;
use crate::wire::input::{Body, Fields};
use tenantry_commerce::{Limits, PlaceLine, PlaceOrder, order_place};
use tenantry_core::{OfferId, Problem, Reason};
use tenantry_http::{Answer, Call};

pub(crate) async fn handle(call: Call) -> Result<Answer, Problem> {
    let customer = params::customer(&call)?;
    let body = Body::of(&call)?;
    let fields = body.fields()?;
    let lines = fields.list("lineItems")?.iter().map(line).collect::<Result<_, _>>()?;
    let new = PlaceOrder { customer, billing_cycle: cycle::read(&fields)?, lines };
    let order = order_place(&call.ctx, call.world.db(), &Limits::NONE, new).await?;
    Answer::created(&Order::of(order))
}

fn line(fields: &Fields<'_>) -> Result<PlaceLine, Problem> {
    const RESELLER: &str = "partnerIdOnRecord";
    if let Some(reseller) = fields.text(RESELLER)?.filter(|id| !id.trim().is_empty()) {
        let seen: String = reseller.chars().take(40).collect();
        let field = fields.path(RESELLER);
        let message = format!("{field}: there are no indirect resellers here, so `{seen}` is none; leave it out");
        return Err(Problem::new(Reason::Unsupported, message).at(field));
    }
    let offer = fields.text("offerId")?.filter(|id| !id.trim().is_empty());
    Ok(PlaceLine {
        number: fields.whole_required("lineItemNumber")?,
        offer: OfferId::new(offer.ok_or_else(|| Problem::missing(fields.path("offerId")))?.trim()),
        friendly_name: fields.text("friendlyName")?,
        quantity: fields.whole_required("quantity")?,
    })
}
