//! `POST /v1/customers/{customer}/deviceBatches`, `POST ../{batchId}/devices` and `PATCH ../DevicePolicyUpdates`: many
//! devices at once, answered by the path of what became of them.

use super::wire::{read_device, read_policy};
use crate::params;
use crate::wire::input::{Body, Fields};
use tenantry_core::{Problem, TenantId};
use tenantry_directory::{
    DevicePolicyUpdate, DeviceUpload, NewDevice, UploadDevices, device_batch_list, device_page, devices_update,
    devices_upload,
};
use tenantry_http::{Answer, Call, StatusCode, header};

/// A new batch with its devices.
pub(crate) async fn create(call: Call) -> Result<Answer, Problem> {
    let customer = params::customer(&call)?;
    // Who may not is told so before anything about the body.
    device_batch_list(&call.ctx, call.world.db(), customer).await?;
    let body = Body::of(&call)?;
    let fields = body.fields()?;
    let batch = fields.text_or_empty("batchId")?;
    let devices = fields.list("devices")?.iter().map(device).collect::<Result<_, _>>()?;
    let upload = UploadDevices { customer, batch, new_batch: true, devices };
    accepted(customer, &devices_upload(&call.ctx, call.world.db(), upload).await?)
}

/// More devices into a batch: the body is a list and nothing else.
pub(crate) async fn add(call: Call) -> Result<Answer, Problem> {
    let customer = params::customer(&call)?;
    let batch = call.param("batch")?.to_owned();
    device_page(&call.ctx, call.world.db(), customer, &batch, None).await?;
    let body = Body::of(&call)?;
    let devices = body.items("devices")?.iter().map(device).collect::<Result<_, _>>()?;
    let upload = UploadDevices { customer, batch, new_batch: false, devices };
    accepted(customer, &devices_upload(&call.ctx, call.world.db(), upload).await?)
}

/// Policies for devices of any batch.
pub(crate) async fn assign(call: Call) -> Result<Answer, Problem> {
    let customer = params::customer(&call)?;
    device_batch_list(&call.ctx, call.world.db(), customer).await?;
    let body = Body::of(&call)?;
    let fields = body.fields()?;
    let update = |device: &Fields<'_>| {
        let id = device.text("id")?.ok_or_else(|| Problem::missing(device.path("id")))?;
        Ok(DevicePolicyUpdate { device: id, policy: read_policy(device)? })
    };
    let updates = fields.list("devices")?.iter().map(update).collect::<Result<_, Problem>>()?;
    accepted(customer, &devices_update(&call.ctx, call.world.db(), customer, updates).await?)
}

fn device(fields: &Fields<'_>) -> Result<NewDevice, Problem> {
    Ok(NewDevice { policy: read_policy(fields)?.flatten(), ..read_device(fields)? })
}

/// The body must be empty, and the tracking id the fifth segment (rules 1 and 2 of partner-center-v1.md 6.1).
fn accepted(customer: TenantId, upload: &DeviceUpload) -> Result<Answer, Problem> {
    let path = format!("/customers/{customer}/batchJobStatus/{}", upload.id);
    Ok(Answer::empty(StatusCode::ACCEPTED).with(header::LOCATION, path))
}
