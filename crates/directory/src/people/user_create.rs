//! Making a user.

use crate::people::guard::may;
use crate::people::user::{NewUser, User};
use crate::people::{text, user_make};
use tenantry_access::UserCreate;
use tenantry_core::{OpContext, Problem, TenantId};
use tenantry_db::{Db, audit};

/// Makes a user in the tenant.
///
/// # Errors
/// `MissingField` and `InvalidField` for name and profile, `PasswordRefused` with the rule, `DomainNotVerified`,
/// `UserNameTaken`.
pub async fn user_create(ctx: &OpContext, db: &Db, tenant: TenantId, new: NewUser) -> Result<User, Problem> {
    let line = audit::open(ctx, db, "user-create", &text::shown(&new.name)).await?;
    let outcome = create(ctx, db, tenant, new).await;
    line.close(ctx, db, outcome).await
}

async fn create(ctx: &OpContext, db: &Db, tenant: TenantId, new: NewUser) -> Result<User, Problem> {
    may::<UserCreate>(ctx, tenant)?;
    let prepared = user_make::prepare(ctx, tenant, new).await?;
    let mut tx = db.begin().await?;
    let user = prepared.insert(&mut tx).await?;
    tx.commit().await?;
    Ok(user)
}
