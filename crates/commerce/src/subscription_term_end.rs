//! What is done when terms end: a due job looks at everything in use whose term is over by today.
//!
//! Each end of a term that is agreed to makes sure that somebody looks on that day. A look asks nothing but the day, so it
//! makes up for days on which nobody looked, and two looks are one. An act on a subscription whose end nobody has looked
//! at yet does so first, so that no change slips in between.

use crate::reach::Reach;
use crate::rows::subscription::Which;
use crate::subscription::{Subscription, no_subscription};
use crate::subscription_keep::{keep, keep_since};
use crate::{audit_made, rows, subscription_add_ons};
use tenantry_access::{SubscriptionChange, allow};
use tenantry_core::{Day, OpContext, Problem, SubscriptionId, TenantId};
use tenantry_db::job::{self, Job};
use tenantry_db::{Db, Tx, audit};

/// The kind of job that [`terms_end`] handles.
pub const TERMS_END: &str = "terms-end";

/// The subject of the job that a migration left: older versions looked at no ends.
const SOLD_BEFORE: &str = "sold before";

/// Makes sure that somebody looks on a day.
pub(crate) async fn schedule(tx: &mut Tx, day: Day) -> Result<(), Problem> {
    job::schedule(tx, TERMS_END, &day.to_string(), day.start()).await
}

/// Renews whatever is to renew by today, and stops whatever is not, each in a transaction and under an audit line of its
/// own.
///
/// # Errors
/// If one subscription cannot be helped, the others are; the first problem is told, and the job is tried again.
pub async fn terms_end(ctx: &OpContext, db: &Db, job: &Job) -> Result<(), Problem> {
    let today = ctx.now().day();
    if job.subject == SOLD_BEFORE {
        // Whatever has a term, whenever that ends.
        each(ctx, db, Day::from_number(i32::MAX), bring_up).await?;
    }
    each(ctx, db, today, caught_up).await?;
    let mut tx = db.begin().await?;
    // Those of older versions, who were sold before anybody looked.
    if let Some(next) = rows::subscription::next_term_end(&mut tx, today).await? {
        schedule(&mut tx, next).await?;
    }
    job::complete(&mut tx, job, ctx.now()).await?;
    tx.commit().await
}

/// Does the same to each subscription in use whose term ends by a day.
async fn each(
    ctx: &OpContext,
    db: &Db,
    by: Day,
    act: impl AsyncFn(&OpContext, &mut Tx, Subscription) -> Result<Subscription, Problem>,
) -> Result<(), Problem> {
    let mut first = Ok(());
    let mut last = None;
    loop {
        let ended = rows::subscription::ended_terms(&mut db.reader().await?, by, last).await?;
        let Some((_, newest)) = ended.last() else { return first };
        last = Some(*newest);
        for (customer, id) in ended {
            let line = audit::open_about(ctx, db, "subscription-term-end", &id.to_string(), customer).await?;
            let outcome = one(ctx, db, (customer, id), &act).await;
            first = first.and(line.close_with(ctx, db, outcome, audit_made::of_subscription).await.map(drop));
        }
    }
}

async fn one(
    ctx: &OpContext,
    db: &Db,
    (customer, id): (TenantId, SubscriptionId),
    act: &impl AsyncFn(&OpContext, &mut Tx, Subscription) -> Result<Subscription, Problem>,
) -> Result<Subscription, Problem> {
    let mut tx = db.begin().await?;
    let which = Which { id: Some(id), ..Which::default() };
    let found = rows::subscription::of_customer(&mut tx, Reach::of(ctx)?, customer, which).await?.pop();
    let seen = allow::<SubscriptionChange, _>(ctx, found.ok_or_else(|| no_subscription(id))?)?.into_target();
    let now = act(ctx, &mut tx, seen).await?;
    tx.commit().await?;
    Ok(now)
}

/// What an older version sold, brought up to the term that is paid for.
async fn bring_up(ctx: &OpContext, tx: &mut Tx, seen: Subscription) -> Result<Subscription, Problem> {
    let Some(next) = seen.of_older_version(ctx.now().day()) else { return Ok(seen) };
    let next = Subscription { version: seen.version + 1, ..next };
    rows::customer::lock_of(tx, next.customer, next.partner).await?;
    keep(ctx, tx, &next).await?;
    Ok(next)
}

/// The subscription as it is today: if its term has ended and nobody has looked yet, that is kept first, as a change of its
/// own.
///
/// # Errors
/// `Stale` if it changed since it was read.
pub(crate) async fn caught_up(ctx: &OpContext, tx: &mut Tx, seen: Subscription) -> Result<Subscription, Problem> {
    let (Some(ended_on), Some(next)) = (seen.commitment_ends_on, seen.after_term(ctx.now().day())?) else {
        return Ok(seen);
    };
    let next = Subscription { version: seen.version + 1, ..next };
    rows::customer::lock_of(tx, next.customer, next.partner).await?;
    // However late somebody looks, seats are billed from that day on by what was agreed to for it.
    keep_since(ctx, tx, &next, ended_on).await?;
    subscription_add_ons::follow(ctx, tx, &next).await?;
    Ok(next)
}
