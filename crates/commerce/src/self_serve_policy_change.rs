//! Changing what a customer may buy by itself.

use crate::self_serve_policy::{customer, no_policy, permissions};
use crate::{SelfServePermission, SelfServePolicy, SelfServePolicyId, rows};
use tenantry_access::{OrderPlace, allow};
use tenantry_core::{OpContext, Problem, Reason};
use tenantry_db::{Db, audit};
use uuid::Uuid;

/// What a policy is to become.
#[derive(Debug, Clone)]
pub struct ChangeSelfServePolicy {
    /// Which.
    pub id: SelfServePolicyId,
    /// What the customer may do from now on.
    pub permissions: Vec<SelfServePermission>,
    /// The version the caller saw; `None` changes whatever is there.
    pub etag: Option<Uuid>,
}

/// Changes a policy. What says what is there already is no new version.
///
/// # Errors
/// `ObjectNotFound`, `Forbidden`; `MissingField` without permissions; `Stale`.
pub async fn self_serve_policy_change(
    ctx: &OpContext,
    db: &Db,
    change: ChangeSelfServePolicy,
) -> Result<SelfServePolicy, Problem> {
    let line = audit::open_about(ctx, db, "self-serve-policy-change", &change.id.to_string(), change.id.entity).await?;
    let outcome = save(ctx, db, change).await;
    line.close(ctx, db, outcome).await
}

async fn save(ctx: &OpContext, db: &Db, change: ChangeSelfServePolicy) -> Result<SelfServePolicy, Problem> {
    let mut tx = db.begin().await?;
    allow::<OrderPlace, _>(ctx, customer(ctx, &mut tx, change.id).await?)?;
    let seen = rows::self_serve_policy::by_id(&mut tx, change.id).await?.ok_or_else(|| no_policy(change.id))?;
    if change.etag.is_some_and(|etag| etag != seen.etag) {
        return Err(stale());
    }
    let permissions = permissions(change.permissions)?;
    if permissions == seen.permissions {
        return Ok(seen);
    }
    let etag = ctx.chance.guid();
    let changed = SelfServePolicy { id: change.id, permissions, etag, changed_at: ctx.now() };
    if !rows::self_serve_policy::update(&mut tx, &changed, seen.etag).await? {
        return Err(stale());
    }
    tx.commit().await?;
    Ok(changed)
}

fn stale() -> Problem {
    Problem::new(Reason::Stale, "the policy was changed since it was read; read it again and repeat the change")
}
