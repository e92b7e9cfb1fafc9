//! Self-serve policies.

use super::{from_json, json};
use crate::reach::Reach;
use crate::{SelfServePermission, SelfServePolicy, SelfServePolicyId};
use tenantry_core::{Problem, TenantId};
use tenantry_db::{Connection, Row, Tx, sql};
use uuid::Uuid;

/// Says whether there was none before.
pub(crate) async fn insert(tx: &mut Tx, policy: &SelfServePolicy) -> Result<bool, Problem> {
    let inserted = sql("INSERT INTO self_serve_policy (grantor, entity, permissions, etag, changed_at) \
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT (entity, grantor) DO NOTHING")
    .bind(policy.id.grantor)
    .bind(policy.id.entity)
    .bind(names(policy)?)
    .bind(policy.etag)
    .bind(policy.changed_at)
    .run(tx)
    .await?;
    Ok(inserted == 1)
}

/// Saves it if the version is still the one that was seen; says whether it was.
pub(crate) async fn update(tx: &mut Tx, policy: &SelfServePolicy, seen: Uuid) -> Result<bool, Problem> {
    let changed = sql("UPDATE self_serve_policy SET permissions = $3, etag = $4, changed_at = $5 \
         WHERE grantor = $1 AND entity = $2 AND etag = $6")
    .bind(policy.id.grantor)
    .bind(policy.id.entity)
    .bind(names(policy)?)
    .bind(policy.etag)
    .bind(policy.changed_at)
    .bind(seen)
    .run(tx)
    .await?;
    Ok(changed == 1)
}

/// Says whether there was one.
pub(crate) async fn delete(tx: &mut Tx, id: SelfServePolicyId) -> Result<bool, Problem> {
    let deleted = sql("DELETE FROM self_serve_policy WHERE grantor = $1 AND entity = $2");
    Ok(deleted.bind(id.grantor).bind(id.entity).run(tx).await? == 1)
}

pub(crate) async fn by_id(on: &mut impl Connection, id: SelfServePolicyId) -> Result<Option<SelfServePolicy>, Problem> {
    let row = sql("SELECT grantor, entity, permissions, etag, changed_at FROM self_serve_policy \
         WHERE grantor = $1 AND entity = $2")
    .bind(id.grantor)
    .bind(id.entity)
    .maybe(on)
    .await?;
    row.map(|row| read(&row)).transpose()
}

/// Those for a customer, by grantor.
pub(crate) async fn of_entity(
    on: &mut impl Connection,
    reach: Reach,
    entity: TenantId,
) -> Result<Vec<SelfServePolicy>, Problem> {
    let rows = sql(concat!(
        "SELECT grantor, entity, permissions, etag, changed_at FROM self_serve_policy WHERE entity = $1 AND ",
        within!("grantor", "$2"),
        " AND entity = COALESCE($3, entity) ORDER BY grantor"
    ))
    .bind(entity)
    .bind(reach.partner)
    .bind(reach.customer)
    .all(on)
    .await?;
    rows.iter().map(read).collect()
}

fn names(policy: &SelfServePolicy) -> Result<String, Problem> {
    json(&policy.permissions.iter().map(|permission| permission.name()).collect::<Vec<_>>())
}

fn read(row: &Row) -> Result<SelfServePolicy, Problem> {
    let names: Vec<String> = from_json(row, "permissions")?;
    let known = names.iter().map(|name| {
        let found = SelfServePermission::from_name(name);
        found.ok_or_else(|| Problem::corrupt(format!("the permission `{name}` is not known")))
    });
    Ok(SelfServePolicy {
        id: SelfServePolicyId {
            grantor: row.parsed("grantor", TenantId::parse)?,
            entity: row.parsed("entity", TenantId::parse)?,
        },
        permissions: known.collect::<Result<_, _>>()?,
        etag: row.parsed("etag", Uuid::parse_str)?,
        changed_at: row.time("changed_at")?,
    })
}
