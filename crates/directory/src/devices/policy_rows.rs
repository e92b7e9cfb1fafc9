//! The SQL of configuration policies. Each statement binds tenant and partner.

use super::policy::{ConfigurationPolicy, PolicySetting};
use crate::relationships::ServedCustomer;
use tenantry_core::Problem;
use tenantry_db::{Connection, Row, Tx, sql};
use uuid::Uuid;

fn policy(row: &Row) -> Result<ConfigurationPolicy, Problem> {
    let known = |name: &str| PolicySetting::ALL.into_iter().find(|setting| setting.name() == name);
    let settings = row.text("settings")?;
    let settings: Option<Vec<_>> = settings.split_whitespace().map(known).collect();
    Ok(ConfigurationPolicy {
        id: row.parsed("id", Uuid::try_parse)?,
        name: row.text("name")?,
        description: row.maybe_text("description")?,
        settings: settings.ok_or_else(|| Problem::corrupt("a configuration policy of unknown settings"))?,
        devices: usize::try_from(row.integer("devices")?).map_err(Problem::internal)?,
        created_at: row.time("created_at")?,
        changed_at: row.time("changed_at")?,
    })
}

fn written(settings: &[PolicySetting]) -> String {
    settings.iter().map(|setting| setting.name()).collect::<Vec<_>>().join(" ")
}

/// `false` if the name is in use.
pub(super) async fn insert(tx: &mut Tx, of: ServedCustomer, new: &ConfigurationPolicy) -> Result<bool, Problem> {
    let changed = sql("INSERT INTO configuration_policy (id, tenant, partner, name, name_key, description, settings, \
         created_at, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
         ON CONFLICT (tenant, partner, name_key) DO NOTHING")
    .bind(new.id)
    .bind(of.customer)
    .bind(of.partner)
    .bind(&new.name)
    .bind(new.name.to_lowercase())
    .bind(new.description.as_deref())
    .bind(written(&new.settings))
    .bind(new.created_at)
    .bind(new.changed_at)
    .run(tx)
    .await?;
    Ok(changed == 1)
}

pub(super) async fn name_is_of_another(
    on: &mut impl Connection,
    of: ServedCustomer,
    policy: &ConfigurationPolicy,
) -> Result<bool, Problem> {
    let row =
        sql("SELECT id FROM configuration_policy WHERE tenant = $1 AND partner = $2 AND name_key = $3 AND id <> $4")
            .bind(of.customer)
            .bind(of.partner)
            .bind(policy.name.to_lowercase())
            .bind(policy.id);
    Ok(row.maybe(on).await?.is_some())
}

pub(super) async fn update(tx: &mut Tx, of: ServedCustomer, policy: &ConfigurationPolicy) -> Result<(), Problem> {
    sql("UPDATE configuration_policy SET name = $4, name_key = $5, description = $6, settings = $7, changed_at = $8 \
         WHERE id = $1 AND tenant = $2 AND partner = $3")
    .bind(policy.id)
    .bind(of.customer)
    .bind(of.partner)
    .bind(&policy.name)
    .bind(policy.name.to_lowercase())
    .bind(policy.description.as_deref())
    .bind(written(&policy.settings))
    .bind(policy.changed_at)
    .run_one(tx, || nothing_there(policy.id))
    .await
}

pub(super) async fn delete(tx: &mut Tx, of: ServedCustomer, id: Uuid) -> Result<(), Problem> {
    sql("DELETE FROM configuration_policy WHERE id = $1 AND tenant = $2 AND partner = $3")
        .bind(id)
        .bind(of.customer)
        .bind(of.partner)
        .run_one(tx, || nothing_there(id))
        .await
}

/// Somebody else deleted it between the look and the act.
fn nothing_there(id: Uuid) -> Problem {
    super::guard::nothing("configuration policy", &id.to_string())
}

/// One by its id, in any letter case.
pub(super) async fn by_id(
    on: &mut impl Connection,
    of: ServedCustomer,
    id: &str,
) -> Result<Option<ConfigurationPolicy>, Problem> {
    let Ok(id) = Uuid::try_parse(id.trim()) else { return Ok(None) };
    let row = sql("SELECT p.id, p.name, p.description, p.settings, p.created_at, p.changed_at, \
         (SELECT COUNT(*) FROM device d WHERE d.policy = p.id) AS devices \
         FROM configuration_policy p WHERE p.id = $1 AND p.tenant = $2 AND p.partner = $3")
    .bind(id)
    .bind(of.customer)
    .bind(of.partner)
    .maybe(on)
    .await?;
    row.as_ref().map(policy).transpose()
}

pub(super) async fn all(on: &mut impl Connection, of: ServedCustomer) -> Result<Vec<ConfigurationPolicy>, Problem> {
    let rows = sql("SELECT p.id, p.name, p.description, p.settings, p.created_at, p.changed_at, \
         (SELECT COUNT(*) FROM device d WHERE d.policy = p.id) AS devices \
         FROM configuration_policy p WHERE p.tenant = $1 AND p.partner = $2 ORDER BY p.name_key")
    .bind(of.customer)
    .bind(of.partner)
    .all(on)
    .await?;
    rows.iter().map(policy).collect()
}
