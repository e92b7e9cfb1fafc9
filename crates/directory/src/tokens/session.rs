//! A browser in which somebody is signed in: a cookie with 256 random bits, of which the SHA-256 is kept.
//!
//! A session ends with sign-out, after [`SESSION_SECONDS`], and with whatever ends refresh tokens: a new password,
//! revoked sign-ins, a user that is switched off or deleted.

use super::OauthRefusal;
use super::person::SignedInBy;
use super::rows::session::{self as rows, Stage};
use crate::applications::secret;
use crate::people::User;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use std::fmt;
use tenantry_core::{ObjectId, OpContext, Problem, Secret, TenantId, Timestamp};
use tenantry_db::{Db, Tx, audit};

/// How long a session lasts: a working day with its evening.
pub const SESSION_SECONDS: i64 = 16 * 3_600;

/// Somebody signed in at the sign-in page.
#[derive(Clone, PartialEq, Eq)]
pub struct Session {
    /// The user.
    pub user: ObjectId,
    /// The user's tenant.
    pub home: TenantId,
    /// The user principal name.
    pub name: String,
    /// The name people read.
    pub display_name: String,
    /// Whether a second factor was shown.
    pub second_factor: bool,
    /// When.
    pub signed_in_at: Timestamp,
    /// When it ends by itself.
    pub expires_at: Timestamp,
    pub(crate) by: SignedInBy,
    form_token: String,
}

impl Session {
    /// What forms of the sign-in pages carry, so that another site cannot send them: only who knows the cookie knows
    /// it.
    #[must_use]
    pub fn form_token(&self) -> &str {
        &self.form_token
    }

    /// Whether a form that carries this came from a page of this session.
    #[must_use]
    pub fn is_form_of(&self, sent: &str) -> bool {
        secret::same(&self.form_token, sent)
    }

    fn new(user: &User, by: SignedInBy, expires_at: Timestamp, cookie: &Secret) -> Self {
        Self {
            user: user.id,
            home: user.tenant,
            name: user.name.clone(),
            display_name: user.profile.display_name.clone(),
            second_factor: by.second_factor,
            signed_in_at: by.signed_in_at,
            expires_at,
            by,
            form_token: form_token(cookie),
        }
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Session({} of {}, until {})", self.user, self.home, self.expires_at)
    }
}

/// A session that has just begun.
#[derive(Debug)]
pub struct NewSession {
    /// What the browser keeps.
    pub cookie: Secret,
    /// Who is signed in.
    pub session: Session,
}

fn form_token(cookie: &Secret) -> String {
    let mut hash = Sha256::new();
    hash.update("form\n");
    hash.update(cookie.reveal());
    URL_SAFE_NO_PAD.encode(hash.finalize())
}

/// Begins a session.
pub(crate) async fn begin(
    ctx: &OpContext,
    tx: &mut Tx,
    user: &User,
    second_factor: bool,
) -> Result<NewSession, Problem> {
    let cookie = secret::draw(&ctx.chance);
    let by = SignedInBy::new(user, second_factor, ctx.now());
    let until = ctx.now().plus_seconds(SESSION_SECONDS);
    rows::insert(tx, &secret::digest(&cookie), Stage::Open, &by, (ctx.now(), until)).await?;
    let session = Session::new(user, by, until, &cookie);
    Ok(NewSession { cookie, session })
}

/// The session of a cookie; `None` if it is over.
///
/// # Errors
/// Those of the database.
pub async fn session_find(ctx: &OpContext, db: &Db, cookie: &Secret) -> Result<Option<Session>, Problem> {
    let mut reader = db.reader().await?;
    let found = rows::find(&mut reader, &secret::digest(cookie), Stage::Open, ctx.now()).await?;
    let Some((by, expires_at)) = found else { return Ok(None) };
    match by.user(&mut reader).await {
        Ok(user) => Ok(Some(Session::new(&user, by, expires_at, cookie))),
        Err(OauthRefusal::Failed(problem)) => Err(problem),
        Err(_) => Ok(None),
    }
}

/// Signs out. A session that is over already is no error.
///
/// # Errors
/// Those of the database.
pub async fn session_end(ctx: &OpContext, db: &Db, cookie: &Secret) -> Result<(), Problem> {
    let Some(session) = session_find(ctx, db, cookie).await? else { return Ok(()) };
    let line = audit::open(ctx, db, "sign-out", &session.user.to_string()).await?;
    let outcome = async {
        let mut tx = db.begin().await?;
        rows::delete(&mut tx, &secret::digest(cookie)).await?;
        tx.commit().await
    };
    line.close(ctx, db, outcome.await).await
}
