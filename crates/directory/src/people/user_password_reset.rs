//! Giving somebody another password, and ending what somebody is signed in to.

use crate::people::guard::{is_self, may};
use crate::people::password;
use crate::people::password_hash::seat;
use crate::people::user::{NewPassword, User, UserChange, no_user};
use crate::people::{rows, user_change, user_find};
use tenantry_access::UserChange as MayChange;
use tenantry_core::{ObjectId, OpContext, Problem, Reason, Secret, TenantId};
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

/// Checks, hashes and writes a new password in the place of `shown`, the stored one that the user has just proven to
/// know, and ends what was signed in with that.
///
/// Hashing takes long. So what was found before is looked at again under the lock: an administrator may have switched
/// the user off or given it another password meanwhile, and that must not be undone by somebody who knows the old one.
pub(crate) async fn password_put(
    ctx: &OpContext,
    db: &Db,
    (user, shown): (&User, &str),
    password: &Secret,
) -> Result<User, Problem> {
    password::check(&user.name, password)?;
    let hash = seat().await?.hash(&ctx.chance, password).await?;
    let (tenant, id) = (user.tenant, user.id);
    let mut tx = db.begin().await?;
    rows::lock(&mut tx, tenant).await?;
    let missing = || no_user(&id.to_string());
    let present = rows::user::signing_in_by_id(&mut tx, tenant, id).await?.ok_or_else(missing)?;
    if present.password != shown {
        return Err(password::refused("shown as the current one was changed meanwhile; sign in with the new one"));
    }
    if !present.user.enabled {
        return Err(Problem::new(Reason::Forbidden, "this user may not sign in; ask an administrator"));
    }
    password::check(&present.user.name, password)?;
    let ended = present.user.ended(ctx.now());
    if !rows::user::password_update(&mut tx, (tenant, id), &hash, false, ended).await? {
        return Err(missing());
    }
    tx.changes_access();
    tx.commit().await?;
    Ok(User { password_change_due: false, tokens_valid_from: ended, ..present.user })
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
    rows::user::sign_ins_end(&mut tx, (tenant, id), before.ended(ctx.now())).await?;
    tx.changes_access();
    tx.commit().await
}
