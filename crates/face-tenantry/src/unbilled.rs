//! `GET /api/v1/unbilled`: what a buyer's next invoice would say if the month were closed now.

use crate::waiting_documents::{WaitingView, view};
use crate::{asked, schema, wire};
use schemars::JsonSchema;
use serde::Serialize;
use tenantry_billing::{Draft, DraftLine, DraftSeatLine, unbilled, waiting_on};
use tenantry_commerce::{Edge, edge_from};
use tenantry_core::{Amount, Day, EdgeId, MeterId, Money, Month, Problem, Quantity, SubscriptionId, TenantId};
use tenantry_http::{Answer, Call};
use tenantry_usage::UnpricedSeats;

#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DraftView<'a> {
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Id")]
    partner: TenantId,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Id")]
    edge: EdgeId,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Month")]
    month: Month,
    currency: &'a str,
    lines: Vec<LineView<'a>>,
    /// What is charged for seats: periods that begin by the end of the month, and changes.
    seat_lines: Vec<SeatLineView<'a>>,
    /// Seats that wait for a price; they are billed once there is one.
    unpriced_seats: Vec<UnpricedView<'a>>,
    /// Documents of closed months that are not issued yet. Nothing of them is among the lines or in the total.
    waiting: Vec<WaitingView>,
    /// Sum of the rounded lines of both kinds.
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Decimal")]
    total: Money,
}

/// A meter of a subscription in a service month.
#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LineView<'a> {
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Id")]
    pub(crate) subscription: SubscriptionId,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Id")]
    pub(crate) meter: MeterId,
    pub(crate) meter_name: &'a str,
    pub(crate) category: &'a str,
    pub(crate) unit: &'a str,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Month")]
    pub(crate) service_month: Month,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Decimal")]
    quantity: Quantity,
    /// Quantity that is counted and waits for a price.
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Decimal")]
    unrated_quantity: Quantity,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Decimal")]
    list: Amount,
    /// Before rounding.
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Decimal")]
    exact: Amount,
    /// What is owed.
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Decimal")]
    amount: Money,
}

/// Seats for some days of a period.
#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SeatLineView<'a> {
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Id")]
    subscription: SubscriptionId,
    offer: &'a str,
    /// `monthly` or `annual`.
    cycle: &'static str,
    /// Why, in the word of the field's files.
    charge_type: &'static str,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Day")]
    charge_start: Day,
    /// The last day, charged as well.
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Day")]
    charge_end: Day,
    seats: i64,
    /// What is owed.
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Decimal")]
    amount: Money,
}

/// Seats of a period without a price.
#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct UnpricedView<'a> {
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Id")]
    pub(crate) subscription: SubscriptionId,
    pub(crate) offer: &'a str,
    pub(crate) cycle: &'static str,
    pub(crate) market: &'a str,
    pub(crate) currency: &'a str,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Day")]
    pub(crate) begins: Day,
    pub(crate) seats: i64,
}

/// Usage up to and including a month, the current one if not said otherwise.
pub(crate) async fn get(call: Call) -> Result<Answer, Problem> {
    let partner = asked::buyer(&call).await?;
    let running = Month::of(call.ctx.now().day());
    let month = asked::parsed(&call, "month", Month::parse)?.unwrap_or(running);
    // An event may be some minutes ahead of the clock, and so in the next month.
    if month > running.next() {
        return Err(Problem::invalid("month", format!("{month} is to come; it is {running} in this world")));
    }
    let seller = asked::parsed(&call, "seller", TenantId::parse)?;
    let edge = edge_from(&call.ctx, call.world.db(), seller, partner).await?;
    let draft = draft_of(&call, &edge, month).await?;
    let waiting = waiting_on(&call.ctx, call.world.db(), call.world.metering(), &edge).await?;
    let waiting = waiting.iter().map(view).collect();
    let total = draft.total()?;
    let lines = draft.lines.iter().map(line).collect();
    let currency = draft.currency.code();
    let seat_lines = draft.seats.iter().map(seat_line).collect();
    let unpriced_seats = draft.unpriced.iter().map(unpriced).collect();
    let edge = draft.edge;
    Answer::ok(&DraftView { partner, edge, month, currency, lines, seat_lines, unpriced_seats, waiting, total })
}

/// The draft of the edge a partner buys on, or a customer that is billed here; of a seller, if one is named.
pub(crate) async fn draft(
    call: &Call,
    (seller, buyer): (Option<TenantId>, TenantId),
    through: Month,
) -> Result<Draft, Problem> {
    draft_of(call, &edge_from(&call.ctx, call.world.db(), seller, buyer).await?, through).await
}

async fn draft_of(call: &Call, edge: &Edge, through: Month) -> Result<Draft, Problem> {
    unbilled(&call.ctx, call.world.db(), call.world.metering(), edge, through).await
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

fn seat_line(line: &DraftSeatLine) -> SeatLineView<'_> {
    let billed = &line.billed;
    SeatLineView {
        subscription: billed.subscription,
        offer: billed.offer.as_str(),
        cycle: billed.cycle.name(),
        charge_type: billed.line.reason.charge_type(billed.form, billed.cycle),
        charge_start: billed.line.period.first(),
        charge_end: billed.line.period.last(),
        seats: billed.line.seats,
        amount: line.amount,
    }
}

pub(crate) fn unpriced(seats: &UnpricedSeats) -> UnpricedView<'_> {
    UnpricedView {
        subscription: seats.subscription,
        offer: seats.offer.as_str(),
        cycle: seats.cycle.name(),
        market: &seats.market,
        currency: seats.currency.code(),
        begins: seats.period.first(),
        seats: seats.seats,
    }
}
