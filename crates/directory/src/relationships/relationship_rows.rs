//! The SQL of granular relationships and of what was asked of them.

use crate::relationships::relationship::{roles_stored, roles_text};
use crate::relationships::request::{RelationshipRequest, RequestStatus};
use crate::relationships::{
    Relationship, RelationshipAction, RelationshipCustomer, RelationshipStatus, WrittenDuration,
};
use tenantry_core::{Problem, TenantId, Timestamp};
use tenantry_db::{Connection, Row, Tx, sql};
use uuid::Uuid;

pub(super) fn relationship(row: &Row) -> Result<Relationship, Problem> {
    let tenant = row.maybe_text("customer")?;
    let tenant = tenant.map(|text| TenantId::parse(&text)).transpose();
    let tenant = tenant.map_err(|error| Problem::corrupt(error.to_string()))?;
    let name = row.maybe_text("customer_name")?;
    Ok(Relationship {
        id: row.text("id")?,
        partner: row.parsed("partner", TenantId::parse)?,
        customer: tenant.zip(name).map(|(tenant, display_name)| RelationshipCustomer { tenant, display_name }),
        display_name: row.text("display_name")?,
        duration: row.parsed("duration", WrittenDuration::stored)?,
        auto_extend: row.parsed("auto_extend", WrittenDuration::stored)?,
        roles: row.parsed("roles", roles_stored)?,
        status: row.parsed("status", |name| {
            RelationshipStatus::from_name(name).ok_or_else(|| format!("`{name}` is no state of a relationship"))
        })?,
        created_at: row.time("created_at")?,
        changed_at: row.time("changed_at")?,
        activated_at: row.maybe_time("activated_at")?,
        ends_at: row.maybe_time("ends_at")?,
        version: row.integer("version")?,
    })
}

/// `false` if another relationship of the partner has the name.
pub(crate) async fn insert(tx: &mut Tx, new: &Relationship) -> Result<bool, Problem> {
    let (tenant, name) = customer(new);
    let changed =
        sql("INSERT INTO delegated_relationship (id, partner, customer, customer_name, display_name, name_key, \
         duration, auto_extend, roles, status, created_at, changed_at, activated_at, ends_at, version) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) ON CONFLICT DO NOTHING")
        .bind(&new.id)
        .bind(new.partner)
        .bind(tenant)
        .bind(name)
        .bind(&new.display_name)
        .bind(new.display_name.to_lowercase())
        .bind(new.duration.as_str())
        .bind(new.auto_extend.as_str())
        .bind(roles_text(&new.roles))
        .bind(new.status.name())
        .bind(new.created_at)
        .bind(new.changed_at)
        .bind(new.activated_at)
        .bind(new.ends_at)
        .bind(new.version)
        .run(tx)
        .await?;
    Ok(changed == 1)
}

/// Writes what can change, if the stored version is the one before; `false` if it is not.
pub(crate) async fn update(tx: &mut Tx, new: &Relationship) -> Result<bool, Problem> {
    let (tenant, name) = customer(new);
    let changed = sql("UPDATE delegated_relationship SET customer = $3, customer_name = $4, display_name = $5, \
         name_key = $6, duration = $7, auto_extend = $8, roles = $9, status = $10, changed_at = $11, \
         activated_at = $12, ends_at = $13, version = $14 WHERE partner = $1 AND id = $2 AND version = $14 - 1")
    .bind(new.partner)
    .bind(&new.id)
    .bind(tenant)
    .bind(name)
    .bind(&new.display_name)
    .bind(new.display_name.to_lowercase())
    .bind(new.duration.as_str())
    .bind(new.auto_extend.as_str())
    .bind(roles_text(&new.roles))
    .bind(new.status.name())
    .bind(new.changed_at)
    .bind(new.activated_at)
    .bind(new.ends_at)
    .bind(new.version)
    .run(tx)
    .await?;
    Ok(changed == 1)
}

fn customer(of: &Relationship) -> (Option<TenantId>, Option<&str>) {
    let customer = of.customer.as_ref();
    (customer.map(|customer| customer.tenant), customer.map(|customer| customer.display_name.as_str()))
}

/// Whether another relationship of the partner has the name, in any letter case.
pub(crate) async fn name_taken(tx: &mut Tx, partner: TenantId, name: &str, but: &str) -> Result<bool, Problem> {
    let row = sql("SELECT id FROM delegated_relationship WHERE partner = $1 AND name_key = $2 AND id <> $3")
        .bind(partner)
        .bind(name.to_lowercase())
        .bind(but);
    Ok(row.maybe(tx).await?.is_some())
}

