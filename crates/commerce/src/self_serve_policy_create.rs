//! Letting a customer buy something by itself.

use crate::self_serve_policy::permissions;
use crate::{SelfServePermission, SelfServePolicy, SelfServePolicyId, customers, rows};
use tenantry_access::{OrderPlace, allow};
use tenantry_core::{OpContext, Problem, Reason};
use tenantry_db::{Db, audit};

/// Creates the policy of a partner for its customer. Who may order for the customer may say that it orders itself.
///
/// # Errors
/// `CustomerNotFound`, `Forbidden`; `MissingField` without permissions; `AlreadyExists`: change the one there is.
pub async fn self_serve_policy_create(
    ctx: &OpContext,
    db: &Db,
    id: SelfServePolicyId,
    wanted: Vec<SelfServePermission>,
) -> Result<SelfServePolicy, Problem> {
    let line = audit::open_about(ctx, db, "self-serve-policy-create", &id.to_string(), id.entity).await?;
    let outcome = create(ctx, db, id, wanted).await;
    line.close(ctx, db, outcome).await
}

async fn create(
    ctx: &OpContext,
    db: &Db,
    id: SelfServePolicyId,
    wanted: Vec<SelfServePermission>,
) -> Result<SelfServePolicy, Problem> {
    let mut tx = db.begin().await?;
    let customer = customers::visible_of_partner(ctx, &mut tx, id.grantor, id.entity).await?;
    allow::<OrderPlace, _>(ctx, customer)?;
    let etag = ctx.chance.guid();
    let policy = SelfServePolicy { id, permissions: permissions(wanted)?, etag, changed_at: ctx.now() };
    if !rows::self_serve_policy::insert(&mut tx, &policy).await? {
        let message = format!("the self-serve policy {id} exists already; change it, or delete it first");
        return Err(Problem::new(Reason::AlreadyExists, message));
    }
    tx.commit().await?;
    Ok(policy)
}
