//! Work that is due at an instant of world time.
//!
//! A job is named by (kind, subject), so scheduling the same one twice is one job. The world's runner takes
//! due jobs in time order; each is run by an idempotent handler, and a failure is recorded on the job with the
//! time of the next try.
//!
//! Where several processes serve a world, each job is [`take`]n by one of them, for seconds; it [`keep`]s the job while it
//! is at it, and if it dies, another takes it some seconds later. So a job may run twice, never at all times by all. Whoever
//! was held up for longer has lost it: how the job ends is then said by the one that took it since ([`complete`],
//! [`postpone`]).

use crate::{Db, Row, Tx, sql};
use tenantry_core::{Problem, Reason, Timestamp};

/// A job that is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// What is to be done, such as `close-month`.
    pub kind: String,
    /// To what.
    pub subject: String,
    /// When it became due.
    pub due_at: Timestamp,
    /// How often it was tried and failed.
    pub attempts: i64,
    /// How often it was taken by a process of a shared world. The number names the taking.
    pub taking: i64,
}

/// Schedules a job; does nothing if it is known already.
pub async fn schedule(tx: &mut Tx, kind: &str, subject: &str, due_at: Timestamp) -> Result<(), Problem> {
    sql("INSERT INTO due_job (kind, subject, due_at, attempts) VALUES ($1, $2, $3, 0) \
         ON CONFLICT (kind, subject) DO NOTHING")
    .bind(kind)
    .bind(subject)
    .bind(due_at)
    .run(tx)
    .await?;
    Ok(())
}

/// The earliest job that is due at or before `until`.
pub async fn next_due(db: &Db, until: Timestamp) -> Result<Option<Job>, Problem> {
    let mut reader = db.reader().await?;
    let row = sql("SELECT kind, subject, due_at, attempts, taking FROM due_job WHERE done_at IS NULL \
         AND due_at <= $1 ORDER BY due_at, kind, subject LIMIT 1")
    .bind(until)
    .maybe(&mut reader)
    .await?;
    row.as_ref().map(job).transpose()
}

/// How long a job is left to whoever took it or [`keep`]s it, in seconds.
pub const TAKEN_SECONDS: i64 = 9;
/// How often a job must be kept, in seconds: twice in vain before it is lost.
pub const KEEP_SECONDS: u64 = 3;

/// Takes the earliest job that is due and that nobody else is at. `None` also when somebody else took it at this very
/// moment: look again later.
pub async fn take(db: &Db, now: Timestamp) -> Result<Option<Job>, Problem> {
    let mut tx = db.begin().await?;
    // The outer conditions are asked again of the row as it is once its lock is had; the inner ones only find it.
    let row = sql("UPDATE due_job SET taken_until = $2, taking = taking + 1 \
         WHERE done_at IS NULL AND due_at <= $1 AND (taken_until IS NULL OR taken_until <= $1) \
         AND (kind, subject) = (SELECT kind, subject FROM due_job WHERE done_at IS NULL AND due_at <= $1 \
         AND (taken_until IS NULL OR taken_until <= $1) ORDER BY due_at, kind, subject LIMIT 1) \
         RETURNING kind, subject, due_at, attempts, taking")
    .bind(now)
    .bind(now.plus_seconds(TAKEN_SECONDS))
    .maybe(&mut tx)
    .await?;
    let job = row.as_ref().map(job).transpose()?;
    tx.commit().await?;
    Ok(job)
}

fn job(row: &Row) -> Result<Job, Problem> {
    Ok(Job {
        kind: row.text("kind")?,
        subject: row.text("subject")?,
        due_at: row.time("due_at")?,
        attempts: row.integer("attempts")?,
        taking: row.integer("taking")?,
    })
}

/// Says that whoever took a job is at it still. Does nothing if it is done, or another process took it since.
pub async fn keep(db: &Db, job: &Job, now: Timestamp) -> Result<(), Problem> {
    let mut tx = db.begin().await?;
    sql("UPDATE due_job SET taken_until = $3 WHERE kind = $1 AND subject = $2 AND done_at IS NULL AND taking = $4")
        .bind(&job.kind)
        .bind(&job.subject)
        .bind(now.plus_seconds(TAKEN_SECONDS))
        .bind(job.taking)
        .run(&mut tx)
        .await?;
    tx.commit().await
}

/// Marks a job done.
///
/// # Errors
/// `WorldBusy` if another process took it since, or is through with it: what stands in this transaction is not to be
/// committed then, it is the other's to do.
pub async fn complete(tx: &mut Tx, job: &Job, at: Timestamp) -> Result<(), Problem> {
    sql("UPDATE due_job SET done_at = $3 WHERE kind = $1 AND subject = $2 AND done_at IS NULL \
         AND taking = $4")
    .bind(&job.kind)
    .bind(&job.subject)
    .bind(at)
    .bind(job.taking)
    .run_one(tx, || {
        let told = format!("the job {} of {} was taken over by another process of this world", job.kind, job.subject);
        Problem::new(Reason::WorldBusy, told)
    })
    .await
}

/// Records a failure and when to try again. Does nothing if another process took the job since: its try counts.
pub async fn postpone(tx: &mut Tx, job: &Job, error: &str, again_at: Timestamp) -> Result<(), Problem> {
    sql("UPDATE due_job SET attempts = attempts + 1, last_error = $3, due_at = $4, taken_until = NULL \
         WHERE kind = $1 AND subject = $2 AND done_at IS NULL AND taking = $5")
    .bind(&job.kind)
    .bind(&job.subject)
    .bind(error)
    .bind(again_at)
    .bind(job.taking)
    .run(tx)
    .await?;
    Ok(())
}

/// Lets the jobs that failed be tried at once, whatever their next try was to be: for an act that brings what one of them may
/// have waited for.
pub async fn retry_now(tx: &mut Tx, at: Timestamp) -> Result<(), Problem> {
    let failed = sql("UPDATE due_job SET due_at = $1 WHERE done_at IS NULL AND attempts > 0 AND due_at > $1");
    failed.bind(at).run(tx).await?;
    Ok(())
}
