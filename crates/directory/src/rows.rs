//! The SQL of this slice, and how its rows become values. A row that cannot be is an error, not a guess.

use crate::{NewTenant, Tenant};
use tenantry_core::{Problem, TenantId, TenantKind, Timestamp};
use tenantry_db::{Connection, Row, Tx, sql};

fn tenant(row: &Row) -> Result<Tenant, Problem> {
    Ok(Tenant {
        id: row.parsed("id", TenantId::parse)?,
        kind: row.parsed("kind", kind)?,
        name: row.text("name")?,
        default_domain: row.text("default_domain")?,
        country: row.text("country")?,
        created_at: row.time("created_at")?,
    })
}

fn kind(name: &str) -> Result<TenantKind, String> {
    TenantKind::from_name(name).ok_or_else(|| format!("`{name}` is no kind of tenant"))
}

pub(crate) async fn tenant_by_id(on: &mut impl Connection, id: TenantId) -> Result<Option<Tenant>, Problem> {
    let row = sql("SELECT id, kind, name, default_domain, country, created_at FROM tenant WHERE id = $1").bind(id);
    row.maybe(on).await?.as_ref().map(tenant).transpose()
}

pub(crate) async fn tenant_by_domain(on: &mut impl Connection, domain: &str) -> Result<Option<Tenant>, Problem> {
    let row = sql("SELECT t.id, t.kind, t.name, t.default_domain, t.country, t.created_at \
         FROM tenant_domain d JOIN tenant t ON t.id = d.tenant WHERE d.domain = $1")
    .bind(domain);
    row.maybe(on).await?.as_ref().map(tenant).transpose()
}

pub(crate) async fn tenant_provider(on: &mut impl Connection) -> Result<Option<Tenant>, Problem> {
    let row = sql("SELECT id, kind, name, default_domain, country, created_at FROM tenant WHERE kind = $1")
        .bind(TenantKind::Provider.name());
    row.maybe(on).await?.as_ref().map(tenant).transpose()
}

pub(crate) async fn tenant_insert(
    tx: &mut Tx,
    id: TenantId,
    new: &NewTenant<'_>,
    at: Timestamp,
) -> Result<(), Problem> {
    sql("INSERT INTO tenant (id, kind, name, default_domain, country, created_at) VALUES ($1, $2, $3, $4, $5, $6)")
        .bind(id)
        .bind(new.kind.name())
        .bind(new.name)
        .bind(new.domain)
        .bind(new.country)
        .bind(at)
        .run(tx)
        .await?;
    Ok(())
}

/// `false` if another tenant has the domain.
pub(crate) async fn domain_insert(tx: &mut Tx, tenant: TenantId, domain: &str, at: Timestamp) -> Result<bool, Problem> {
    let changed = sql("INSERT INTO tenant_domain (domain, tenant, initial, created_at) VALUES ($1, $2, 1, $3) \
         ON CONFLICT (domain) DO NOTHING")
    .bind(domain)
    .bind(tenant)
    .bind(at)
    .run(tx)
    .await?;
    Ok(changed == 1)
}
