//! Secrets: their hashes, and what may be shown of them.

use tenantry_core::{AppId, Problem, TenantId, Timestamp};
use tenantry_db::{Connection, Row, Tx, sql};
use uuid::Uuid;

/// A secret as kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KeptSecret {
    pub(crate) key: Uuid,
    pub(crate) label: Option<String>,
    /// The first three characters. Secrets from before there were hints have none.
    pub(crate) hint: Option<String>,
    pub(crate) digest: String,
    pub(crate) starts_at: Timestamp,
    pub(crate) expires_at: Timestamp,
}

/// `false` if the id is in use.
pub(crate) async fn insert(
    tx: &mut Tx,
    (tenant, app): (TenantId, AppId),
    secret: &KeptSecret,
    at: Timestamp,
) -> Result<bool, Problem> {
    let changed = sql("INSERT INTO application_secret \
         (id, tenant, app, digest, created_at, expires_at, label, hint, starts_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (id) DO NOTHING")
    .bind(secret.key)
    .bind(tenant)
    .bind(app)
    .bind(&secret.digest)
    .bind(at)
    .bind(secret.expires_at)
    .bind(secret.label.as_deref())
    .bind(secret.hint.as_deref())
    .bind(secret.starts_at)
    .run(tx)
    .await?;
    Ok(changed == 1)
}

pub(crate) async fn of_app(on: &mut impl Connection, app: AppId) -> Result<Vec<KeptSecret>, Problem> {
    let rows = sql("SELECT id, label, hint, digest, COALESCE(starts_at, created_at) AS starts_at, expires_at \
         FROM application_secret WHERE app = $1 ORDER BY created_at, id")
    .bind(app);
    let kept = |row: &Row| {
        Ok(KeptSecret {
            key: row.parsed("id", Uuid::try_parse)?,
            label: row.maybe_text("label")?,
            hint: row.maybe_text("hint")?,
            digest: row.text("digest")?,
            starts_at: row.time("starts_at")?,
            expires_at: row.time("expires_at")?,
        })
    };
    rows.all(on).await?.iter().map(kept).collect()
}

/// `false` if the tenant has no such secret.
pub(crate) async fn delete(tx: &mut Tx, tenant: TenantId, key: Uuid) -> Result<bool, Problem> {
    let changed =
        sql("DELETE FROM application_secret WHERE tenant = $1 AND id = $2").bind(tenant).bind(key).run(tx).await?;
    Ok(changed == 1)
}
