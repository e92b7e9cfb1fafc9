//! Finding applications in the tenant they were registered in.

use super::Application;
use super::guard::may;
use super::rows::application as rows;
use super::secret_add::unknown;
use crate::people::text::shown;
use tenantry_access::ApplicationRead;
use tenantry_core::{ObjectId, OpContext, Problem, TenantId};
use tenantry_db::{Connection, Db};

/// An application of the tenant, by its object id or client id.
///
/// # Errors
/// `ApplicationNotFound`, also for one that is deleted.
pub async fn application_find(ctx: &OpContext, db: &Db, tenant: TenantId, id: &str) -> Result<Application, Problem> {
    may::<ApplicationRead>(ctx, tenant)?;
    present(&mut db.reader().await?, tenant, id).await
}

/// A deleted application of the tenant that can still be restored.
///
/// # Errors
/// `ApplicationNotFound`, also for one that is not deleted.
pub async fn deleted_application_find(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    id: &str,
) -> Result<Application, Problem> {
    may::<ApplicationRead>(ctx, tenant)?;
    deleted(&mut db.reader().await?, tenant, id).await
}

/// Applications of the tenant in the order of their object ids, those that are deleted or those that are not.
///
/// # Errors
/// Those of policy and database.
pub async fn application_page(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    deleted: bool,
    after: Option<ObjectId>,
    limit: usize,
) -> Result<Vec<Application>, Problem> {
    may::<ApplicationRead>(ctx, tenant)?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    rows::page(&mut db.reader().await?, tenant, deleted, after, limit).await
}

/// As [`application_find`], without asking.
pub(crate) async fn present(on: &mut impl Connection, tenant: TenantId, id: &str) -> Result<Application, Problem> {
    any(on, tenant, id).await?.filter(|found| found.deleted_at.is_none()).ok_or_else(|| unknown(shown(id)))
}

/// As [`deleted_application_find`], without asking.
pub(crate) async fn deleted(on: &mut impl Connection, tenant: TenantId, id: &str) -> Result<Application, Problem> {
    any(on, tenant, id).await?.filter(|found| found.deleted_at.is_some()).ok_or_else(|| unknown(shown(id)))
}

async fn any(on: &mut impl Connection, tenant: TenantId, id: &str) -> Result<Option<Application>, Problem> {
    match ObjectId::parse(id) {
        Ok(id) => rows::in_tenant(on, tenant, id).await,
        Err(_) => Ok(None),
    }
}
