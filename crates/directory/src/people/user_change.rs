//! Changing a user. A new password is part of the change: one request of a client is one act, and when any of it is
//! refused the password is still the old one.

use crate::organization::group_licences_follow;
use crate::people::guard::{is_self, may, may_reset_password, may_touch_holder_of_roles};
use crate::people::password_hash::seat;
use crate::people::user::{NewPassword, User, UserChange, UserName, domain_refused, name_taken, no_user};
use crate::people::{last_admin, password, rows, text, user_find};
use tenantry_access::UserChange as MayChange;
use tenantry_core::{ObjectId, OpContext, Problem, Reason, TenantId};
use tenantry_db::{Db, Tx, audit};

/// Changes a user. Switching one off ends what it is signed in to, and so does a new password.
///
/// # Errors
/// `UserNotFound`; as `user_create` for the values; `LastGlobalAdmin` for switching off the last one; `Forbidden` for
/// the name, the switch or the password of somebody who has roles, without the right to reset administrators'
/// passwords, and for a password without the right to reset one.
pub async fn user_change(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    id: ObjectId,
    change: UserChange,
) -> Result<User, Problem> {
    let target = if change.password.is_some() { format!("{id} and its password") } else { id.to_string() };
    let line = audit::open(ctx, db, "user-change", &target).await?;
    let outcome = changed(ctx, db, tenant, id, change).await;
    line.close(ctx, db, outcome).await
}

/// The same within an act that opened its audit line. A new password alone needs the right to reset it and no other.
pub(crate) async fn changed(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    id: ObjectId,
    mut change: UserChange,
) -> Result<User, Problem> {
    let new_password = change.password.take();
    if new_password.is_none() || change != UserChange::default() {
        may::<MayChange>(ctx, tenant)?;
    }
    let hash = match &new_password {
        Some(new) => Some(hashed(ctx, db, (tenant, id), change.name.as_deref(), new).await?),
        None => None,
    };
    let mut tx = db.begin().await?;
    rows::lock(&mut tx, tenant).await?;
    let before = user_find::present(&mut tx, tenant, id).await?;
    let name = UserName::parse(change.name.as_deref().unwrap_or(&before.name))?;
    let enabled = change.enabled.unwrap_or(before.enabled);
    let renamed = name.key != before.name.to_ascii_lowercase();
    if renamed || enabled != before.enabled || change.password_change_due.is_some() {
        may_touch_holder_of_roles(ctx, &mut tx, tenant, id).await?;
    }
    if hash.is_some() {
        // Asked before it was hashed, and again here: the user may have been given a role meanwhile.
        may_reset_password(ctx, &mut tx, tenant, id).await?;
    }
    if renamed {
        name_is_free(&mut tx, tenant, id, &name).await?;
    }
    let ended = before.ended(ctx.now());
    let change_due = new_password.map(|new| new.change_at_sign_in).or(change.password_change_due);
    let mut after = User {
        name: name.typed.clone(),
        kind: change.kind.unwrap_or(before.kind),
        enabled,
        password_change_due: change_due.unwrap_or(before.password_change_due),
        profile: before.profile.changed(change.profile).checked()?,
        ..before
    };
    if before.enabled && !enabled {
        if is_self(ctx, tenant, id) {
            return Err(Problem::new(Reason::Forbidden, "nobody can switch themselves off; ask another administrator"));
        }
        last_admin::may_go(&mut tx, tenant, id).await?;
        after.tokens_valid_from = ended;
        rows::user::sign_ins_end(&mut tx, (tenant, id), ended).await?;
    }
    if let Some(hash) = hash {
        after.tokens_valid_from = ended;
        let of = (tenant, id);
        if !rows::user::password_update(&mut tx, of, &hash, after.password_change_due, ended).await? {
            return Err(no_user(&id.to_string()));
        }
    } else if let Some(due) = change_due {
        rows::user::change_due_update(&mut tx, (tenant, id), due).await?;
    }
    rows::user::update(&mut tx, &after, &name).await?;
    // A user who has a location at last gets what its groups give.
    group_licences_follow(ctx, &mut tx, tenant, &[id]).await?;
    tx.changes_access();
    tx.commit().await?;
    Ok(after)
}

/// The hash of a new password that is good. It takes long, so it is made before the transaction; who may not reset the
/// password waits for nothing.
async fn hashed(
    ctx: &OpContext,
    db: &Db,
    (tenant, id): (TenantId, ObjectId),
    name: Option<&str>,
    new: &NewPassword,
) -> Result<String, Problem> {
    let mut reader = db.reader().await?;
    may_reset_password(ctx, &mut reader, tenant, id).await?;
    let user = user_find::present(&mut reader, tenant, id).await?;
    drop(reader);
    let name = UserName::parse(name.unwrap_or(&user.name))?;
    password::check(&name.typed, &new.password)?;
    seat().await?.hash(&ctx.chance, &new.password).await
}

async fn name_is_free(tx: &mut Tx, tenant: TenantId, id: ObjectId, name: &UserName) -> Result<(), Problem> {
    if !rows::has_verified_domain(tx, tenant, &name.domain).await? {
        return Err(domain_refused(name));
    }
    if rows::user::name_taken(tx, &name.key, Some(id)).await? {
        return Err(name_taken(&name.typed));
    }
    Ok(())
}

/// Names somebody's manager, a user of the same tenant, or nobody.
///
/// # Errors
/// `UserNotFound` for either of them; `InvalidField` for a user who would manage itself.
pub async fn user_manager_set(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    id: ObjectId,
    manager: Option<ObjectId>,
) -> Result<(), Problem> {
    let named = manager.map_or_else(|| "nobody".to_owned(), |manager| manager.to_string());
    let line = audit::open(ctx, db, "user-manager-set", &text::shown(&format!("{id} to {named}"))).await?;
    let outcome = manager_set(ctx, db, tenant, id, manager).await;
    line.close(ctx, db, outcome).await
}

async fn manager_set(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    id: ObjectId,
    manager: Option<ObjectId>,
) -> Result<(), Problem> {
    may::<MayChange>(ctx, tenant)?;
    if manager == Some(id) {
        return Err(Problem::invalid("manager", "a user cannot be its own manager; name another user"));
    }
    let mut tx = db.begin().await?;
    rows::lock(&mut tx, tenant).await?;
    user_find::present(&mut tx, tenant, id).await?;
    if let Some(manager) = manager {
        user_find::present(&mut tx, tenant, manager).await?;
    }
    rows::user::manager_update(&mut tx, tenant, id, manager).await?;
    tx.commit().await
}
