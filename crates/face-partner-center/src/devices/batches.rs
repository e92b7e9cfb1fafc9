//! `GET /v1/customers/{customer}/deviceBatches`, the devices of one by pages, and `GET ../batchJobStatus/{trackingId}`.

use super::wire::{BatchView, DeviceView, UploadView, devices_path};
use crate::params;
use crate::wire::{Collection, seek};
use serde::{Deserialize, Serialize};
use tenantry_core::Problem;
use tenantry_directory::{device_batch_list, device_page, device_upload_get};
use tenantry_http::{Answer, Call};
use uuid::Uuid;

/// Where the list of devices goes on: after this one.
#[derive(Serialize, Deserialize)]
struct Position(Uuid);

pub(crate) async fn list(call: Call) -> Result<Answer, Problem> {
    let customer = params::customer(&call)?;
    let batches = device_batch_list(&call.ctx, call.world.db(), customer).await?;
    let items = batches.into_iter().map(|batch| BatchView::of(batch, customer)).collect();
    Answer::ok(&Collection::whole(items, format!("/customers/{customer}/deviceBatches")))
}

pub(crate) async fn devices(call: Call) -> Result<Answer, Problem> {
    let customer = params::customer(&call)?;
    let batch = call.param("batch")?;
    let path = devices_path(customer, batch);
    let after = seek::state::<Position>(&call, &path)?.map(|Position(last)| last);
    let page = device_page(&call.ctx, call.world.db(), customer, batch, after).await?;
    let next = page.items.last().filter(|_| page.more).map(|device| Position(device.id));
    let items = page.items.into_iter().map(DeviceView::of).collect();
    Answer::ok(&seek::page(&call, seek::CAMEL, (&path, &path), items, next.as_ref())?)
}

pub(crate) async fn tracking(call: Call) -> Result<Answer, Problem> {
    let customer = params::customer(&call)?;
    let upload = device_upload_get(&call.ctx, call.world.db(), customer, call.param("tracking")?).await?;
    Answer::ok(&UploadView::of(upload))
}
