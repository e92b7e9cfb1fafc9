//! Service principals of a tenant: finding them, making one for an application, changing and removing it. The field's
//! own APIs are found like the others, but are nobody's to change.

use super::application_check::{name, tags};
use super::consent_keep::member_ensure;
use super::guard::may;
use super::rows::{application, principal as rows};
use super::secret_add::unknown;
use super::{ServicePrincipal, ServicePrincipalChange, api_permissions};
use crate::people::text::shown;
use tenantry_access::{ApplicationManage, ApplicationRead};
use tenantry_core::{AppId, ObjectId, OpContext, Problem, Reason, TenantId};
use tenantry_db::{Connection, Db, audit};

/// A service principal of the tenant, by its object id or the application's client id.
///
/// # Errors
/// `ObjectNotFound`.
pub async fn service_principal_find(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    id: &str,
) -> Result<ServicePrincipal, Problem> {
    may::<ApplicationRead>(ctx, tenant)?;
    present(&mut db.reader().await?, tenant, id).await
}

/// Service principals of the tenant in the order of their object ids, those of the field's own APIs among them.
///
/// # Errors
/// Those of policy and database.
pub async fn service_principal_page(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    after: Option<ObjectId>,
    limit: usize,
) -> Result<Vec<ServicePrincipal>, Problem> {
    may::<ApplicationRead>(ctx, tenant)?;
    let mut reader = db.reader().await?;
    let mut page = rows::page(&mut reader, tenant, after, i64::try_from(limit).unwrap_or(i64::MAX)).await?;
    let since = since(&mut reader, tenant).await?;
    page.extend(api_permissions::APIS.iter().map(|api| api.principal(tenant, since)));
    page.retain(|principal| after.is_none_or(|after| principal.id > after));
    page.sort_by_key(|principal| principal.id);
    page.truncate(limit);
    Ok(page)
}

/// As [`service_principal_find`], without asking.
pub(crate) async fn present(on: &mut impl Connection, tenant: TenantId, id: &str) -> Result<ServicePrincipal, Problem> {
    let found = match ObjectId::parse(id) {
        Ok(id) => by_id(on, tenant, id).await?,
        Err(_) => None,
    };
    found.ok_or_else(|| none(&shown(id)))
}

/// By object id or client id, those of the field's own APIs among them.
pub(crate) async fn by_id(
    on: &mut impl Connection,
    tenant: TenantId,
    id: ObjectId,
) -> Result<Option<ServicePrincipal>, Problem> {
    let api = api_permissions::of_principal(tenant, id).or_else(|| api_permissions::find(AppId::new(id.guid())));
    match api {
        Some(api) => Ok(Some(api.principal(tenant, since(on, tenant).await?))),
        None => rows::find(on, tenant, id).await,
    }
}

async fn since(on: &mut impl Connection, tenant: TenantId) -> Result<tenantry_core::Timestamp, Problem> {
    let found = crate::rows::tenant_by_id(on, tenant).await?;
    found.map(|tenant| tenant.created_at).ok_or_else(|| {
        Problem::new(Reason::TenantNotFound, format!("there is no tenant {tenant}; check the tenant id"))
    })
}

pub(crate) fn none(id: &str) -> Problem {
    Problem::new(Reason::ObjectNotFound, format!("there is no service principal {id} in this tenant; check the id"))
}

/// Makes an application a member of the tenant: one of its own, or a multi-tenant one of another tenant. That consents
/// to nothing.
///
/// # Errors
/// `ApplicationNotFound` if there is none this tenant can have; `AlreadyExists` if it is a member.
pub async fn service_principal_create(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    app: AppId,
    settings: ServicePrincipalChange,
) -> Result<ServicePrincipal, Problem> {
    let line = audit::open(ctx, db, "service-principal-create", &app.to_string()).await?;
    let outcome = create(ctx, db, tenant, app, settings).await;
    line.close(ctx, db, outcome).await
}

