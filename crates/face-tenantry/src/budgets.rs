//! `/api/v1/budgets`: limits on spending, and how far they are used up. A budget is named by a GUID that its maker
//! chooses, so that sending it twice makes one. Everybody sees their own; the figures are in the prices of one edge.

use crate::{asked, schema, wire};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tenantry_billing::tell_owed;
use tenantry_core::{Amount, EdgeId, Money, Month, Problem, SubscriptionId, TenantId};
use tenantry_http::{Answer, Call, StatusCode};
use tenantry_metering::{BudgetStatus, PutBudget, WantedScope};
use tenantry_usage::{BudgetAction, BudgetId, BudgetKind, BudgetScope};

/// Told at four fifths if nothing else is said; the limit itself is always told.
const THRESHOLD_DEFAULT: u16 = 80;

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct BudgetBody {
    #[schemars(required)]
    name: Option<String>,
    #[schemars(required)]
    scope: Option<ScopeBody>,
    #[schemars(with = "Option<schema::Id>")]
    edge: Option<String>,
    #[schemars(extend("enum" = ["monthly", "credit", null]))]
    kind: Option<String>,
    #[schemars(with = "schema::Decimal")]
    limit: Option<String>,
    thresholds: Option<Vec<u16>>,
    #[schemars(required, extend("enum" = ["notify", "throttle", "cap"]))]
    action: Option<String>,
    #[schemars(extend("enum" = ["notify", "throttle", "cap", null]))]
    on_anomaly: Option<String>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ScopeBody {
    #[schemars(required, extend("enum" = ["channel", "partner", "customer", "subscription", "resourceGroup"]))]
    kind: Option<String>,
    #[schemars(with = "Option<schema::Id>")]
    partner: Option<String>,
    #[schemars(with = "Option<schema::Id>")]
    customer: Option<String>,
    #[schemars(with = "Option<schema::Id>")]
    subscription: Option<String>,
    resource_group: Option<String>,
}

#[derive(JsonSchema, Serialize)]
pub(crate) struct ListView {
    items: Vec<BudgetView>,
}

#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BudgetView {
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Id")]
    id: BudgetId,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Id")]
    owner: TenantId,
    name: String,
    scope: ScopeView,
    /// Whose charges count.
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Id")]
    edge: EdgeId,
    kind: &'static str,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Decimal")]
    limit: Money,
    currency: String,
    thresholds: Vec<u16>,
    action: &'static str,
    on_anomaly: &'static str,
    /// The month of the figures below.
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Month")]
    month: Month,
    /// Exact.
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Decimal")]
    spent: Amount,
    /// Whole percent, rounded down.
    percent_used: String,
    /// Beyond the limit so far.
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Decimal")]
    overshoot: Amount,
    /// Whether the limit was reached and its action holds.
    reached: bool,
}

#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ScopeView {
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    partner: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    customer: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    subscription: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    resource_group: Option<String>,
}

/// The caller's budgets; the provider sees everybody's.
pub(crate) async fn list(call: Call) -> Result<Answer, Problem> {
    let month = asked::parsed(&call, "month", Month::parse)?;
    let budgets = call.world.metering().budget_list(&call.ctx, month).await?;
    Answer::ok(&ListView { items: budgets.into_iter().map(view).collect() })
}

/// A budget.
pub(crate) async fn get(call: Call) -> Result<Answer, Problem> {
    let month = asked::parsed(&call, "month", Month::parse)?;
    Answer::ok(&view(call.world.metering().budget_get(&call.ctx, id(&call)?, month).await?))
}

/// Puts a budget: 201 if it is new, 200 if it was changed. It counts at once, with what was spent already.
pub(crate) async fn put(call: Call) -> Result<Answer, Problem> {
    let body: BudgetBody = call.json()?;
    let put = PutBudget {
        id: id(&call)?,
        name: body.name.ok_or_else(|| Problem::missing("name"))?,
        scope: scope(body.scope.ok_or_else(|| Problem::missing("scope"))?)?,
        edge: body.edge.map(|text| EdgeId::parse(&text).map_err(|e| Problem::invalid("edge", e))).transpose()?,
        kind: kind(body.kind.as_deref().unwrap_or("monthly"))?,
        limit: body.limit.ok_or_else(|| Problem::missing("limit"))?,
        thresholds: body.thresholds.unwrap_or_else(|| vec![THRESHOLD_DEFAULT]),
        action: action("action", &body.action.ok_or_else(|| Problem::missing("action"))?)?,
        on_anomaly: action("onAnomaly", body.on_anomaly.as_deref().unwrap_or(BudgetAction::Notify.name()))?,
    };
    let (status, new) = call.world.metering().budget_put(&call.ctx, put).await?;
    let status = if status.terms.kind == BudgetKind::Credit { with_debts(&call, status).await? } else { status };
    Answer::json(if new { StatusCode::CREATED } else { StatusCode::OK }, &view(status))
}

