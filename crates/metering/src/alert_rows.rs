//! The SQL of alerts and stops. Private; every read names the owner, or comes from the platform itself.

use crate::alert::{Alert, AlertKind};
use tenantry_core::{Amount, Currency, Money, Problem, Rounding, SubscriptionId, TenantId, Timestamp};
use tenantry_db::{Connection, Row, Tx, sql};
use tenantry_usage::{BudgetAction, BudgetId};
use uuid::Uuid;

/// Which alerts.
#[derive(Debug, Clone, Default)]
pub(crate) struct Which {
    pub(crate) owner: Option<TenantId>,
    pub(crate) budget: Option<BudgetId>,
    pub(crate) subscription: Option<SubscriptionId>,
    /// Only those nobody dealt with.
    pub(crate) open: bool,
}

/// A subscription that a cap stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stop {
    pub(crate) subscription: SubscriptionId,
    pub(crate) partner: TenantId,
    pub(crate) customer: TenantId,
}

/// Keeps an alert unless the same was found before; says whether it was kept.
pub(crate) async fn insert(tx: &mut Tx, alert: &Alert) -> Result<bool, Problem> {
    let crossing = alert.crossing.map(i64::try_from).transpose().map_err(Problem::internal)?;
    let inserted = sql("INSERT INTO spend_alert (id, owner, found, kind, at, crossing, budget, subscription, period, \
         threshold, action, currency, spent, spending_limit, overshoot, message) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) ON CONFLICT (found) DO NOTHING")
    .bind(alert.id)
    .bind(alert.owner)
    .bind(&alert.found)
    .bind(alert.kind.name())
    .bind(alert.at)
    .bind(crossing)
    .bind(alert.budget.map(|budget| budget.to_string()))
    .bind(alert.subscription)
    .bind(alert.period.as_deref())
    .bind(alert.threshold.map(i64::from))
    .bind(alert.action.name())
    .bind(alert.currency.code())
    .bind(alert.spent.to_string())
    .bind(alert.limit.map(|limit| limit.to_string()))
    .bind(alert.overshoot.to_string())
    .bind(&alert.message)
    .run(tx)
    .await?;
    Ok(inserted == 1)
}

/// The newest crossing with an alert; 0 if there is none.
pub(crate) async fn newest_crossing(on: &mut impl Connection) -> Result<i64, Problem> {
    sql("SELECT COALESCE(MAX(crossing), 0) AS newest FROM spend_alert").one(on).await?.integer("newest")
}

/// Alerts, newest first.
pub(crate) async fn list(on: &mut impl Connection, which: &Which, limit: i64) -> Result<Vec<Alert>, Problem> {
    let rows = sql("SELECT id, owner, found, kind, at, crossing, budget, subscription, period, threshold, action, \
         currency, spent, spending_limit, overshoot, message, resolved_at, resolved_by FROM spend_alert \
         WHERE owner = COALESCE($1, owner) AND (CAST($2 AS TEXT) IS NULL OR budget = $2) \
         AND (CAST($3 AS TEXT) IS NULL OR subscription = $3) AND ($4 = 0 OR resolved_at IS NULL) \
         ORDER BY at DESC, found DESC LIMIT $5")
    .bind(which.owner)
    .bind(which.budget.map(|budget| budget.to_string()))
    .bind(which.subscription)
    .bind(i64::from(which.open))
    .bind(limit)
    .all(on)
    .await?;
    rows.iter().map(read).collect()
}

/// One alert, whoever owns it: the policy is asked before it is handed on.
pub(crate) async fn by_id(on: &mut impl Connection, id: Uuid) -> Result<Option<Alert>, Problem> {
    let row = sql("SELECT id, owner, found, kind, at, crossing, budget, subscription, period, threshold, action, \
         currency, spent, spending_limit, overshoot, message, resolved_at, resolved_by FROM spend_alert WHERE id = $1")
    .bind(id)
    .maybe(on)
    .await?;
    row.as_ref().map(read).transpose()
}

