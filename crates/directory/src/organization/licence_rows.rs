//! The SQL of licences. Units are added up here, not by the engines.

use super::licence::{LicencePath, LicenceUnits};
use std::collections::BTreeSet;
use tenantry_core::{ObjectId, Problem, SubscriptionId, TenantId, Timestamp};
use tenantry_db::{Connection, Row, Tx, sql};
use uuid::Uuid;

/// A licence of a user by one path.
pub(super) struct Held {
    pub(super) sku: Uuid,
    pub(super) user: ObjectId,
    pub(super) path: LicencePath,
    pub(super) disabled_plans: BTreeSet<Uuid>,
    pub(super) assigned_at: Timestamp,
}

pub(super) async fn units_set(
    tx: &mut Tx,
    tenant: TenantId,
    subscription: SubscriptionId,
    units: LicenceUnits,
) -> Result<(), Problem> {
    sql("INSERT INTO licence_unit (tenant, subscription, sku, units, active) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (tenant, subscription) DO UPDATE SET sku = $3, units = $4, active = $5")
    .bind(tenant)
    .bind(subscription)
    .bind(units.sku)
    .bind(units.units)
    .bind(units.active)
    .run(tx)
    .await?;
    Ok(())
}

pub(super) async fn units_remove(tx: &mut Tx, tenant: TenantId, subscription: SubscriptionId) -> Result<(), Problem> {
    sql("DELETE FROM licence_unit WHERE tenant = $1 AND subscription = $2")
        .bind(tenant)
        .bind(subscription)
        .run(tx)
        .await?;
    Ok(())
}

/// The product a subscription gives units of.
pub(super) async fn sku_of(
    on: &mut impl Connection,
    tenant: TenantId,
    subscription: SubscriptionId,
) -> Result<Option<Uuid>, Problem> {
    let row = sql("SELECT sku FROM licence_unit WHERE tenant = $1 AND subscription = $2")
        .bind(tenant)
        .bind(subscription)
        .maybe(on)
        .await?;
    row.map(|row| row.parsed("sku", Uuid::parse_str)).transpose()
}

/// The units a tenant has, of one product or all.
pub(super) async fn units(
    on: &mut impl Connection,
    tenant: TenantId,
    sku: Option<Uuid>,
) -> Result<Vec<(SubscriptionId, LicenceUnits)>, Problem> {
    let rows = sql("SELECT subscription, sku, units, active FROM licence_unit \
         WHERE tenant = $1 AND sku = COALESCE($2, sku) ORDER BY sku, subscription")
    .bind(tenant)
    .bind(sku)
    .all(on)
    .await?;
    let read = |row: &Row| {
        let units = LicenceUnits {
            sku: row.parsed("sku", Uuid::parse_str)?,
            units: row.integer("units")?,
            active: row.flag("active")?,
        };
        Ok((row.parsed("subscription", SubscriptionId::parse)?, units))
    };
    rows.iter().map(read).collect()
}

/// How many users have a licence of a product, by whatever paths.
pub(super) async fn consumed(on: &mut impl Connection, tenant: TenantId, sku: Uuid) -> Result<i64, Problem> {
    sql("SELECT COUNT(DISTINCT user_id) AS users FROM user_licence WHERE tenant = $1 AND sku = $2")
        .bind(tenant)
        .bind(sku)
        .one(on)
        .await?
        .integer("users")
}

/// The licences of a tenant's users: of one user or all, of one product or all.
pub(super) async fn held(
    on: &mut impl Connection,
    tenant: TenantId,
    user: Option<ObjectId>,
    sku: Option<Uuid>,
) -> Result<Vec<Held>, Problem> {
    let rows = sql("SELECT sku, user_id, path, disabled_plans, assigned_at FROM user_licence \
         WHERE tenant = $1 AND user_id = COALESCE($2, user_id) AND sku = COALESCE($3, sku) \
         ORDER BY user_id, sku, assigned_at, path")
    .bind(tenant)
    .bind(user)
    .bind(sku)
    .all(on)
    .await?;
    let read = |row: &Row| {
        Ok(Held {
            sku: row.parsed("sku", Uuid::parse_str)?,
            user: row.parsed("user_id", ObjectId::parse)?,
            path: row.parsed("path", LicencePath::parse)?,
            disabled_plans: row.parsed("disabled_plans", read_plans)?,
            assigned_at: row.time("assigned_at")?,
        })
    };
    rows.iter().map(read).collect()
}

/// Gives a licence, or changes the plans of one that is there.
pub(super) async fn give(
    tx: &mut Tx,
    (tenant, user, sku): (TenantId, ObjectId, Uuid),
    path: LicencePath,
    disabled_plans: &BTreeSet<Uuid>,
    at: Timestamp,
) -> Result<(), Problem> {
    sql("INSERT INTO user_licence (tenant, sku, user_id, path, disabled_plans, assigned_at) \
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (tenant, sku, user_id, path) DO UPDATE SET disabled_plans = $5")
    .bind(tenant)
    .bind(sku)
    .bind(user)
    .bind(path.stored())
    .bind(written_plans(disabled_plans))
    .bind(at)
    .run(tx)
    .await?;
    Ok(())
}

