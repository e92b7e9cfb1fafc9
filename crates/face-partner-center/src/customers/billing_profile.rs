//! `GET` and `PUT /v1/customers/{customer}/profiles/billing`.

use crate::customers::wire::{BillingProfile, read_billing};
use crate::params;
use crate::wire::etag;
use crate::wire::input::Body;
use tenantry_commerce::{ChangeBillingProfile, customer_change_billing_profile, customer_get};
use tenantry_core::Problem;
use tenantry_http::{Answer, Call};

pub(crate) async fn get(call: Call) -> Result<Answer, Problem> {
    let customer = customer_get(&call.ctx, call.world.db(), params::customer(&call)?).await?;
    Answer::ok(&BillingProfile::of(customer.id, customer.billing_profile))
}

pub(crate) async fn change(call: Call) -> Result<Answer, Problem> {
    let customer = params::customer(&call)?;
    let body = Body::of(&call)?;
    let fields = body.fields()?;
    let change = ChangeBillingProfile {
        customer,
        details: read_billing(&fields)?,
        version: etag::decimal_seen(&call, &fields)?,
    };
    let changed = customer_change_billing_profile(&call.ctx, call.world.db(), change).await?;
    Answer::ok(&BillingProfile::of(changed.id, changed.billing_profile))
}
