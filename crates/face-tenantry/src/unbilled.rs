//! `GET /api/v1/unbilled`: what the partner's next invoice would say if the month were closed now.

use crate::{asked, wire};
use serde::Serialize;
use tenantry_billing::{Draft, DraftLine, unbilled};
use tenantry_commerce::edge_of;
use tenantry_core::{Amount, EdgeId, MeterId, Money, Month, Problem, Quantity, SubscriptionId, TenantId};
use tenantry_http::{Answer, Call};

#[derive(Serialize)]
struct DraftView<'a> {
    #[serde(serialize_with = "wire::text")]
    partner: TenantId,
    #[serde(serialize_with = "wire::text")]
    edge: EdgeId,
    #[serde(serialize_with = "wire::text")]
    month: Month,
    currency: &'a str,
    lines: Vec<LineView<'a>>,
    /// Sum of the rounded lines.
    #[serde(serialize_with = "wire::text")]
    total: Money,
}

/// A meter of a subscription in a service month.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LineView<'a> {
    #[serde(serialize_with = "wire::text")]
    pub(crate) subscription: SubscriptionId,
    #[serde(serialize_with = "wire::text")]
    pub(crate) meter: MeterId,
    pub(crate) meter_name: &'a str,
    pub(crate) category: &'a str,
    pub(crate) unit: &'a str,
    #[serde(serialize_with = "wire::text")]
    pub(crate) service_month: Month,
    #[serde(serialize_with = "wire::text")]
    quantity: Quantity,
    /// Quantity that is counted and waits for a price.
    #[serde(serialize_with = "wire::text")]
    unrated_quantity: Quantity,
    #[serde(serialize_with = "wire::text")]
    list: Amount,
    /// Before rounding.
    #[serde(serialize_with = "wire::text")]
    exact: Amount,
    /// What is owed.
    #[serde(serialize_with = "wire::text")]
    amount: Money,
}

/// Usage up to and including a month, the current one if not said otherwise.
pub(crate) async fn get(call: Call) -> Result<Answer, Problem> {
    let partner = asked::partner(&call).await?;
    let month = asked::parsed(&call, "month", Month::parse)?.unwrap_or_else(|| Month::of(call.ctx.now().day()));
    let draft = draft(&call, partner, month).await?;
    let total = draft.total()?;
    let lines = draft.lines.iter().map(line).collect();
    let currency = draft.currency.code();
    Answer::ok(&DraftView { partner, edge: draft.edge, month, currency, lines, total })
}

/// The draft of the edge a partner buys on.
pub(crate) async fn draft(call: &Call, partner: TenantId, through: Month) -> Result<Draft, Problem> {
    let edge = edge_of(&call.ctx, call.world.db(), partner).await?;
    unbilled(&call.ctx, call.world.db(), call.world.metering(), &edge, through).await
}

fn line(line: &DraftLine) -> LineView<'_> {
    let described = line.described.as_ref();
    LineView {
        subscription: line.subscription,
        meter: line.meter,
        meter_name: described.map_or("", |meter| &meter.name),
        category: described.map_or("", |meter| &meter.category),
        unit: described.map_or("", |meter| &meter.unit),
        service_month: line.month,
        quantity: line.quantity,
        unrated_quantity: line.unrated,
        list: line.list,
        exact: line.exact,
        amount: line.amount,
    }
}
