//! Signing keys as rows.

use tenantry_core::{Problem, Timestamp};
use tenantry_db::{Connection, Row, Tx, sql};

/// A signing key as stored.
pub(crate) struct KeptKey {
    pub(crate) kid: String,
    pub(crate) private_key: Vec<u8>,
    pub(crate) certificate: Vec<u8>,
    /// When it stops verifying; `None` for the one that signs.
    pub(crate) retires_at: Option<Timestamp>,
}

/// The one that signs, then the newest first. Not by age alone: a clock that stands still makes keys of one age.
pub(crate) async fn all(on: &mut impl Connection) -> Result<Vec<KeptKey>, Problem> {
    let rows = sql("SELECT kid, private_key, certificate, retires_at FROM signing_key \
         ORDER BY CASE WHEN retires_at IS NULL THEN 0 ELSE 1 END, created_at DESC, kid")
    .all(on)
    .await?;
    let kept = |row: &Row| {
        Ok(KeptKey {
            kid: row.text("kid")?,
            private_key: row.bytes("private_key")?,
            certificate: row.bytes("certificate")?,
            retires_at: row.maybe_time("retires_at")?,
        })
    };
    rows.iter().map(kept).collect()
}

/// Whether there is a key of this name.
pub(crate) async fn is_there(on: &mut impl Connection, kid: &str) -> Result<bool, Problem> {
    let row = sql("SELECT kid FROM signing_key WHERE kid = $1").bind(kid).maybe(on).await?;
    Ok(row.is_some())
}

pub(crate) async fn insert(tx: &mut Tx, key: &KeptKey, at: Timestamp) -> Result<(), Problem> {
    sql("INSERT INTO signing_key (kid, private_key, certificate, created_at) VALUES ($1, $2, $3, $4)")
        .bind(&key.kid)
        .bind(key.private_key.as_slice())
        .bind(key.certificate.as_slice())
        .bind(at)
        .run(tx)
        .await?;
    Ok(())
}

/// Says when the keys that sign stop verifying.
pub(crate) async fn retire(tx: &mut Tx, at: Timestamp) -> Result<(), Problem> {
    sql("UPDATE signing_key SET retires_at = $1 WHERE retires_at IS NULL").bind(at).run(tx).await?;
    Ok(())
}

pub(crate) async fn delete_retired(tx: &mut Tx, now: Timestamp) -> Result<(), Problem> {
    sql("DELETE FROM signing_key WHERE retires_at <= $1").bind(now).run(tx).await?;
    Ok(())
}
