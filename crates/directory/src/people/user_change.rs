//! Changing a user.

use crate::organization::group_licences_follow;
use crate::people::guard::{is_self, may, may_touch_holder_of_roles};
use crate::people::user::{User, UserChange, UserName, domain_refused, name_taken};
use crate::people::{last_admin, rows, text, user_find};
use tenantry_access::UserChange as MayChange;
use tenantry_core::{ObjectId, OpContext, Problem, Reason, TenantId};
use tenantry_db::{Db, audit};

/// Changes a user. Switching one off ends what it is signed in to.
///
/// # Errors
/// `UserNotFound`; as `user_create` for the values; `LastGlobalAdmin` for switching off the last one; `Forbidden` for
/// the name or the switch of somebody who has roles, without the right to reset administrators' passwords.
pub async fn user_change(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    id: ObjectId,
    change: UserChange,
) -> Result<User, Problem> {
    let line = audit::open(ctx, db, "user-change", &id.to_string()).await?;
    let outcome = changed(ctx, db, tenant, id, change).await;
    line.close(ctx, db, outcome).await
}

async fn changed(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    id: ObjectId,
    change: UserChange,
) -> Result<User, Problem> {
    may::<MayChange>(ctx, tenant)?;
    let mut tx = db.begin().await?;
    rows::lock(&mut tx, tenant).await?;
    let before = user_find::present(&mut tx, tenant, id).await?;
    let name = UserName::parse(change.name.as_deref().unwrap_or(&before.name))?;
    let enabled = change.enabled.unwrap_or(before.enabled);
    let renamed = name.key != before.name.to_ascii_lowercase();
    if renamed || enabled != before.enabled || change.password_change_due.is_some() {
        may_touch_holder_of_roles(ctx, &mut tx, tenant, id).await?;
    }
    if renamed {
        if !rows::has_verified_domain(&mut tx, tenant, &name.domain).await? {
            return Err(domain_refused(&name));
        }
        if rows::user::name_taken(&mut tx, &name.key, Some(id)).await? {
            return Err(name_taken(&name.typed));
        }
    }
    let ended = before.ended(ctx.now());
    let mut after = User {
        name: name.typed.clone(),
        kind: change.kind.unwrap_or(before.kind),
        enabled,
        password_change_due: change.password_change_due.unwrap_or(before.password_change_due),
        profile: before.profile.changed(change.profile).checked()?,
        ..before
    };
    if before.enabled && !enabled {
        if is_self(ctx, tenant, id) {
            return Err(Problem::new(Reason::Forbidden, "nobody can switch themselves off; ask another administrator"));
        }
        last_admin::may_go(&mut tx, tenant, id).await?;
        after.tokens_valid_from = ended;
    }
    rows::user::update(&mut tx, &after, &name).await?;
    // A user who has a location at last gets what its groups give.
    group_licences_follow(ctx, &mut tx, tenant).await?;
    tx.changes_access();
    tx.commit().await?;
    Ok(after)
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
