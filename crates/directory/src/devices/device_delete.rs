//! Deleting a device: the customer has it no longer, and whoever buys it next may bring it in.

use super::guard::{guard, nothing};
use super::{batch_rows, device_rows};
use tenantry_core::{OpContext, Problem, TenantId};
use tenantry_db::{Db, audit};

/// Deletes a device of a batch. The batch stays, also without devices.
///
/// # Errors
/// `CustomerNotFound`, `Forbidden`, `ObjectNotFound`.
pub async fn device_delete(ctx: &OpContext, db: &Db, customer: TenantId, batch: &str, id: &str) -> Result<(), Problem> {
    let line = audit::open(ctx, db, "device-delete", &customer.to_string()).await?;
    let outcome = delete(ctx, db, customer, (batch, id)).await;
    line.close(ctx, db, outcome).await
}

async fn delete(ctx: &OpContext, db: &Db, customer: TenantId, (batch, id): (&str, &str)) -> Result<(), Problem> {
    let mut tx = db.begin().await?;
    let served = guard(ctx, &mut tx, customer).await?;
    let found = batch_rows::by_name(&mut tx, served, batch).await?;
    let found = found.ok_or_else(|| nothing("device batch", batch))?;
    let device = device_rows::by_id(&mut tx, served, Some(found.id), id).await?;
    device_rows::delete(&mut tx, served, device.ok_or_else(|| nothing("device", id))?.id).await?;
    tx.commit().await
}
