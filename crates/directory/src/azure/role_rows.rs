//! The SQL of custom roles. The built-in ones are no rows: they are the same in every tenant.

use crate::azure::assignment_rows::{scope, stamp};
use crate::azure::{AzureRole, Stamp};
use serde::{Deserialize, Serialize};
use tenantry_access::azure::{ArmScope, PermissionSet, RoleDefinition, RoleKind};
use tenantry_core::{Problem, TenantId};
use tenantry_db::{Connection, Row, Tx, sql};
use uuid::Uuid;

/// The stored form of a [`PermissionSet`].
#[derive(Serialize, Deserialize)]
struct Stored {
    actions: Vec<String>,
    not_actions: Vec<String>,
    data_actions: Vec<String>,
    not_data_actions: Vec<String>,
}

fn permissions_text(sets: &[PermissionSet]) -> Result<String, Problem> {
    let stored: Vec<Stored> = sets
        .iter()
        .cloned()
        .map(|PermissionSet { actions, not_actions, data_actions, not_data_actions }| Stored {
            actions,
            not_actions,
            data_actions,
            not_data_actions,
        })
        .collect();
    serde_json::to_string(&stored).map_err(Problem::internal)
}

fn permissions(text: &str) -> Result<Vec<PermissionSet>, serde_json::Error> {
    let stored: Vec<Stored> = serde_json::from_str(text)?;
    let set = |Stored { actions, not_actions, data_actions, not_data_actions }| PermissionSet {
        actions,
        not_actions,
        data_actions,
        not_data_actions,
    };
    Ok(stored.into_iter().map(set).collect())
}

fn scopes(text: &str) -> Result<Vec<ArmScope>, String> {
    let texts: Vec<String> = serde_json::from_str(text).map_err(|error| error.to_string())?;
    texts.iter().map(|text| scope(text)).collect()
}

fn role(row: &Row) -> Result<AzureRole, Problem> {
    Ok(AzureRole {
        definition: RoleDefinition {
            id: row.parsed("id", Uuid::try_parse)?,
            name: row.text("name")?,
            description: row.text("description")?,
            kind: RoleKind::Custom,
            permissions: row.parsed("permissions", permissions)?,
            assignable_scopes: row.parsed("assignable_scopes", scopes)?,
        },
        stamp: Some(stamp(row)?),
    })
}

/// Writes a role down, new or instead of the one with its id. `false` if another role of the tenant has its name.
pub(crate) async fn put(
    tx: &mut Tx,
    tenant: TenantId,
    definition: &RoleDefinition,
    stamp: &Stamp,
) -> Result<bool, Problem> {
    let scopes: Vec<&str> = definition.assignable_scopes.iter().map(ArmScope::as_str).collect();
    let name_key = definition.name.to_lowercase();
    let taken = sql("SELECT id FROM azure_role_definition WHERE tenant = $1 AND name_key = $2 AND id <> $3")
        .bind(tenant)
        .bind(&name_key)
        .bind(definition.id);
    if taken.maybe(tx).await?.is_some() {
        return Ok(false);
    }
    sql("INSERT INTO azure_role_definition (id, tenant, name, name_key, description, permissions, assignable_scopes, \
         created_at, created_by, changed_at, changed_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
         ON CONFLICT (tenant, id) DO UPDATE SET name = excluded.name, name_key = excluded.name_key, \
         description = excluded.description, permissions = excluded.permissions, \
         assignable_scopes = excluded.assignable_scopes, changed_at = excluded.changed_at, \
         changed_by = excluded.changed_by")
    .bind(definition.id)
    .bind(tenant)
    .bind(&definition.name)
    .bind(name_key)
    .bind(&definition.description)
    .bind(permissions_text(&definition.permissions)?)
    .bind(serde_json::to_string(&scopes).map_err(Problem::internal)?)
    .bind(stamp.created_at)
    .bind(stamp.created_by)
    .bind(stamp.changed_at)
    .bind(stamp.changed_by)
    .run(tx)
    .await?;
    Ok(true)
}

pub(crate) async fn by_id(on: &mut impl Connection, tenant: TenantId, id: Uuid) -> Result<Option<AzureRole>, Problem> {
    let row = sql("SELECT * FROM azure_role_definition WHERE tenant = $1 AND id = $2").bind(tenant).bind(id);
    row.maybe(on).await?.as_ref().map(role).transpose()
}

/// Those of a tenant, in the order of their names.
pub(crate) async fn all(on: &mut impl Connection, tenant: TenantId) -> Result<Vec<AzureRole>, Problem> {
    let rows = sql("SELECT * FROM azure_role_definition WHERE tenant = $1 ORDER BY name_key").bind(tenant).all(on);
    rows.await?.iter().map(role).collect()
}

pub(crate) async fn delete(tx: &mut Tx, tenant: TenantId, id: Uuid) -> Result<(), Problem> {
    sql("DELETE FROM azure_role_definition WHERE tenant = $1 AND id = $2").bind(tenant).bind(id).run(tx).await?;
    Ok(())
}
