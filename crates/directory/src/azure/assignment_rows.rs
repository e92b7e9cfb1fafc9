//! The SQL of role assignments.

use crate::azure::{AssignmentNotes, AzureAssignment, Stamp};
use tenantry_access::azure::{ArmScope, Assignment, OWNER, PrincipalKind};
use tenantry_core::{ObjectId, Problem, SubscriptionId, TenantId, Timestamp};
use tenantry_db::{Connection, Row, Tx, sql};
use uuid::Uuid;

/// An assignment, and whose group its principal is if that is another tenant's. The group itself says so and not the row:
/// rows of old may call it something else, and what is not known as a partner's group would outlast the relationship.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT a.*, g.tenant AS foreign_home FROM azure_role_assignment a ",
            "LEFT JOIN directory_group g ON g.id = a.principal AND g.tenant <> a.tenant ",
            $rest
        )
    };
}

pub(crate) fn scope(text: &str) -> Result<ArmScope, String> {
    ArmScope::parse(text).map_err(|problem| problem.message().to_owned())
}

/// A column that may hold an id.
pub(crate) fn maybe_id<T, E: std::fmt::Display>(
    row: &Row,
    column: &str,
    parse: impl FnOnce(&str) -> Result<T, E>,
) -> Result<Option<T>, Problem> {
    let id = row.maybe_text(column)?.map(|text| parse(&text)).transpose();
    id.map_err(|error| Problem::corrupt(format!("{column}: {error}")))
}

pub(crate) fn stamp(row: &Row) -> Result<Stamp, Problem> {
    Ok(Stamp {
        created_at: row.time("created_at")?,
        created_by: maybe_id(row, "created_by", ObjectId::parse)?,
        changed_at: row.time("changed_at")?,
        changed_by: maybe_id(row, "changed_by", ObjectId::parse)?,
    })
}

fn assignment(row: &Row) -> Result<AzureAssignment, Problem> {
    let kind = |name: &str| PrincipalKind::from_name(name).ok_or_else(|| format!("`{name}` is no kind of principal"));
    let (kind, home) = match maybe_id(row, "foreign_home", TenantId::parse)? {
        Some(home) => (PrincipalKind::ForeignGroup, Some(home)),
        None => (row.parsed("kind", kind)?, maybe_id(row, "home", TenantId::parse)?),
    };
    Ok(AzureAssignment {
        assignment: Assignment {
            id: row.parsed("id", Uuid::try_parse)?,
            scope: row.parsed("scope", scope)?,
            role: row.parsed("role", Uuid::try_parse)?,
            principal: row.parsed("principal", ObjectId::parse)?,
            kind,
            home,
        },
        notes: AssignmentNotes {
            description: row.maybe_text("description")?,
            condition: row.maybe_text("condition_text")?,
            condition_version: row.maybe_text("condition_version")?,
        },
        stamp: stamp(row)?,
    })
}

/// `false` if the tenant has an assignment with the id, or one of the same role to the same principal at the scope.
pub(crate) async fn insert(tx: &mut Tx, tenant: TenantId, new: &AzureAssignment) -> Result<bool, Problem> {
    let AzureAssignment { assignment, notes, stamp } = new;
    let changed = sql("INSERT INTO azure_role_assignment (id, tenant, scope, scope_key, role, principal, kind, home, \
         description, condition_text, condition_version, created_at, created_by, changed_at, changed_by) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) ON CONFLICT DO NOTHING")
    .bind(assignment.id)
    .bind(tenant)
    .bind(assignment.scope.as_str())
    .bind(assignment.scope.key())
    .bind(assignment.role)
    .bind(assignment.principal)
    .bind(assignment.kind.name())
    .bind(assignment.home)
    .bind(notes.description.clone())
    .bind(notes.condition.clone())
    .bind(notes.condition_version.clone())
    .bind(stamp.created_at)
    .bind(stamp.created_by)
    .bind(stamp.changed_at)
    .bind(stamp.changed_by)
    .run(tx)
    .await?;
    Ok(changed == 1)
}

/// Makes the group of a partner Owner of a subscription, unless it is.
pub(crate) async fn foreign_owner(
    tx: &mut Tx,
    id: Uuid,
    tenant: TenantId,
    subscription: SubscriptionId,
    (partner, group): (TenantId, ObjectId),
    at: Timestamp,
) -> Result<(), Problem> {
    let assignment = Assignment {
        id,
        scope: ArmScope::subscription(subscription),
        role: OWNER,
        principal: group,
        kind: PrincipalKind::ForeignGroup,
        home: Some(partner),
    };
    let stamp = Stamp { created_at: at, created_by: None, changed_at: at, changed_by: None };
    insert(tx, tenant, &AzureAssignment { assignment, notes: AssignmentNotes::default(), stamp }).await?;
    Ok(())
}

pub(crate) async fn by_id(
    on: &mut impl Connection,
    tenant: TenantId,
    id: Uuid,
) -> Result<Option<AzureAssignment>, Problem> {
    let row = sql(select!("WHERE a.tenant = $1 AND a.id = $2")).bind(tenant).bind(id);
    row.maybe(on).await?.as_ref().map(assignment).transpose()
}

/// Those of a tenant, in the order of their ids.
pub(crate) async fn all(on: &mut impl Connection, tenant: TenantId) -> Result<Vec<AzureAssignment>, Problem> {
    let rows = sql(select!("WHERE a.tenant = $1 ORDER BY a.id")).bind(tenant).all(on).await?;
    rows.iter().map(assignment).collect()
}

/// Whether a role is assigned anywhere in the tenant.
pub(crate) async fn role_used(on: &mut impl Connection, tenant: TenantId, role: Uuid) -> Result<bool, Problem> {
    let row =
        sql("SELECT id FROM azure_role_assignment WHERE tenant = $1 AND role = $2 LIMIT 1").bind(tenant).bind(role);
    Ok(row.maybe(on).await?.is_some())
}

pub(crate) async fn delete(tx: &mut Tx, tenant: TenantId, id: Uuid) -> Result<(), Problem> {
    sql("DELETE FROM azure_role_assignment WHERE tenant = $1 AND id = $2").bind(tenant).bind(id).run(tx).await?;
    Ok(())
}

/// Whether the principal itself holds any role of the tenant's subscriptions.
pub(crate) async fn is_held(on: &mut impl Connection, tenant: TenantId, principal: ObjectId) -> Result<bool, Problem> {
    let row = sql("SELECT id FROM azure_role_assignment WHERE tenant = $1 AND principal = $2 LIMIT 1");
    Ok(row.bind(tenant).bind(principal).maybe(on).await?.is_some())
}
