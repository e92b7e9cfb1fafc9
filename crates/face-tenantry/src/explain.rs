//! `GET /api/v1/explain`: how an amount came to be, from the line down to the events, the price version and the
//! rule that made it.

use crate::wire::{self, Verbatim};
use crate::{asked, schema};
use schemars::JsonSchema;
use serde::Serialize;
use tenantry_billing::{ExplainQuery, ExplainedEvent, ExplainedRow, Explanation, Priced, explain};
use tenantry_core::{Amount, Currency, Day, MeterId, Money, Month, Problem, Quantity, Rate, SubscriptionId, Timestamp};
use tenantry_http::{Answer, Call};

#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ExplanationView<'a> {
    /// The document; absent for what is not billed yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    invoice: Option<&'a str>,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Id")]
    subscription: SubscriptionId,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Id")]
    meter: MeterId,
    meter_name: &'a str,
    unit: &'a str,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Month")]
    service_month: Month,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Decimal")]
    quantity: Quantity,
    currency: String,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Decimal")]
    exact: Amount,
    /// Of a line that was priced in another currency: what it came to there, and the rate.
    #[serde(skip_serializing_if = "Option::is_none")]
    converted: Option<ConvertedView<'a>>,
    /// Amount minus exact.
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Decimal")]
    rounding: Amount,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Decimal")]
    amount: Money,
    rows: Vec<RowView<'a>>,
}

/// How a line came into the currency of the document: `exact` here times `rate` is `exact` there.
#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ConvertedView<'a> {
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "String")]
    from: Currency,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Decimal")]
    exact: Amount,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Decimal")]
    rate: Rate,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Month")]
    month: Month,
    source: &'a str,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Day")]
    date: Day,
    import_no: u64,
}

/// A resource on a day.
#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RowView<'a> {
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Day")]
    day: Day,
    resource: &'a str,
    region: &'a str,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Decimal")]
    quantity: Quantity,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Decimal")]
    list: Amount,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Decimal")]
    charge: Amount,
    /// Absent: no price yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    price_version: Option<PriceVersionView>,
    rates: &'a str,
    rule: &'a str,
    events: Vec<EventView<'a>>,
}

#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PriceVersionView {
    sheet: Option<String>,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Time")]
    effective_from: Timestamp,
    import_no: u64,
}

/// An event as it was accepted.
#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct EventView<'a> {
    source: &'a str,
    id: &'a str,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Time")]
    time: Timestamp,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Decimal")]
    quantity: Quantity,
    #[serde(skip_serializing_if = "Option::is_none")]
    corrects: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tags: Option<Verbatim<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    additional_info: Option<Verbatim<'a>>,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Time")]
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
        converted: explanation.priced.as_ref().map(converted),
        rounding: explanation.rounding,
        amount: explanation.amount,
        rows: explanation.rows.iter().map(row).collect(),
    }
}

fn converted(priced: &Priced) -> ConvertedView<'_> {
    let fx = &priced.fx;
    ConvertedView {
        from: fx.from,
        exact: priced.exact,
        rate: fx.rate,
        month: fx.month,
        source: &fx.source,
        date: fx.dated,
        import_no: fx.import_no,
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
