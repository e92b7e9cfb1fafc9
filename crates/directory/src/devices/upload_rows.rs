//! The SQL of uploads.

use super::upload::{DeviceOutcome, DeviceRefusal, DeviceUpload, UploadStatus};
use crate::relationships::ServedCustomer;
use tenantry_core::{OpContext, Problem};
use tenantry_db::{Connection, Row, Tx, sql};
use uuid::Uuid;

/// Writes down what became of an upload, which ends now. Gives it with its tracking id.
pub(super) async fn insert(
    ctx: &OpContext,
    tx: &mut Tx,
    of: ServedCustomer,
    outcomes: Vec<DeviceOutcome>,
) -> Result<DeviceUpload, Problem> {
    let (id, status, now) = (ctx.chance.guid(), UploadStatus::of(&outcomes), ctx.now());
    let upload = DeviceUpload { id, status, started_at: now, completed_at: now, outcomes };
    sql("INSERT INTO device_upload (id, tenant, partner, status, started_at, completed_at) \
         VALUES ($1, $2, $3, $4, $5, $6)")
    .bind(id)
    .bind(of.customer)
    .bind(of.partner)
    .bind(status.name())
    .bind(now)
    .bind(now)
    .run(tx)
    .await?;
    for (place, outcome) in (1_i64..).zip(&upload.outcomes) {
        let (refusal, detail) = outcome.refusal.as_ref().map_or((None, None), |refusal| {
            let (name, detail) = refusal.parts();
            (Some(name), detail)
        });
        sql("INSERT INTO device_upload_line (upload, place, device, serial_number, product_key, refusal, detail) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)")
        .bind(id)
        .bind(place)
        .bind(outcome.device)
        .bind(outcome.serial_number.as_deref())
        .bind(outcome.product_key.as_deref())
        .bind(refusal)
        .bind(detail)
        .run(tx)
        .await?;
    }
    Ok(upload)
}

fn outcome(row: &Row) -> Result<DeviceOutcome, Problem> {
    let detail = row.maybe_text("detail")?;
    let refusal = row.maybe_text("refusal")?.map(|name| {
        let known = DeviceRefusal::from_parts(&name, detail);
        known.ok_or_else(|| Problem::corrupt(format!("a device refused as `{name}`")))
    });
    let device = row.maybe_text("device")?.map(|id| Uuid::try_parse(&id).map_err(Problem::internal));
    Ok(DeviceOutcome {
        device: device.transpose()?,
        serial_number: row.maybe_text("serial_number")?,
        product_key: row.maybe_text("product_key")?,
        refusal: refusal.transpose()?,
    })
}

/// One by its tracking id, in any letter case.
pub(super) async fn by_id(
    on: &mut impl Connection,
    of: ServedCustomer,
    id: &str,
) -> Result<Option<DeviceUpload>, Problem> {
    let Ok(id) = Uuid::try_parse(id.trim()) else { return Ok(None) };
    let row = sql("SELECT status, started_at, completed_at FROM device_upload \
         WHERE id = $1 AND tenant = $2 AND partner = $3")
    .bind(id)
    .bind(of.customer)
    .bind(of.partner)
    .maybe(on)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let lines = sql("SELECT device, serial_number, product_key, refusal, detail FROM device_upload_line \
         WHERE upload = $1 ORDER BY place")
    .bind(id)
    .all(on)
    .await?;
    Ok(Some(DeviceUpload {
        id,
        status: row.parsed("status", UploadStatus::parse)?,
        started_at: row.time("started_at")?,
        completed_at: row.time("completed_at")?,
        outcomes: lines.iter().map(outcome).collect::<Result<_, _>>()?,
    }))
}
