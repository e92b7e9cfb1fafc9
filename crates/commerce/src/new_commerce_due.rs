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
/// If the platform could not make one, the others are made; the first problem is told, and the job is tried again.
pub async fn new_commerce_due(ctx: &OpContext, db: &Db, limits: &Limits, job: &Job) -> Result<(), Problem> {
    let today = ctx.now().day();
    let mut first = Ok(());
    let mut last = None;
    while let Some(next) = rows::new_commerce_schedule::next_due(&mut db.reader().await?, today, last).await? {
        last = Some((next.due_on, next.id));
        let line = audit::open_about(ctx, db, ACT, &next.subscription.to_string(), next.customer).await?;
        let outcome = make(ctx, db, limits, &next).await;
        match line.close(ctx, db, outcome).await {
            Err(problem) if problem.is_ours() => first = first.and(Err(problem)),
            Err(problem) => fail(ctx, db, next, problem.message()).await?,
            Ok(()) => (),
        }
    }
    first?;
    let mut tx = db.begin().await?;
    job::complete(&mut tx, job, ctx.now()).await?;
    // Whatever was put on a day while this went on, a day that may have been looked at by then.
    if let Some(next) = rows::new_commerce_schedule::next_day(&mut tx).await? {
        schedule(&mut tx, next.max(today.next())).await?;
    }
    tx.commit().await
}

/// Makes one, and ends its schedule in the same transaction.
async fn make(ctx: &OpContext, db: &Db, limits: &Limits, due: &NewCommerceSchedule) -> Result<(), Problem> {
    let mut tx = db.begin().await?;
    let (customer, seen) = locked(ctx, &mut tx, (due.customer, due.subscription)).await?;
    check_unchanged(&mut tx, due).await?;
    // It was to be made when its day began, however late that is looked at.
    let at = due.due_on.start();
    let made = migrated(ctx, &mut tx, limits, (&customer, seen), (&due.terms, None, at)).await?;
    over(&mut tx, ctx, due.clone(), ScheduleState::Completed(made.id)).await?;
    tx.commit().await
}

/// Writes down what stood in the way, unless its owner has changed it meanwhile.
async fn fail(ctx: &OpContext, db: &Db, due: NewCommerceSchedule, why: &str) -> Result<(), Problem> {
    let mut tx = db.begin().await?;
    let Some(partner) = rows::new_commerce_schedule::partner(&mut tx, due.id).await? else { return Ok(()) };
    rows::customer::lock_of(&mut tx, due.customer, partner).await?;
    if check_unchanged(&mut tx, &due).await.is_ok() {
        over(&mut tx, ctx, due, ScheduleState::Failed(why.to_owned())).await?;
    }
    tx.commit().await
}

/// Behind the lock of the customer's row: whether it still stands as it was read.
async fn check_unchanged(tx: &mut Tx, due: &NewCommerceSchedule) -> Result<(), Problem> {
    let waiting = rows::new_commerce_schedule::waiting(tx, due.subscription).await?;
    if waiting.as_ref() == Some(due) {
        return Ok(());
    }
    Err(Problem::new(Reason::Stale, "the schedule was changed, called off or made meanwhile").at("schedule"))
}

async fn over(tx: &mut Tx, ctx: &OpContext, due: NewCommerceSchedule, state: ScheduleState) -> Result<(), Problem> {
    let over = NewCommerceSchedule { state, changed_at: ctx.now(), ..due };
    match rows::new_commerce_schedule::update(tx, &over).await? {
        true => Ok(()),
        false => Err(Problem::internal("a schedule changed behind the lock of its customer")),
    }
}
