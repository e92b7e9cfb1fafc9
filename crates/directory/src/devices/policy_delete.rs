//! Deleting a configuration policy. One that devices still have stays: they would be set up in nobody's way.

use super::guard::{guard, nothing};
use super::policy_rows;
use tenantry_core::{OpContext, Problem, Reason, TenantId};
use tenantry_db::{Db, audit};

/// Deletes a policy.
///
/// # Errors
/// `ObjectNotFound`; `StatusChangeRefused` while devices have it. The reference does not say what the field does then.
pub async fn configuration_policy_delete(
    ctx: &OpContext,
    db: &Db,
    customer: TenantId,
    id: &str,
) -> Result<(), Problem> {
    let line = audit::open(ctx, db, "configuration-policy-delete", &customer.to_string()).await?;
    let outcome = delete(ctx, db, customer, id).await;
    line.close(ctx, db, outcome).await
}

async fn delete(ctx: &OpContext, db: &Db, customer: TenantId, id: &str) -> Result<(), Problem> {
    let mut tx = db.begin().await?;
    let served = guard(ctx, &mut tx, customer).await?;
    let found = policy_rows::by_id(&mut tx, served, id).await?;
    let policy = found.ok_or_else(|| nothing("configuration policy", id))?;
    if policy.devices > 0 {
        let message = format!(
            "the configuration policy `{}` is in use by {} devices; give them another one or none first",
            policy.name, policy.devices
        );
        return Err(Problem::new(Reason::StatusChangeRefused, message));
    }
    policy_rows::delete(&mut tx, served, policy.id).await?;
    tx.commit().await
}
