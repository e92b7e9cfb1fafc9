//! Certificates, with their keys taken apart.

use crate::applications::Certificate;
use tenantry_core::{AppId, Problem, TenantId, Timestamp};
use tenantry_db::{Connection, Row, Tx, sql};
use uuid::Uuid;

fn certificate(row: &Row) -> Result<Certificate, Problem> {
    Ok(Certificate {
        key: row.parsed("id", Uuid::try_parse)?,
        label: row.maybe_text("label")?,
        der: row.bytes("certificate")?,
        sha1: row.text("sha1")?,
        sha256: row.text("sha256")?,
        modulus: row.bytes("modulus")?,
        exponent: row.bytes("exponent")?,
        starts_at: row.time("starts_at")?,
        expires_at: row.time("expires_at")?,
    })
}

/// `false` if the application has the certificate already, or the id is in use.
pub(crate) async fn insert(
    tx: &mut Tx,
    (tenant, app): (TenantId, AppId),
    new: &Certificate,
    at: Timestamp,
) -> Result<bool, Problem> {
    let changed =
        sql("INSERT INTO application_certificate (id, tenant, app, label, certificate, sha1, sha256, modulus, \
         exponent, starts_at, expires_at, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) \
         ON CONFLICT DO NOTHING")
        .bind(new.key)
        .bind(tenant)
        .bind(app)
        .bind(new.label.as_deref())
        .bind(new.der.as_slice())
        .bind(&new.sha1)
        .bind(&new.sha256)
        .bind(new.modulus.as_slice())
        .bind(new.exponent.as_slice())
        .bind(new.starts_at)
        .bind(new.expires_at)
        .bind(at)
        .run(tx)
        .await?;
    Ok(changed == 1)
}

pub(crate) async fn of_app(on: &mut impl Connection, app: AppId) -> Result<Vec<Certificate>, Problem> {
    let rows = sql("SELECT id, label, certificate, sha1, sha256, modulus, exponent, starts_at, expires_at \
         FROM application_certificate WHERE app = $1 ORDER BY created_at, id")
    .bind(app)
    .all(on)
    .await?;
    rows.iter().map(certificate).collect()
}

/// The certificate with the thumbprint, SHA-1 or SHA-256, in base64url without padding.
pub(crate) async fn by_thumbprint(
    on: &mut impl Connection,
    app: AppId,
    thumbprint: &str,
) -> Result<Option<Certificate>, Problem> {
    let row = sql("SELECT id, label, certificate, sha1, sha256, modulus, exponent, starts_at, expires_at \
         FROM application_certificate WHERE app = $1 AND (sha1 = $2 OR sha256 = $2) ORDER BY created_at, id")
    .bind(app)
    .bind(thumbprint)
    .maybe(on)
    .await?;
    row.as_ref().map(certificate).transpose()
}

/// `false` if the application has no such certificate.
pub(crate) async fn delete(tx: &mut Tx, tenant: TenantId, app: AppId, key: Uuid) -> Result<bool, Problem> {
    let changed = sql("DELETE FROM application_certificate WHERE tenant = $1 AND app = $2 AND id = $3")
        .bind(tenant)
        .bind(app)
        .bind(key)
        .run(tx)
        .await?;
    Ok(changed == 1)
}
