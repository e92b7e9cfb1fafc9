//! The second factor of a user: codes of an authenticator. Optional for each user; who has one must show it at every
//! sign-in.
//!
//! Whoever has one shows it before it is taken off or replaced, and what was signed in without it ends when it comes
//! into force: a session that somebody got with the password alone is worth nothing from then on.
//!
//! The secret is kept as it is, not hashed: codes are computed from it. Whoever reads the database can make codes, but
//! still lacks the password.

use crate::people::guard::{is_self, may, may_touch_holder_of_roles};
use crate::people::rows::second_factor::Kept;
use crate::people::user::User;
use crate::people::{rows, totp, user_find};
use tenantry_access::{OwnPasswordChange, PasswordReset};
use tenantry_core::{Caller, ObjectId, OpContext, Problem, Reason, Secret, TenantId};
use tenantry_db::{Db, audit};

/// A second factor that waits for its first code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecondFactorStart {
    /// The secret in base32, for people who type it.
    pub secret: Secret,
    /// The `otpauth` address, for a picture that authenticators read.
    pub address: Secret,
}

/// Begins setting up a second factor for oneself. Nothing changes before `second_factor_confirm`.
///
/// # Errors
/// `Forbidden` for anybody but the user and the platform, and for a user who has one and signed in without it.
pub async fn second_factor_begin(ctx: &OpContext, db: &Db, user: &User) -> Result<SecondFactorStart, Problem> {
    let line = audit::open(ctx, db, "second-factor-begin", &user.id.to_string()).await?;
    let outcome = begin(ctx, db, user).await;
    line.close(ctx, db, outcome).await
}

async fn begin(ctx: &OpContext, db: &Db, user: &User) -> Result<SecondFactorStart, Problem> {
    may_own(ctx, user)?;
    let secret: [u8; totp::SECRET_BYTES] = ctx.chance.bytes();
    let mut tx = db.begin().await?;
    rows::lock(&mut tx, user.tenant).await?;
    let present = user_find::present(&mut tx, user.tenant, user.id).await?;
    let kept = rows::second_factor::get(&mut tx, user.tenant, user.id).await?;
    has_shown_it(ctx, user.tenant, user.id, &kept)?;
    let tenant = crate::rows::tenant_by_id(&mut tx, user.tenant).await?;
    rows::second_factor::pending_put(&mut tx, (user.tenant, user.id), &secret, ctx.now()).await?;
    tx.commit().await?;
    let issuer = tenant.map_or_else(|| "Tenantry".to_owned(), |tenant| tenant.name);
    Ok(SecondFactorStart { secret: totp::typed(&secret), address: totp::address(&issuer, &present.name, &secret) })
}

/// Puts the begun second factor in force, if the code is one of its. Earlier sign-ins end: they were without it.
///
/// # Errors
/// `InvalidField` on `code` for a wrong code, or if nothing was begun; `Forbidden` as [`second_factor_begin`].
pub async fn second_factor_confirm(ctx: &OpContext, db: &Db, user: &User, code: &str) -> Result<(), Problem> {
    let line = audit::open(ctx, db, "second-factor-confirm", &user.id.to_string()).await?;
    let outcome = confirm(ctx, db, user, code).await;
    line.close(ctx, db, outcome).await
}

async fn confirm(ctx: &OpContext, db: &Db, user: &User, code: &str) -> Result<(), Problem> {
    may_own(ctx, user)?;
    let mut tx = db.begin().await?;
    rows::lock(&mut tx, user.tenant).await?;
    let present = user_find::present(&mut tx, user.tenant, user.id).await?;
    let kept = rows::second_factor::get(&mut tx, user.tenant, user.id).await?;
    has_shown_it(ctx, user.tenant, user.id, &kept)?;
    let Some(pending) = kept.pending else {
        return Err(Problem::invalid("code", "no authenticator waits for its first code; begin again"));
    };
    let Some(step) = totp::step_of(&pending, code, ctx.now(), 0) else {
        let message = "the code is not the one the authenticator shows now; check its clock and type the next one";
        return Err(Problem::invalid("code", message));
    };
    rows::second_factor::confirm(&mut tx, user.tenant, user.id, step).await?;
    rows::user::sign_ins_end(&mut tx, (user.tenant, user.id), present.ended(ctx.now())).await?;
    tx.changes_access();
    tx.commit().await
}

