//! `POST /api/v1/months/{month}/close`: a month is ended by hand, ahead of the job that would. Who may is the
//! policy's business: the provider, and in a sandbox a partner that tries things.
//!
//! A close makes the documents of every edge. A partner is shown its own.

use crate::invoices::{InvoiceSummary, summary};
use crate::wire;
use serde::Serialize;
use tenantry_billing::close_month;
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

/// Closes a month that is over, and issues its documents.
pub(crate) async fn close(call: Call) -> Result<Answer, Problem> {
    let month = Month::parse(call.param("month")?).map_err(|error| {
        Problem::invalid("month", format_args!("`{}` is not a month; write it like 2017-10", error.0))
    })?;
    let done = close_month(&call.ctx, call.world.db(), call.world.metering(), month).await?;
    let close = done.closed.close;
    Answer::ok(&ClosedView {
        month: close.month,
        close: close.number,
        closed_at: close.at,
        new: done.closed.new,
        invoices: done.invoices.iter().map(summary).collect::<Result<_, _>>()?,
    })
}
