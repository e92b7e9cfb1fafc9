//! Second factors as rows.

use crate::people::lockout::Failures;
use tenantry_core::{ObjectId, Problem, TenantId, Timestamp};
use tenantry_db::{Connection, Tx, sql};

/// What is kept of a user's second factor.
#[derive(Debug, Default)]
pub(crate) struct Kept {
    /// The secret in force.
    pub(crate) secret: Option<Vec<u8>>,
    /// One that was shown and waits for its first code.
    pub(crate) pending: Option<Vec<u8>>,
    /// The step of the last code taken.
    pub(crate) last_step: i64,
    /// Wrong codes in a row.
    pub(crate) failures: Failures,
}

pub(crate) async fn get(on: &mut impl Connection, tenant: TenantId, user: ObjectId) -> Result<Kept, Problem> {
    // Bytes that may be absent are asked for together with whether they are there.
    let row = sql("SELECT COALESCE(secret, $3) AS secret, COALESCE(pending, $3) AS pending, last_step, failures, \
         locked_until FROM second_factor WHERE tenant = $1 AND user_id = $2")
    .bind(tenant)
    .bind(user)
    .bind(Vec::new())
    .maybe(on)
    .await?;
    let Some(row) = row else { return Ok(Kept::default()) };
    let present = |bytes: Vec<u8>| (!bytes.is_empty()).then_some(bytes);
    Ok(Kept {
        secret: present(row.bytes("secret")?),
        pending: present(row.bytes("pending")?),
        last_step: row.integer("last_step")?,
        failures: Failures { count: row.integer("failures")?, locked_until: row.maybe_time("locked_until")? },
    })
}

/// Keeps a secret that waits for its first code; one in force stays so until then.
pub(crate) async fn pending_put(
    tx: &mut Tx,
    (tenant, user): (TenantId, ObjectId),
    pending: &[u8],
    at: Timestamp,
) -> Result<(), Problem> {
    sql("INSERT INTO second_factor (user_id, tenant, pending, last_step, failures, created_at) \
         VALUES ($1, $2, $3, 0, 0, $4) ON CONFLICT (user_id) DO UPDATE SET pending = excluded.pending")
    .bind(user)
    .bind(tenant)
    .bind(pending)
    .bind(at)
    .run(tx)
    .await?;
    Ok(())
}

/// The pending secret is in force from now on.
pub(crate) async fn confirm(tx: &mut Tx, tenant: TenantId, user: ObjectId, step: i64) -> Result<(), Problem> {
    sql(
        "UPDATE second_factor SET secret = pending, pending = NULL, last_step = $3, failures = 0, locked_until = NULL \
         WHERE tenant = $1 AND user_id = $2",
    )
    .bind(tenant)
    .bind(user)
    .bind(step)
    .run(tx)
    .await?;
    Ok(())
}

/// Takes the code of a step: `false` if it or a later one was taken already, also in this very moment.
pub(crate) async fn take(tx: &mut Tx, tenant: TenantId, user: ObjectId, step: i64) -> Result<bool, Problem> {
    let changed = sql("UPDATE second_factor SET last_step = $3, failures = 0, locked_until = NULL \
         WHERE tenant = $1 AND user_id = $2 AND last_step < $3")
    .bind(tenant)
    .bind(user)
    .bind(step)
    .run(tx)
    .await?;
    Ok(changed == 1)
}

pub(crate) async fn failures_update(
    tx: &mut Tx,
    (tenant, user): (TenantId, ObjectId),
    failures: Failures,
) -> Result<(), Problem> {
    sql("UPDATE second_factor SET failures = $3, locked_until = $4 WHERE tenant = $1 AND user_id = $2")
        .bind(tenant)
        .bind(user)
        .bind(failures.count)
        .bind(failures.locked_until)
        .run(tx)
        .await?;
    Ok(())
}

/// `false` if there was none.
pub(crate) async fn delete(tx: &mut Tx, tenant: TenantId, user: ObjectId) -> Result<bool, Problem> {
    let gone = sql("DELETE FROM second_factor WHERE tenant = $1 AND user_id = $2").bind(tenant).bind(user);
    Ok(gone.run(tx).await? == 1)
}
