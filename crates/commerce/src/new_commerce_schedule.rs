//! Migrations that are to be made on a day: scheduling, changing and calling them off.
//!
//! A subscription has one at a time. What is written down is looked at again on the day (`new_commerce_due.rs`): whatever
//! stands in the way by then is kept with it, and nothing is tried again by itself.

use crate::new_commerce::{NewCommerceTerms, TERM_END, judge};
use crate::new_commerce_migrate::locked;
use crate::new_commerce_migrations::NewCommerceQuery;
use crate::reach::Reach;
use crate::subscription::Subscription;
use crate::{Limits, agreement, customers, new_commerce_due, rows, subscription_term_end};
use tenantry_access::{SubscriptionChange, SubscriptionRead, allow};
use tenantry_core::{Day, OpContext, Problem, Reason, SubscriptionId, TenantId, Timestamp};
use tenantry_db::{Db, Tx, audit};
use uuid::Uuid;

/// A migration that is to be made, or was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCommerceSchedule {
    /// Names it.
    pub id: Uuid,
    /// Whose.
    pub customer: TenantId,
    /// What is migrated.
    pub subscription: SubscriptionId,
    /// On which day, at its beginning in UTC.
    pub due_on: Day,
    /// Whether that is the day its term is renewed, as known when it was scheduled.
    pub at_renewal: bool,
    /// How it is to go on.
    pub terms: NewCommerceTerms,
    /// Where it is in its life.
    pub state: ScheduleState,
    /// When it was scheduled.
    pub created_at: Timestamp,
    /// When it changed last.
    pub changed_at: Timestamp,
}

/// Where a scheduled migration is in its life.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScheduleState {
    /// Its day is to come.
    Scheduled,
    /// It was called off.
    Cancelled,
    /// It was made; this is what was made.
    Completed(Uuid),
    /// On its day this stood in the way.
    Failed(String),
}

/// When a migration is to be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScheduleWhen {
    /// On a day to come.
    On(Day),
    /// When the term that runs is renewed.
    AtRenewal,
}

/// What is to be migrated, how, and when.
#[derive(Debug, Clone)]
pub struct ScheduleNewCommerce {
    /// Whose.
    pub customer: TenantId,
    /// Which.
    pub subscription: SubscriptionId,
    /// How.
    pub terms: NewCommerceTerms,
    /// When.
    pub when: ScheduleWhen,
}

impl NewCommerceSchedule {
    /// Why its subscription is not migrated, or scheduled to be, once more.
    pub(crate) fn in_the_way(&self) -> Problem {
        let message =
            format!("a migration of it is scheduled for {}; cancel or change that one ({})", self.due_on, self.id);
        Problem::new(Reason::Stale, message).at("schedule")
    }
}

impl ScheduleState {
    /// The stored name.
    pub(crate) const fn name(&self) -> &'static str {
        match self {
            Self::Scheduled => "scheduled",
            Self::Cancelled => "cancelled",
            Self::Completed(_) => "completed",
            Self::Failed(_) => "failed",
        }
    }
}

/// Schedules a migration.
///
/// # Errors
/// As [`new_commerce_migrate`](crate::new_commerce_migrate), but that a term may end soon; `InvalidField` on `targetDate` for
/// a day that has begun, on `migrateOnRenewal` for what is not to renew.
pub async fn new_commerce_schedule(
    ctx: &OpContext,
    db: &Db,
    limits: &Limits,
    wanted: ScheduleNewCommerce,
) -> Result<NewCommerceSchedule, Problem> {
    let target = wanted.subscription.to_string();
    let line = audit::open_about(ctx, db, "new-commerce-schedule", &target, wanted.customer).await?;
    let outcome = create(ctx, db, limits, wanted).await;
    line.close(ctx, db, outcome).await
}

