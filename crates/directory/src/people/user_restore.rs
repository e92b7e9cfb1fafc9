//! Taking a deletion back within its 30 days. Groups and roles are as before, and the licences that come by
//! groups; others must be given again.

use crate::organization::group_licences_follow;
use crate::people::guard::{may, may_touch_holder_of_roles};
use crate::people::rows;
use crate::people::user::{User, UserName, domain_refused, name_taken, no_user};
use tenantry_access::UserDelete;
use tenantry_core::{ObjectId, OpContext, Problem, TenantId};
use tenantry_db::{Db, audit};

/// Restores a deleted user.
///
/// # Errors
/// `UserNotFound` if there is no deleted user of this id; `UserNameTaken` if somebody else got its name meanwhile;
/// `DomainNotVerified` if the domain is gone.
pub async fn user_restore(ctx: &OpContext, db: &Db, tenant: TenantId, id: ObjectId) -> Result<User, Problem> {
    let line = audit::open(ctx, db, "user-restore", &id.to_string()).await?;
    let outcome = restore(ctx, db, tenant, id).await;
    line.close(ctx, db, outcome).await
}

async fn restore(ctx: &OpContext, db: &Db, tenant: TenantId, id: ObjectId) -> Result<User, Problem> {
    may::<UserDelete>(ctx, tenant)?;
    let mut tx = db.begin().await?;
    rows::lock(&mut tx, tenant).await?;
    let before = rows::user::by_id(&mut tx, tenant, id).await?.filter(|user| user.deleted_at.is_some());
    let before = before.ok_or_else(|| no_user(&id.to_string()))?;
    may_touch_holder_of_roles(ctx, &mut tx, tenant, id).await?;
    let name = UserName::parse(&before.name)?;
    if !rows::has_verified_domain(&mut tx, tenant, &name.domain).await? {
        return Err(domain_refused(&name));
    }
    if rows::user::name_taken(&mut tx, &name.key, Some(id)).await? {
        return Err(name_taken(&name.typed));
    }
    let after = User { deleted_at: None, ..before };
    rows::user::update(&mut tx, &after, &name).await?;
    group_licences_follow(ctx, &mut tx, tenant, &[id]).await?;
    tx.changes_access();
    tx.commit().await?;
    Ok(after)
}
