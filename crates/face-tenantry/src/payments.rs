//! `/api/v1/payments`: what a partner paid. Its seller writes it down; both read it.
//!
//! A payment is named by its reference for ever, so a repeated request is the same payment with or without an
//! idempotency key. One that came back is taken back by a reversal, not removed.

use crate::document::{BUYER, Detail, JSON};
use crate::{asked, schema, wire};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tenantry_billing::{NewPayment, Payment, ReversePayment, Written, payment_list, payment_record, payment_reverse};
use tenantry_commerce::edge_ref;
use tenantry_core::{Amount, Currency, Day, Money, Problem, Rounding, TenantId, Timestamp};
use tenantry_http::{Answer, Call, Route, StatusCode};

pub(crate) const DETAILS: [Detail; 3] = [
    Detail::of("payments.list").query(&[BUYER]),
    Detail::of("payments.record").reads(&[JSON]).also("200", "It was written down before, word for word the same"),
    Detail::of("payments.reverse").reads(&[JSON]).also("200", "It was taken back before, word for word the same"),
];

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get("/api/v1/payments", "payments.list", "What a partner paid, and what came back", list),
        Route::post("/api/v1/payments", "payments.record", "Write down that a partner paid", record)
            .answers(StatusCode::CREATED),
        Route::post("/api/v1/payment-reversals", "payments.reverse", "Take a payment back", reverse)
            .answers(StatusCode::CREATED),
    ]
}

/// Nothing is required here: what is absent is named below.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct PaymentBody {
    #[schemars(with = "schema::Id")]
    partner: Option<String>,
    #[schemars(with = "schema::Decimal")]
    amount: Option<String>,
    #[schemars(with = "schema::Currency")]
    currency: Option<String>,
    #[schemars(with = "schema::Day")]
    paid_on: Option<String>,
    #[schemars(required)]
    reference: Option<String>,
    /// Numbers of the documents it is for; the oldest open ones by default.
    documents: Option<Vec<String>>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ReversalBody {
    #[schemars(with = "schema::Id")]
    partner: Option<String>,
    #[schemars(required)]
    payment: Option<String>,
    #[schemars(required)]
    reference: Option<String>,
    #[schemars(with = "schema::Day")]
    returned_on: Option<String>,
    reason: Option<String>,
}

#[derive(JsonSchema, Serialize)]
pub(crate) struct ListView<'a> {
    items: Vec<PaymentView<'a>>,
}

#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PaymentView<'a> {
    reference: &'a str,
    /// `payment`, or `reversal` of one.
    kind: &'static str,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Id")]
    seller: TenantId,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Id")]
    partner: TenantId,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Decimal")]
    amount: Money,
    currency: String,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Day")]
    paid_on: Day,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Time")]
    recorded_at: Timestamp,
    documents: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    reverses: Option<&'a str>,
    #[serde(skip_serializing_if = "str::is_empty")]
    reason: &'a str,
}

/// The payments of a partner and their reversals, as they were written down.
async fn list(call: Call) -> Result<Answer, Problem> {
    let partner = asked::buyer(&call).await?;
    let payments = payment_list(&call.ctx, call.world.db(), partner).await?;
    Answer::ok(&ListView { items: payments.iter().map(view).collect() })
}

/// Writes a payment down.
async fn record(call: Call) -> Result<Answer, Problem> {
    let body = call.json::<PaymentBody>()?;
    let buyer = said("partner", body.partner, TenantId::parse)?;
    let currency = said("currency", body.currency, Currency::parse)?;
    let new = NewPayment {
        seller: edge_ref(&call.ctx, call.world.db(), buyer).await?.seller,
        buyer,
        amount: money("amount", &text("amount", body.amount)?, currency)?,
        paid_on: said("paidOn", body.paid_on, day)?,
        reference: text("reference", body.reference)?,
        documents: body.documents.unwrap_or_default(),
    };
    written(&payment_record(&call.ctx, call.world.db(), call.world.metering(), new).await?)
}

/// Takes one back.
async fn reverse(call: Call) -> Result<Answer, Problem> {
    let body = call.json::<ReversalBody>()?;
    let buyer = said("partner", body.partner, TenantId::parse)?;
    let new = ReversePayment {
        seller: edge_ref(&call.ctx, call.world.db(), buyer).await?.seller,
        buyer,
        payment: text("payment", body.payment)?,
        reference: text("reference", body.reference)?,
        returned_on: said("returnedOn", body.returned_on, day)?,
        reason: body.reason.unwrap_or_default(),
    };
    written(&payment_reverse(&call.ctx, call.world.db(), call.world.metering(), new).await?)
}

/// 201 for what is new; what its reference named already is there, and answers 200.
fn written(written: &Written<Payment>) -> Result<Answer, Problem> {
    let view = view(&written.entry);
    if written.new { Answer::created(&view) } else { Answer::ok(&view) }
}

fn view(payment: &Payment) -> PaymentView<'_> {
    PaymentView {
        reference: &payment.reference,
        kind: if payment.reverses.is_some() { "reversal" } else { "payment" },
        seller: payment.seller,
        partner: payment.buyer,
        amount: payment.amount,
        currency: payment.amount.currency().to_string(),
        paid_on: payment.paid_on,
        recorded_at: payment.recorded_at,
        documents: &payment.documents,
        reverses: payment.reverses.as_deref(),
        reason: &payment.reason,
    }
}

/// A member that has to be there.
pub(crate) fn text(name: &'static str, value: Option<String>) -> Result<String, Problem> {
    value.ok_or_else(|| Problem::missing(name))
}

/// A member of a type that has to be there.
pub(crate) fn said<T, E: std::fmt::Display>(
    name: &'static str,
    value: Option<String>,
    parse: impl Fn(&str) -> Result<T, E>,
) -> Result<T, Problem> {
    parse(&text(name, value)?).map_err(|error| Problem::invalid(name, error))
}

/// A day, `2026-04-09`.
pub(crate) fn day(text: &str) -> Result<Day, String> {
    Day::parse(text).map_err(|error| format!("`{}` is not a day; write it like 2026-04-09", error.0))
}

/// An amount as people pay it: with no more digits than the currency has.
pub(crate) fn money(name: &str, text: &str, currency: Currency) -> Result<Money, Problem> {
    let exact = Amount::parse_exact(text).map_err(|error| Problem::invalid(name, error))?;
    let money = exact.round(currency, Rounding::Floor);
    if Amount::of(money) != exact {
        let message = format!("`{text}` has more digits than {currency} has: {}", currency.exponent());
        return Err(Problem::invalid(name, message));
    }
    Ok(money)
}
