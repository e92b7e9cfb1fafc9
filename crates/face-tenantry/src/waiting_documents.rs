//! `GET /api/v1/waiting-documents`: what a close billed and no document shows yet, and what each of them waits for. Nothing
//! is lost on it: it is issued with the first try after what it waits for is there, and until then it is here.

use crate::{schema, wire};
use schemars::JsonSchema;
use serde::Serialize;
use tenantry_billing::{MissingRate, WaitingDocument, WaitsFor, waiting_documents};
use tenantry_core::{Amount, Currency, EdgeId, Month, Problem, TenantId};
use tenantry_http::{Answer, Call, Route};

pub(crate) fn routes() -> Vec<Route> {
    vec![Route::get(
        "/api/v1/waiting-documents",
        "waiting-documents.list",
        "What was billed and is on no document yet",
        list,
    )]
}

#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ListView {
    /// Those that the caller buys or sells by; for the provider those of all partners.
    items: Vec<WaitingView>,
    /// The exchange rates they wait for; for the provider also those of documents between others.
    missing_rates: Vec<RateView>,
}

/// What a close billed on an edge.
#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WaitingView {
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Id")]
    edge: EdgeId,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Id")]
    seller: TenantId,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Id")]
    buyer: TenantId,
    /// The month that was closed.
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Month")]
    month: Month,
    close: u32,
    /// `exchangeRate`; `currency`: nobody said in which one the buyer is billed; `nextTry`: nothing that is known, so it
    /// is issued with the next try or the log says why not.
    waits_for: &'static str,
    /// The rate it waits for.
    #[serde(skip_serializing_if = "Option::is_none")]
    rate: Option<RateView>,
    /// What its lines come to, by the currency of their prices: not converted, not rounded.
    charges: Vec<ChargeView>,
}

#[derive(JsonSchema, Serialize)]
pub(crate) struct RateView {
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Month")]
    month: Month,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Currency")]
    from: Currency,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Currency")]
    to: Currency,
}

#[derive(JsonSchema, Serialize)]
pub(crate) struct ChargeView {
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Currency")]
    currency: Currency,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Decimal")]
    exact: Amount,
}

/// All that the caller may see.
pub(crate) async fn list(call: Call) -> Result<Answer, Problem> {
    let waiting = waiting_documents(&call.ctx, call.world.db(), call.world.metering()).await?;
    let missing_rates = waiting.rates.into_iter().map(rate).collect();
    Answer::ok(&ListView { items: waiting.documents.iter().map(view).collect(), missing_rates })
}

const fn rate(missing: MissingRate) -> RateView {
    RateView { month: missing.month, from: missing.from, to: missing.to }
}

pub(crate) fn view(waiting: &WaitingDocument) -> WaitingView {
    let (waits_for, rate) = match waiting.waits_for {
        WaitsFor::ExchangeRate { month, from, to } => ("exchangeRate", Some(RateView { month, from, to })),
        WaitsFor::Currency => ("currency", None),
        WaitsFor::NextTry => ("nextTry", None),
    };
    WaitingView {
        edge: waiting.edge,
        seller: waiting.seller,
        buyer: waiting.buyer,
        month: waiting.month,
        close: waiting.close,
        waits_for,
        rate,
        charges: waiting
            .exact
            .iter()
            .map(|(currency, exact)| ChargeView { currency: *currency, exact: *exact })
            .collect(),
    }
}
