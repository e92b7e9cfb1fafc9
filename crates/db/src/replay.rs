//! Answers of writes, kept so that a repeated request gets the first answer and acts once.

use crate::{Db, sql};
use tenantry_core::{Problem, Reason, TenantId, Timestamp};

/// A kept answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// HTTP status.
    pub status: i64,
    /// Headers worth repeating, as `name: value` lines.
    pub headers: String,
    /// Body.
    pub body: Vec<u8>,
}

/// The answer kept under a key, if the same request (by fingerprint) was answered before.
///
/// The same key with another request is refused: one of the two would get the other's answer.
pub async fn find(db: &Db, tenant: TenantId, key: &str, fingerprint: &str) -> Result<Option<Kept>, Problem> {
    let mut reader = db.reader().await?;
    let row = sql("SELECT fingerprint, status, headers, body FROM replay WHERE tenant = $1 AND request_key = $2")
        .bind(tenant)
        .bind(key)
        .maybe(&mut reader)
        .await?;
    let Some(row) = row else { return Ok(None) };
    if row.text("fingerprint")? != fingerprint {
        return Err(Problem::new(
            Reason::IdempotencyMismatch,
            format!("request id {key} was used for another request; use a new id for each new request"),
        ));
    }
    Ok(Some(Kept { status: row.integer("status")?, headers: row.text("headers")?, body: row.bytes("body")? }))
}

/// How long an answer is kept: longer than any client retries.
pub const KEPT_SECONDS: i64 = 86_400;

/// Keeps an answer. The first one wins. Answers past their time go, so that the table does not grow for ever.
pub async fn keep(
    db: &Db,
    tenant: TenantId,
    key: &str,
    fingerprint: &str,
    answer: &Kept,
    at: Timestamp,
) -> Result<(), Problem> {
    let mut tx = db.begin().await?;
    sql("DELETE FROM replay WHERE at < $1").bind(at.plus_seconds(-KEPT_SECONDS)).run(&mut tx).await?;
    sql("INSERT INTO replay (tenant, request_key, fingerprint, status, headers, body, at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (tenant, request_key) DO NOTHING")
    .bind(tenant)
    .bind(key)
    .bind(fingerprint)
    .bind(answer.status)
    .bind(&answer.headers)
    .bind(answer.body.as_slice())
    .bind(at)
    .run(&mut tx)
    .await?;
    tx.commit().await
}
