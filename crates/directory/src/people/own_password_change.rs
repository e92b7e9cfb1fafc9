//! Changing one's own password: with the old one shown again, or at the first sign-in, when a change is due.

use crate::people::guard::may;
use crate::people::password_hash::seat;
use crate::people::sign_in_check::{SignInCheck, checked};
use crate::people::user::{User, no_user};
use crate::people::user_password_reset::password_put;
use crate::people::{password, rows};
use tenantry_access::OwnPasswordChange;
use tenantry_core::{Caller, ObjectId, OpContext, Problem, Reason, Secret, TenantId};
use tenantry_db::{Db, audit};

/// Changes the caller's own password. Tokens and sessions from before count no more.
///
/// # Errors
/// `PasswordRefused` for a wrong current password (counted as at sign-in) and for a new one that breaks a rule or is
/// the old one; `Forbidden` for a caller that is no user, or acts in a tenant that is not its own.
pub async fn own_password_change(ctx: &OpContext, db: &Db, current: &Secret, new: &Secret) -> Result<(), Problem> {
    let (tenant, id) = own(ctx)?;
    let line = audit::open(ctx, db, "own-password-change", &id.to_string()).await?;
    let outcome = own_change(ctx, db, (tenant, id), current, new).await;
    line.close(ctx, db, outcome).await
}

async fn own_change(
    ctx: &OpContext,
    db: &Db,
    (tenant, id): (TenantId, ObjectId),
    current: &Secret,
    new: &Secret,
) -> Result<(), Problem> {
    may::<OwnPasswordChange>(ctx, tenant)?;
    exchange(ctx, db, (tenant, id), current, new).await.map(drop)
}

fn own(ctx: &OpContext) -> Result<(TenantId, ObjectId), Problem> {
    let refused = |message: &str| Err(Problem::new(Reason::Forbidden, message));
    match &ctx.caller {
        Caller::Nobody => Err(Problem::new(Reason::TokenMissing, "this needs a bearer token of a user; sign in first")),
        Caller::System(_) => refused("the platform has no password; reset a user's instead"),
        Caller::SignedIn(identity) => match &identity.user {
            None => refused("the caller is an application, which has no password; sign in as a user"),
            Some(user) if user.home != identity.tenant => {
                refused("a password is changed in the user's own tenant; get a token for that one")
            }
            Some(user) => Ok((user.home, identity.principal)),
        },
    }
}

/// Sets the password that is due at the first sign-in. The old one is the permission: nobody is signed in yet.
///
/// # Errors
/// `PasswordRefused` for a wrong old password and for a new one that breaks a rule or is the old one.
pub async fn first_password_set(
    ctx: &OpContext,
    db: &Db,
    user: &User,
    old: &Secret,
    new: &Secret,
) -> Result<User, Problem> {
    let line = audit::open(ctx, db, "first-password-set", &user.id.to_string()).await?;
    let outcome = exchange(ctx, db, (user.tenant, user.id), old, new).await;
    line.close(ctx, db, outcome).await
}

/// Puts a new password in the place of one that was shown.
async fn exchange(
    ctx: &OpContext,
    db: &Db,
    (tenant, id): (TenantId, ObjectId),
    old: &Secret,
    new: &Secret,
) -> Result<User, Problem> {
    let missing = || no_user(&id.to_string());
    let seat_taken = seat().await?;
    let found = rows::user::signing_in_by_id(&mut db.reader().await?, tenant, id).await?.ok_or_else(missing)?;
    let shown = found.password.clone();
    let user = match checked(ctx, db, &seat_taken, found, old).await? {
        SignInCheck::Good(user) => user,
        SignInCheck::Wrong => return Err(password::refused("shown as the current one is wrong")),
        SignInCheck::Locked { until } => {
            return Err(password::refused(&format!("was wrong too often; try again after {until}")));
        }
        SignInCheck::Disabled | SignInCheck::Unknown => {
            return Err(Problem::new(Reason::Forbidden, "this user may not sign in; ask an administrator"));
        }
    };
    // The seat is needed again for the new one.
    drop(seat_taken);
    if old == new {
        return Err(password::refused("is the one in use; choose another"));
    }
    password_put(ctx, db, (&user, &shown), new).await
}
