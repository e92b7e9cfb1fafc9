//! Bringing devices in: with a new batch, or into one that is there.

use super::batch::{DeviceBatch, checked_name};
use super::device::{Device, NewDevice};
use super::guard::{actor, guard, nothing};
use super::upload::{DeviceOutcome, DeviceRefusal, DeviceUpload, UploadStatus};
use super::{batch_rows, device_rows, policy_rows, upload_rows};
use crate::relationships::ServedCustomer;
use tenantry_core::{OpContext, Problem, Reason, TenantId};
use tenantry_db::{Db, Tx, audit};
use uuid::Uuid;

/// Most devices of one upload.
const DEVICES_MAX: usize = 1_000;

/// Devices to be brought in.
#[derive(Debug, Clone)]
pub struct UploadDevices {
    /// For which customer.
    pub customer: TenantId,
    /// The batch by its name, up to 100 characters.
    pub batch: String,
    /// Whether the batch is to be made; otherwise it must be there.
    pub new_batch: bool,
    /// The devices, up to 1000.
    pub devices: Vec<NewDevice>,
}

/// Brings devices in. Each is judged by itself: the upload gives the outcome of all, and those that were refused are not
/// there. A new batch is there even if it got none.
///
/// # Errors
/// `CustomerNotFound`, `Forbidden`; `AlreadyExists` for a new batch with a name in use; `ObjectNotFound` for one that is not
/// there; `MissingField` without devices; `TooLarge`.
pub async fn devices_upload(ctx: &OpContext, db: &Db, new: UploadDevices) -> Result<DeviceUpload, Problem> {
    let act = if new.new_batch { "device-batch-create" } else { "device-batch-add" };
    let line = audit::open(ctx, db, act, &new.customer.to_string()).await?;
    let outcome = upload(ctx, db, new).await;
    line.close(ctx, db, outcome).await
}

async fn upload(ctx: &OpContext, db: &Db, new: UploadDevices) -> Result<DeviceUpload, Problem> {
    let mut tx = db.begin().await?;
    let served = guard(ctx, &mut tx, new.customer).await?;
    let batch = batch_of(ctx, &mut tx, served, &new).await?;
    check_count(new.devices.len())?;
    let mut outcomes = Vec::with_capacity(new.devices.len());
    for device in new.devices {
        outcomes.push(bring_in(ctx, &mut tx, (served, batch), device).await?);
    }
    let upload = upload_rows::insert(ctx, &mut tx, served, outcomes).await?;
    batch_rows::set_status(&mut tx, served, batch, upload.status).await?;
    tx.commit().await?;
    Ok(upload)
}

/// One to [`DEVICES_MAX`] of them.
pub(super) fn check_count(count: usize) -> Result<(), Problem> {
    if count == 0 {
        return Err(Problem::missing("devices"));
    }
    if count > DEVICES_MAX {
        let message = format!("devices: {count} are too many at once; send up to {DEVICES_MAX}");
        return Err(Problem::new(Reason::TooLarge, message).at("devices"));
    }
    Ok(())
}

async fn batch_of(ctx: &OpContext, tx: &mut Tx, served: ServedCustomer, new: &UploadDevices) -> Result<Uuid, Problem> {
    if !new.new_batch {
        let found = batch_rows::by_name(tx, served, &new.batch).await?;
        return found.map(|batch| batch.id).ok_or_else(|| nothing("device batch", &new.batch));
    }
    let batch = DeviceBatch {
        id: ctx.chance.guid(),
        name: checked_name(&new.batch)?,
        status: UploadStatus::Finished,
        created_by: actor(ctx),
        created_at: ctx.now(),
        devices: 0,
    };
    if !batch_rows::insert(tx, served, &batch).await? {
        let message = format!("batchId: there is a batch `{}` already; add the devices to it", batch.name);
        return Err(Problem::new(Reason::AlreadyExists, message).at("batchId"));
    }
    Ok(batch.id)
}

async fn bring_in(
    ctx: &OpContext,
    tx: &mut Tx,
    (served, batch): (ServedCustomer, Uuid),
    new: NewDevice,
) -> Result<DeviceOutcome, Problem> {
    let (serial_number, product_key) = (shown(new.serial_number.as_deref()), shown(new.product_key.as_deref()));
    let judged = judge(tx, served, new).await?;
    let (device, refusal) = match judged {
        Err(refusal) => (None, Some(refusal)),
        Ok(said) => {
            let device = Device { id: ctx.chance.guid(), said, uploaded_at: ctx.now() };
            device_rows::insert(tx, served, batch, &device).await?;
            (Some(device.id), None)
        }
    };
    Ok(DeviceOutcome { device, serial_number, product_key, refusal })
}

/// As the outcome shows what was sent, which need not be fit to be kept.
fn shown(sent: Option<&str>) -> Option<String> {
    sent.map(crate::people::text::shown).filter(|sent| !sent.is_empty())
}

/// The device as it is kept, or why it is not.
async fn judge(
    tx: &mut Tx,
    served: ServedCustomer,
    new: NewDevice,
) -> Result<Result<NewDevice, DeviceRefusal>, Problem> {
    let mut said = match new.checked() {
        Ok(said) => said,
        Err(refusal) => return Ok(Err(refusal)),
    };
    for known_by in said.known_by() {
        match device_rows::is_own(tx, served, &known_by).await? {
            None => {}
            Some(true) => return Ok(Err(DeviceRefusal::AssignedAlready)),
            Some(false) => return Ok(Err(DeviceRefusal::AssignedElsewhere)),
        }
    }
    if let Some(id) = said.policy.take() {
        match policy_rows::by_id(tx, served, &id).await? {
            Some(policy) => said.policy = Some(policy.id.to_string()),
            None => return Ok(Err(DeviceRefusal::PolicyUnknown(crate::people::text::shown(&id)))),
        }
    }
    Ok(Ok(said))
}