/// Takes the second factor away: one's own, or as an administrator who may reset the user's password. One that is not
/// there is no error.
///
/// # Errors
/// `Forbidden`, also for a user who signed in without it; `UserNotFound`.
pub async fn second_factor_remove(ctx: &OpContext, db: &Db, tenant: TenantId, id: ObjectId) -> Result<(), Problem> {
    let line = audit::open(ctx, db, "second-factor-remove", &id.to_string()).await?;
    let outcome = remove(ctx, db, tenant, id).await;
    line.close(ctx, db, outcome).await
}

async fn remove(ctx: &OpContext, db: &Db, tenant: TenantId, id: ObjectId) -> Result<(), Problem> {
    let own = is_self(ctx, tenant, id);
    if own {
        may::<OwnPasswordChange>(ctx, tenant)?
    } else {
        may::<PasswordReset>(ctx, tenant)?
    }
    let mut tx = db.begin().await?;
    // Nobody gets a role between the question and what follows from it.
    rows::lock(&mut tx, tenant).await?;
    if !own {
        may_touch_holder_of_roles(ctx, &mut tx, tenant, id).await?;
    }
    user_find::present(&mut tx, tenant, id).await?;
    has_shown_it(ctx, tenant, id, &rows::second_factor::get(&mut tx, tenant, id).await?)?;
    rows::second_factor::delete(&mut tx, tenant, id).await?;
    tx.changes_access();
    tx.commit().await
}

/// Whether the user has one in force.
///
/// # Errors
/// Those of the database.
pub async fn second_factor_of(db: &Db, user: &User) -> Result<bool, Problem> {
    Ok(rows::second_factor::get(&mut db.reader().await?, user.tenant, user.id).await?.secret.is_some())
}

/// Whether the code is good now. A good one is used up. Wrong ones are counted like wrong passwords, and during a lock
/// no code is good. Asked at sign-in, when nobody is signed in yet, so no permission is.
///
/// # Errors
/// Those of the database.
pub async fn second_factor_check(ctx: &OpContext, db: &Db, user: &User, code: &str) -> Result<bool, Problem> {
    let mut tx = db.begin().await?;
    rows::lock(&mut tx, user.tenant).await?;
    let kept = rows::second_factor::get(&mut tx, user.tenant, user.id).await?;
    let Some(secret) = kept.secret else { return Ok(false) };
    if kept.failures.locked(ctx.now()).is_some() {
        return Ok(false);
    }
    let good = match totp::step_of(&secret, code, ctx.now(), kept.last_step) {
        Some(step) => rows::second_factor::take(&mut tx, user.tenant, user.id, step).await?,
        None => false,
    };
    if !good {
        let failures = kept.failures.and_one(ctx.now());
        rows::second_factor::failures_update(&mut tx, (user.tenant, user.id), failures).await?;
    }
    tx.commit().await?;
    Ok(good)
}

/// Whether somebody who acts on their own second factor signed in with the one in force. A stolen password alone must
/// not take off what is there against stolen passwords.
fn has_shown_it(ctx: &OpContext, tenant: TenantId, id: ObjectId, kept: &Kept) -> Result<(), Problem> {
    let shown = match &ctx.caller {
        Caller::SignedIn(identity) => identity.user.as_ref().is_some_and(|user| user.second_factor),
        Caller::System(_) | Caller::Nobody => false,
    };
    if kept.secret.is_none() || shown || !is_self(ctx, tenant, id) {
        return Ok(());
    }
    let message = "the second factor in force was not shown at this sign-in; sign in with its code, or ask an \
                   administrator to take it off";
    Err(Problem::new(Reason::Forbidden, message))
}

fn may_own(ctx: &OpContext, user: &User) -> Result<(), Problem> {
    if is_self(ctx, user.tenant, user.id) {
        return may::<OwnPasswordChange>(ctx, user.tenant);
    }
    match ctx.caller {
        // The sign-in page acts for somebody who has just shown the password.
        Caller::System(_) => Ok(()),
        Caller::SignedIn(_) | Caller::Nobody => {
            Err(Problem::new(Reason::Forbidden, "a second factor is set up by the user itself; sign in as that user"))
        }
    }
}