/// Takes a licence of one path away; says whether there was one.
pub(super) async fn take(
    tx: &mut Tx,
    (tenant, user, sku): (TenantId, ObjectId, Uuid),
    path: LicencePath,
) -> Result<bool, Problem> {
    let gone = sql("DELETE FROM user_licence WHERE tenant = $1 AND sku = $2 AND user_id = $3 AND path = $4")
        .bind(tenant)
        .bind(sku)
        .bind(user)
        .bind(path.stored())
        .run(tx)
        .await?;
    Ok(gone == 1)
}

pub(super) async fn take_all_of_user(tx: &mut Tx, tenant: TenantId, user: ObjectId) -> Result<(), Problem> {
    sql("DELETE FROM user_licence WHERE tenant = $1 AND user_id = $2").bind(tenant).bind(user).run(tx).await?;
    Ok(())
}

/// Takes a product from all who have it by a group.
pub(super) async fn take_path(tx: &mut Tx, tenant: TenantId, sku: Uuid, path: LicencePath) -> Result<(), Problem> {
    sql("DELETE FROM user_licence WHERE tenant = $1 AND sku = $2 AND path = $3")
        .bind(tenant)
        .bind(sku)
        .bind(path.stored())
        .run(tx)
        .await?;
    Ok(())
}

/// Ends a product that has no subscription left: nobody has a licence of it any more, and no group gives one.
pub(super) async fn end_product(tx: &mut Tx, tenant: TenantId, sku: Uuid) -> Result<(), Problem> {
    sql("DELETE FROM user_licence WHERE tenant = $1 AND sku = $2").bind(tenant).bind(sku).run(tx).await?;
    sql("DELETE FROM group_licence WHERE tenant = $1 AND sku = $2").bind(tenant).bind(sku).run(tx).await?;
    Ok(())
}

/// A licence a group gives.
pub(super) struct GroupRow {
    pub(super) sku: Uuid,
    pub(super) group: ObjectId,
    pub(super) disabled_plans: BTreeSet<Uuid>,
}

/// The licences that a group gives, in the order of their products.
pub(super) async fn of_group(
    on: &mut impl Connection,
    tenant: TenantId,
    group: ObjectId,
) -> Result<Vec<GroupRow>, Problem> {
    let rows = sql("SELECT sku, group_id, disabled_plans FROM group_licence \
         WHERE tenant = $1 AND group_id = $2 ORDER BY sku, assigned_at")
    .bind(tenant)
    .bind(group)
    .all(on)
    .await?;
    rows.iter().map(group_row).collect()
}

/// The licences that reach a person by the groups it is a member of, in the order of their products.
pub(super) async fn of_member(
    on: &mut impl Connection,
    tenant: TenantId,
    user: ObjectId,
) -> Result<Vec<GroupRow>, Problem> {
    let rows = sql("SELECT sku, group_id, disabled_plans FROM group_licence \
         WHERE tenant = $1 AND group_id IN (SELECT m.group_id FROM group_member m WHERE m.tenant = $1 AND m.principal = $2) \
         ORDER BY sku, assigned_at, group_id")
    .bind(tenant)
    .bind(user)
    .all(on)
    .await?;
    rows.iter().map(group_row).collect()
}

/// The groups that give a product, the first to do so first.
pub(super) async fn groups_giving(
    on: &mut impl Connection,
    tenant: TenantId,
    sku: Uuid,
) -> Result<Vec<GroupRow>, Problem> {
    let rows = sql("SELECT sku, group_id, disabled_plans FROM group_licence \
         WHERE tenant = $1 AND sku = $2 ORDER BY assigned_at, group_id")
    .bind(tenant)
    .bind(sku)
    .all(on)
    .await?;
    rows.iter().map(group_row).collect()
}

fn group_row(row: &Row) -> Result<GroupRow, Problem> {
    Ok(GroupRow {
        sku: row.parsed("sku", Uuid::parse_str)?,
        group: row.parsed("group_id", ObjectId::parse)?,
        disabled_plans: row.parsed("disabled_plans", read_plans)?,
    })
}

pub(super) async fn group_give(
    tx: &mut Tx,
    (tenant, group, sku): (TenantId, ObjectId, Uuid),
    disabled_plans: &BTreeSet<Uuid>,
    at: Timestamp,
) -> Result<(), Problem> {
    sql("INSERT INTO group_licence (tenant, sku, group_id, disabled_plans, assigned_at) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (tenant, sku, group_id) DO UPDATE SET disabled_plans = $4")
    .bind(tenant)
    .bind(sku)
    .bind(group)
    .bind(written_plans(disabled_plans))
    .bind(at)
    .run(tx)
    .await?;
    Ok(())
}

/// Says whether the group gave it.
pub(super) async fn group_take(tx: &mut Tx, (tenant, group, sku): (TenantId, ObjectId, Uuid)) -> Result<bool, Problem> {
    let gone = sql("DELETE FROM group_licence WHERE tenant = $1 AND sku = $2 AND group_id = $3")
        .bind(tenant)
        .bind(sku)
        .bind(group)
        .run(tx)
        .await?;
    Ok(gone == 1)
}

fn written_plans(plans: &BTreeSet<Uuid>) -> String {
    plans.iter().map(Uuid::to_string).collect::<Vec<_>>().join(" ")
}

fn read_plans(text: &str) -> Result<BTreeSet<Uuid>, uuid::Error> {
    text.split_whitespace().map(Uuid::parse_str).collect()
}