async fn create(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    app: AppId,
    settings: ServicePrincipalChange,
) -> Result<ServicePrincipal, Problem> {
    may::<ApplicationManage>(ctx, tenant)?;
    let mut tx = db.begin().await?;
    if let Some(there) = by_id(&mut tx, tenant, ObjectId::new(app.guid())).await? {
        let message = format!("application {app} has the service principal {} in this tenant; use that", there.id);
        return Err(Problem::new(Reason::AlreadyExists, message));
    }
    let found = application::by_app(&mut tx, app).await?.filter(|found| found.deleted_at.is_none());
    let found = found.filter(|found| found.tenant == tenant || found.multi_tenant);
    let found = found.ok_or_else(|| unknown(app))?;
    let id = member_ensure(ctx, &mut tx, tenant, &found).await?;
    let made = rows::find(&mut tx, tenant, id).await?.ok_or_else(|| none(&id.to_string()))?;
    let made = with(made, settings)?;
    rows::update(&mut tx, &made).await?;
    tx.changes_access();
    tx.commit().await?;
    Ok(made)
}

/// Changes a service principal. Switched off, the application gets no tokens in the tenant and those it has stop.
///
/// # Errors
/// `ObjectNotFound`; `Unsupported` for the field's own APIs; `InvalidField`.
pub async fn service_principal_change(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    id: &str,
    change: ServicePrincipalChange,
) -> Result<ServicePrincipal, Problem> {
    let line = audit::open(ctx, db, "service-principal-change", &shown(id)).await?;
    let outcome = changed(ctx, db, tenant, id, change).await;
    line.close(ctx, db, outcome).await
}

async fn changed(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    id: &str,
    change: ServicePrincipalChange,
) -> Result<ServicePrincipal, Problem> {
    may::<ApplicationManage>(ctx, tenant)?;
    let mut tx = db.begin().await?;
    let before = own(present(&mut tx, tenant, id).await?)?;
    let after = with(before, change)?;
    rows::update(&mut tx, &after).await?;
    tx.changes_access();
    tx.commit().await?;
    Ok(after)
}

/// Removes a service principal with all the tenant gave it: consent, roles, groups. Its tokens stop at once.
///
/// # Errors
/// `ObjectNotFound`; `Unsupported` for the field's own APIs.
pub async fn service_principal_delete(ctx: &OpContext, db: &Db, tenant: TenantId, id: &str) -> Result<(), Problem> {
    let line = audit::open(ctx, db, "service-principal-delete", &shown(id)).await?;
    let outcome = delete(ctx, db, tenant, id).await;
    line.close(ctx, db, outcome).await
}

async fn delete(ctx: &OpContext, db: &Db, tenant: TenantId, id: &str) -> Result<(), Problem> {
    may::<ApplicationManage>(ctx, tenant)?;
    let mut tx = db.begin().await?;
    let found = own(present(&mut tx, tenant, id).await?)?;
    rows::erase(&mut tx, tenant, found.id, found.app).await?;
    tx.changes_access();
    tx.commit().await
}

fn own(found: ServicePrincipal) -> Result<ServicePrincipal, Problem> {
    if api_permissions::find(found.app).is_none() {
        return Ok(found);
    }
    let message = format!("{} belongs to the platform; it cannot be changed or removed", found.name);
    Err(Problem::new(Reason::Unsupported, message))
}

fn with(before: ServicePrincipal, change: ServicePrincipalChange) -> Result<ServicePrincipal, Problem> {
    if let Some(asked) = &change.tags {
        tags(asked)?;
    }
    Ok(ServicePrincipal {
        name: change.name.map_or(Ok(before.name), |asked| name(&asked))?,
        enabled: change.enabled.unwrap_or(before.enabled),
        assignment_required: change.assignment_required.unwrap_or(before.assignment_required),
        tags: change.tags.unwrap_or(before.tags),
        ..before
    })
}
