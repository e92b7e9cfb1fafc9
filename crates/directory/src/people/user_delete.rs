//! Deleting a user. It can be restored for 30 days; after that a due job removes it for good.
//!
//! Until then its groups and roles stay written down, so that a restored user is who it was. They give nothing: a
//! deleted user cannot sign in, and lists leave it out. Its licences are free at once.

use crate::organization::licences_release;
use crate::people::guard::{is_self, may, may_touch_holder_of_roles};
use crate::people::user::{USER_KEPT_SECONDS, User, UserName};
use crate::people::user_erase::{ERASE_USER, subject};
use crate::people::{last_admin, rows, user_find};
use tenantry_access::UserDelete;
use tenantry_core::{ObjectId, OpContext, Problem, Reason, TenantId};
use tenantry_db::{Db, audit, job};

/// Deletes a user of the tenant.
///
/// # Errors
/// `UserNotFound`; `LastGlobalAdmin`; `Forbidden` for oneself, and for somebody who has roles without the right to
/// reset administrators' passwords.
pub async fn user_delete(ctx: &OpContext, db: &Db, tenant: TenantId, id: ObjectId) -> Result<(), Problem> {
    let line = audit::open(ctx, db, "user-delete", &id.to_string()).await?;
    let outcome = delete(ctx, db, tenant, id).await;
    line.close(ctx, db, outcome).await
}

async fn delete(ctx: &OpContext, db: &Db, tenant: TenantId, id: ObjectId) -> Result<(), Problem> {
    may::<UserDelete>(ctx, tenant)?;
    let mut tx = db.begin().await?;
    rows::lock(&mut tx, tenant).await?;
    let before = user_find::present(&mut tx, tenant, id).await?;
    if is_self(ctx, tenant, id) {
        return Err(Problem::new(Reason::Forbidden, "nobody can delete themselves; ask another administrator"));
    }
    may_touch_holder_of_roles(ctx, &mut tx, tenant, id).await?;
    last_admin::may_go(&mut tx, tenant, id).await?;
    let name = UserName::parse(&before.name)?;
    rows::user::sign_ins_end(&mut tx, (tenant, id), before.ended(ctx.now())).await?;
    rows::user::update(&mut tx, &User { deleted_at: Some(ctx.now()), ..before }, &name).await?;
    licences_release(ctx, &mut tx, tenant, id).await?;
    job::schedule(&mut tx, ERASE_USER, &subject(id, ctx.now()), ctx.now().plus_seconds(USER_KEPT_SECONDS)).await?;
    tx.changes_access();
    tx.commit().await
}
