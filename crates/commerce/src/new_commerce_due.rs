//! Making the migrations that were scheduled, each on its day: a due job looks at all whose day has come.
//!
//! As with the ends of terms a look asks nothing but the day, so it makes up for days on which nobody looked, and two looks
//! are one. What stands in the way is written down with the schedule, whose owner sees it there.

use crate::new_commerce_migrate::{ACT, locked, migrated};
use crate::new_commerce_schedule::{NewCommerceSchedule, ScheduleState};
use crate::{Limits, rows};
use tenantry_core::{Day, OpContext, Problem, Reason};
use tenantry_db::job::{self, Job};
use tenantry_db::{Db, Tx, audit};

/// The kind of job that [`new_commerce_due`] handles; its subject is the day.
pub const NEW_COMMERCE_DUE: &str = "new-commerce-due";

/// Makes sure that somebody looks on a day.
pub(crate) async fn schedule(tx: &mut Tx, day: Day) -> Result<(), Problem> {
    job::schedule(tx, NEW_COMMERCE_DUE, &day.to_string(), day.start()).await
}

/// Makes whatever is to be made by today, each in a transaction and under an audit line of its own.
///
/// # Errors
/// Those of the platform: the job is tried again, and goes on with what is left.
pub async fn new_commerce_due(ctx: &OpContext, db: &Db, limits: &Limits, job: &Job) -> Result<(), Problem> {
    let today = ctx.now().day();
    // Each leaves the list, made or not.
    while let Some(next) = rows::new_commerce_schedule::next_due(&mut db.reader().await?, today).await? {
        let line = audit::open_about(ctx, db, ACT, &next.subscription.to_string(), next.customer).await?;
        let outcome = make(ctx, db, limits, &next).await;
        match line.close(ctx, db, outcome).await {
            Err(problem) if is_ours(&problem) => return Err(problem),
            Err(problem) => end(db, ctx, next, ScheduleState::Failed(problem.message().to_owned())).await?,
            Ok(()) => (),
        }
    }
    let mut tx = db.begin().await?;
    job::complete(&mut tx, job, ctx.now()).await?;
    tx.commit().await
}

/// Whether it is the platform's fault that it was not done: then it is not over.
const fn is_ours(problem: &Problem) -> bool {
    matches!(
        problem.reason(),
        Reason::Unavailable
            | Reason::StorageFull
            | Reason::WorldBusy
            | Reason::Throttled
            | Reason::Corrupt
            | Reason::Internal
    )
}

/// Makes one, and ends its schedule in the same transaction.
async fn make(ctx: &OpContext, db: &Db, limits: &Limits, due: &NewCommerceSchedule) -> Result<(), Problem> {
    let mut tx = db.begin().await?;
    let (customer, seen) = locked(ctx, &mut tx, (due.customer, due.subscription)).await?;
    let made = migrated(ctx, &mut tx, limits, (&customer, seen), (&due.terms, None)).await?;
    if !over(&mut tx, ctx, due.clone(), ScheduleState::Completed(made.id)).await? {
        // Another process made it, or it was called off: none of this is to be.
        return Ok(());
    }
    tx.commit().await
}

async fn end(db: &Db, ctx: &OpContext, due: NewCommerceSchedule, state: ScheduleState) -> Result<(), Problem> {
    let mut tx = db.begin().await?;
    over(&mut tx, ctx, due, state).await?;
    tx.commit().await
}

async fn over(tx: &mut Tx, ctx: &OpContext, due: NewCommerceSchedule, state: ScheduleState) -> Result<bool, Problem> {
    rows::new_commerce_schedule::update(tx, &NewCommerceSchedule { state, changed_at: ctx.now(), ..due }).await
}
