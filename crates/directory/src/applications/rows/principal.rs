//! Service principals: the tenant's own columns, and what the application says at its home.

use super::application;
use crate::applications::{Application, ServicePrincipal};
use tenantry_core::{AppId, ObjectId, Problem, TenantId, TenantKind, Timestamp};
use tenantry_db::{Connection, Row, Tx, sql};

/// An application in a tenant, as sign-in and token checks need it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Principal {
    pub(crate) id: ObjectId,
    pub(crate) app: AppId,
    pub(crate) tenant: TenantId,
    pub(crate) tenant_kind: TenantKind,
    pub(crate) app_name: String,
    /// Switched off at its home or in the tenant.
    pub(crate) disabled: bool,
}

/// The application in the tenant; `None` also when it was deleted at its home, or is not for other tenants any more.
pub(crate) async fn standing(
    on: &mut impl Connection,
    tenant: TenantId,
    app: AppId,
) -> Result<Option<Principal>, Problem> {
    let row = sql("SELECT p.id, t.kind, a.name, a.disabled_at, p.enabled FROM service_principal p \
         JOIN tenant t ON t.id = p.tenant JOIN application a ON a.id = p.app \
         WHERE p.tenant = $1 AND p.app = $2 AND a.deleted_at IS NULL AND (a.tenant = p.tenant OR a.multi_tenant = 1)")
    .bind(tenant)
    .bind(app)
    .maybe(on)
    .await?;
    row.map(|row| {
        let kind = |name: &str| TenantKind::from_name(name).ok_or_else(|| format!("`{name}` is no kind of tenant"));
        Ok(Principal {
            id: row.parsed("id", ObjectId::parse)?,
            app,
            tenant,
            tenant_kind: row.parsed("kind", kind)?,
            app_name: row.text("name")?,
            disabled: row.maybe_time("disabled_at")?.is_some() || !row.flag("enabled")?,
        })
    })
    .transpose()
}

fn principal(row: &Row) -> Result<ServicePrincipal, Problem> {
    let of: Application = application::application(row)?;
    Ok(ServicePrincipal {
        id: row.parsed("principal_id", ObjectId::parse)?,
        tenant: row.parsed("principal_tenant", TenantId::parse)?,
        app: of.app,
        name: row.text("principal_name")?,
        home: of.tenant,
        enabled: row.flag("enabled")?,
        assignment_required: row.flag("assignment_required")?,
        tags: row.parsed("principal_tags", |text| serde_json::from_str(text))?,
        names: std::iter::once(of.app.to_string()).chain(of.identifier_uris).collect(),
        homepage: of.homepage,
        reply_urls: of.reply_urls.into_iter().chain(of.public_reply_urls).collect(),
        app_roles: of.app_roles,
        scopes: of.scopes,
        created_at: row.time("member_since")?,
    })
}

pub(crate) async fn insert(
    tx: &mut Tx,
    id: ObjectId,
    (tenant, app): (TenantId, AppId),
    name: &str,
    at: Timestamp,
) -> Result<(), Problem> {
    sql("INSERT INTO service_principal (id, tenant, app, name, created_at) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (tenant, app) DO NOTHING")
    .bind(id)
    .bind(tenant)
    .bind(app)
    .bind(name)
    .bind(at)
    .run(tx)
    .await?;
    Ok(())
}

pub(crate) async fn update(tx: &mut Tx, changed: &ServicePrincipal) -> Result<(), Problem> {
    let tags = serde_json::to_string(&changed.tags).map_err(Problem::internal)?;
    sql("UPDATE service_principal SET name = $3, enabled = $4, assignment_required = $5, tags = $6 \
         WHERE tenant = $1 AND id = $2")
    .bind(changed.tenant)
    .bind(changed.id)
    .bind(&changed.name)
    .bind(changed.enabled)
    .bind(changed.assignment_required)
    .bind(tags)
    .run(tx)
    .await?;
    Ok(())
}

/// By its object id or the application's client id. Not of applications that are deleted at their home.
pub(crate) async fn find(
    on: &mut impl Connection,
    tenant: TenantId,
    id: ObjectId,
) -> Result<Option<ServicePrincipal>, Problem> {
    let row = sql("SELECT p.id AS principal_id, p.tenant AS principal_tenant, p.name AS principal_name, p.enabled, \
         p.assignment_required, p.tags AS principal_tags, p.created_at AS member_since, a.id AS app, a.tenant, \
         a.object_id, a.name, a.details, a.multi_tenant, a.public_client, a.silent_consent, a.created_at, \
         a.deleted_at, a.disabled_at FROM service_principal p JOIN application a ON a.id = p.app \
         WHERE p.tenant = $1 AND (p.id = $2 OR p.app = $2) AND a.deleted_at IS NULL")
    .bind(tenant)
    .bind(id)
    .maybe(on)
    .await?;
    row.as_ref().map(principal).transpose()
}

/// Those of a tenant in the order of their object ids.
pub(crate) async fn page(
    on: &mut impl Connection,
    tenant: TenantId,
    after: Option<ObjectId>,
    limit: i64,
) -> Result<Vec<ServicePrincipal>, Problem> {
    let rows = sql("SELECT p.id AS principal_id, p.tenant AS principal_tenant, p.name AS principal_name, p.enabled, \
         p.assignment_required, p.tags AS principal_tags, p.created_at AS member_since, a.id AS app, a.tenant, \
         a.object_id, a.name, a.details, a.multi_tenant, a.public_client, a.silent_consent, a.created_at, \
         a.deleted_at, a.disabled_at FROM service_principal p JOIN application a ON a.id = p.app \
         WHERE p.tenant = $1 AND p.id > $2 AND a.deleted_at IS NULL ORDER BY p.id LIMIT $3")
    .bind(tenant)
    .bind(after.map(|id| id.to_string()).unwrap_or_default())
    .bind(limit)
    .all(on)
    .await?;
    rows.iter().map(principal).collect()
}

/// Removes a service principal with all that its tenant gave it, and what it gave others as an API.
pub(crate) async fn erase(tx: &mut Tx, tenant: TenantId, id: ObjectId, app: AppId) -> Result<(), Problem> {
    for text in [
        "DELETE FROM permission_grant WHERE tenant = $1 AND (client = $2 OR api = $3)",
        "DELETE FROM app_role_assignment WHERE tenant = $1 AND (principal = $2 OR api = $3)",
    ] {
        sql(text).bind(tenant).bind(id).bind(app).run(tx).await?;
    }
    for text in [
        "DELETE FROM group_member WHERE tenant = $1 AND principal = $2",
        "DELETE FROM group_owner WHERE tenant = $1 AND principal = $2",
        "DELETE FROM role_assignment WHERE tenant = $1 AND principal = $2",
        "DELETE FROM service_principal WHERE tenant = $1 AND id = $2",
    ] {
        sql(text).bind(tenant).bind(id).run(tx).await?;
    }
    Ok(())
}
