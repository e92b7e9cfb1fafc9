//! Deleting an application and bringing it back.
//!
//! A deleted application is kept for 30 days with all it had, but is nowhere: its tokens stop at once, in every tenant,
//! and nobody gets new ones. The names of its API are free for others meanwhile.

use super::Application;
use super::application_check::checked;
use super::application_create::uris_take;
use super::application_erase::{ERASE_APPLICATION, subject};
use super::application_find::{deleted, present};
use super::guard::may;
use super::rows::application as rows;
use crate::people::text::shown;
use tenantry_access::ApplicationManage;
use tenantry_core::{OpContext, Problem, TenantId};
use tenantry_db::{Db, audit, job};

/// How long a deleted application is kept, in seconds of world time (directory.md 2.2, deletedApplications).
pub const APPLICATION_KEPT_SECONDS: i64 = 30 * 86_400;

/// Deletes an application of the tenant, found by object id or client id.
///
/// # Errors
/// `ApplicationNotFound`.
pub async fn application_delete(ctx: &OpContext, db: &Db, tenant: TenantId, id: &str) -> Result<(), Problem> {
    let line = audit::open(ctx, db, "application-delete", &shown(id)).await?;
    let outcome = delete(ctx, db, tenant, id).await;
    line.close(ctx, db, outcome).await
}

async fn delete(ctx: &OpContext, db: &Db, tenant: TenantId, id: &str) -> Result<(), Problem> {
    may::<ApplicationManage>(ctx, tenant)?;
    let mut tx = db.begin().await?;
    let before = present(&mut tx, tenant, id).await?;
    let app = before.app;
    rows::update(&mut tx, &Application { deleted_at: Some(ctx.now()), ..before }).await?;
    rows::uris_set(&mut tx, tenant, app, &[]).await?;
    let due_at = ctx.now().plus_seconds(APPLICATION_KEPT_SECONDS);
    job::schedule(&mut tx, ERASE_APPLICATION, &subject(app, ctx.now()), due_at).await?;
    tx.changes_access();
    tx.commit().await
}

/// Brings a deleted application back as it was. `identifier_uris` replaces its names, if another application took one
/// of them.
///
/// # Errors
/// `ApplicationNotFound` if there is no deleted application of this id; `AlreadyExists` if one of its names is taken.
pub async fn application_restore(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    id: &str,
    identifier_uris: Option<Vec<String>>,
) -> Result<Application, Problem> {
    let line = audit::open(ctx, db, "application-restore", &shown(id)).await?;
    let outcome = restore(ctx, db, tenant, id, identifier_uris).await;
    line.close(ctx, db, outcome).await
}

async fn restore(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    id: &str,
    identifier_uris: Option<Vec<String>>,
) -> Result<Application, Problem> {
    may::<ApplicationManage>(ctx, tenant)?;
    let mut tx = db.begin().await?;
    let before = deleted(&mut tx, tenant, id).await?;
    let identifier_uris = identifier_uris.unwrap_or_else(|| before.identifier_uris.clone());
    let after = checked(Application { identifier_uris, deleted_at: None, ..before })?;
    rows::update(&mut tx, &after).await?;
    uris_take(&mut tx, &after).await?;
    tx.changes_access();
    tx.commit().await?;
    Ok(after)
}
