//! Changing one device: which configuration policy it has. What machine it is does not change.

use super::device::{Device, NewDevice};
use super::guard::{guard, nothing};
use super::{batch_rows, device_rows, policy_rows};
use tenantry_core::{OpContext, Problem, TenantId};
use tenantry_db::{Db, audit};
use uuid::Uuid;

/// A change of a device.
#[derive(Debug, Clone)]
pub struct DeviceChange {
    /// Of which customer.
    pub customer: TenantId,
    /// In which batch, by its name.
    pub batch: String,
    /// Which one, by its id.
    pub id: String,
    /// The device as a client sends it back: what is there must be as it is kept.
    pub said: NewDevice,
    /// The policy it is to have; `Some(None)` for none, `None` leaves it.
    pub policy: Option<Option<String>>,
}

/// Changes a device.
///
/// # Errors
/// `CustomerNotFound`, `Forbidden`, `ObjectNotFound`; `InvalidField` for another machine or a policy that is not there.
pub async fn device_change(ctx: &OpContext, db: &Db, change: DeviceChange) -> Result<Device, Problem> {
    let line = audit::open(ctx, db, "device-change", &change.customer.to_string()).await?;
    let outcome = replace(ctx, db, change).await;
    line.close(ctx, db, outcome).await
}

async fn replace(ctx: &OpContext, db: &Db, change: DeviceChange) -> Result<Device, Problem> {
    let mut tx = db.begin().await?;
    let served = guard(ctx, &mut tx, change.customer).await?;
    let batch = batch_rows::by_name(&mut tx, served, &change.batch).await?;
    let batch = batch.ok_or_else(|| nothing("device batch", &change.batch))?;
    let found = device_rows::by_id(&mut tx, served, Some(batch.id), &change.id).await?;
    let mut device = found.ok_or_else(|| nothing("device", &change.id))?;
    if let Some(field) = device.said.differs(&change.said) {
        let message = "is by what the machine is known and stays; delete the device and bring the other one in";
        return Err(Problem::invalid(field, message));
    }
    if let Some(policy) = change.policy {
        let policy: Option<Uuid> = match policy {
            None => None,
            Some(id) => {
                let known = policy_rows::by_id(&mut tx, served, &id).await?;
                let refused = || Problem::invalid("policies", nothing("configuration policy", &id).message());
                Some(known.ok_or_else(refused)?.id)
            }
        };
        if !device_rows::set_policy(&mut tx, served, device.id, policy).await? {
            return Err(nothing("device", &change.id));
        }
        device.said.policy = policy.map(|id| id.to_string());
    }
    tx.commit().await?;
    Ok(device)
}
