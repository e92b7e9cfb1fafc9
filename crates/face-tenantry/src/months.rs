//! `POST /api/v1/months/{month}/close`: a month is ended by hand, ahead of the job that would. Who may is the
//! policy's business: the provider, and in a sandbox a partner that tries things. `GET .../dry-run` shows what would
//! be issued and writes nothing.
//!
//! A close makes the documents of every edge. A partner is shown its own.

use crate::invoices::{InvoiceSummary, summary};
use crate::{schema, wire};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use tenantry_billing::{Invoice, close_dry_run, close_month};
use tenantry_core::{Month, Problem, Timestamp};
use tenantry_http::{Answer, Call};

#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ClosedView<'a> {
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Month")]
    month: Month,
    /// Counts the closes of this world from 1.
    close: u32,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Time")]
    closed_at: Timestamp,
    /// `false`: it was closed before, and nothing changed.
    new: bool,
    invoices: Vec<InvoiceSummary<'a>>,
}

/// What a close would issue. Nothing of it has a number, and nothing was written.
#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DryRunView<'a> {
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Month")]
    month: Month,
    /// The number the close would have, or has.
    close: u32,
    /// Whether the month is closed: then the documents are those that were issued, with their numbers, and any that is
    /// missing without one.
    already_closed: bool,
    /// What the documents say, but for number and dates; with members as everywhere here (`issuedAt`), unlike the
    /// document itself, whose stored text is hashed.
    #[schemars(with = "Vec<serde_json::Map<String, Value>>")]
    invoices: Vec<Value>,
    /// Documents that would be stopped, each with its reason.
    stopped: &'a [String],
}

/// Shows what closing a month would issue.
pub(crate) async fn dry_run(call: Call) -> Result<Answer, Problem> {
    let dry = close_dry_run(&call.ctx, call.world.db(), call.world.metering(), month(&call)?).await?;
    let (month, close) = (dry.close.month, dry.close.number);
    let invoices = dry.invoices.iter().map(spelled).collect::<Result<_, _>>()?;
    Answer::ok(&DryRunView { month, close, already_closed: !dry.new, invoices, stopped: &dry.stopped })
}

/// A document with the members of this API instead of those of its stored text.
fn spelled(invoice: &Invoice) -> Result<Value, Problem> {
    serde_json::to_value(invoice).map(camel).map_err(Problem::internal)
}

fn camel(value: Value) -> Value {
    match value {
        Value::Object(members) => members.into_iter().map(|(name, value)| (camel_name(&name), camel(value))).collect(),
        Value::Array(items) => items.into_iter().map(camel).collect(),
        other => other,
    }
}

/// `issuedAt` for `issued_at`.
fn camel_name(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |name, word| {
        let mut letters = word.chars();
        let begin = letters.next().map(|letter| letter.to_ascii_uppercase());
        name + &begin.into_iter().chain(letters).collect::<String>()
    })
}

fn month(call: &Call) -> Result<Month, Problem> {
    Month::parse(call.param("month")?).map_err(|error| Problem::invalid("month", error))
}

/// Closes a month that is over, and issues its documents.
pub(crate) async fn close(call: Call) -> Result<Answer, Problem> {
    let done = close_month(&call.ctx, call.world.db(), call.world.metering(), month(&call)?).await?;
    let close = done.closed.close;
    Answer::ok(&ClosedView {
        month: close.month,
        close: close.number,
        closed_at: close.at,
        new: done.closed.new,
        invoices: done.invoices.iter().map(summary).collect::<Result<_, _>>()?,
    })
}
