//! Removing a deleted application for good: by an administrator, or by the due job when its 30 days are over.

use super::application_find::deleted;
use super::guard::may;
use super::rows::application as rows;
use crate::people::text::shown;
use tenantry_access::ApplicationManage;
use tenantry_core::{AppId, OpContext, Problem, TenantId, Timestamp};
use tenantry_db::job::{self, Job};
use tenantry_db::{Db, audit};

/// The kind of the due job.
pub const ERASE_APPLICATION: &str = "erase-application";

/// What the job is about: this deletion of this application. One that was restored and deleted again has another.
pub(crate) fn subject(app: AppId, deleted_at: Timestamp) -> String {
    format!("{app}/{}", deleted_at.micros())
}

/// Removes a deleted application at once, with its service principals in all tenants and what they were given.
///
/// # Errors
/// `ApplicationNotFound` if there is no deleted application of this id.
pub async fn application_erase(ctx: &OpContext, db: &Db, tenant: TenantId, id: &str) -> Result<(), Problem> {
    let line = audit::open(ctx, db, "application-erase", &shown(id)).await?;
    let outcome = erase(ctx, db, tenant, id).await;
    line.close(ctx, db, outcome).await
}

async fn erase(ctx: &OpContext, db: &Db, tenant: TenantId, id: &str) -> Result<(), Problem> {
    may::<ApplicationManage>(ctx, tenant)?;
    let mut tx = db.begin().await?;
    let found = deleted(&mut tx, tenant, id).await?;
    rows::erase(&mut tx, found.app).await?;
    tx.changes_access();
    tx.commit().await
}

/// Runs a due job: erases the application if that deletion still stands. Can run twice.
///
/// # Errors
/// `Corrupt` for a job whose subject is none of ours.
pub async fn application_erase_due(ctx: &OpContext, db: &Db, job: &Job) -> Result<(), Problem> {
    let (app, deleted_at) = parse(&job.subject).ok_or_else(|| {
        Problem::corrupt(format!("the job {ERASE_APPLICATION} `{}` names no deletion of an application", job.subject))
    })?;
    let line = audit::open(ctx, db, "application-erase", &app.to_string()).await?;
    let outcome = erase_due(ctx, db, job, (app, deleted_at)).await;
    line.close(ctx, db, outcome).await
}

async fn erase_due(ctx: &OpContext, db: &Db, job: &Job, (app, deleted_at): (AppId, Timestamp)) -> Result<(), Problem> {
    let mut tx = db.begin().await?;
    let found = rows::by_app(&mut tx, app).await?;
    if found.is_some_and(|found| found.deleted_at == Some(deleted_at)) {
        rows::erase(&mut tx, app).await?;
        tx.changes_access();
    }
    job::complete(&mut tx, job, ctx.now()).await?;
    tx.commit().await
}

fn parse(subject: &str) -> Option<(AppId, Timestamp)> {
    let (app, micros) = subject.split_once('/')?;
    Some((AppId::parse(app).ok()?, Timestamp::from_micros(micros.parse().ok()?)))
}
