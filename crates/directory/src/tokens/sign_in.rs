//! Signing in at the page: name and password, a second factor if there is one, a new password if one is due.
//!
//! ```text
//! sign_in -> Done
//!         -> NewPassword -> sign_in with the new one -> Done
//!         -> SecondFactor -> sign_in_second -> Done
//!                                           -> NewPassword with a ticket -> sign_in with both -> Done
//! ```
//!
//! In this order: a password that somebody stole must not be good for setting another one as long as there is a second
//! factor to stop the thief. The ticket proves that it was shown; the new password still needs the old one beside it.
//!
//! A stranger learns nothing about who is here: a wrong name and a wrong password are answered alike, and take as long
//! (`people::sign_in_check`). That a user is locked out is told, because the owner must know; it is counted per name that
//! exists, so it does tell that much to somebody who tries ten times.

use super::OauthRefusal;
use super::person::SignedInBy;
use super::rows::session::{self as rows, Stage};
use super::session::{self, NewSession};
use crate::applications::secret;
use crate::people::{SignInCheck, User, first_password_set, second_factor_check, second_factor_of, sign_in_check};
use tenantry_core::{OpContext, Problem, Reason, Secret, TenantId};
use tenantry_db::{Db, Tx, audit};

/// How long somebody may look for the authenticator, and how often a code may be wrong.
const TICKET_SECONDS: i64 = 600;
const TICKET_TRIES: i64 = 5;

/// What somebody typed.
#[derive(Debug, Clone, Copy)]
pub struct SignInAttempt<'a> {
    /// Whose users are known; `None` for everybody's. A partner's users sign in at their customers' pages too, so a
    /// page for one tenant still asks with `None`.
    pub tenant: Option<TenantId>,
    /// The user principal name.
    pub name: &'a str,
    /// The password.
    pub password: &'a Secret,
    /// The new password, once that was asked for.
    pub new_password: Option<&'a Secret>,
    /// What came with [`SignInStep::NewPassword`].
    pub ticket: Option<&'a Secret>,
}

/// What comes next.
#[derive(Debug)]
pub enum SignInStep {
    /// Signed in.
    Done(NewSession),
    /// The password is good and must be changed: ask for both and come again with the new one too.
    NewPassword {
        /// Stands for the second factor, if there is one: come again with it.
        ticket: Option<Secret>,
    },
    /// The password is good: ask for a code and go on with [`sign_in_second`].
    SecondFactor {
        /// Stands for the name and the password.
        ticket: Secret,
    },
}

/// Signs in with a name and a password.
///
/// # Errors
/// `PasswordWrong`, also for a name that nobody has; `UserLocked`; `UserDisabled`; `NewPasswordRefused`.
pub async fn sign_in(ctx: &OpContext, db: &Db, attempt: &SignInAttempt<'_>) -> Result<SignInStep, OauthRefusal> {
    let SignInAttempt { tenant, name, password, new_password, ticket } = *attempt;
    let mut user = checked(sign_in_check(ctx, db, tenant, name, password).await?)?;
    let mut proven = None;
    if second_factor_of(db, &user).await? {
        proven = proof(ctx, db, &user, ticket).await?;
        if proven.is_none() {
            let mut tx = db.begin().await?;
            let ticket = ticket_begin(ctx, &mut tx, &user, Stage::Ticket).await?;
            tx.commit().await?;
            return Ok(SignInStep::SecondFactor { ticket });
        }
    }
    if user.password_change_due {
        let Some(new) = new_password.filter(|new| !new.reveal().is_empty()) else {
            return Ok(SignInStep::NewPassword { ticket: ticket.filter(|_| proven.is_some()).cloned() });
        };
        user = first_password_set(ctx, db, &user, password, new).await.map_err(new_password_refused)?;
    }
    Ok(SignInStep::Done(opened(ctx, db, &user, proven.as_deref()).await?))
}

