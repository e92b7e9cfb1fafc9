//! What partners say of themselves.

use super::{from_json, json};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tenantry_core::{Problem, TenantId, Timestamp};
use tenantry_db::{Connection, Tx, sql};

/// A profile and its version; `None` for one that was never changed.
pub(crate) async fn find<P: DeserializeOwned>(
    on: &mut impl Connection,
    tenant: TenantId,
    kind: &str,
) -> Result<Option<(P, i64)>, Problem> {
    let found = sql("SELECT details, version FROM partner_profile WHERE tenant = $1 AND kind = $2")
        .bind(tenant)
        .bind(kind)
        .maybe(on)
        .await?;
    found.map(|row| Ok((from_json(&row, "details")?, row.integer("version")?))).transpose()
}

/// Writes a profile. Call it while holding the partner's row.
pub(crate) async fn put<P: Serialize>(
    tx: &mut Tx,
    tenant: TenantId,
    (kind, details): (&str, &P),
    version: i64,
    at: Timestamp,
) -> Result<(), Problem> {
    sql("INSERT INTO partner_profile (tenant, kind, details, version, changed_at) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (tenant, kind) DO UPDATE SET details = $3, version = $4, changed_at = $5")
    .bind(tenant)
    .bind(kind)
    .bind(json(details)?)
    .bind(version)
    .bind(at)
    .run(tx)
    .await?;
    Ok(())
}
