//! Checking a name and a password. Says what is so; what a stranger may be told of it is the token service's choice.

use crate::people::lockout::Failures;
use crate::people::password_hash::{Seat, seat};
use crate::people::rows::{self, user::SigningIn};
use crate::people::text;
use crate::people::user::User;
use tenantry_core::{OpContext, Problem, Secret, TenantId, Timestamp};
use tenantry_db::{Db, audit};

/// What a name and a password came to.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "one is made per sign-in and taken apart at once")]
pub enum SignInCheck {
    /// Right. Whether the password must be changed now is told by [`User::password_change_due`], whether a second
    /// factor is needed by `second_factor_of`.
    Good(User),
    /// The password is wrong.
    Wrong,
    /// No user has the name, or not in this tenant.
    Unknown,
    /// The password is right, and the user may not sign in.
    Disabled,
    /// Too many wrong passwords; nothing is tried before this instant.
    Locked {
        /// The end of the lock, in world time.
        until: Timestamp,
    },
}

/// Checks a name and a password. With a tenant, only its users are known.
///
/// # Errors
/// `Throttled` if too many sign in at this moment; those of the database.
pub async fn sign_in_check(
    ctx: &OpContext,
    db: &Db,
    tenant: Option<TenantId>,
    name: &str,
    password: &Secret,
) -> Result<SignInCheck, Problem> {
    let seat = seat().await?;
    let key = name.trim().to_ascii_lowercase();
    let found = rows::user::signing_in_by_name(&mut db.reader().await?, &key).await?;
    let found = found.filter(|found| tenant.is_none_or(|tenant| found.user.tenant == tenant));
    let Some(found) = found else {
        seat.pretend(password).await?;
        return Ok(SignInCheck::Unknown);
    };
    checked(ctx, db, &seat, found, password).await
}

/// The same for a user that is known. The seat was taken before the user was looked up.
pub(crate) async fn checked(
    ctx: &OpContext,
    db: &Db,
    seat: &Seat,
    found: SigningIn,
    password: &Secret,
) -> Result<SignInCheck, Problem> {
    if let Some(until) = found.failures.locked(ctx.now()) {
        return Ok(SignInCheck::Locked { until });
    }
    // No password is longer; a megabyte of one is not worth hashing.
    let plausible = password.reveal().len() <= 4 * 256;
    if !plausible || !seat.verify(password, &found.password).await? {
        failed(ctx, db, &found.user).await?;
        return Ok(SignInCheck::Wrong);
    }
    if found.failures != Failures::default() {
        let mut tx = db.begin().await?;
        rows::user::failures_update(&mut tx, (found.user.tenant, found.user.id), Failures::default()).await?;
        tx.commit().await?;
    }
    // Only after the password: a stranger does not learn who is switched off.
    if !found.user.enabled {
        return Ok(SignInCheck::Disabled);
    }
    Ok(SignInCheck::Good(found.user))
}

/// Counts a failure. The count is read again where it is written, so that none is lost between two.
async fn failed(ctx: &OpContext, db: &Db, user: &User) -> Result<(), Problem> {
    let mut tx = db.begin().await?;
    rows::lock(&mut tx, user.tenant).await?;
    let Some(present) = rows::user::signing_in_by_id(&mut tx, user.tenant, user.id).await? else { return Ok(()) };
    let failures = present.failures.and_one(ctx.now());
    rows::user::failures_update(&mut tx, (user.tenant, user.id), failures).await?;
    tx.commit().await?;
    if failures.locked_until.is_none() {
        return Ok(());
    }
    // A lock is something an operator asks about later; single typing errors are not.
    audit::open(ctx, db, "user-lock-out", &text::shown(&user.name)).await?.close(ctx, db, Ok(())).await
}
