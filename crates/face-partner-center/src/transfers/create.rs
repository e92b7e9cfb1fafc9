//! `POST /v1/customers/{customer}/transfers`. Members that the platform sets (names, times, status) are passed over.

use crate::params;
use crate::transfers::wire::TransferEntity;
use crate::wire::input::{Body, Fields};
use tenantry_commerce::{NewTransfer, transfer_create};
use tenantry_core::{Problem, SubscriptionId, TenantId};
use tenantry_http::{Answer, Call};

pub(crate) async fn create(call: Call) -> Result<Answer, Problem> {
    const TARGET: &str = "targetPartnerTenantId";
    let customer = params::found_customer(&call).await?;
    let body = Body::of(&call)?;
    let fields = body.fields()?;
    let new = NewTransfer {
        customer,
        source: tenant(&fields, "sourcePartnerTenantId")?,
        target: tenant(&fields, TARGET)?.ok_or_else(|| Problem::missing(TARGET))?,
        subscriptions: fields.list("lineItems")?.iter().map(line).collect::<Result<_, _>>()?,
    };
    let transfer = transfer_create(&call.ctx, call.world.db(), new).await?;
    Answer::created(&TransferEntity::of(transfer, call.ctx.now()))
}

fn tenant(fields: &Fields<'_>, name: &str) -> Result<Option<TenantId>, Problem> {
    let text = fields.text(name)?.filter(|text| !text.trim().is_empty());
    let parse = |text: String| TenantId::parse(text.trim());
    text.map(parse).transpose().map_err(|error| Problem::invalid(fields.path(name), error))
}

/// A subscription goes as a whole; a part of it is refused.
fn line(fields: &Fields<'_>) -> Result<SubscriptionId, Problem> {
    const SUBSCRIPTION: &str = "subscriptionId";
    if let Some(quantity) = fields.whole("quantity")?.filter(|quantity| *quantity != 1) {
        let message = format!("{quantity} of it cannot be transferred; a subscription goes whole, with the quantity 1");
        return Err(Problem::invalid(fields.path("quantity"), message));
    }
    let text = fields.text(SUBSCRIPTION)?.filter(|text| !text.trim().is_empty());
    let text = text.ok_or_else(|| Problem::missing(fields.path(SUBSCRIPTION)))?;
    SubscriptionId::parse(text.trim()).map_err(|error| Problem::invalid(fields.path(SUBSCRIPTION), error))
}
