//! The daily look for unusual spending: what the rules of [`crate::anomaly`] find becomes alerts, once each.
//!
//! An alert is the partner's that sold the subscription, in the prices it buys at. It does what a budget over the
//! subscription says should happen then; without one it only tells.

use crate::alert::{ANOMALY_FOUND, Alert, AnomalyFound};
use crate::alert_rows;
use crate::anomaly::{Days, Finding, HISTORY_DAYS};
use crate::engine::Metering;
use std::collections::BTreeSet;
use tenantry_core::{Amount, Currency, Day, MeterId, OpContext, Problem, SubscriptionId, TenantId};
use tenantry_db::job::{self, Job};
use tenantry_db::{Tx, outbox};
use tenantry_usage::{BudgetAction, Fold};

/// The job that looks at a day; its subject is the day.
pub const SPEND_WATCH: &str = "spend-watch";
/// Usage of a day may be reported a while after it. Looked at so many seconds after its end.
const WATCH_GRACE_SECONDS: i64 = 3_600;

/// A subscription with something unusual.
struct Found {
    subscription: SubscriptionId,
    owner: TenantId,
    currency: Currency,
    action: BudgetAction,
    findings: Vec<Finding>,
}

impl Metering {
    /// The job of a day. The next day's is scheduled with its end.
    pub async fn spend_watch(&self, ctx: &OpContext, job: &Job) -> Result<(), Problem> {
        let day = Day::parse(&job.subject).map_err(|error| Problem::corrupt(error.to_string()))?;
        self.watch_day(ctx, day).await?;
        let mut tx = self.db.begin().await?;
        schedule(&mut tx, day.next()).await?;
        job::complete(&mut tx, job, ctx.now()).await?;
        tx.commit().await
    }

    /// Looks at what was used on a day and raises alerts; looking again raises none twice. Says how many are new.
    pub async fn watch_day(&self, ctx: &OpContext, day: Day) -> Result<usize, Problem> {
        self.follow(ctx).await?;
        // What could not be stopped before may be stopped now.
        self.guard.try_again();
        self.stop_capped(ctx).await?;
        let used = self.read_all(|fold| fold.used_on(day)).await;
        let mut new = 0;
        let mut stop = BTreeSet::new();
        for subscription in used {
            // One subscription at a time: those who take usage in must not wait for all of them.
            let found = self.read_all(|fold| look(fold, subscription, day)).await;
            let Some(found) = found.filter(|found| !found.findings.is_empty()) else { continue };
            let mut tx = self.db.begin().await?;
            for finding in &found.findings {
                new += usize::from(raise(ctx, &mut tx, &found, finding, day).await?);
            }
            tx.commit().await?;
            if found.action == BudgetAction::Cap {
                stop.insert(subscription);
            }
        }
        self.stop_all(&crate::guard::platform(ctx), &stop).await?;
        Ok(new)
    }
}

/// Schedules the look at a day.
pub(crate) async fn schedule(tx: &mut Tx, day: Day) -> Result<(), Problem> {
    let due = day.next().start().plus_seconds(WATCH_GRACE_SECONDS);
    job::schedule(tx, SPEND_WATCH, &day.to_string(), due).await
}

/// What is unusual about a subscription on a day, in the prices its partner buys at.
fn look(fold: &Fold, subscription: SubscriptionId, day: Day) -> Option<Found> {
    let terms = fold.subscription(subscription)?;
    let bought = |id: &&tenantry_core::EdgeId| fold.edge(**id).is_some_and(|edge| edge.buyer == terms.partner);
    let edge = *terms.channel.iter().rev().find(bought)?;
    let from = Day::from_number(day.number() - HISTORY_DAYS);
    let charges = fold.day_charges(subscription, edge, from, day);
    let name =
        |meter: MeterId| fold.book().describe(meter).map_or_else(|| meter.to_string(), |price| price.name.clone());
    let findings = Days::of(&charges, terms.currency).unusual(day, terms.created_at.day(), name);
    let actions = fold.budgets().covering(subscription).filter(|budget| budget.owner == terms.partner);
    let action = actions.map(|budget| budget.on_anomaly).max().unwrap_or(BudgetAction::Notify);
    Some(Found { subscription, owner: terms.partner, currency: terms.currency, action, findings })
}

async fn raise(ctx: &OpContext, tx: &mut Tx, found: &Found, finding: &Finding, day: Day) -> Result<bool, Problem> {
    let what = finding.what.map_or_else(String::new, |meter| format!("/{meter}"));
    let alert = Alert {
        id: ctx.chance.guid(),
        owner: found.owner,
        found: format!("anomaly/{}/{}/{day}{what}", finding.kind.name(), found.subscription),
        kind: finding.kind,
        at: ctx.now(),
        crossing: None,
        budget: None,
        subscription: Some(found.subscription),
        period: Some(day.to_string()),
        threshold: None,
        action: found.action,
        currency: found.currency,
        spent: Amount::of(finding.amount),
        limit: None,
        overshoot: Amount::ZERO,
        message: finding.message.clone(),
        resolved: None,
    };
    if !alert_rows::insert(tx, &alert).await? {
        return Ok(false);
    }
    let told = AnomalyFound {
        alert: alert.id.to_string(),
        owner: alert.owner,
        subscription: found.subscription,
        kind: finding.kind.name().to_owned(),
        day: day.to_string(),
        action: alert.action.name().to_owned(),
        message: alert.message.clone(),
    };
    let payload = serde_json::to_string(&told).map_err(Problem::internal)?;
    outbox::publish(tx, ctx.now(), ANOMALY_FOUND, &found.subscription.to_string(), &payload).await?;
    Ok(true)
}
