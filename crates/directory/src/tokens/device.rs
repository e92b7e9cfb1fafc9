//! Letting a device in: it shows a short code, somebody types that at the sign-in page and decides.
//!
//! The short code has eight letters of twenty (no vowels, so no words): 25 thousand million of them, and it lives for
//! a quarter of an hour. Guessing one gains nothing but letting a stranger's device in with one's own account.
//!
//! Source: RFC 8628; directory.md 1.8 (answer).

use super::authorization::{Authorization, Purpose};
use super::authorize::{application, publisher};
use super::consent::acting_context;
use super::granted;
use super::person::acting;
use super::rows::OPEN_MOST;
use super::rows::device::{self as rows, KeptDevice, State};
use super::scope::Asked;
use super::session::Session;
use super::{Endpoint, Keys, OauthRefusal, client};
use crate::applications::secret;
use tenantry_core::{Chance, OpContext, Problem, Secret};
use tenantry_db::{Db, audit};

const LIFE_SECONDS: i64 = 900;
const INTERVAL_SECONDS: i64 = 5;
const LETTERS: &[u8; 20] = b"BCDFGHJKLMNPQRSTVWXZ";
const LENGTH: usize = 8;
/// How often another user code is drawn if the first is in use, which never happens by chance.
const TRIES: usize = 8;

/// The fields of a device request, as sent.
#[derive(Debug, Clone, Copy)]
pub struct DeviceRequest<'a> {
    /// The endpoint.
    pub endpoint: Endpoint,
    /// The tenant of the path.
    pub tenant: &'a str,
    /// The application.
    pub client_id: Option<&'a str>,
    /// What for, at the version 2 endpoint.
    pub scope: Option<&'a str>,
    /// What for, at the version 1 endpoint.
    pub resource: Option<&'a str>,
}

/// What a device is told.
#[derive(Debug)]
pub struct DeviceStart {
    /// What it shows.
    pub user_code: String,
    /// What it asks with.
    pub device_code: Secret,
    /// Where the person goes.
    pub verification_uri: String,
    /// Seconds it has.
    pub expires_in: i64,
    /// Seconds between two questions.
    pub interval: i64,
    /// A sentence to show.
    pub message: String,
}

/// Begins.
///
/// # Errors
/// Unknown tenant, application or resource; a scope of the wrong form; `DevicesTooMany` while 1,000 codes of the
/// application wait for a decision.
pub async fn device_start(
    ctx: &OpContext,
    db: &Db,
    keys: &Keys,
    request: &DeviceRequest<'_>,
) -> Result<DeviceStart, OauthRefusal> {
    let (asked_of, application) = application(ctx, db, keys, request.tenant, request.client_id).await?;
    let asked = Asked::read(request.endpoint, request.resource, request.scope)?;
    let mut reader = db.reader().await?;
    granted::target(&mut reader, keys, asked.resource.as_deref(), request.tenant).await?;
    // Not counted to the last one: of some that come at once each may find the last place free.
    if rows::waiting(&mut reader, application.app, ctx.now()).await? >= OPEN_MOST {
        return Err(OauthRefusal::DevicesTooMany { app: application.app.to_string() });
    }
    drop(reader);
    let code = secret::draw(&ctx.chance);
    let mut device = KeptDevice {
        digest: secret::digest(&code),
        user_code: String::new(),
        home: application.tenant,
        asked_of,
        app: application.app,
        asked,
        state: State::Waiting,
        interval_seconds: INTERVAL_SECONDS,
        polled_at: None,
        expires_at: ctx.now().plus_seconds(LIFE_SECONDS),
    };
    for _ in 0..TRIES {
        device.user_code = draw(&ctx.chance);
        let mut tx = db.begin().await?;
        if rows::insert(&mut tx, &device, ctx.now()).await? {
            tx.commit().await?;
            return Ok(started(keys, device.user_code, code));
        }
    }
    Err(OauthRefusal::Failed(Problem::internal("no user code was free")))
}

