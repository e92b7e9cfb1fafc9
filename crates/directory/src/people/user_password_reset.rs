//! Giving somebody another password, and ending what somebody is signed in to.

use crate::people::guard::{is_self, may};
use crate::people::password;
use crate::people::password_hash::seat;
use crate::people::user::{NewPassword, User, UserChange, UserName, no_user};
use crate::people::{rows, user_change, user_find};
use tenantry_access::UserChange as MayChange;
use tenantry_core::{ObjectId, OpContext, Problem, Secret, TenantId};
use tenantry_db::{Db, audit};

/// Sets another password, as an administrator. A lock is opened by it, and what was signed in before ends.
///
/// # Errors
/// `UserNotFound`; `PasswordRefused` with the rule; `Forbidden`: for people with roles another right is needed than
/// for people without.
pub async fn user_password_reset(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    id: ObjectId,
    password: Secret,
    change_at_sign_in: bool,
) -> Result<(), Problem> {
    let line = audit::open(ctx, db, "user-password-reset", &id.to_string()).await?;
    let new = NewPassword { password, change_at_sign_in };
    let change = UserChange { password: Some(new), ..UserChange::default() };
    let outcome = user_change::changed(ctx, db, tenant, id, change).await.map(drop);
    line.close(ctx, db, outcome).await
}

/// Checks, hashes and writes a new password, and ends what was signed in with the old one.
pub(crate) async fn password_put(
    ctx: &OpContext,
    db: &Db,
    user: &User,
    password: &Secret,
    change_due: bool,
) -> Result<(), Problem> {
    password::check(&user.name, password)?;
    let hash = seat().await?.hash(&ctx.chance, password).await?;
    let mut tx = db.begin().await?;
    if !rows::user::password_update(&mut tx, (user.tenant, user.id), &hash, change_due, ctx.now()).await? {
        return Err(no_user(&user.id.to_string()));
    }
    tx.changes_access();
    tx.commit().await
}

/// Ends everything a user is signed in to: refresh tokens and sessions from before now count no more. Everybody may
/// do this to themselves.
///
/// # Errors
/// `UserNotFound`.
pub async fn user_sign_ins_revoke(ctx: &OpContext, db: &Db, tenant: TenantId, id: ObjectId) -> Result<(), Problem> {
    let line = audit::open(ctx, db, "user-sign-ins-revoke", &id.to_string()).await?;
    let outcome = revoke(ctx, db, tenant, id).await;
    line.close(ctx, db, outcome).await
}

async fn revoke(ctx: &OpContext, db: &Db, tenant: TenantId, id: ObjectId) -> Result<(), Problem> {
    if !is_self(ctx, tenant, id) {
        may::<MayChange>(ctx, tenant)?;
    }
    let mut tx = db.begin().await?;
    rows::lock(&mut tx, tenant).await?;
    let before = user_find::present(&mut tx, tenant, id).await?;
    let name = UserName::parse(&before.name)?;
    rows::user::update(&mut tx, &User { tokens_valid_from: before.ended(ctx.now()), ..before }, &name).await?;
    tx.changes_access();
    tx.commit().await
}
