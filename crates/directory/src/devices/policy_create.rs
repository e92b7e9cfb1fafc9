//! Making a configuration policy.

use super::guard::guard;
use super::policy::{ConfigurationPolicy, PolicySetting, checked};
use super::policy_rows;
use tenantry_core::{OpContext, Problem, Reason, TenantId};
use tenantry_db::{Db, audit};

/// A configuration policy to be made.
#[derive(Debug, Clone)]
pub struct NewPolicy {
    /// For which customer.
    pub customer: TenantId,
    /// Up to 100 characters.
    pub name: String,
    /// Up to 1000 characters.
    pub description: Option<String>,
    /// What it says.
    pub settings: Vec<PolicySetting>,
}

/// Makes a policy, which no device has yet.
///
/// # Errors
/// `CustomerNotFound`, `Forbidden`; `AlreadyExists` for a name that is in use; `MissingField`, `InvalidField` by name.
pub async fn configuration_policy_create(
    ctx: &OpContext,
    db: &Db,
    new: NewPolicy,
) -> Result<ConfigurationPolicy, Problem> {
    let line = audit::open(ctx, db, "configuration-policy-create", &new.customer.to_string()).await?;
    let outcome = create(ctx, db, new).await;
    line.close(ctx, db, outcome).await
}

async fn create(ctx: &OpContext, db: &Db, new: NewPolicy) -> Result<ConfigurationPolicy, Problem> {
    let mut tx = db.begin().await?;
    let served = guard(ctx, &mut tx, new.customer).await?;
    let (name, description, settings) = checked(&new.name, new.description.as_deref(), &new.settings)?;
    let now = ctx.now();
    let policy = ConfigurationPolicy {
        id: ctx.chance.guid(),
        name,
        description,
        settings,
        devices: 0,
        created_at: now,
        changed_at: now,
    };
    if !policy_rows::insert(&mut tx, served, &policy).await? {
        return Err(name_taken(&policy.name));
    }
    tx.commit().await?;
    Ok(policy)
}

pub(super) fn name_taken(name: &str) -> Problem {
    let message = format!("name: the customer has a configuration policy called `{name}` already; take another name");
    Problem::new(Reason::AlreadyExists, message).at("name")
}
