//! The job runner: takes due jobs in time order and runs each. Every handler can run twice.
//!
//! Of the processes that share a world, one takes a job; the others see it again, seconds later, if that one dies at it.

use crate::World;
use std::sync::Arc;
use std::time::Duration;
use tenantry_billing::{CLOSE_MONTH, close_month, schedule_close, tell_owed};
use tenantry_commerce::{Limits, NEW_COMMERCE_DUE, TERMS_END, new_commerce_due, terms_end};
use tenantry_core::{Month, Problem, Timestamp};
use tenantry_db::job::{self, Job};
use tenantry_directory::{
    ERASE_APPLICATION, ERASE_USER, RELATIONSHIP_END, application_erase_due, relationship_end, user_erase_due,
};
use tenantry_metering::{BUDGET_MONTH, SPEND_WATCH};
use tenantry_usage::Fold;
use tokio::task::JoinSet;

/// How often a live world looks for due jobs.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How often it says of a job it is at that it is.
const KEEP_EVERY: Duration = Duration::from_secs(job::KEEP_SECONDS);
/// The first wait after a failure; it doubles with each further one, up to the longest.
const RETRY_FIRST_SECONDS: i64 = 10;
const RETRY_LONGEST_SECONDS: i64 = 3_600;
/// How long until documents of a sandbox are tried again: a day.
const SANDBOX_RETRY_SECONDS: i64 = 86_400;

impl World {
    /// Runs the jobs that are due now. Returns how many ran. A failed one is put off and does not hold up others.
    pub async fn run_due(&self) -> Result<usize, Problem> {
        let mut ran = 0;
        // The time is asked anew for each: after a long job a taking would be over before it began.
        while let Some(job) = self.next_job(self.clock().now()).await? {
            let _kept = self.is_shared().then(|| self.keep(&job));
            if let Err(problem) = self.run(&job).await {
                tracing::error!(job.kind = %job.kind, job.subject = %job.subject, "job failed: {problem:?}");
                self.put_off(&job, &problem).await?;
            }
            ran += 1;
        }
        Ok(ran)
    }

    /// Looks for due jobs again and again, and keeps up with the other processes of a shared world. A sandbox runs its
    /// jobs when its clock is moved; of one on a server only the lock is looked after. Ends only with the task it runs in.
    pub async fn keep_running(&self) {
        if self.settings().sandbox {
            return self.keep_hold().await;
        }
        let jobs = async {
            loop {
                if let Err(problem) = self.run_due().await {
                    tracing::error!("cannot look for due jobs: {problem:?}");
                }
                wait(LOOK_EVERY).await;
            }
        };
        if self.is_shared() {
            tokio::join!(jobs, self.keep_up());
        } else {
            jobs.await;
        }
    }

    /// The next due job; of a shared world one that no other process is at.
    async fn next_job(&self, now: Timestamp) -> Result<Option<Job>, Problem> {
        match job::next_due(self.db(), now).await? {
            // Asked first, because taking is a write and most of the time nothing is due.
            Some(_) if self.is_shared() => job::take(self.db(), now).await,
            due => Ok(due),
        }
    }

    /// Keeps a job that was taken from the other processes, until dropped. In a task of its own: a job may compute for long
    /// without a pause.
    fn keep(&self, job: &Job) -> JoinSet<()> {
        let (db, clock, job) = (self.db().clone(), Arc::clone(self.clock()), job.clone());
        let mut keeping = JoinSet::new();
        keeping.spawn(async move {
            loop {
                wait(KEEP_EVERY).await;
                if let Err(problem) = job::keep(&db, &job, clock.now()).await {
                    tracing::warn!(job.kind = %job.kind, job.subject = %job.subject, "cannot keep a job: {problem:?}");
                }
            }
        });
        keeping
    }

    pub(crate) async fn run(&self, job: &Job) -> Result<(), Problem> {
        match job.kind.as_str() {
            SPEND_WATCH => {
                // Should a process have died between a payment and telling of it.
                tell_owed(&self.system(SPEND_WATCH), self.db(), self.metering()).await?;
                self.metering().spend_watch(&self.system(SPEND_WATCH), job).await
            }
            BUDGET_MONTH => self.metering().budget_month(&self.system(BUDGET_MONTH), job).await,
            CLOSE_MONTH => self.close_month_of(job).await,
            ERASE_APPLICATION => application_erase_due(&self.system(ERASE_APPLICATION), self.db(), job).await,
            ERASE_USER => user_erase_due(&self.system(ERASE_USER), self.db(), job).await,
            RELATIONSHIP_END => relationship_end(&self.system(RELATIONSHIP_END), self.db(), job).await,
            NEW_COMMERCE_DUE => new_commerce_due(&self.system(NEW_COMMERCE_DUE), self.db(), &Limits::NONE, job).await,
            TERMS_END => terms_end(&self.system(TERMS_END), self.db(), job).await,
            other => Err(Problem::corrupt(format!("no handler for jobs of kind `{other}`"))),
        }
    }

    async fn close_month_of(&self, job: &Job) -> Result<(), Problem> {
        let month = Month::parse(&job.subject).map_err(|error| Problem::corrupt(error.to_string()))?;
        let ctx = self.system(CLOSE_MONTH);
        // A month that was skipped is billed by a later one. One that was closed may still lack documents.
        let skipped = |fold: &Fold| {
            let closes = fold.closes();
            closes.last().is_some_and(|last| last.month > month) && closes.iter().all(|close| close.month != month)
        };
        let closed = match self.metering().read_all(skipped).await {
            true => Ok(()),
            false => close_month(&ctx, self.db(), self.metering(), month).await.map(drop),
        };
        let there = |fold: &Fold| fold.closes().iter().any(|close| close.month == month);
        let is_closed = self.metering().read_all(there).await;
        let mut tx = self.db().begin().await?;
        match closed {
            // The month is closed and the other documents are issued: the months that follow wait for none that lacks an
            // exchange rate or cannot be written.
            Err(problem) if is_closed => {
                tracing::error!(job.subject = %job.subject, "documents are missing: {problem:?}");
                // In a sandbox hours go by in no time, and trying each of them helps nobody.
                let wait = if self.settings().sandbox { SANDBOX_RETRY_SECONDS } else { retry_seconds(job) };
                job::postpone(&mut tx, job, &format!("{problem:?}"), ctx.now().plus_seconds(wait)).await?;
            }
            closed => {
                closed?;
                job::complete(&mut tx, job, ctx.now()).await?;
            }
        }
        schedule_close(&mut tx, month.next(), self.settings().close_grace_seconds).await?;
        tx.commit().await
    }

    async fn put_off(&self, job: &Job, problem: &Problem) -> Result<(), Problem> {
        let again_at = self.clock().now().plus_seconds(retry_seconds(job));
        let mut tx = self.db().begin().await?;
        job::postpone(&mut tx, job, &format!("{problem:?}"), again_at).await?;
        tx.commit().await
    }
}

fn retry_seconds(job: &Job) -> i64 {
    let doubled = RETRY_FIRST_SECONDS.checked_shl(u32::try_from(job.attempts.min(20)).unwrap_or(0));
    doubled.unwrap_or(RETRY_LONGEST_SECONDS).min(RETRY_LONGEST_SECONDS)
}

#[expect(clippy::disallowed_methods, reason = "a live world waits in real time; sandboxes never come here")]
async fn wait(time: Duration) {
    tokio::time::sleep(time).await;
}
