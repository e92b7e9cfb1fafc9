//! The SQL of this slice, and how its rows become values. A row that cannot be is an error, not a guess.

use crate::{NewTenant, Tenant};
use std::collections::BTreeSet;
use tenantry_core::{AppId, ObjectId, Problem, Role, TenantId, TenantKind, Timestamp};
use tenantry_db::{Connection, Row, Tx, sql};
use uuid::Uuid;

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

fn role(name: &str) -> Result<Role, String> {
    Role::from_name(name).ok_or_else(|| format!("`{name}` is no role"))
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

pub(crate) async fn group_insert(
    tx: &mut Tx,
    id: ObjectId,
    tenant: TenantId,
    name: &str,
    at: Timestamp,
) -> Result<(), Problem> {
    sql("INSERT INTO directory_group (id, tenant, name, created_at) VALUES ($1, $2, $3, $4)")
        .bind(id)
        .bind(tenant)
        .bind(name)
        .bind(at)
        .run(tx)
        .await?;
    Ok(())
}

pub(crate) async fn role_insert(tx: &mut Tx, tenant: TenantId, name: &str, template: &str) -> Result<(), Problem> {
    sql("INSERT INTO directory_role (tenant, name, template) VALUES ($1, $2, $3)")
        .bind(tenant)
        .bind(name)
        .bind(template)
        .run(tx)
        .await?;
    Ok(())
}

pub(crate) async fn member_insert(
    tx: &mut Tx,
    tenant: TenantId,
    group: &str,
    principal: ObjectId,
    at: Timestamp,
) -> Result<(), Problem> {
    sql("INSERT INTO group_member (group_id, principal, tenant, created_at) \
         SELECT id, $3, tenant, $4 FROM directory_group WHERE tenant = $1 AND name = $2 \
         ON CONFLICT (group_id, principal) DO NOTHING")
    .bind(tenant)
    .bind(group)
    .bind(principal)
    .bind(at)
    .run(tx)
    .await?;
    Ok(())
}

pub(crate) async fn member_delete(
    tx: &mut Tx,
    tenant: TenantId,
    group: &str,
    principal: ObjectId,
) -> Result<(), Problem> {
    sql("DELETE FROM group_member WHERE tenant = $1 AND principal = $3 \
         AND group_id IN (SELECT id FROM directory_group WHERE tenant = $1 AND name = $2)")
    .bind(tenant)
    .bind(group)
    .bind(principal)
    .run(tx)
    .await?;
    Ok(())
}

pub(crate) async fn assignment_insert(
    tx: &mut Tx,
    tenant: TenantId,
    role: &str,
    principal: ObjectId,
    at: Timestamp,
) -> Result<(), Problem> {
    sql("INSERT INTO role_assignment (tenant, role, principal, created_at) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (tenant, role, principal) DO NOTHING")
    .bind(tenant)
    .bind(role)
    .bind(principal)
    .bind(at)
    .run(tx)
    .await?;
    Ok(())
}

pub(crate) async fn assignment_delete(
    tx: &mut Tx,
    tenant: TenantId,
    role: &str,
    principal: ObjectId,
) -> Result<(), Problem> {
    sql("DELETE FROM role_assignment WHERE tenant = $1 AND role = $2 AND principal = $3")
        .bind(tenant)
        .bind(role)
        .bind(principal)
        .run(tx)
        .await?;
    Ok(())
}

pub(crate) async fn roles_held(
    on: &mut impl Connection,
    tenant: TenantId,
    principal: ObjectId,
) -> Result<BTreeSet<Role>, Problem> {
    let rows = sql("SELECT g.name AS role FROM group_member m JOIN directory_group g ON g.id = m.group_id \
         WHERE m.tenant = $1 AND m.principal = $2 \
         UNION ALL SELECT role FROM role_assignment WHERE tenant = $1 AND principal = $2")
    .bind(tenant)
    .bind(principal)
    .all(on)
    .await?;
    rows.iter().map(|row| row.parsed("role", role)).collect()
}

/// An application in a tenant, as sign-in and token checks need it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Principal {
    pub(crate) id: ObjectId,
    pub(crate) app: AppId,
    pub(crate) tenant: TenantId,
    pub(crate) tenant_kind: TenantKind,
    pub(crate) app_name: String,
    pub(crate) disabled: bool,
}

pub(crate) async fn principal_of(
    on: &mut impl Connection,
    tenant: TenantId,
    app: AppId,
) -> Result<Option<Principal>, Problem> {
    let row = sql("SELECT p.id, t.kind, a.name, a.disabled_at FROM service_principal p \
         JOIN tenant t ON t.id = p.tenant JOIN application a ON a.id = p.app WHERE p.tenant = $1 AND p.app = $2")
    .bind(tenant)
    .bind(app)
    .maybe(on)
    .await?;
    row.map(|row| {
        Ok(Principal {
            id: row.parsed("id", ObjectId::parse)?,
            app,
            tenant,
            tenant_kind: row.parsed("kind", kind)?,
            app_name: row.text("name")?,
            disabled: row.maybe_time("disabled_at")?.is_some(),
        })
    })
    .transpose()
}

