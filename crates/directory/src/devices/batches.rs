//! Reading batches, the devices of one, and what became of an upload.

use super::batch::DeviceBatch;
use super::device::Device;
use super::guard::{guard, nothing};
use super::upload::DeviceUpload;
use super::{batch_rows, device_rows, upload_rows};
use tenantry_core::{OpContext, Page, Problem, TenantId};
use tenantry_db::Db;
use uuid::Uuid;

/// Devices on a page. Source: partner-center-v1.md 2.20.
pub const DEVICE_PAGE_MAX: usize = 100;

/// The partner's batches for a customer, the newest first.
///
/// # Errors
/// `CustomerNotFound`, `Forbidden`.
pub async fn device_batch_list(ctx: &OpContext, db: &Db, customer: TenantId) -> Result<Vec<DeviceBatch>, Problem> {
    let mut reader = db.reader().await?;
    let served = guard(ctx, &mut reader, customer).await?;
    batch_rows::all(&mut reader, served).await
}

/// A page of the devices of a batch, in the order of their ids, after the device `after`.
///
/// # Errors
/// `ObjectNotFound` for a batch that is not there; otherwise as [`device_batch_list`].
pub async fn device_page(
    ctx: &OpContext,
    db: &Db,
    customer: TenantId,
    batch: &str,
    after: Option<Uuid>,
) -> Result<Page<Device>, Problem> {
    let mut reader = db.reader().await?;
    let served = guard(ctx, &mut reader, customer).await?;
    let batch = batch_rows::by_name(&mut reader, served, batch).await?.ok_or_else(|| nothing("device batch", batch))?;
    let limit = i64::try_from(DEVICE_PAGE_MAX + 1).map_err(Problem::internal)?;
    let found = device_rows::of_batch(&mut reader, served, batch.id, after, limit).await?;
    Ok(Page::from_one_more(found, DEVICE_PAGE_MAX))
}

/// What became of an upload, by its tracking id.
///
/// # Errors
/// `ObjectNotFound`; otherwise as [`device_batch_list`].
pub async fn device_upload_get(
    ctx: &OpContext,
    db: &Db,
    customer: TenantId,
    tracking: &str,
) -> Result<DeviceUpload, Problem> {
    let mut reader = db.reader().await?;
    let served = guard(ctx, &mut reader, customer).await?;
    upload_rows::by_id(&mut reader, served, tracking).await?.ok_or_else(|| nothing("upload", tracking))
}
