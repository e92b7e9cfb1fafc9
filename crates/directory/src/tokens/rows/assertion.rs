//! Client assertions that were used.

use super::PRUNED;
use tenantry_core::{AppId, Problem, TenantId, Timestamp};
use tenantry_db::{Tx, sql};

/// An assertion and what it was used for. All texts but the ids are digests.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Use<'a> {
    pub(crate) home: TenantId,
    pub(crate) app: AppId,
    /// Its own name.
    pub(crate) identity: &'a str,
    /// The whole of it.
    pub(crate) digest: &'a str,
    pub(crate) purpose: &'a str,
    pub(crate) until: Timestamp,
}

/// Notes a use. `false` if it was used for this before, or another one of the same name was used at all.
pub(crate) async fn insert(tx: &mut Tx, used: Use<'_>, at: Timestamp) -> Result<bool, Problem> {
    sql("DELETE FROM assertion_seen WHERE expires_at <= $1 AND (tenant, app, identity, purpose) IN \
         (SELECT tenant, app, identity, purpose FROM assertion_seen WHERE expires_at <= $1 \
          ORDER BY expires_at LIMIT $2)")
    .bind(at)
    .bind(PRUNED)
    .run(tx)
    .await?;
    let others = sql("SELECT digest FROM assertion_seen WHERE tenant = $1 AND app = $2 AND identity = $3 \
         AND digest <> $4 LIMIT 1")
    .bind(used.home)
    .bind(used.app)
    .bind(used.identity)
    .bind(used.digest)
    .maybe(tx)
    .await?;
    if others.is_some() {
        return Ok(false);
    }
    let changed = sql("INSERT INTO assertion_seen (tenant, app, identity, purpose, digest, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (tenant, app, identity, purpose) DO NOTHING")
    .bind(used.home)
    .bind(used.app)
    .bind(used.identity)
    .bind(used.purpose)
    .bind(used.digest)
    .bind(used.until)
    .run(tx)
    .await?;
    Ok(changed == 1)
}
