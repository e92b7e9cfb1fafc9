//! Making a user in a transaction that is open: the common part of `user_create` and of the first administrator.

use crate::people::password;
use crate::people::password_hash::seat;
use crate::people::rows;
use crate::people::user::{NewUser, User, UserName, domain_refused, name_taken};
use tenantry_core::{ObjectId, OpContext, Problem, TenantId};
use tenantry_db::Tx;

/// A user that is checked, with its password hashed: everything that takes time is done before the transaction.
#[derive(Debug)]
pub(crate) struct Prepared {
    user: User,
    name: UserName,
    password: String,
}

/// Checks what needs no table, and hashes the password.
pub(crate) async fn prepare(ctx: &OpContext, tenant: TenantId, new: NewUser) -> Result<Prepared, Problem> {
    let name = UserName::parse(&new.name)?;
    let profile = new.profile.checked()?;
    password::check(&name.typed, &new.password)?;
    let password = seat().await?.hash(&ctx.chance, &new.password).await?;
    let user = User {
        id: ObjectId::new(ctx.chance.guid()),
        tenant,
        name: name.typed.clone(),
        profile,
        kind: new.kind,
        enabled: new.enabled,
        password_change_due: new.change_password,
        created_at: ctx.now(),
        deleted_at: None,
        tokens_valid_from: ctx.now(),
    };
    Ok(Prepared { user, name, password })
}

impl Prepared {
    /// Writes the user.
    pub(crate) async fn insert(self, tx: &mut Tx) -> Result<User, Problem> {
        let Self { user, name, password } = self;
        rows::lock(tx, user.tenant).await?;
        if !rows::has_verified_domain(tx, user.tenant, &name.domain).await? {
            return Err(domain_refused(&name));
        }
        if !rows::user::insert(tx, &user, &name, &password).await? {
            return Err(name_taken(&name.typed));
        }
        Ok(user)
    }
}
