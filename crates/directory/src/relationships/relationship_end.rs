//! The end of a relationship by its time: a due job extends it, or lets it expire.
//!
//! [`Relationship::at`] says what an instant makes of a relationship, and every answer already follows it. The job
//! writes it down, so that what is remembered of the partner's rights is forgotten.
//!
//! [`Relationship::at`]: crate::relationships::Relationship::at

use crate::relationships::reach::stale;
use crate::relationships::relationship_rows;
use tenantry_core::{OpContext, Problem, Timestamp};
use tenantry_db::job::{self, Job};
use tenantry_db::{Db, Tx, audit};

/// The kind of job that [`relationship_end`] handles.
pub const RELATIONSHIP_END: &str = "relationship-end";

/// Each end is a job of its own, because a job that is done is not scheduled again.
pub(crate) async fn schedule_end(tx: &mut Tx, id: &str, end: Timestamp) -> Result<(), Problem> {
    job::schedule(tx, RELATIONSHIP_END, &format!("{id} {}", end.micros()), end).await
}

/// Extends a relationship whose end has come, or lets it expire. One that has ended otherwise is left alone. Twice is
/// once.
///
/// # Errors
/// `Stale` if somebody changes it at the same moment: try again.
pub async fn relationship_end(ctx: &OpContext, db: &Db, job: &Job) -> Result<(), Problem> {
    let id = job.subject.split_whitespace().next().unwrap_or_default();
    let line = audit::open(ctx, db, RELATIONSHIP_END, id).await?;
    let outcome = end(ctx, db, job, id).await;
    line.close(ctx, db, outcome).await
}

async fn end(ctx: &OpContext, db: &Db, job: &Job, id: &str) -> Result<(), Problem> {
    let mut tx = db.begin().await?;
    if let Some(stored) = relationship_rows::by_id(&mut tx, id).await? {
        let mut relationship = stored.clone().at(ctx.now());
        if relationship != stored {
            relationship.version += 1;
            if !relationship_rows::update(&mut tx, &relationship).await? {
                return Err(stale("the relationship"));
            }
            if let (true, Some(end)) = (relationship.is_active(), relationship.ends_at) {
                schedule_end(&mut tx, id, end).await?;
            }
            tx.changes_access();
        }
    }
    job::complete(&mut tx, job, ctx.now()).await?;
    tx.commit().await
}
