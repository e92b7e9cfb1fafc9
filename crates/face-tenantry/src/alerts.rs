//! `/api/v1/alerts`: thresholds that were crossed and spending that is unusual, each with its reason in a sentence.

use crate::{asked, schema, wire};
use schemars::JsonSchema;
use serde::Serialize;
use tenantry_core::{Amount, Problem, Reason, SubscriptionId, TenantId, Timestamp};
use tenantry_http::{Answer, Call};
use tenantry_metering::{Alert, AlertFilter};
use tenantry_usage::BudgetId;
use uuid::Uuid;

#[derive(JsonSchema, Serialize)]
pub(crate) struct ListView {
    items: Vec<AlertView>,
}

#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AlertView {
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Id")]
    id: Uuid,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Id")]
    owner: TenantId,
    kind: &'static str,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Time")]
    raised_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    budget: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    subscription: Option<String>,
    /// The month of a budget, the day of unusual spending; none for a credit limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    period: Option<String>,
    /// Percent of the limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    threshold: Option<u16>,
    /// What was done: `notify`, `throttle` or `cap`.
    action: &'static str,
    currency: String,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Decimal")]
    spent: Amount,
    #[serde(skip_serializing_if = "Option::is_none")]
    limit: Option<String>,
    /// How far the batch that crossed went beyond the limit.
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Decimal")]
    overshoot: Amount,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    resolved_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    resolved_by: Option<String>,
}

/// The caller's alerts, newest first; the provider sees everybody's.
pub(crate) async fn list(call: Call) -> Result<Answer, Problem> {
    let filter = AlertFilter {
        budget: asked::parsed(&call, "budget", BudgetId::parse)?,
        subscription: asked::parsed(&call, "subscription", SubscriptionId::parse)?,
        open: match asked::optional(&call, "state") {
            None | Some("all") => false,
            Some("open") => true,
            Some(other) => {
                let seen: String = other.chars().take(60).collect();
                return Err(Problem::invalid("state", format!("`{seen}` is not known; there are open, all")));
            }
        },
    };
    let alerts = call.world.metering().alert_list(&call.ctx, filter).await?;
    Answer::ok(&ListView { items: alerts.into_iter().map(view).collect() })
}

/// Somebody dealt with it. What only this alert stopped goes on.
pub(crate) async fn resolve(call: Call) -> Result<Answer, Problem> {
    let text = call.param("alert")?;
    // A text that is no GUID names no alert.
    let id = Uuid::try_parse(text).map_err(|_| {
        let seen: String = text.chars().take(60).collect();
        Problem::new(Reason::ObjectNotFound, format!("there is no alert {seen}; check the id in the list of alerts"))
    })?;
    Answer::ok(&view(call.world.metering().alert_resolve(&call.ctx, id).await?))
}

fn view(alert: Alert) -> AlertView {
    let (resolved_at, resolved_by) = alert.resolved.map(|(at, by)| (at.to_string(), by)).unzip();
    AlertView {
        id: alert.id,
        owner: alert.owner,
        kind: alert.kind.name(),
        raised_at: alert.at,
        budget: alert.budget.map(|id| id.to_string()),
        subscription: alert.subscription.map(|id| id.to_string()),
        period: alert.period,
        threshold: alert.threshold,
        action: alert.action.name(),
        currency: alert.currency.code().to_owned(),
        spent: alert.spent,
        limit: alert.limit.map(|limit| limit.to_string()),
        overshoot: alert.overshoot,
        message: alert.message,
        resolved_at,
        resolved_by,
    }
}
