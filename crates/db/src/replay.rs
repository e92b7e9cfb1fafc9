//! Answers of writes, kept so that a repeated request gets the first answer and acts once.
//!
//! Where several processes serve a world, whoever is about to act puts its name down first ([`claim`]): a repetition
//! that reaches another process meanwhile finds that, and waits. If a process dies at it, its claim counts for a while
//! and then for nothing.

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

/// What stands under a key for somebody who is about to act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// Nothing did: act, then [`keep`] the answer or [`release`] the key.
    Ours,
    /// It was acted; this is the answer.
    Kept(Kept),
    /// Another process is at it.
    UnderWay,
}

/// The status of a claim: no answer has it.
const CLAIMED: i64 = 0;
/// How long a claim counts, in seconds: longer than any write takes.
pub const CLAIM_SECONDS: i64 = 60;

/// Claims a key, or says what stands there. The same key with another request is refused, as in [`find`].
pub async fn claim(db: &Db, tenant: TenantId, key: &str, fingerprint: &str, now: Timestamp) -> Result<Claim, Problem> {
    let mut tx = db.begin().await?;
    let claimed = sql("INSERT INTO replay (tenant, request_key, fingerprint, status, headers, body, at) \
         VALUES ($1, $2, $3, $4, '', $5, $6) ON CONFLICT (tenant, request_key) \
         DO UPDATE SET fingerprint = excluded.fingerprint, at = excluded.at \
         WHERE replay.status = $4 AND replay.at <= $7")
    .bind(tenant)
    .bind(key)
    .bind(fingerprint)
    .bind(CLAIMED)
    .bind(Vec::new())
    .bind(now)
    .bind(now.plus_seconds(-CLAIM_SECONDS))
    .run(&mut tx)
    .await?;
    tx.commit().await?;
    if claimed > 0 {
        return Ok(Claim::Ours);
    }
    Ok(find(db, tenant, key, fingerprint).await?.map_or(Claim::UnderWay, Claim::Kept))
}

/// Gives a claimed key free: there is no answer that a repetition must get again.
pub async fn release(db: &Db, tenant: TenantId, key: &str) -> Result<(), Problem> {
    let mut tx = db.begin().await?;
    sql("DELETE FROM replay WHERE tenant = $1 AND request_key = $2 AND status = $3")
        .bind(tenant)
        .bind(key)
        .bind(CLAIMED)
        .run(&mut tx)
        .await?;
    tx.commit().await
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
    if row.integer("status")? == CLAIMED {
        return Ok(None);
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
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (tenant, request_key) DO UPDATE SET status = excluded.status, \
         headers = excluded.headers, body = excluded.body, at = excluded.at \
         WHERE replay.status = $8 AND replay.fingerprint = excluded.fingerprint")
    .bind(tenant)
    .bind(key)
    .bind(fingerprint)
    .bind(answer.status)
    .bind(&answer.headers)
    .bind(answer.body.as_slice())
    .bind(at)
    .bind(CLAIMED)
    .run(&mut tx)
    .await?;
    tx.commit().await
}
