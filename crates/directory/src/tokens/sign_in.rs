//! Signing in at the page: name and password, a new password if one is due, a second factor if there is one.
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
use tenantry_db::{Db, audit};

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
}

/// What comes next.
#[derive(Debug)]
pub enum SignInStep {
    /// Signed in.
    Done(NewSession),
    /// The password is good and must be changed: ask for both and come again with the new one too.
    NewPassword,
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
    let SignInAttempt { tenant, name, password, new_password } = *attempt;
    let mut user = checked(sign_in_check(ctx, db, tenant, name, password).await?)?;
    if user.password_change_due {
        let Some(new) = new_password.filter(|new| !new.reveal().is_empty()) else { return Ok(SignInStep::NewPassword) };
        user = first_password_set(ctx, db, &user, password, new).await.map_err(new_password_refused)?;
    }
    if !second_factor_of(db, &user).await? {
        return Ok(SignInStep::Done(opened(ctx, db, &user, None).await?));
    }
    let ticket = secret::draw(&ctx.chance);
    let by = SignedInBy::new(&user, false, ctx.now());
    let until = ctx.now().plus_seconds(TICKET_SECONDS);
    let mut tx = db.begin().await?;
    rows::insert(&mut tx, &secret::digest(&ticket), Stage::Ticket, &by, (ctx.now(), until)).await?;
    tx.commit().await?;
    Ok(SignInStep::SecondFactor { ticket })
}

/// Goes on with a code of the second factor. A wrong one can be tried again with the same ticket.
///
/// # Errors
/// `SecondFactorWrong`; `SignInOver` if it took too long or was tried too often.
pub async fn sign_in_second(ctx: &OpContext, db: &Db, ticket: &Secret, code: &str) -> Result<NewSession, OauthRefusal> {
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
    opened(ctx, db, &user, Some(&digest)).await
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
