//! `PUT`, `PATCH` and `DELETE /v1/customers/{customer}/deviceBatches/{batchId}/devices/{deviceId}`. Clients use both verbs
//! for the change and send the whole device; what they leave out stays.

use super::wire::{DeviceView, read_device, read_policy};
use crate::params;
use crate::wire::input::Body;
use tenantry_core::Problem;
use tenantry_directory::{DeviceChange, device_change, device_delete, device_page};
use tenantry_http::{Answer, Call, StatusCode};

pub(crate) async fn change(call: Call) -> Result<Answer, Problem> {
    let customer = params::customer(&call)?;
    let (batch, id) = (call.param("batch")?.to_owned(), call.param("device")?.to_owned());
    // Who may not, or named no batch, is told so before anything about the body.
    device_page(&call.ctx, call.world.db(), customer, &batch, None).await?;
    let body = Body::of(&call)?;
    let fields = body.fields()?;
    let change = DeviceChange { customer, batch, id, said: read_device(&fields)?, policy: read_policy(&fields)? };
    Answer::ok(&DeviceView::of(device_change(&call.ctx, call.world.db(), change).await?))
}

pub(crate) async fn delete(call: Call) -> Result<Answer, Problem> {
    let customer = params::customer(&call)?;
    let (batch, id) = (call.param("batch")?, call.param("device")?);
    device_delete(&call.ctx, call.world.db(), customer, batch, id).await?;
    Ok(Answer::empty(StatusCode::NO_CONTENT))
}