/// The tenant an application was registered in.
pub(crate) async fn application_home(on: &mut impl Connection, app: AppId) -> Result<Option<TenantId>, Problem> {
    let row = sql("SELECT tenant FROM application WHERE id = $1").bind(app).maybe(on).await?;
    row.map(|row| row.parsed("tenant", TenantId::parse)).transpose()
}

/// Registers an application and makes its service principal in the same tenant.
pub(crate) async fn application_insert(
    tx: &mut Tx,
    (app, object, principal): (AppId, ObjectId, ObjectId),
    tenant: TenantId,
    name: &str,
    at: Timestamp,
) -> Result<(), Problem> {
    sql("INSERT INTO application (id, tenant, object_id, name, created_at) VALUES ($1, $2, $3, $4, $5)")
        .bind(app)
        .bind(tenant)
        .bind(object)
        .bind(name)
        .bind(at)
        .run(tx)
        .await?;
    sql("INSERT INTO service_principal (id, tenant, app, name, created_at) VALUES ($1, $2, $3, $4, $5)")
        .bind(principal)
        .bind(tenant)
        .bind(app)
        .bind(name)
        .bind(at)
        .run(tx)
        .await?;
    Ok(())
}

/// `false` if the tenant has no such application.
pub(crate) async fn application_disable(
    tx: &mut Tx,
    tenant: TenantId,
    app: AppId,
    at: Timestamp,
) -> Result<bool, Problem> {
    let changed = sql("UPDATE application SET disabled_at = COALESCE(disabled_at, $3) WHERE tenant = $1 AND id = $2")
        .bind(tenant)
        .bind(app)
        .bind(at)
        .run(tx)
        .await?;
    Ok(changed == 1)
}

/// A kept secret: when it ends, and its hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KeptSecret {
    pub(crate) digest: String,
    pub(crate) expires_at: Timestamp,
}

pub(crate) async fn secret_insert(
    tx: &mut Tx,
    id: Uuid,
    (tenant, app): (TenantId, AppId),
    secret: &KeptSecret,
    at: Timestamp,
) -> Result<(), Problem> {
    sql("INSERT INTO application_secret (id, tenant, app, digest, created_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6)")
    .bind(id)
    .bind(tenant)
    .bind(app)
    .bind(&secret.digest)
    .bind(at)
    .bind(secret.expires_at)
    .run(tx)
    .await?;
    Ok(())
}

/// `false` if the tenant has no such secret.
pub(crate) async fn secret_delete(tx: &mut Tx, tenant: TenantId, id: Uuid) -> Result<bool, Problem> {
    let changed =
        sql("DELETE FROM application_secret WHERE tenant = $1 AND id = $2").bind(tenant).bind(id).run(tx).await?;
    Ok(changed == 1)
}

pub(crate) async fn secrets_of(on: &mut impl Connection, app: AppId) -> Result<Vec<KeptSecret>, Problem> {
    let rows = sql("SELECT digest, expires_at FROM application_secret WHERE app = $1 ORDER BY id").bind(app);
    let kept = |row: &Row| Ok(KeptSecret { digest: row.text("digest")?, expires_at: row.time("expires_at")? });
    rows.all(on).await?.iter().map(kept).collect()
}

/// A signing key as stored.
pub(crate) struct KeptKey {
    pub(crate) kid: String,
    pub(crate) private_key: Vec<u8>,
    pub(crate) certificate: Vec<u8>,
}

/// The newest first.
pub(crate) async fn signing_keys(on: &mut impl Connection) -> Result<Vec<KeptKey>, Problem> {
    let rows =
        sql("SELECT kid, private_key, certificate FROM signing_key ORDER BY created_at DESC, kid").all(on).await?;
    let kept = |row: &Row| {
        Ok(KeptKey {
            kid: row.text("kid")?,
            private_key: row.bytes("private_key")?,
            certificate: row.bytes("certificate")?,
        })
    };
    rows.iter().map(kept).collect()
}

pub(crate) async fn signing_key_insert(tx: &mut Tx, key: &KeptKey, at: Timestamp) -> Result<(), Problem> {
    sql("INSERT INTO signing_key (kid, private_key, certificate, created_at) VALUES ($1, $2, $3, $4)")
        .bind(&key.kid)
        .bind(key.private_key.as_slice())
        .bind(key.certificate.as_slice())
        .bind(at)
        .run(tx)
        .await?;
    Ok(())
}