async fn create(
    ctx: &OpContext,
    db: &Db,
    limits: &Limits,
    wanted: ScheduleNewCommerce,
) -> Result<NewCommerceSchedule, Problem> {
    let mut tx = db.begin().await?;
    let (partner, seen, terms) = possible(ctx, &mut tx, limits, &wanted).await?;
    if let Some(waiting) = rows::new_commerce_schedule::waiting(&mut tx, seen.id).await? {
        return Err(waiting.in_the_way());
    }
    let schedule = NewCommerceSchedule {
        id: ctx.chance.guid(),
        customer: seen.customer,
        subscription: seen.id,
        due_on: day(ctx, &seen, wanted.when)?,
        at_renewal: wanted.when == ScheduleWhen::AtRenewal,
        terms,
        state: ScheduleState::Scheduled,
        created_at: ctx.now(),
        changed_at: ctx.now(),
    };
    rows::new_commerce_schedule::insert(&mut tx, &schedule, partner).await?;
    new_commerce_due::schedule(&mut tx, schedule.due_on).await?;
    tx.commit().await?;
    Ok(schedule)
}

/// Says anew what is scheduled, all of it. The subscription stays the same.
///
/// # Errors
/// As [`new_commerce_schedule`]; `ObjectNotFound`; `StatusChangeRefused` for one that is over; `InvalidField` on
/// `currentSubscriptionId` for another subscription.
pub async fn new_commerce_schedule_change(
    ctx: &OpContext,
    db: &Db,
    limits: &Limits,
    (id, wanted): (Uuid, ScheduleNewCommerce),
) -> Result<NewCommerceSchedule, Problem> {
    let line = audit::open_about(ctx, db, "new-commerce-schedule-change", &id.to_string(), wanted.customer).await?;
    let outcome = change(ctx, db, limits, (id, wanted)).await;
    line.close(ctx, db, outcome).await
}

async fn change(
    ctx: &OpContext,
    db: &Db,
    limits: &Limits,
    (id, wanted): (Uuid, ScheduleNewCommerce),
) -> Result<NewCommerceSchedule, Problem> {
    let mut tx = db.begin().await?;
    let known = changeable(ctx, &mut tx, (wanted.customer, id)).await?;
    still_scheduled(&known)?;
    if known.subscription != wanted.subscription {
        let message = format!("it is scheduled for {}; schedule another for another subscription", known.subscription);
        return Err(Problem::invalid("currentSubscriptionId", message));
    }
    let (_, seen, terms) = possible(ctx, &mut tx, limits, &wanted).await?;
    let changed = NewCommerceSchedule {
        due_on: day(ctx, &seen, wanted.when)?,
        at_renewal: wanted.when == ScheduleWhen::AtRenewal,
        terms,
        changed_at: ctx.now(),
        ..known
    };
    keep(&mut tx, &changed).await?;
    new_commerce_due::schedule(&mut tx, changed.due_on).await?;
    tx.commit().await?;
    Ok(changed)
}

/// Calls a migration off. One that was called off stays so.
///
/// # Errors
/// `ObjectNotFound`, `CustomerNotFound`, `Forbidden`; `StatusChangeRefused` for one that was made, or failed.
pub async fn new_commerce_schedule_cancel(
    ctx: &OpContext,
    db: &Db,
    customer: TenantId,
    id: Uuid,
) -> Result<NewCommerceSchedule, Problem> {
    let line = audit::open_about(ctx, db, "new-commerce-schedule-cancel", &id.to_string(), customer).await?;
    let outcome = cancel(ctx, db, customer, id).await;
    line.close(ctx, db, outcome).await
}

async fn cancel(ctx: &OpContext, db: &Db, customer: TenantId, id: Uuid) -> Result<NewCommerceSchedule, Problem> {
    let mut tx = db.begin().await?;
    let known = changeable(ctx, &mut tx, (customer, id)).await?;
    if known.state == ScheduleState::Cancelled {
        return Ok(known);
    }
    still_scheduled(&known)?;
    let cancelled = NewCommerceSchedule { state: ScheduleState::Cancelled, changed_at: ctx.now(), ..known };
    keep(&mut tx, &cancelled).await?;
    tx.commit().await?;
    Ok(cancelled)
}

