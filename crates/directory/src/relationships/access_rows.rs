//! The SQL of access assignments and of the operations that change them.

use crate::relationships::relationship::{roles_stored, roles_text};
use crate::relationships::relationship_rows::relationship;
use crate::relationships::{AccessAssignment, AccessStatus, OperationStatus, Relationship, RelationshipOperation};
use tenantry_core::{ObjectId, Problem, TenantId};
use tenantry_db::{Connection, Row, Tx, sql};
use uuid::Uuid;

fn assignment(row: &Row) -> Result<AccessAssignment, Problem> {
    let status = |name: &str| AccessStatus::from_name(name).ok_or_else(|| format!("`{name}` is no status"));
    Ok(AccessAssignment {
        id: row.parsed("id", Uuid::try_parse)?,
        relationship: row.text("relationship")?,
        group: row.parsed("group_id", ObjectId::parse)?,
        roles: row.parsed("roles", roles_stored)?,
        status: row.parsed("status", status)?,
        created_at: row.time("created_at")?,
        changed_at: row.time("changed_at")?,
        version: row.integer("version")?,
    })
}

/// `false` if the group has an assignment of the relationship already.
pub(crate) async fn insert(tx: &mut Tx, partner: TenantId, new: &AccessAssignment) -> Result<bool, Problem> {
    let changed = sql(
        "INSERT INTO access_assignment (id, relationship, partner, group_id, roles, status, created_at, changed_at, \
         version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING",
    )
    .bind(new.id)
    .bind(&new.relationship)
    .bind(partner)
    .bind(new.group)
    .bind(roles_text(&new.roles))
    .bind(new.status.name())
    .bind(new.created_at)
    .bind(new.changed_at)
    .bind(new.version)
    .run(tx)
    .await?;
    Ok(changed == 1)
}

/// Writes what can change, if the stored version is the one before; `false` if it is not.
pub(crate) async fn update(tx: &mut Tx, partner: TenantId, new: &AccessAssignment) -> Result<bool, Problem> {
    let changed = sql("UPDATE access_assignment SET roles = $4, status = $5, changed_at = $6, version = $7 \
         WHERE partner = $1 AND relationship = $2 AND id = $3 AND version = $7 - 1")
    .bind(partner)
    .bind(&new.relationship)
    .bind(new.id)
    .bind(roles_text(&new.roles))
    .bind(new.status.name())
    .bind(new.changed_at)
    .bind(new.version)
    .run(tx)
    .await?;
    Ok(changed == 1)
}

/// Those of a relationship, in the order of their ids.
pub(crate) async fn all(
    on: &mut impl Connection,
    partner: TenantId,
    relationship: &str,
) -> Result<Vec<AccessAssignment>, Problem> {
    let rows = sql("SELECT id, relationship, group_id, roles, status, created_at, changed_at, version \
         FROM access_assignment WHERE partner = $1 AND relationship = $2 ORDER BY id")
    .bind(partner)
    .bind(relationship)
    .all(on)
    .await?;
    rows.iter().map(assignment).collect()
}

/// Those in effect between a partner and a customer, of all their relationships.
pub(crate) async fn active_between(
    on: &mut impl Connection,
    partner: TenantId,
    customer: TenantId,
) -> Result<Vec<AccessAssignment>, Problem> {
    let rows =
        sql("SELECT a.id, a.relationship, a.group_id, a.roles, a.status, a.created_at, a.changed_at, a.version \
         FROM access_assignment a JOIN delegated_relationship r ON r.id = a.relationship \
         WHERE r.partner = $1 AND r.customer = $2 AND a.status = 'active' ORDER BY a.relationship, a.id")
        .bind(partner)
        .bind(customer)
        .all(on)
        .await?;
    rows.iter().map(assignment).collect()
}

/// The relationships that give roles to a principal of the partner: to itself if it is a group, and to groups it is in,
/// through groups too. Those whose time is over are among them.
pub(crate) async fn giving(
    on: &mut impl Connection,
    partner: TenantId,
    principal: ObjectId,
) -> Result<Vec<Relationship>, Problem> {
    let rows = sql("WITH RECURSIVE held (id) AS (SELECT CAST($2 AS TEXT) \
         UNION SELECT m.group_id FROM held h JOIN group_member m ON m.tenant = $1 AND m.principal = h.id) \
         SELECT r.* FROM delegated_relationship r WHERE r.partner = $1 AND r.status = 'active' AND r.id IN \
         (SELECT a.relationship FROM access_assignment a JOIN held ON held.id = a.group_id \
         WHERE a.partner = $1 AND a.status = 'active')")
    .bind(partner)
    .bind(principal)
    .all(on)
    .await?;
    rows.iter().map(relationship).collect()
}

pub(crate) async fn operation_insert(
    tx: &mut Tx,
    partner: TenantId,
    new: &RelationshipOperation,
) -> Result<(), Problem> {
    sql("INSERT INTO relationship_operation (id, relationship, partner, data, status, created_at, changed_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)")
    .bind(new.id)
    .bind(&new.relationship)
    .bind(partner)
    .bind(&new.data)
    .bind(new.status.name())
    .bind(new.created_at)
    .bind(new.changed_at)
    .run(tx)
    .await?;
    Ok(())
}

/// Those of a relationship, the oldest first.
pub(crate) async fn operations(
    on: &mut impl Connection,
    partner: TenantId,
    relationship: &str,
) -> Result<Vec<RelationshipOperation>, Problem> {
    let rows = sql("SELECT id, relationship, data, status, created_at, changed_at FROM relationship_operation \
         WHERE partner = $1 AND relationship = $2 ORDER BY created_at, id")
    .bind(partner)
    .bind(relationship)
    .all(on)
    .await?;
    rows.iter().map(operation).collect()
}

fn operation(row: &Row) -> Result<RelationshipOperation, Problem> {
    let status = |name: &str| OperationStatus::from_name(name).ok_or_else(|| format!("`{name}` is no status"));
    Ok(RelationshipOperation {
        id: row.parsed("id", Uuid::try_parse)?,
        relationship: row.text("relationship")?,
        data: row.text("data")?,
        status: row.parsed("status", status)?,
        created_at: row.time("created_at")?,
        changed_at: row.time("changed_at")?,
    })
}
