//! Taking a self-serve policy back.

use crate::self_serve_policy::{customer, no_policy};
use crate::{SelfServePolicyId, rows};
use tenantry_access::{OrderPlace, allow};
use tenantry_core::{OpContext, Problem};
use tenantry_db::{Db, audit};

/// Removes a policy: the customer may do no longer what it said.
///
/// # Errors
/// `ObjectNotFound`, `Forbidden`.
pub async fn self_serve_policy_remove(ctx: &OpContext, db: &Db, id: SelfServePolicyId) -> Result<(), Problem> {
    let line = audit::open_about(ctx, db, "self-serve-policy-remove", &id.to_string(), id.entity).await?;
    let outcome = remove(ctx, db, id).await;
    line.close(ctx, db, outcome).await
}

async fn remove(ctx: &OpContext, db: &Db, id: SelfServePolicyId) -> Result<(), Problem> {
    let mut tx = db.begin().await?;
    allow::<OrderPlace, _>(ctx, customer(ctx, &mut tx, id).await?)?;
    if !rows::self_serve_policy::delete(&mut tx, id).await? {
        return Err(no_policy(id));
    }
    tx.commit().await
}
