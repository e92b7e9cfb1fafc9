//! `GET /api/v1/explain`: how an amount came to be, from the line down to the events, the price version and the
//! rule that made it.

use crate::asked;
use crate::wire::{self, Verbatim};
use serde::Serialize;
use tenantry_billing::{ExplainQuery, ExplainedEvent, ExplainedRow, Explanation, explain};
use tenantry_core::{Amount, Day, MeterId, Money, Month, Problem, Quantity, SubscriptionId, Timestamp};
use tenantry_http::{Answer, Call};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ExplanationView<'a> {
    /// The document; absent for what is not billed yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    invoice: Option<&'a str>,
    #[serde(serialize_with = "wire::text")]
    subscription: SubscriptionId,
    #[serde(serialize_with = "wire::text")]
    meter: MeterId,
    meter_name: &'a str,
    unit: &'a str,
    #[serde(serialize_with = "wire::text")]
    service_month: Month,
    #[serde(serialize_with = "wire::text")]
    quantity: Quantity,
    currency: String,
    #[serde(serialize_with = "wire::text")]
    exact: Amount,
    /// Amount minus exact.
    #[serde(serialize_with = "wire::text")]
    rounding: Amount,
    #[serde(serialize_with = "wire::text")]
    amount: Money,
    rows: Vec<RowView<'a>>,
}

/// A resource on a day.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RowView<'a> {
    #[serde(serialize_with = "wire::text")]
    day: Day,
    resource: &'a str,
    region: &'a str,
    #[serde(serialize_with = "wire::text")]
    quantity: Quantity,
    #[serde(serialize_with = "wire::text")]
    list: Amount,
    #[serde(serialize_with = "wire::text")]
    charge: Amount,
    /// Absent: no price yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    price_version: Option<PriceVersionView>,
    rates: &'a str,
    rule: &'a str,
    events: Vec<EventView<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PriceVersionView {
    sheet: Option<String>,
    #[serde(serialize_with = "wire::text")]
    effective_from: Timestamp,
    import_no: u64,
}

/// An event as it was accepted.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct EventView<'a> {
    source: &'a str,
    id: &'a str,
    #[serde(serialize_with = "wire::text")]
    time: Timestamp,
    #[serde(serialize_with = "wire::text")]
    quantity: Quantity,
    #[serde(skip_serializing_if = "Option::is_none")]
    corrects: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tags: Option<Verbatim<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    additional_info: Option<Verbatim<'a>>,
    #[serde(serialize_with = "wire::text")]
    accepted_at: Timestamp,
}

/// Explains a line, or a day of it.
pub(crate) async fn get(call: Call) -> Result<Answer, Problem> {
    let query = ExplainQuery {
        invoice: asked::optional(&call, "invoice").map(str::to_owned),
        subscription: asked::required(&call, "subscription", SubscriptionId::parse)?,
        meter: asked::required(&call, "meter", MeterId::parse)?,
        month: asked::parsed(&call, "month", Month::parse)?,
        day: asked::parsed(&call, "day", Day::parse)?,
    };
    let explanation = explain(&call.ctx, call.world.db(), call.world.metering(), &query).await?;
    Answer::ok(&view(&explanation))
}

fn view(explanation: &Explanation) -> ExplanationView<'_> {
    ExplanationView {
        invoice: explanation.invoice.as_deref(),
        subscription: explanation.subscription,
        meter: explanation.meter,
        meter_name: &explanation.meter_name,
        unit: &explanation.unit,
        service_month: explanation.month,
        quantity: explanation.quantity,
        currency: explanation.amount.currency().to_string(),
        exact: explanation.exact,
        rounding: explanation.rounding,
        amount: explanation.amount,
        rows: explanation.rows.iter().map(row).collect(),
    }
}

fn row(explained: &ExplainedRow) -> RowView<'_> {
    let row = &explained.row;
    RowView {
        day: row.day,
        resource: row.series.resource.as_str(),
        region: &row.series.region,
        quantity: row.quantity,
        list: row.list,
        charge: row.charge,
        price_version: explained.price_version.map(|(effective_from, import_no)| PriceVersionView {
            sheet: row.sheet.map(|sheet| sheet.to_string()),
            effective_from,
            import_no,
        }),
        rates: &explained.rates,
        rule: &explained.rule,
        events: explained.events.iter().map(event).collect(),
    }
}

fn event(found: &ExplainedEvent) -> EventView<'_> {
    let event = &found.event;
    EventView {
        source: &event.source,
        id: &event.id,
        time: event.at,
        quantity: event.quantity,
        corrects: event.corrects.as_deref(),
        tags: Verbatim::of(&event.tags),
        additional_info: Verbatim::of(&event.additional_info),
        accepted_at: found.accepted_at,
    }
}
