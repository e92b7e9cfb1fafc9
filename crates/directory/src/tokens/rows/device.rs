//! Device codes as rows.

use super::PRUNED;
use crate::tokens::person::SignedInBy;
use crate::tokens::scope::Asked;
use tenantry_core::{AppId, ObjectId, Problem, TenantId, Timestamp};
use tenantry_db::{Connection, Row, Tx, sql};

/// What became of a device code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum State {
    /// Nobody has decided.
    Waiting,
    /// Somebody let the device in.
    Allowed(SignedInBy),
    /// Somebody did not.
    Refused,
    /// The device has its tokens.
    Redeemed,
}

/// A device code as stored.
#[derive(Debug, Clone)]
pub(crate) struct KeptDevice {
    pub(crate) digest: String,
    pub(crate) user_code: String,
    /// Where the application was registered.
    pub(crate) home: TenantId,
    /// The tenant the tokens are for; `None` for the user's own.
    pub(crate) asked_of: Option<TenantId>,
    pub(crate) app: AppId,
    pub(crate) asked: Asked,
    pub(crate) state: State,
    pub(crate) interval_seconds: i64,
    pub(crate) polled_at: Option<Timestamp>,
    pub(crate) expires_at: Timestamp,
}

const WAITING: &str = "waiting";
const ALLOWED: &str = "allowed";
const REFUSED: &str = "refused";
const REDEEMED: &str = "redeemed";

/// How many codes of the application wait for a decision.
pub(crate) async fn waiting(on: &mut impl Connection, app: AppId, now: Timestamp) -> Result<i64, Problem> {
    let row = sql("SELECT COUNT(*) AS waiting FROM device_code WHERE app = $1 AND state = $2 AND expires_at > $3")
        .bind(app)
        .bind(WAITING)
        .bind(now)
        .one(on)
        .await?;
    row.integer("waiting")
}

/// Keeps a new one. `false` if the user code is taken.
pub(crate) async fn insert(tx: &mut Tx, device: &KeptDevice, at: Timestamp) -> Result<bool, Problem> {
    sql("DELETE FROM device_code WHERE digest IN \
         (SELECT digest FROM device_code WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)")
    .bind(at)
    .bind(PRUNED)
    .run(tx)
    .await?;
    let asked = serde_json::to_string(&device.asked).map_err(Problem::internal)?;
    let changed = sql("INSERT INTO device_code (digest, user_code, tenant, asked_of, app, asked, state, \
         interval_seconds, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
         ON CONFLICT (user_code) DO NOTHING")
    .bind(&device.digest)
    .bind(&device.user_code)
    .bind(device.home)
    .bind(device.asked_of)
    .bind(device.app)
    .bind(asked)
    .bind(WAITING)
    .bind(device.interval_seconds)
    .bind(at)
    .bind(device.expires_at)
    .run(tx)
    .await?;
    Ok(changed == 1)
}

fn state(row: &Row) -> Result<State, Problem> {
    match row.text("state")?.as_str() {
        WAITING => Ok(State::Waiting),
        REFUSED => Ok(State::Refused),
        REDEEMED => Ok(State::Redeemed),
        ALLOWED => Ok(State::Allowed(SignedInBy {
            home: row.parsed("home", TenantId::parse)?,
            user: row.parsed("user_id", ObjectId::parse)?,
            second_factor: row.flag("second_factor")?,
            signed_in_at: row.time("signed_in_at")?,
            valid_from: row.time("valid_from")?,
        })),
        other => Err(Problem::corrupt(format!("`{other}` is no state of a device code"))),
    }
}

fn kept(row: &Row) -> Result<KeptDevice, Problem> {
    let asked_of = row.maybe_text("asked_of")?.map(|text| TenantId::parse(&text)).transpose();
    Ok(KeptDevice {
        digest: row.text("digest")?,
        user_code: row.text("user_code")?,
        home: row.parsed("tenant", TenantId::parse)?,
        asked_of: asked_of.map_err(|error| Problem::corrupt(error.to_string()))?,
        app: row.parsed("app", AppId::parse)?,
        asked: row.parsed("asked", |text| serde_json::from_str(text))?,
        state: state(row)?,
        interval_seconds: row.integer("interval_seconds")?,
        polled_at: row.maybe_time("polled_at")?,
        expires_at: row.time("expires_at")?,
    })
}

/// The columns of a device code.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT digest, user_code, tenant, asked_of, app, asked, state, home, user_id, second_factor, signed_in_at, ",
            "valid_from, interval_seconds, polled_at, expires_at FROM device_code ",
            $rest
        )
    };
}

pub(crate) async fn by_device(on: &mut impl Connection, digest: &str) -> Result<Option<KeptDevice>, Problem> {
    sql(select!("WHERE digest = $1")).bind(digest).maybe(on).await?.as_ref().map(kept).transpose()
}

pub(crate) async fn by_user(on: &mut impl Connection, user_code: &str) -> Result<Option<KeptDevice>, Problem> {
    sql(select!("WHERE user_code = $1")).bind(user_code).maybe(on).await?.as_ref().map(kept).transpose()
}

/// `false` if somebody decided before.
pub(crate) async fn decide(
    tx: &mut Tx,
    user_code: &str,
    allowed: Option<&SignedInBy>,
    now: Timestamp,
) -> Result<bool, Problem> {
    let changed = sql("UPDATE device_code SET state = $2, home = $3, user_id = $4, second_factor = $5, \
         signed_in_at = $6, valid_from = $7 WHERE user_code = $1 AND state = $8 AND expires_at > $9")
    .bind(user_code)
    .bind(if allowed.is_some() { ALLOWED } else { REFUSED })
    .bind(allowed.map(|by| by.home))
    .bind(allowed.map(|by| by.user))
    .bind(allowed.map(|by| i64::from(by.second_factor)))
    .bind(allowed.map(|by| by.signed_in_at))
    .bind(allowed.map(|by| by.valid_from))
    .bind(WAITING)
    .bind(now)
    .run(tx)
    .await?;
    Ok(changed == 1)
}

/// Notes a poll and the pace that holds from now on.
pub(crate) async fn polled(tx: &mut Tx, digest: &str, interval_seconds: i64, at: Timestamp) -> Result<(), Problem> {
    sql("UPDATE device_code SET polled_at = $2, interval_seconds = $3 WHERE digest = $1")
        .bind(digest)
        .bind(at)
        .bind(interval_seconds)
        .run(tx)
        .await?;
    Ok(())
}

/// `false` if somebody was faster.
pub(crate) async fn redeem(tx: &mut Tx, digest: &str) -> Result<bool, Problem> {
    let changed = sql("UPDATE device_code SET state = $2 WHERE digest = $1 AND state = $3")
        .bind(digest)
        .bind(REDEEMED)
        .bind(ALLOWED)
        .run(tx)
        .await?;
    Ok(changed == 1)
}