/// One of a customer.
///
/// # Errors
/// `ObjectNotFound`, `CustomerNotFound`, `Forbidden`.
pub async fn new_commerce_schedule_get(
    ctx: &OpContext,
    db: &Db,
    customer: TenantId,
    id: Uuid,
) -> Result<NewCommerceSchedule, Problem> {
    let mut reader = db.reader().await?;
    let seen = customers::visible(ctx, &mut reader, customer).await?;
    let customer = allow::<SubscriptionRead, _>(ctx, seen)?.into_target().id;
    let found = rows::new_commerce_schedule::get(&mut reader, Reach::of(ctx)?, id).await?;
    found.filter(|found| found.customer == customer).ok_or_else(|| none(id))
}

/// Those within the caller's reach, in every state, oldest first.
///
/// # Errors
/// `CustomerNotFound`, `Forbidden`.
pub async fn new_commerce_schedule_list(
    ctx: &OpContext,
    db: &Db,
    query: &NewCommerceQuery,
) -> Result<Vec<NewCommerceSchedule>, Problem> {
    let mut reader = db.reader().await?;
    query.check(ctx, &mut reader).await?;
    rows::new_commerce_schedule::list(&mut reader, Reach::of(ctx)?, query).await
}

/// Who sells the subscription, the subscription, and how it is to go on, if it could be migrated as things are; a term that
/// ends soon does not matter yet.
async fn possible(
    ctx: &OpContext,
    tx: &mut Tx,
    limits: &Limits,
    wanted: &ScheduleNewCommerce,
) -> Result<(TenantId, Subscription, NewCommerceTerms), Problem> {
    let terms = wanted.terms.clone().checked()?;
    let (customer, seen) = locked(ctx, tx, (wanted.customer, wanted.subscription)).await?;
    agreement::check_sold_to(tx, &customer).await?;
    let seen = subscription_term_end::caught_up(ctx, tx, seen).await?;
    let obstacles = judge(ctx, tx, limits, (&customer, &seen), (&terms, ctx.now())).await?.err().unwrap_or_default();
    match obstacles.into_iter().find(|obstacle| obstacle.field() != Some(TERM_END)) {
        Some(obstacle) => Err(obstacle),
        None => Ok((customer.partner, seen, terms)),
    }
}

/// The day of a migration.
fn day(ctx: &OpContext, seen: &Subscription, when: ScheduleWhen) -> Result<Day, Problem> {
    let today = ctx.now().day();
    match when {
        ScheduleWhen::On(day) if day > today => Ok(day),
        ScheduleWhen::On(day) => {
            let message = format!("{day} is not after today, {today}; name a day to come, or migrate it now");
            Err(Problem::invalid("targetDate", message))
        }
        ScheduleWhen::AtRenewal => seen.commitment_ends_on.filter(|_| seen.auto_renew).ok_or_else(|| {
            let message = "the subscription is not to renew; have it renewed by itself first, or name a targetDate";
            Problem::invalid("migrateOnRenewal", message)
        }),
    }
}

/// A schedule of a customer, for who may change the customer's subscriptions.
async fn changeable(
    ctx: &OpContext,
    tx: &mut Tx,
    (customer, id): (TenantId, Uuid),
) -> Result<NewCommerceSchedule, Problem> {
    let seen = customers::visible(ctx, tx, customer).await?;
    let customer = allow::<SubscriptionChange, _>(ctx, seen)?.into_target().id;
    let found = rows::new_commerce_schedule::get(tx, Reach::of(ctx)?, id).await?;
    found.filter(|found| found.customer == customer).ok_or_else(|| none(id))
}

fn still_scheduled(known: &NewCommerceSchedule) -> Result<(), Problem> {
    if known.state == ScheduleState::Scheduled {
        return Ok(());
    }
    let message = format!("it is {} and nothing about it can change; schedule another", known.state.name());
    Err(Problem::new(Reason::StatusChangeRefused, message).at("status"))
}

/// Saves one that was scheduled when it was read.
async fn keep(tx: &mut Tx, changed: &NewCommerceSchedule) -> Result<(), Problem> {
    if rows::new_commerce_schedule::update(tx, changed).await? {
        return Ok(());
    }
    Err(Problem::new(Reason::StatusChangeRefused, "it was made or called off meanwhile; read it again").at("status"))
}

fn none(id: Uuid) -> Problem {
    let message = format!("the customer has no scheduled migration `{id}`; take its id from the list of schedules");
    Problem::new(Reason::ObjectNotFound, message)
}