fn started(keys: &Keys, user_code: String, device_code: Secret) -> DeviceStart {
    let verification_uri = format!("{}/common/oauth2/deviceauth", keys.origin());
    let message = format!(
        "To sign in, use a web browser to open the page {verification_uri} and enter the code {user_code} to \
         authenticate."
    );
    let (expires_in, interval) = (LIFE_SECONDS, INTERVAL_SECONDS);
    DeviceStart { user_code, device_code, verification_uri, expires_in, interval, message }
}

fn draw(chance: &Chance) -> String {
    let letter = |_| usize::try_from(chance.below(20)).ok().and_then(|at| LETTERS.get(at)).copied().unwrap_or(b'B');
    (0..LENGTH).map(letter).map(char::from).collect()
}

/// The code as kept, however it was typed.
fn typed(user_code: &str) -> String {
    user_code.chars().filter(char::is_ascii_alphanumeric).take(64).collect::<String>().to_ascii_uppercase()
}

/// What the device with this code asks for.
///
/// # Errors
/// `DeviceUnknown` for a code that is wrong, too old or decided already.
pub async fn device_find(
    ctx: &OpContext,
    db: &Db,
    keys: &Keys,
    user_code: &str,
) -> Result<Authorization, OauthRefusal> {
    let user_code = typed(user_code);
    let kept = rows::by_user(&mut db.reader().await?, &user_code).await?;
    let kept = kept.filter(|kept| kept.state == State::Waiting && ctx.now() < kept.expires_at);
    let kept = kept.ok_or(OauthRefusal::DeviceUnknown)?;
    let known = client::known(ctx, db, keys, kept.asked_of, kept.app).await?.ok_or(OauthRefusal::DeviceUnknown)?;
    Ok(Authorization {
        endpoint: if kept.asked.classic { Endpoint::V1 } else { Endpoint::V2 },
        asked_of: kept.asked_of,
        tenant_text: kept.asked_of.map_or_else(|| "common".to_owned(), |tenant| tenant.to_string()),
        publisher: publisher(db, &known.application).await?,
        application: known.application.clone(),
        asked: kept.asked,
        prompts: Vec::new(),
        for_everybody: false,
        login_hint: None,
        purpose: Purpose::Device,
    })
}

/// Lets the device in, or not.
///
/// # Errors
/// `DeviceUnknown` if the code is no longer good, or somebody decided before; `UserUnknown` if the person has no place
/// in the tenant the device asks for.
pub async fn device_decide(
    ctx: &OpContext,
    db: &Db,
    keys: &Keys,
    user_code: &str,
    session: &Session,
    let_in: bool,
) -> Result<(), OauthRefusal> {
    let authorization = device_find(ctx, db, keys, user_code).await?;
    let tenant = authorization.asked_of.unwrap_or(session.home);
    let mut reader = db.reader().await?;
    session.by.user(&mut reader).await?;
    let place = acting(&mut reader, (session.home, session.user), tenant, ctx.now()).await?;
    drop(reader);
    let place = place.ok_or_else(|| OauthRefusal::UserUnknown {
        user: session.name.clone(),
        tenant: authorization.tenant_text.clone(),
    })?;
    let as_user = acting_context(ctx, session, &place);
    let line = audit::open(&as_user, db, "device-decide", &authorization.app().to_string()).await?;
    let outcome = async {
        let mut tx = db.begin().await?;
        let decided = rows::decide(&mut tx, &typed(user_code), let_in.then_some(&session.by), ctx.now()).await?;
        tx.commit().await?;
        Ok(decided)
    };
    let decided = line.close(&as_user, db, outcome.await).await?;
    if decided { Ok(()) } else { Err(OauthRefusal::DeviceUnknown) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_codes_are_read_however_they_are_typed() {
        let code = draw(&Chance::from_seed(1));
        assert_eq!((code.len(), code.bytes().all(|b| LETTERS.contains(&b))), (LENGTH, true));
        let spread = format!(" {}-{} ", &code[..4], code[4..].to_lowercase());
        assert_eq!(typed(&spread), code);
    }
}