pub(crate) async fn delete(tx: &mut Tx, partner: TenantId, id: &str) -> Result<(), Problem> {
    sql("DELETE FROM delegated_relationship WHERE partner = $1 AND id = $2").bind(partner).bind(id).run(tx).await?;
    Ok(())
}

/// One by its id, whoever asks: for a customer who was handed the id, and for the due job. Everybody else has a tenant.
pub(crate) async fn by_id(on: &mut impl Connection, id: &str) -> Result<Option<Relationship>, Problem> {
    let row = sql("SELECT * FROM delegated_relationship WHERE id = $1").bind(id).maybe(on).await?;
    row.as_ref().map(relationship).transpose()
}

/// One of the partner's.
pub(crate) async fn of_partner(
    on: &mut impl Connection,
    partner: TenantId,
    id: &str,
) -> Result<Option<Relationship>, Problem> {
    let row = sql("SELECT * FROM delegated_relationship WHERE partner = $1 AND id = $2").bind(partner).bind(id);
    row.maybe(on).await?.as_ref().map(relationship).transpose()
}

/// The partner's, after an id, in the order of their ids.
pub(crate) async fn page(
    on: &mut impl Connection,
    partner: TenantId,
    after: &str,
    limit: i64,
) -> Result<Vec<Relationship>, Problem> {
    let rows = sql("SELECT * FROM delegated_relationship WHERE partner = $1 AND id > $2 ORDER BY id LIMIT $3")
        .bind(partner)
        .bind(after)
        .bind(limit)
        .all(on)
        .await?;
    rows.iter().map(relationship).collect()
}

/// Those that name the customer, of one partner or of all.
pub(crate) async fn of_customer(
    on: &mut impl Connection,
    customer: TenantId,
    partner: Option<TenantId>,
) -> Result<Vec<Relationship>, Problem> {
    let rows = sql("SELECT * FROM delegated_relationship WHERE customer = $1 AND partner = COALESCE($2, partner) \
         ORDER BY id")
    .bind(customer)
    .bind(partner)
    .all(on)
    .await?;
    rows.iter().map(relationship).collect()
}

/// All of a partner's that name a customer.
pub(crate) async fn with_customers(on: &mut impl Connection, partner: TenantId) -> Result<Vec<Relationship>, Problem> {
    let rows = sql("SELECT * FROM delegated_relationship WHERE partner = $1 AND customer IS NOT NULL ORDER BY id")
        .bind(partner)
        .all(on)
        .await?;
    rows.iter().map(relationship).collect()
}

pub(crate) async fn request_insert(tx: &mut Tx, partner: TenantId, new: &RelationshipRequest) -> Result<(), Problem> {
    sql("INSERT INTO relationship_request (id, relationship, partner, action, status, created_at, changed_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)")
    .bind(new.id)
    .bind(&new.relationship)
    .bind(partner)
    .bind(new.action.name())
    .bind(new.status.name())
    .bind(new.created_at)
    .bind(new.changed_at)
    .run(tx)
    .await?;
    Ok(())
}

/// What was asked of a relationship, the oldest first.
pub(crate) async fn requests(
    on: &mut impl Connection,
    partner: TenantId,
    relationship: &str,
) -> Result<Vec<RelationshipRequest>, Problem> {
    let rows = sql("SELECT id, relationship, action, status, created_at, changed_at FROM relationship_request \
         WHERE partner = $1 AND relationship = $2 ORDER BY created_at, id")
    .bind(partner)
    .bind(relationship)
    .all(on)
    .await?;
    rows.iter().map(request).collect()
}

fn request(row: &Row) -> Result<RelationshipRequest, Problem> {
    let action = |name: &str| RelationshipAction::from_name(name).ok_or_else(|| format!("`{name}` is no action"));
    let status = |name: &str| RequestStatus::from_name(name).ok_or_else(|| format!("`{name}` is no status"));
    Ok(RelationshipRequest {
        id: row.parsed("id", Uuid::try_parse)?,
        relationship: row.text("relationship")?,
        action: row.parsed("action", action)?,
        status: row.parsed("status", status)?,
        created_at: row.time("created_at")?,
        changed_at: row.time("changed_at")?,
    })
}

/// The relationships of a partner with a customer that are active at an instant, whatever the due job has written down.
pub(crate) async fn active_between(
    on: &mut impl Connection,
    partner: TenantId,
    customer: TenantId,
    now: Timestamp,
) -> Result<Vec<Relationship>, Problem> {
    let all = of_customer(on, customer, Some(partner)).await?;
    Ok(all.into_iter().map(|relationship| relationship.at(now)).filter(Relationship::is_active).collect())
}
