//! Acting on what the fold decided: alerts for thresholds that were crossed, stops for caps, and going on again.
//!
//! The fold decides in the record that crosses; this file makes it true. Nothing is judged between the two: whoever
//! takes a turn first looks whether something decided was not acted on yet ([`Metering::unsettled`]). So what a cap
//! lets through is the group of batches that crossed it, and usage from before the stop.
//!
//! Every step can be repeated. An alert is named by the number of its crossing. A stop is written down before the
//! subscription is suspended and forgotten after it goes on, so a crash between leaves something to look at again, and
//! a start looks at all of it.
//!
//! Usage of everybody waits for an act that fails, so none may fail for ever. Trouble of the database is everybody's
//! trouble anyway. But a subscription that cannot be stopped for a reason of its own is given up after [`TRIES`]: the log
//! names it with the reason, an alert tells the owner of the limit that it is still in use, and the others go on. It is
//! tried again with the daily look for unusual spending and at a start.

use crate::alert::{Alert, BUDGET_CROSSED, BudgetCrossed};
use crate::alert_rows::{self, Stop};
use crate::engine::Metering;
use crate::watch;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex as Lock, MutexGuard, PoisonError};
use tenantry_commerce::{
    ChangeSubscription, Limits, State, Status, Subscription, SuspensionReason, subscription_change, subscription_get,
};
use tenantry_core::{Month, OpContext, Problem, Reason, SubscriptionId};
use tenantry_db::job::{self, Job};
use tenantry_db::{Tx, outbox};
use tenantry_usage::{BudgetAction, BudgetTerms, Crossing, Fold, ServiceState};
use tokio::sync::Mutex;

/// The platform's name when it stops and lets go on.
const PLATFORM: &str = "spend-guard";
/// The job that lets things go on when a month of budgets is over; its subject is the month that begins.
pub const BUDGET_MONTH: &str = "budget-month";

/// How often a subscription that cannot be stopped is tried before usage is no longer held up by it.
const TRIES: u32 = 3;

/// What this process has acted on.
#[derive(Debug, Default)]
pub(crate) struct Guard {
    /// The newest crossing with an alert.
    settled: AtomicU64,
    /// One at a time acts.
    acting: Mutex<()>,
    /// How often subscriptions could not be stopped, since they last could.
    failed: Lock<BTreeMap<SubscriptionId, u32>>,
}

impl Guard {
    fn failed(&self) -> MutexGuard<'_, BTreeMap<SubscriptionId, u32>> {
        // Nothing that can fail half way happens under the lock.
        self.failed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn gave_up_on(&self, subscription: SubscriptionId) -> bool {
        self.failed().get(&subscription).is_some_and(|tries| *tries >= TRIES)
    }

    /// Counts a failure; whether that was the last try.
    fn gives_up_on(&self, subscription: SubscriptionId) -> bool {
        let mut failed = self.failed();
        let tries = failed.entry(subscription).or_default();
        *tries += 1;
        *tries >= TRIES
    }

    /// Lets everything be tried again.
    pub(crate) fn try_again(&self) {
        self.failed().clear();
    }
}

/// Whether trying again may help, whoever is concerned: the database is away, full or busy.
fn passes(problem: &Problem) -> bool {
    matches!(problem.reason(), Reason::Unavailable | Reason::StorageFull | Reason::WorldBusy | Reason::Throttled)
}

impl Metering {
    /// Whether the fold decided something that nobody has acted on yet. Costs two comparisons.
    pub(crate) async fn unsettled(&self) -> bool {
        let fold = self.fold.read().await;
        let book = fold.budgets();
        book.crossings_counted() > self.guard.settled.load(Ordering::Acquire) || !book.to_stop().is_empty()
    }

    /// Called after each group of batches, before anybody hears its verdicts.
    ///
    /// # Errors
    /// What the database says. The usage is kept; the next turn tries again before it judges anything.
    pub(crate) async fn after_batch(&self, ctx: &OpContext) -> Result<(), Problem> {
        if self.unsettled().await { self.settle(ctx).await } else { Ok(()) }
    }

    /// Acts on everything that is decided: stops what caps cover, then tells about the crossings.
    pub(crate) async fn settle(&self, ctx: &OpContext) -> Result<(), Problem> {
        if self.is_reader() {
            return Ok(());
        }
        let _acting = self.guard.acting.lock().await;
        let ctx = &platform(ctx);
        let after = self.guard.settled.load(Ordering::Acquire);
        let (crossings, look_at, newest) = self
            .read_all(|fold| {
                let book = fold.budgets();
                let crossed = book.crossings_after(after);
                let told = crossed.filter_map(|crossing| Some((book.get(crossing.budget)?.clone(), crossing.clone())));
                (told.collect::<Vec<_>>(), book.to_stop().clone(), book.crossings_counted())
            })
            .await;
        self.stop_all(ctx, &look_at).await?;
        self.tell(ctx, &crossings).await?;
        self.fold.write().await.stopped(&look_at);
        self.guard.settled.store(newest, Ordering::Release);
        Ok(())
    }

