//! Authorization codes as rows.

use super::{OPEN_MOST, PRUNED, signed_in_by};
use crate::tokens::person::SignedInBy;
use crate::tokens::pkce::{Challenge, Method};
use crate::tokens::scope::Asked;
use tenantry_core::{AppId, Problem, TenantId, Timestamp};
use tenantry_db::{Connection, Row, Tx, sql};
use uuid::Uuid;

/// A code as stored.
#[derive(Debug, Clone)]
pub(crate) struct KeptCode {
    pub(crate) by: SignedInBy,
    /// The tenant the tokens are for.
    pub(crate) acted_in: TenantId,
    pub(crate) app: AppId,
    pub(crate) redirect_uri: String,
    pub(crate) asked: Asked,
    pub(crate) nonce: Option<String>,
    pub(crate) challenge: Option<Challenge>,
    pub(crate) expires_at: Timestamp,
    pub(crate) redeemed_at: Option<Timestamp>,
    /// The refresh tokens it gave.
    pub(crate) family: Option<Uuid>,
}

pub(crate) async fn insert(tx: &mut Tx, digest: &str, code: &KeptCode, at: Timestamp) -> Result<(), Problem> {
    sql("DELETE FROM authorization_code WHERE digest IN \
         (SELECT digest FROM authorization_code WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)")
    .bind(at)
    .bind(PRUNED)
    .run(tx)
    .await?;
    // Those that were redeemed go first: they are kept only to be recognised when they come again.
    sql("DELETE FROM authorization_code WHERE tenant = $1 AND user_id = $2 AND digest NOT IN \
         (SELECT digest FROM authorization_code WHERE tenant = $1 AND user_id = $2 \
         ORDER BY CASE WHEN redeemed_at IS NULL THEN 0 ELSE 1 END, created_at DESC, digest LIMIT $3)")
    .bind(code.by.home)
    .bind(code.by.user)
    .bind(OPEN_MOST - 1)
    .run(tx)
    .await?;
    let asked = serde_json::to_string(&code.asked).map_err(Problem::internal)?;
    let (text, method) = code.challenge.as_ref().map(|c| (c.text.as_str(), c.method.name())).unzip();
    sql("INSERT INTO authorization_code (digest, tenant, acted_in, user_id, second_factor, signed_in_at, valid_from, \
         app, redirect_uri, asked, nonce, challenge, challenge_method, created_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)")
    .bind(digest)
    .bind(code.by.home)
    .bind(code.acted_in)
    .bind(code.by.user)
    .bind(code.by.second_factor)
    .bind(code.by.signed_in_at)
    .bind(code.by.valid_from)
    .bind(code.app)
    .bind(&code.redirect_uri)
    .bind(asked)
    .bind(code.nonce.as_deref())
    .bind(text)
    .bind(method)
    .bind(at)
    .bind(code.expires_at)
    .run(tx)
    .await?;
    Ok(())
}

fn kept(row: &Row) -> Result<KeptCode, Problem> {
    let method = |name: &str| Method::from_name(name).ok_or_else(|| format!("`{name}` is no challenge method"));
    let challenge = match row.maybe_text("challenge")? {
        Some(text) => Some(Challenge { text, method: row.parsed("challenge_method", method)? }),
        None => None,
    };
    Ok(KeptCode {
        by: signed_in_by(row)?,
        acted_in: row.parsed("acted_in", TenantId::parse)?,
        app: row.parsed("app", AppId::parse)?,
        redirect_uri: row.text("redirect_uri")?,
        asked: row.parsed("asked", |text| serde_json::from_str(text))?,
        nonce: row.maybe_text("nonce")?,
        challenge,
        expires_at: row.time("expires_at")?,
        redeemed_at: row.maybe_time("redeemed_at")?,
        family: row
            .maybe_text("family")?
            .map(|text| Uuid::try_parse(&text))
            .transpose()
            .map_err(|error| Problem::corrupt(format!("column family: {error}")))?,
    })
}

pub(crate) async fn find(on: &mut impl Connection, digest: &str) -> Result<Option<KeptCode>, Problem> {
    let row =
        sql("SELECT tenant, acted_in, user_id, second_factor, signed_in_at, valid_from, app, redirect_uri, asked, \
         nonce, challenge, challenge_method, expires_at, redeemed_at, family FROM authorization_code WHERE digest = $1")
        .bind(digest)
        .maybe(on)
        .await?;
    row.as_ref().map(kept).transpose()
}

/// `false` if somebody was faster.
pub(crate) async fn redeem(tx: &mut Tx, digest: &str, family: Option<Uuid>, at: Timestamp) -> Result<bool, Problem> {
    let changed =
        sql("UPDATE authorization_code SET redeemed_at = $2, family = $3 WHERE digest = $1 AND redeemed_at IS NULL")
            .bind(digest)
            .bind(at)
            .bind(family)
            .run(tx)
            .await?;
    Ok(changed == 1)
}