/// The same with what is owed already: a new credit limit has not heard of it.
async fn with_debts(call: &Call, put: BudgetStatus) -> Result<BudgetStatus, Problem> {
    tell_owed(&call.ctx, call.world.db(), call.world.metering()).await?;
    call.world.metering().budget_get(&call.ctx, put.terms.id, None).await
}

/// Removes a budget. What only it stopped goes on.
pub(crate) async fn delete(call: Call) -> Result<Answer, Problem> {
    Answer::ok(&view(call.world.metering().budget_remove(&call.ctx, id(&call)?).await?))
}

fn id(call: &Call) -> Result<BudgetId, Problem> {
    BudgetId::parse(call.param("budget")?).map_err(|error| Problem::invalid("budget", error))
}

fn kind(text: &str) -> Result<BudgetKind, Problem> {
    [BudgetKind::Monthly, BudgetKind::Credit]
        .into_iter()
        .find(|kind| kind_name(*kind) == text)
        .ok_or_else(|| Problem::invalid("kind", unknown(text, "monthly, credit")))
}

const fn kind_name(kind: BudgetKind) -> &'static str {
    match kind {
        BudgetKind::Monthly => "monthly",
        BudgetKind::Credit => "credit",
    }
}

fn action(field: &'static str, text: &str) -> Result<BudgetAction, Problem> {
    BudgetAction::from_name(text).ok_or_else(|| Problem::invalid(field, unknown(text, "notify, throttle, cap")))
}

fn unknown(text: &str, known: &str) -> String {
    let seen: String = text.chars().take(60).collect();
    format!("`{seen}` is not known; there are {known}")
}

fn scope(body: ScopeBody) -> Result<WantedScope, Problem> {
    let tenant = |field: &'static str, text: Option<String>| {
        let text = text.ok_or_else(|| Problem::missing(field))?;
        TenantId::parse(&text).map_err(|error| Problem::invalid(field, error))
    };
    let subscription = |text: Option<String>| {
        let text = text.ok_or_else(|| Problem::missing("scope.subscription"))?;
        SubscriptionId::parse(&text).map_err(|error| Problem::invalid("scope.subscription", error))
    };
    match body.kind.as_deref() {
        Some("channel") => Ok(WantedScope::Channel),
        Some("partner") => tenant("scope.partner", body.partner).map(WantedScope::Partner),
        Some("customer") => tenant("scope.customer", body.customer).map(WantedScope::Customer),
        Some("subscription") => subscription(body.subscription).map(WantedScope::Subscription),
        Some("resourceGroup") => {
            let group = body.resource_group.ok_or_else(|| Problem::missing("scope.resourceGroup"))?;
            Ok(WantedScope::ResourceGroup(subscription(body.subscription)?, group))
        }
        Some(other) => {
            let known = "channel, partner, customer, subscription, resourceGroup";
            Err(Problem::invalid("scope.kind", unknown(other, known)))
        }
        None => Err(Problem::missing("scope.kind")),
    }
}

fn view(status: BudgetStatus) -> BudgetView {
    let terms = status.terms;
    BudgetView {
        id: terms.id,
        owner: terms.owner,
        name: terms.name,
        scope: scope_view(terms.scope),
        edge: terms.edge,
        kind: kind_name(terms.kind),
        currency: terms.limit.currency().code().to_owned(),
        limit: terms.limit,
        thresholds: terms.thresholds,
        action: terms.action.name(),
        on_anomaly: terms.on_anomaly.name(),
        month: status.month,
        spent: status.spent,
        percent_used: status.percent.to_string(),
        overshoot: status.overshoot,
        reached: status.reached,
    }
}

fn scope_view(scope: BudgetScope) -> ScopeView {
    let none = ScopeView { kind: "channel", partner: None, customer: None, subscription: None, resource_group: None };
    match scope {
        BudgetScope::Channel(_) => none,
        BudgetScope::Partner(id) => ScopeView { kind: "partner", partner: Some(id.to_string()), ..none },
        BudgetScope::Customer(id) => ScopeView { kind: "customer", customer: Some(id.to_string()), ..none },
        BudgetScope::Subscription(id) => ScopeView { kind: "subscription", subscription: Some(id.to_string()), ..none },
        BudgetScope::ResourceGroup { subscription, group } => ScopeView {
            kind: "resourceGroup",
            subscription: Some(subscription.to_string()),
            resource_group: Some(group),
            ..none
        },
    }
}
