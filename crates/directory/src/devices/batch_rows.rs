//! The SQL of batches. Each statement binds tenant and partner.

use super::batch::DeviceBatch;
use super::upload::UploadStatus;
use crate::relationships::ServedCustomer;
use tenantry_core::Problem;
use tenantry_db::{Connection, Row, Tx, sql};
use uuid::Uuid;

fn batch(row: &Row) -> Result<DeviceBatch, Problem> {
    Ok(DeviceBatch {
        id: row.parsed("id", Uuid::try_parse)?,
        name: row.text("name")?,
        status: row.parsed("status", UploadStatus::parse)?,
        created_by: row.text("created_by")?,
        created_at: row.time("created_at")?,
        devices: usize::try_from(row.integer("devices")?).map_err(Problem::internal)?,
    })
}

/// `false` if the name is in use.
pub(super) async fn insert(tx: &mut Tx, of: ServedCustomer, new: &DeviceBatch) -> Result<bool, Problem> {
    let changed =
        sql("INSERT INTO device_batch (id, tenant, partner, name, name_key, status, created_by, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (tenant, partner, name_key) DO NOTHING")
        .bind(new.id)
        .bind(of.customer)
        .bind(of.partner)
        .bind(&new.name)
        .bind(new.name.to_lowercase())
        .bind(new.status.name())
        .bind(&new.created_by)
        .bind(new.created_at)
        .run(tx)
        .await?;
    Ok(changed == 1)
}

pub(super) async fn set_status(tx: &mut Tx, of: ServedCustomer, id: Uuid, status: UploadStatus) -> Result<(), Problem> {
    sql("UPDATE device_batch SET status = $4 WHERE id = $1 AND tenant = $2 AND partner = $3")
        .bind(id)
        .bind(of.customer)
        .bind(of.partner)
        .bind(status.name())
        .run(tx)
        .await?;
    Ok(())
}

/// One by its name, in any letter case.
pub(super) async fn by_name(
    on: &mut impl Connection,
    of: ServedCustomer,
    name: &str,
) -> Result<Option<DeviceBatch>, Problem> {
    let row = sql("SELECT b.id, b.name, b.status, b.created_by, b.created_at, \
         (SELECT COUNT(*) FROM device d WHERE d.batch = b.id) AS devices \
         FROM device_batch b WHERE b.tenant = $1 AND b.partner = $2 AND b.name_key = $3")
    .bind(of.customer)
    .bind(of.partner)
    .bind(name.trim().to_lowercase())
    .maybe(on)
    .await?;
    row.as_ref().map(batch).transpose()
}

/// All, the newest first.
pub(super) async fn all(on: &mut impl Connection, of: ServedCustomer) -> Result<Vec<DeviceBatch>, Problem> {
    let rows = sql("SELECT b.id, b.name, b.status, b.created_by, b.created_at, \
         (SELECT COUNT(*) FROM device d WHERE d.batch = b.id) AS devices \
         FROM device_batch b WHERE b.tenant = $1 AND b.partner = $2 ORDER BY b.created_at DESC, b.name_key")
    .bind(of.customer)
    .bind(of.partner)
    .all(on)
    .await?;
    rows.iter().map(batch).collect()
}
