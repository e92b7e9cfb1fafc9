//! The SQL of devices and of what they are known by. Statements about devices bind tenant and partner; what identifies a
//! machine is asked of the whole world, and answers nothing but whether it is the asker's own.

use super::device::{Device, NewDevice};
use crate::relationships::ServedCustomer;
use tenantry_core::Problem;
use tenantry_db::{Connection, Row, Tx, sql};
use uuid::Uuid;

fn device(row: &Row) -> Result<Device, Problem> {
    Ok(Device {
        id: row.parsed("id", Uuid::try_parse)?,
        said: NewDevice {
            serial_number: row.maybe_text("serial_number")?,
            product_key: row.maybe_text("product_key")?,
            hardware_hash: row.maybe_text("hardware_hash")?,
            model_name: row.maybe_text("model_name")?,
            oem_manufacturer: row.maybe_text("oem_manufacturer")?,
            policy: row.maybe_text("policy")?,
        },
        uploaded_at: row.time("uploaded_at")?,
    })
}

/// Whose machine this is, by one of the digests: `Some(true)` if it is this partner's for this customer.
pub(super) async fn is_own(
    on: &mut impl Connection,
    of: ServedCustomer,
    known_by: &str,
) -> Result<Option<bool>, Problem> {
    let row = sql("SELECT d.tenant, d.partner FROM device_identity i JOIN device d ON d.id = i.device \
         WHERE i.known_by = $1")
    .bind(known_by)
    .maybe(on)
    .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(row.text("tenant")? == of.customer.to_string() && row.text("partner")? == of.partner.to_string()))
}

/// A new device with what it is known by. Fails if somebody brings the same machine in at this very moment.
pub(super) async fn insert(tx: &mut Tx, of: ServedCustomer, batch: Uuid, new: &Device) -> Result<(), Problem> {
    sql("INSERT INTO device (id, tenant, partner, batch, serial_number, product_key, hardware_hash, model_name, \
         oem_manufacturer, policy, uploaded_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)")
    .bind(new.id)
    .bind(of.customer)
    .bind(of.partner)
    .bind(batch)
    .bind(new.said.serial_number.as_deref())
    .bind(new.said.product_key.as_deref())
    .bind(new.said.hardware_hash.as_deref())
    .bind(new.said.model_name.as_deref())
    .bind(new.said.oem_manufacturer.as_deref())
    .bind(new.said.policy.as_deref())
    .bind(new.uploaded_at)
    .run(tx)
    .await?;
    for known_by in new.said.known_by() {
        sql("INSERT INTO device_identity (known_by, device) VALUES ($1, $2)")
            .bind(known_by)
            .bind(new.id)
            .run(tx)
            .await?;
    }
    Ok(())
}

/// `false` if it is not there any more.
pub(super) async fn set_policy(
    tx: &mut Tx,
    of: ServedCustomer,
    id: Uuid,
    policy: Option<Uuid>,
) -> Result<bool, Problem> {
    let changed = sql("UPDATE device SET policy = $4 WHERE id = $1 AND tenant = $2 AND partner = $3")
        .bind(id)
        .bind(of.customer)
        .bind(of.partner)
        .bind(policy)
        .run(tx)
        .await?;
    Ok(changed == 1)
}

pub(super) async fn delete(tx: &mut Tx, of: ServedCustomer, id: Uuid) -> Result<(), Problem> {
    sql("DELETE FROM device_identity WHERE device = $1").bind(id).run(tx).await?;
    sql("DELETE FROM device WHERE id = $1 AND tenant = $2 AND partner = $3")
        .bind(id)
        .bind(of.customer)
        .bind(of.partner)
        .run(tx)
        .await?;
    Ok(())
}

/// One by its id, in any letter case; with `batch` only if it is in that one.
pub(super) async fn by_id(
    on: &mut impl Connection,
    of: ServedCustomer,
    batch: Option<Uuid>,
    id: &str,
) -> Result<Option<Device>, Problem> {
    let Ok(id) = Uuid::try_parse(id.trim()) else { return Ok(None) };
    let row = sql("SELECT id, serial_number, product_key, hardware_hash, model_name, oem_manufacturer, policy, \
         uploaded_at FROM device WHERE id = $1 AND tenant = $2 AND partner = $3 AND batch = COALESCE($4, batch)")
    .bind(id)
    .bind(of.customer)
    .bind(of.partner)
    .bind(batch)
    .maybe(on)
    .await?;
    row.as_ref().map(device).transpose()
}

pub(super) async fn of_batch(
    on: &mut impl Connection,
    of: ServedCustomer,
    batch: Uuid,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<Device>, Problem> {
    let rows = sql("SELECT id, serial_number, product_key, hardware_hash, model_name, oem_manufacturer, policy, \
         uploaded_at FROM device WHERE tenant = $1 AND partner = $2 AND batch = $3 AND id > COALESCE($4, '') \
         ORDER BY id LIMIT $5")
    .bind(of.customer)
    .bind(of.partner)
    .bind(batch)
    .bind(after)
    .bind(limit)
    .all(on)
    .await?;
    rows.iter().map(device).collect()
}