    /// After a start: everything that is or should be stopped is looked at, and what was crossed and not told is told.
    pub(crate) async fn settle_all(&self, ctx: &OpContext) -> Result<(), Problem> {
        let newest = alert_rows::newest_crossing(&mut self.db.reader().await?).await?;
        self.guard.settled.store(u64::try_from(newest).unwrap_or(0), Ordering::Release);
        self.stop_capped(ctx).await?;
        self.settle(ctx).await?;
        self.lift(ctx).await?;
        // A sandbox is watched once somebody puts a budget: most of them want to see a year pass in no time.
        if !self.sandbox || !self.read_all(|fold| fold.budgets().is_empty()).await {
            let mut tx = self.db.begin().await?;
            watch::schedule(&mut tx, ctx.now().day()).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    /// Stops all that caps cover now and that is in use.
    pub(crate) async fn stop_capped(&self, ctx: &OpContext) -> Result<(), Problem> {
        let month = Month::of(ctx.now().day());
        let capped = |fold: &Fold| -> BTreeSet<SubscriptionId> {
            let book = fold.budgets();
            let caps = book.all().filter(|terms| terms.action == BudgetAction::Cap && book.reached(terms.id, month));
            caps.flat_map(|terms| book.members_of(terms.id)).collect()
        };
        let look_at = self.read_all(capped).await;
        self.stop_all(&platform(ctx), &look_at).await
    }

    /// Lets go on what nothing stops any more. One that cannot be let go on holds up no other: the log names it, and it
    /// is tried again when the next is let go on.
    pub(crate) async fn lift(&self, ctx: &OpContext) -> Result<(), Problem> {
        let ctx = &platform(ctx);
        let stops = alert_rows::stops(&mut self.db.reader().await?).await?;
        let mut changed = false;
        for stop in stops {
            match self.lift_one(ctx, &stop).await {
                Ok(lifted) => changed |= lifted,
                Err(problem) if passes(&problem) => return Err(problem),
                Err(problem) => {
                    tracing::error!("subscription {} cannot be let go on: {problem:?}", stop.subscription);
                }
            }
        }
        if changed { self.follow(ctx).await } else { Ok(()) }
    }

    /// Whether it was suspended and goes on now.
    async fn lift_one(&self, ctx: &OpContext, stop: &Stop) -> Result<bool, Problem> {
        if self.must_stop(ctx, stop.subscription).await? {
            return Ok(false);
        }
        let found = subscription_get(ctx, &self.db, stop.customer, stop.subscription).await?;
        let stopped = matches!(found.state, State::Suspended { reason: SuspensionReason::SpendingLimit, .. });
        if stopped {
            self.change(ctx, stop, Status::Active).await?;
        }
        let mut tx = self.db.begin().await?;
        alert_rows::unstop(&mut tx, stop.subscription).await?;
        tx.commit().await?;
        Ok(stopped)
    }

    /// Whether a cap or an open alert holds a subscription now.
    async fn must_stop(&self, ctx: &OpContext, subscription: SubscriptionId) -> Result<bool, Problem> {
        let month = Month::of(ctx.now().day());
        let capped = |fold: &Fold| fold.limits_on(subscription, month, BudgetAction::Cap).next().is_some();
        Ok(self.read_all(capped).await || alert_rows::holds(&mut self.db.reader().await?, subscription).await?)
    }

    /// Suspends those of the subscriptions that something holds and that are in use.
    ///
    /// # Errors
    /// Those of the database; and of a subscription that cannot be suspended until it is given up.
    pub(crate) async fn stop_all(&self, ctx: &OpContext, look_at: &BTreeSet<SubscriptionId>) -> Result<(), Problem> {
        let mut changed = false;
        for id in look_at.iter().filter(|id| !self.guard.gave_up_on(**id)) {
            match self.stop_one(ctx, *id).await {
                Ok(stopped) => {
                    changed |= stopped;
                    self.guard.failed().remove(id);
                }
                Err(problem) if passes(&problem) || !self.guard.gives_up_on(*id) => return Err(problem),
                Err(problem) => {
                    tracing::error!(
                        "subscription {id} cannot be stopped and goes on beyond its limit, after {TRIES} tries: {problem:?}"
                    );
                    self.tell_unstopped(ctx, *id).await?;
                }
            }
        }
        // From now on the fold refuses usage from after the stop.
        if changed { self.follow(ctx).await } else { Ok(()) }
    }

    /// Whether it was in use and is suspended now.
    async fn stop_one(&self, ctx: &OpContext, id: SubscriptionId) -> Result<bool, Problem> {
        let in_use = |fold: &Fold| {
            let terms = fold.subscription(id).filter(|terms| terms.state == ServiceState::Active)?;
            Some(Stop { subscription: id, partner: terms.partner, customer: terms.customer })
        };
        let Some(stop) = self.read_all(in_use).await else { return Ok(false) };
        if !self.must_stop(ctx, id).await? {
            return Ok(false);
        }
        let mut tx = self.db.begin().await?;
        alert_rows::stop(&mut tx, &stop, ctx.now()).await?;
        let next = Month::of(ctx.now().day()).next();
        job::schedule(&mut tx, BUDGET_MONTH, &next.to_string(), next.period().from).await?;
        tx.commit().await?;
        self.change(ctx, &stop, Status::Suspended).await?;
        Ok(true)
    }

    /// Tells the owners of the caps on a subscription that it could not be stopped.
    async fn tell_unstopped(&self, ctx: &OpContext, id: SubscriptionId) -> Result<(), Problem> {
        let month = Month::of(ctx.now().day());
        let alerts = |fold: &Fold| -> Vec<Alert> {
            let caps = fold.limits_on(id, month, BudgetAction::Cap);
            let spent = |terms: &BudgetTerms| fold.budgets().spent(terms.id, month);
            caps.map(|terms| Alert::of_unstopped(ctx.chance.guid(), ctx.now(), terms, id, spent(terms))).collect()
        };
        let mut tx = self.db.begin().await?;
        for alert in self.read_all(alerts).await {
            alert_rows::insert(&mut tx, &alert).await?;
        }
        tx.commit().await
    }

    async fn change(&self, ctx: &OpContext, stop: &Stop, status: Status) -> Result<(), Problem> {
        let change = ChangeSubscription {
            status: Some(status),
            suspended_for: SuspensionReason::SpendingLimit,
            ..ChangeSubscription::of(stop.customer, stop.subscription)
        };
        let outcome: Result<Subscription, Problem> = subscription_change(ctx, &self.db, &Limits::NONE, change).await;
        match outcome {
            // Somebody was faster, or it is gone: nothing is left to stop.
            Err(problem) if matches!(problem.reason(), Reason::StatusChangeRefused | Reason::SubscriptionDeleted) => {
                Ok(())
            }
            other => other.map(drop),
        }
    }

    /// Writes the alerts of crossings, each with its outbox entry, once.
    async fn tell(&self, ctx: &OpContext, crossings: &[(BudgetTerms, Crossing)]) -> Result<(), Problem> {
        if crossings.is_empty() {
            return Ok(());
        }
        let mut tx = self.db.begin().await?;
        for (terms, crossing) in crossings {
            let alert = Alert::of_crossing(ctx.chance.guid(), ctx.now(), terms, crossing);
            if alert_rows::insert(&mut tx, &alert).await? {
                publish(ctx, &mut tx, &alert, crossing).await?;
            }
        }
        tx.commit().await
    }

    /// The job of a month that begins: the budgets of the one before hold nothing any more.
    pub async fn budget_month(&self, ctx: &OpContext, job: &Job) -> Result<(), Problem> {
        self.lift(ctx).await?;
        let mut tx = self.db.begin().await?;
        job::complete(&mut tx, job, ctx.now()).await?;
        tx.commit().await
    }
}

/// Stopping is the platform's act, whoever's request crossed the limit.
pub(crate) fn platform(ctx: &OpContext) -> OpContext {
    OpContext::system(PLATFORM, Arc::clone(&ctx.clock), Arc::clone(&ctx.chance))
}

async fn publish(ctx: &OpContext, tx: &mut Tx, alert: &Alert, crossing: &Crossing) -> Result<(), Problem> {
    let told = BudgetCrossed {
        alert: alert.id.to_string(),
        budget: crossing.budget.to_string(),
        owner: alert.owner,
        month: alert.period.clone(),
        threshold: crossing.threshold,
        action: crossing.action.name().to_owned(),
        limit: crossing.limit.to_string(),
        currency: alert.currency.code().to_owned(),
        spent: alert.spent.to_string(),
        overshoot: alert.overshoot.to_string(),
        message: alert.message.clone(),
    };
    let payload = serde_json::to_string(&told).map_err(Problem::internal)?;
    outbox::publish(tx, ctx.now(), BUDGET_CROSSED, &told.budget, &payload).await.map(drop)
}
