//! Removing a deleted user for good: by an administrator, or by the due job when its 30 days are over.

use crate::applications::consent_forget;
use crate::people::guard::{may, may_touch_holder_of_roles};
use crate::people::rows;
use crate::people::user::no_user;
use tenantry_access::UserDelete;
use tenantry_core::{ObjectId, OpContext, Problem, TenantId, Timestamp};
use tenantry_db::job::{self, Job};
use tenantry_db::{Db, Tx, audit};

/// The kind of the due job.
pub const ERASE_USER: &str = "erase-user";

/// What the job is about: this deletion of this user. A user that was restored and deleted again has another one.
pub(crate) fn subject(id: ObjectId, deleted_at: Timestamp) -> String {
    format!("{id}/{}", deleted_at.micros())
}

/// Removes a deleted user at once.
///
/// # Errors
/// `UserNotFound` if there is no deleted user of this id.
pub async fn user_erase(ctx: &OpContext, db: &Db, tenant: TenantId, id: ObjectId) -> Result<(), Problem> {
    let line = audit::open(ctx, db, "user-erase", &id.to_string()).await?;
    let outcome = erase(ctx, db, tenant, id).await;
    line.close(ctx, db, outcome).await
}

async fn erase(ctx: &OpContext, db: &Db, tenant: TenantId, id: ObjectId) -> Result<(), Problem> {
    may::<UserDelete>(ctx, tenant)?;
    let mut tx = db.begin().await?;
    rows::lock(&mut tx, tenant).await?;
    let found = rows::user::by_id(&mut tx, tenant, id).await?.filter(|user| user.deleted_at.is_some());
    found.ok_or_else(|| no_user(&id.to_string()))?;
    may_touch_holder_of_roles(ctx, &mut tx, tenant, id).await?;
    remove(&mut tx, tenant, id).await?;
    tx.commit().await
}

/// Runs a due job: erases the user if that deletion still stands. Can run twice.
///
/// # Errors
/// `Corrupt` for a job whose subject is none of ours.
pub async fn user_erase_due(ctx: &OpContext, db: &Db, job: &Job) -> Result<(), Problem> {
    let (id, deleted_at) = parse(&job.subject).ok_or_else(|| {
        Problem::corrupt(format!("the job {ERASE_USER} `{}` names no deletion of a user", job.subject))
    })?;
    let line = audit::open(ctx, db, "user-erase", &id.to_string()).await?;
    let outcome = erase_due(ctx, db, job, (id, deleted_at)).await;
    line.close(ctx, db, outcome).await
}

async fn erase_due(
    ctx: &OpContext,
    db: &Db,
    job: &Job,
    (id, deleted_at): (ObjectId, Timestamp),
) -> Result<(), Problem> {
    let mut tx = db.begin().await?;
    if let Some(tenant) = rows::user::deleted_at(&mut tx, id, deleted_at).await? {
        rows::lock(&mut tx, tenant).await?;
        remove(&mut tx, tenant, id).await?;
    }
    job::complete(&mut tx, job, ctx.now()).await?;
    tx.commit().await
}

async fn remove(tx: &mut Tx, tenant: TenantId, id: ObjectId) -> Result<(), Problem> {
    consent_forget(tx, tenant, id).await?;
    rows::user::erase(tx, tenant, id).await?;
    tx.changes_access();
    Ok(())
}

fn parse(subject: &str) -> Option<(ObjectId, Timestamp)> {
    let (id, micros) = subject.split_once('/')?;
    Some((ObjectId::parse(id).ok()?, Timestamp::from_micros(micros.parse().ok()?)))
}
