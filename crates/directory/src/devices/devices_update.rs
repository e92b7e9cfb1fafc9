//! Giving policies to many devices at once, of any batch. Answered like an upload: each device by itself.

use super::devices_upload::check_count;
use super::guard::guard;
use super::upload::{DeviceOutcome, DeviceRefusal, DeviceUpload};
use super::{device_rows, policy_rows, upload_rows};
use crate::people::text::shown;
use crate::relationships::ServedCustomer;
use tenantry_core::{OpContext, Problem, TenantId};
use tenantry_db::{Db, Tx, audit};

/// Which policy a device is to have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DevicePolicyUpdate {
    /// The device, by its id.
    pub device: String,
    /// The policy, by its id; `Some(None)` for none, `None` leaves it.
    pub policy: Option<Option<String>>,
}

/// Gives policies to devices of a customer, up to 1000.
///
/// # Errors
/// `CustomerNotFound`, `Forbidden`; `MissingField` without devices; `TooLarge`.
pub async fn devices_update(
    ctx: &OpContext,
    db: &Db,
    customer: TenantId,
    updates: Vec<DevicePolicyUpdate>,
) -> Result<DeviceUpload, Problem> {
    let line = audit::open(ctx, db, "device-policies-assign", &customer.to_string()).await?;
    let outcome = assign(ctx, db, customer, updates).await;
    line.close(ctx, db, outcome).await
}

async fn assign(
    ctx: &OpContext,
    db: &Db,
    customer: TenantId,
    updates: Vec<DevicePolicyUpdate>,
) -> Result<DeviceUpload, Problem> {
    let mut tx = db.begin().await?;
    let served = guard(ctx, &mut tx, customer).await?;
    check_count(updates.len())?;
    let mut outcomes = Vec::with_capacity(updates.len());
    for update in updates {
        outcomes.push(give(&mut tx, served, update).await?);
    }
    let upload = upload_rows::insert(ctx, &mut tx, served, outcomes).await?;
    tx.commit().await?;
    Ok(upload)
}

async fn give(tx: &mut Tx, served: ServedCustomer, update: DevicePolicyUpdate) -> Result<DeviceOutcome, Problem> {
    let refused =
        |refusal| DeviceOutcome { device: None, serial_number: None, product_key: None, refusal: Some(refusal) };
    let Some(device) = device_rows::by_id(tx, served, None, &update.device).await? else {
        return Ok(refused(DeviceRefusal::DeviceUnknown(shown(&update.device))));
    };
    let outcome = DeviceOutcome {
        device: Some(device.id),
        serial_number: device.said.serial_number,
        product_key: device.said.product_key,
        refusal: None,
    };
    let policy = match update.policy {
        None => return Ok(outcome),
        Some(None) => None,
        Some(Some(id)) => match policy_rows::by_id(tx, served, &id).await? {
            Some(policy) => Some(policy.id),
            None => return Ok(DeviceOutcome { refusal: Some(DeviceRefusal::PolicyUnknown(shown(&id))), ..outcome }),
        },
    };
    device_rows::set_policy(tx, served, device.id, policy).await?;
    Ok(outcome)
}