/// Whether an open alert about a subscription says that it is stopped.
pub(crate) async fn holds(on: &mut impl Connection, subscription: SubscriptionId) -> Result<bool, Problem> {
    let row = sql("SELECT id FROM spend_alert WHERE subscription = $1 AND action = $2 AND resolved_at IS NULL LIMIT 1")
        .bind(subscription)
        .bind(BudgetAction::Cap.name())
        .maybe(on)
        .await?;
    Ok(row.is_some())
}

/// Marks an alert as dealt with; once.
pub(crate) async fn resolve(tx: &mut Tx, id: Uuid, at: Timestamp, by: &str) -> Result<(), Problem> {
    sql("UPDATE spend_alert SET resolved_at = $2, resolved_by = $3 WHERE id = $1 AND resolved_at IS NULL")
        .bind(id)
        .bind(at)
        .bind(by)
        .run(tx)
        .await?;
    Ok(())
}

/// Writes down that a subscription is stopped, before it is.
pub(crate) async fn stop(tx: &mut Tx, stop: &Stop, at: Timestamp) -> Result<(), Problem> {
    sql("INSERT INTO spend_stop (subscription, partner, customer, stopped_at) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (subscription) DO NOTHING")
    .bind(stop.subscription)
    .bind(stop.partner)
    .bind(stop.customer)
    .bind(at)
    .run(tx)
    .await?;
    Ok(())
}

/// Forgets a stop.
pub(crate) async fn unstop(tx: &mut Tx, subscription: SubscriptionId) -> Result<(), Problem> {
    sql("DELETE FROM spend_stop WHERE subscription = $1").bind(subscription).run(tx).await?;
    Ok(())
}

/// Everything that is stopped.
pub(crate) async fn stops(on: &mut impl Connection) -> Result<Vec<Stop>, Problem> {
    let rows = sql("SELECT subscription, partner, customer FROM spend_stop ORDER BY subscription").all(on).await?;
    let stop = |row: &Row| {
        Ok(Stop {
            subscription: row.parsed("subscription", SubscriptionId::parse)?,
            partner: row.parsed("partner", TenantId::parse)?,
            customer: row.parsed("customer", TenantId::parse)?,
        })
    };
    rows.iter().map(stop).collect()
}

fn read(row: &Row) -> Result<Alert, Problem> {
    let currency = row.parsed("currency", Currency::parse)?;
    let known = |name: &str| format!("`{name}` is not known");
    let resolved = match (row.maybe_time("resolved_at")?, row.maybe_text("resolved_by")?) {
        (Some(at), Some(by)) => Some((at, by)),
        (None, None) => None,
        _ => return Err(Problem::corrupt("an alert is resolved by nobody, or at no time")),
    };
    let number = |column: &str| row.maybe_integer(column);
    Ok(Alert {
        id: row.parsed("id", Uuid::try_parse)?,
        owner: row.parsed("owner", TenantId::parse)?,
        found: row.text("found")?,
        kind: row.parsed("kind", |name| AlertKind::from_name(name).ok_or_else(|| known(name)))?,
        at: row.time("at")?,
        crossing: number("crossing")?.map(u64::try_from).transpose().map_err(Problem::internal)?,
        budget: row.maybe_text("budget")?.map(|id| BudgetId::parse(&id)).transpose().map_err(Problem::corrupt)?,
        subscription: row
            .maybe_text("subscription")?
            .map(|id| SubscriptionId::parse(&id))
            .transpose()
            .map_err(|error| Problem::corrupt(error.to_string()))?,
        period: row.maybe_text("period")?,
        threshold: number("threshold")?.map(u16::try_from).transpose().map_err(Problem::internal)?,
        action: row.parsed("action", |name| BudgetAction::from_name(name).ok_or_else(|| known(name)))?,
        currency,
        spent: row.parsed("spent", Amount::parse_exact)?,
        limit: row.maybe_text("spending_limit")?.map(|text| money(&text, currency)).transpose()?,
        overshoot: row.parsed("overshoot", Amount::parse_exact)?,
        message: row.text("message")?,
        resolved,
    })
}

fn money(text: &str, currency: Currency) -> Result<Money, Problem> {
    let exact = Amount::parse_exact(text).map_err(|error| Problem::corrupt(error.to_string()))?;
    Ok(exact.round(currency, Rounding::HalfEven))
}
