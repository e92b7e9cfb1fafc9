//! Changing a configuration policy. Devices that have it follow: they ask for it at their first start.

use super::guard::{guard, nothing};
use super::policy::{ConfigurationPolicy, PolicySetting, checked};
use super::policy_create::name_taken;
use super::policy_rows;
use tenantry_core::{OpContext, Problem, TenantId};
use tenantry_db::{Db, audit};

/// What a policy is to be.
#[derive(Debug, Clone)]
pub struct ChangePolicy {
    /// Of which customer.
    pub customer: TenantId,
    /// Which one, by its id.
    pub id: String,
    /// Its name from now on; `None` leaves it.
    pub name: Option<String>,
    /// Its description from now on; `None` leaves it.
    pub description: Option<String>,
    /// What it says from now on; `None` leaves it.
    pub settings: Option<Vec<PolicySetting>>,
}

/// Changes a policy.
///
/// # Errors
/// As [`super::configuration_policy_create`]; `ObjectNotFound`.
pub async fn configuration_policy_change(
    ctx: &OpContext,
    db: &Db,
    change: ChangePolicy,
) -> Result<ConfigurationPolicy, Problem> {
    let line = audit::open(ctx, db, "configuration-policy-change", &format!("{}", change.customer)).await?;
    let outcome = replace(ctx, db, change).await;
    line.close(ctx, db, outcome).await
}

async fn replace(ctx: &OpContext, db: &Db, change: ChangePolicy) -> Result<ConfigurationPolicy, Problem> {
    let mut tx = db.begin().await?;
    let served = guard(ctx, &mut tx, change.customer).await?;
    let found = policy_rows::by_id(&mut tx, served, &change.id).await?;
    let seen = found.ok_or_else(|| nothing("configuration policy", &change.id))?;
    let description = change.description.or(seen.description);
    let (name, description, settings) = checked(
        change.name.as_deref().unwrap_or(&seen.name),
        description.as_deref(),
        change.settings.as_deref().unwrap_or(&seen.settings),
    )?;
    let policy = ConfigurationPolicy { name, description, settings, changed_at: ctx.now(), ..seen };
    if policy_rows::name_is_of_another(&mut tx, served, &policy).await? {
        return Err(name_taken(&policy.name));
    }
    policy_rows::update(&mut tx, served, &policy).await?;
    tx.commit().await?;
    Ok(policy)
}
