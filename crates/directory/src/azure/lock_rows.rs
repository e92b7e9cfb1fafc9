//! The SQL of locks.

use crate::azure::AzureLock;
use crate::azure::assignment_rows::scope;
use tenantry_access::azure::{ArmScope, Lock, LockLevel};
use tenantry_core::{Problem, TenantId};
use tenantry_db::{Connection, Row, Tx, sql};

fn lock(row: &Row) -> Result<AzureLock, Problem> {
    let level = |name: &str| LockLevel::from_name(name).ok_or_else(|| format!("`{name}` is no level of a lock"));
    Ok(AzureLock {
        lock: Lock { scope: row.parsed("scope", scope)?, name: row.text("name")?, level: row.parsed("level", level)? },
        notes: row.text("notes")?,
        owners: row.parsed("owners", |text| serde_json::from_str::<Vec<String>>(text))?,
        created_at: row.time("created_at")?,
        changed_at: row.time("changed_at")?,
    })
}

/// Writes a lock down, new or instead of the one of its name at its scope.
pub(crate) async fn put(tx: &mut Tx, tenant: TenantId, new: &AzureLock) -> Result<(), Problem> {
    let AzureLock { lock, notes, owners, created_at, changed_at } = new;
    sql("INSERT INTO azure_lock (tenant, scope, scope_key, name, name_key, level, notes, owners, created_at, \
         changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (tenant, scope_key, name_key) DO UPDATE SET \
         level = excluded.level, notes = excluded.notes, owners = excluded.owners, changed_at = excluded.changed_at")
    .bind(tenant)
    .bind(lock.scope.as_str())
    .bind(lock.scope.key())
    .bind(&lock.name)
    .bind(lock.name.to_lowercase())
    .bind(lock.level.name())
    .bind(notes)
    .bind(serde_json::to_string(owners).map_err(Problem::internal)?)
    .bind(*created_at)
    .bind(*changed_at)
    .run(tx)
    .await?;
    Ok(())
}

pub(crate) async fn find(
    on: &mut impl Connection,
    tenant: TenantId,
    scope: &ArmScope,
    name: &str,
) -> Result<Option<AzureLock>, Problem> {
    let row = sql("SELECT * FROM azure_lock WHERE tenant = $1 AND scope_key = $2 AND name_key = $3")
        .bind(tenant)
        .bind(scope.key())
        .bind(name.to_lowercase())
        .maybe(on)
        .await?;
    row.as_ref().map(lock).transpose()
}

/// Those of a tenant, in the order of their scopes and names.
pub(crate) async fn all(on: &mut impl Connection, tenant: TenantId) -> Result<Vec<AzureLock>, Problem> {
    let rows = sql("SELECT * FROM azure_lock WHERE tenant = $1 ORDER BY scope_key, name_key").bind(tenant).all(on);
    rows.await?.iter().map(lock).collect()
}

pub(crate) async fn delete(tx: &mut Tx, tenant: TenantId, scope: &ArmScope, name: &str) -> Result<(), Problem> {
    sql("DELETE FROM azure_lock WHERE tenant = $1 AND scope_key = $2 AND name_key = $3")
        .bind(tenant)
        .bind(scope.key())
        .bind(name.to_lowercase())
        .run(tx)
        .await?;
    Ok(())
}
