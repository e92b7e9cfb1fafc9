//! `GET` and `PUT /v1/customers/{customer}/profiles/billing`.

use crate::customers::wire::{BillingProfile, read_billing};
use crate::params;
use crate::wire::etag;
use crate::wire::input::{Body, Fields};
use tenantry_commerce::{ChangeBillingProfile, customer_change_billing_profile, customer_get};
use tenantry_core::{Problem, Reason};
use tenantry_http::{Answer, Call};

pub(crate) async fn get(call: Call) -> Result<Answer, Problem> {
    let customer = customer_get(&call.ctx, call.world.db(), params::customer(&call)?).await?;
    Answer::ok(&BillingProfile::of(customer.id, customer.billing_profile))
}

pub(crate) async fn change(call: Call) -> Result<Answer, Problem> {
    let customer = params::customer(&call)?;
    let body = Body::of(&call)?;
    let fields = body.fields()?;
    let change =
        ChangeBillingProfile { customer, details: read_billing(&fields)?, version: version_seen(&call, &fields)? };
    let changed = customer_change_billing_profile(&call.ctx, call.world.db(), change).await?;
    Answer::ok(&BillingProfile::of(changed.id, changed.billing_profile))
}

/// The version the client saw: by header, else by the ETag it carries in the body, else it did not say and the
/// last write wins (partner-center-v1.md 2.1 row 8).
fn version_seen(call: &Call, fields: &Fields<'_>) -> Result<Option<i64>, Problem> {
    let carried = match fields.object("attributes")? {
        Some(attributes) => attributes.text("etag")?,
        None => None,
    };
    let Some(tag) = etag::if_match(call).or(carried.as_deref()).map(str::trim).filter(|tag| !tag.is_empty()) else {
        return Ok(None);
    };
    tag.parse().map(Some).map_err(|_| {
        let message = "If-Match: this is no ETag of a billing profile; read the profile again and send the one it has";
        Problem::new(Reason::Stale, message).at("If-Match")
    })
}
