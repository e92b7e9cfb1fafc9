//! Refresh tokens and their families as rows.

use super::{PRUNED, signed_in_by};
use crate::tokens::family::{IDLE_SECONDS, Kept};
use crate::tokens::person::SignedInBy;
use crate::tokens::scope::Asked;
use tenantry_core::{AppId, Problem, Timestamp};
use tenantry_db::{Connection, Tx, sql};
use uuid::Uuid;

/// A refresh token as stored, with what its family knows.
#[derive(Debug, Clone)]
pub(crate) struct KeptToken {
    pub(crate) family: Uuid,
    pub(crate) app: AppId,
    pub(crate) by: SignedInBy,
    /// What it was given out with.
    pub(crate) asked: Asked,
    pub(crate) state: Kept,
}

/// Begins a family.
pub(crate) async fn family_insert(
    tx: &mut Tx,
    id: Uuid,
    (app, client_proven): (AppId, bool),
    by: &SignedInBy,
    at: Timestamp,
) -> Result<(), Problem> {
    // Tokens of a family end before it does, so those go first.
    sql("DELETE FROM refresh_token WHERE digest IN \
         (SELECT digest FROM refresh_token WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)")
    .bind(at)
    .bind(PRUNED)
    .run(tx)
    .await?;
    sql("DELETE FROM token_family WHERE id IN \
         (SELECT f.id FROM token_family f WHERE f.expires_at <= $1 \
          AND NOT EXISTS (SELECT 1 FROM refresh_token t WHERE t.family = f.id) ORDER BY f.expires_at LIMIT $2)")
    .bind(at)
    .bind(PRUNED)
    .run(tx)
    .await?;
    sql("INSERT INTO token_family (id, tenant, user_id, second_factor, signed_in_at, valid_from, app, \
         client_proven, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)")
    .bind(id)
    .bind(by.home)
    .bind(by.user)
    .bind(by.second_factor)
    .bind(by.signed_in_at)
    .bind(by.valid_from)
    .bind(app)
    .bind(client_proven)
    .bind(at)
    .bind(at.plus_seconds(IDLE_SECONDS))
    .run(tx)
    .await?;
    Ok(())
}

/// Adds a token to a family, which lives on with it.
pub(crate) async fn insert(
    tx: &mut Tx,
    digest: &str,
    (family, parent): (Uuid, Option<&str>),
    asked: &Asked,
    at: Timestamp,
) -> Result<(), Problem> {
    let until = at.plus_seconds(IDLE_SECONDS);
    let asked = serde_json::to_string(asked).map_err(Problem::internal)?;
    sql("INSERT INTO refresh_token (digest, family, parent, asked, created_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6)")
    .bind(digest)
    .bind(family)
    .bind(parent)
    .bind(asked)
    .bind(at)
    .bind(until)
    .run(tx)
    .await?;
    sql("UPDATE token_family SET expires_at = $2 WHERE id = $1").bind(family).bind(until).run(tx).await?;
    Ok(())
}

pub(crate) async fn find(on: &mut impl Connection, digest: &str) -> Result<Option<KeptToken>, Problem> {
    let row = sql("SELECT t.family, t.asked, t.expires_at, t.redeemed_at, f.tenant, f.user_id, f.second_factor, \
         f.signed_in_at, f.valid_from, f.app, f.client_proven, f.revoked_at, \
         CASE WHEN EXISTS (SELECT 1 FROM refresh_token s WHERE s.parent = t.digest AND s.redeemed_at IS NOT NULL) \
         THEN 1 ELSE 0 END AS successor_used, \
         CASE WHEN EXISTS (SELECT 1 FROM refresh_token s WHERE s.parent = t.parent AND s.digest <> t.digest \
         AND s.redeemed_at IS NOT NULL) THEN 1 ELSE 0 END AS sibling_used \
         FROM refresh_token t JOIN token_family f ON f.id = t.family WHERE t.digest = $1")
    .bind(digest)
    .maybe(on)
    .await?;
    row.map(|row| {
        Ok(KeptToken {
            family: row.parsed("family", Uuid::try_parse)?,
            app: row.parsed("app", AppId::parse)?,
            by: signed_in_by(&row)?,
            asked: row.parsed("asked", |text| serde_json::from_str(text))?,
            state: Kept {
                expires_at: row.time("expires_at")?,
                client_proven: row.flag("client_proven")?,
                redeemed_at: row.maybe_time("redeemed_at")?,
                successor_used: row.integer("successor_used")? != 0,
                sibling_used: row.integer("sibling_used")? != 0,
                family_revoked: row.maybe_time("revoked_at")?.is_some(),
            },
        })
    })
    .transpose()
}

/// Keeps others from redeeming a token of the family until this transaction ends: what two siblings are to each other
/// must not be asked by both before either is redeemed.
pub(crate) async fn lock(tx: &mut Tx, family: Uuid) -> Result<(), Problem> {
    sql("UPDATE token_family SET expires_at = expires_at WHERE id = $1").bind(family).run(tx).await?;
    Ok(())
}

/// Notes the redemption. The first one counts: it begins the grace. `false` if the family was revoked meanwhile.
pub(crate) async fn redeem(tx: &mut Tx, digest: &str, family: Uuid, at: Timestamp) -> Result<bool, Problem> {
    let changed = sql("UPDATE refresh_token SET redeemed_at = COALESCE(redeemed_at, $2) WHERE digest = $1 \
         AND EXISTS (SELECT 1 FROM token_family f WHERE f.id = $3 AND f.revoked_at IS NULL)")
    .bind(digest)
    .bind(at)
    .bind(family)
    .run(tx)
    .await?;
    Ok(changed == 1)
}

pub(crate) async fn revoke(tx: &mut Tx, family: Uuid, at: Timestamp) -> Result<(), Problem> {
    sql("UPDATE token_family SET revoked_at = COALESCE(revoked_at, $2) WHERE id = $1")
        .bind(family)
        .bind(at)
        .run(tx)
        .await?;
    Ok(())
}
