//! `POST /api/v1/months/{month}/close`: a month is ended by hand, ahead of the job that would. Who may is the
//! policy's business: the provider, and in a sandbox a partner that tries things. `GET .../dry-run` shows what would
//! be issued and writes nothing.
//!
//! A close makes the documents of every edge. A partner is shown its own.

use crate::invoices::{InvoiceSummary, summary};
use crate::wire;
use serde::Serialize;
use tenantry_billing::{Invoice, close_dry_run, close_month};
use tenantry_core::{Month, Problem, Timestamp};
use tenantry_http::{Answer, Call};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ClosedView<'a> {
    #[serde(serialize_with = "wire::text")]
    month: Month,
    /// Counts the closes of this world from 1.
    close: u32,
    #[serde(serialize_with = "wire::text")]
    closed_at: Timestamp,
    /// `false`: it was closed before, and nothing changed.
    new: bool,
    invoices: Vec<InvoiceSummary<'a>>,
}

/// What a close would issue. Nothing of it has a number, and nothing was written.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DryRunView<'a> {
    #[serde(serialize_with = "wire::text")]
    month: Month,
    /// The number the close would have, or has.
    close: u32,
    /// `false`: the month is closed; the documents are those that are missing.
    new: bool,
    /// Word for word, but for number and dates.
    invoices: &'a [Invoice],
    /// Documents that would be stopped, each with its reason.
    stopped: &'a [String],
}

/// Shows what closing a month would issue.
pub(crate) async fn dry_run(call: Call) -> Result<Answer, Problem> {
    let dry = close_dry_run(&call.ctx, call.world.db(), call.world.metering(), month(&call)?).await?;
    let (month, close) = (dry.close.month, dry.close.number);
    Answer::ok(&DryRunView { month, close, new: dry.new, invoices: &dry.invoices, stopped: &dry.stopped })
}

fn month(call: &Call) -> Result<Month, Problem> {
    Month::parse(call.param("month")?)
        .map_err(|error| Problem::invalid("month", format_args!("`{}` is not a month; write it like 2017-10", error.0)))
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