/// The digest of a ticket that proves that this user has shown the second factor.
async fn proof(ctx: &OpContext, db: &Db, user: &User, ticket: Option<&Secret>) -> Result<Option<String>, OauthRefusal> {
    let Some(digest) = ticket.map(secret::digest) else { return Ok(None) };
    let mut reader = db.reader().await?;
    let Some((by, _)) = rows::find(&mut reader, &digest, Stage::Proven, ctx.now()).await? else { return Ok(None) };
    let found = by.user(&mut reader).await?;
    Ok((found.id == user.id && found.tenant == user.tenant).then_some(digest))
}

/// A ticket of a sign-in that is not finished.
async fn ticket_begin(ctx: &OpContext, tx: &mut Tx, user: &User, stage: Stage) -> Result<Secret, Problem> {
    let ticket = secret::draw(&ctx.chance);
    let by = SignedInBy::new(user, stage == Stage::Proven, ctx.now());
    let until = ctx.now().plus_seconds(TICKET_SECONDS);
    rows::insert(tx, &secret::digest(&ticket), stage, &by, (ctx.now(), until)).await?;
    Ok(ticket)
}

/// Goes on with a code of the second factor. A wrong one can be tried again with the same ticket.
///
/// # Errors
/// `SecondFactorWrong`; `SignInOver` if it took too long or was tried too often.
pub async fn sign_in_second(ctx: &OpContext, db: &Db, ticket: &Secret, code: &str) -> Result<SignInStep, OauthRefusal> {
    let digest = secret::digest(ticket);
    let found = rows::find(&mut db.reader().await?, &digest, Stage::Ticket, ctx.now()).await?;
    let (by, _) = found.ok_or(OauthRefusal::SignInOver)?;
    let user = by.user(&mut db.reader().await?).await?;
    // Counted before it is tried, so that many at once are not more tries.
    let mut tx = db.begin().await?;
    let counted = rows::try_once(&mut tx, &digest, TICKET_TRIES, ctx.now()).await?;
    tx.commit().await?;
    if !counted {
        return Err(OauthRefusal::SignInOver);
    }
    if !second_factor_check(ctx, db, &user, code).await? {
        return Err(OauthRefusal::SecondFactorWrong);
    }
    if !user.password_change_due {
        return Ok(SignInStep::Done(opened(ctx, db, &user, Some(&digest)).await?));
    }
    let mut tx = db.begin().await?;
    if !rows::delete(&mut tx, &digest).await? {
        return Err(OauthRefusal::SignInOver);
    }
    let ticket = ticket_begin(ctx, &mut tx, &user, Stage::Proven).await?;
    tx.commit().await?;
    Ok(SignInStep::NewPassword { ticket: Some(ticket) })
}

/// What a check of name and password means for whoever asked.
pub(crate) fn checked(check: SignInCheck) -> Result<User, OauthRefusal> {
    match check {
        SignInCheck::Good(user) => Ok(user),
        SignInCheck::Wrong | SignInCheck::Unknown => Err(OauthRefusal::PasswordWrong),
        SignInCheck::Disabled => Err(OauthRefusal::UserDisabled),
        SignInCheck::Locked { until } => Err(OauthRefusal::UserLocked { until }),
    }
}

fn new_password_refused(problem: Problem) -> OauthRefusal {
    match problem.reason() {
        Reason::PasswordRefused => OauthRefusal::NewPasswordRefused { why: problem.message().to_owned() },
        _ => OauthRefusal::Failed(problem),
    }
}

/// Begins the session. With a ticket it is begun once: the ticket goes in the same transaction.
async fn opened(ctx: &OpContext, db: &Db, user: &User, ticket: Option<&str>) -> Result<NewSession, OauthRefusal> {
    let line = audit::open(ctx, db, "sign-in", &user.id.to_string()).await?;
    let outcome = async {
        let mut tx = db.begin().await?;
        if let Some(ticket) = ticket
            && !rows::delete(&mut tx, ticket).await?
        {
            return Ok(None);
        }
        let begun = session::begin(ctx, &mut tx, user, ticket.is_some()).await?;
        tx.commit().await?;
        Ok(Some(begun))
    };
    let begun = line.close(ctx, db, outcome.await).await?;
    begun.ok_or(OauthRefusal::SignInOver)
}
