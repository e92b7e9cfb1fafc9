//! The first user of a tenant: a global administrator, made in the transaction that makes the tenant, because before
//! it nobody could be asked and after it somebody must be there.

use crate::people::user::{NewUser, User, UserKind};
use crate::people::{Profile, rows, user_make};
use tenantry_core::{DirectoryRole, OpContext, Problem, Secret, TenantId};
use tenantry_db::Tx;

/// Makes a user who administers the tenant. No permission is asked: the act that made the tenant had it.
///
/// # Errors
/// As `user_create`.
pub async fn first_admin_create(
    ctx: &OpContext,
    tx: &mut Tx,
    tenant: TenantId,
    name: &str,
    password: &Secret,
    change_password: bool,
) -> Result<User, Problem> {
    let nickname = name.trim().split('@').next().unwrap_or_default().to_owned();
    let new = NewUser {
        name: name.to_owned(),
        profile: Profile::named("Global Administrator", nickname),
        kind: UserKind::Member,
        enabled: true,
        password: password.clone(),
        change_password,
    };
    let user = user_make::prepare(ctx, tenant, new).await?.insert(tx).await?;
    rows::role::assign(tx, tenant, DirectoryRole::GlobalAdmin, user.id, ctx.now()).await?;
    tx.changes_access();
    Ok(user)
}
