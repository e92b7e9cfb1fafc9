//! `POST /v1/customers/{customer}/orders`.

use crate::orders::cycle;
use crate::orders::wire::Order;
use crate::params;
use crate::wire::input::{Body, Fields};
use tenantry_commerce::{Limits, PlaceLine, PlaceOrder, order_place_in_terms};
use tenantry_core::{OfferId, Problem, Reason};
use tenantry_http::{Answer, Call};

pub(crate) async fn handle(call: Call) -> Result<Answer, Problem> {
    let customer = params::customer(&call)?;
    let body = Body::of(&call)?;
    let fields = body.fields()?;
    let sent = fields.list("lineItems")?;
    let lines = sent.iter().map(line).collect::<Result<_, _>>()?;
    let terms = sent.iter().filter_map(|line| term(line).transpose()).collect::<Result<_, _>>()?;
    let new = PlaceOrder { customer, billing_cycle: cycle::read(&fields)?, lines };
    let order = order_place_in_terms(&call.ctx, call.world.db(), &Limits::NONE, new, terms).await?;
    Answer::created(&Order::of(order))
}

/// The term of a line that names one, by the line's number.
fn term(fields: &Fields<'_>) -> Result<Option<(i64, String)>, Problem> {
    let term = fields.text("termDuration")?.filter(|term| !term.trim().is_empty());
    term.map(|term| Ok((fields.whole_required("lineItemNumber")?, term))).transpose()
}

fn line(fields: &Fields<'_>) -> Result<PlaceLine, Problem> {
    const RESELLER: &str = "partnerIdOnRecord";
    if let Some(reseller) = fields.text(RESELLER)?.filter(|id| !id.trim().is_empty()) {
        let seen: String = reseller.chars().take(40).collect();
        let field = fields.path(RESELLER);
        let message = format!(
            "{field}: an order records no reseller, so `{seen}` would be forgotten; leave it out, and set `partnerId` of the subscription"
        );
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
