//! The lines of the open period: what closing it now would issue, and on which document.
//!
//! The field shows unbilled lines of its newer plans only; SDKs ask for them in the same way as for those of an
//! invoice, and read ours with the class they have for `azure`. That is our reading of "as 149" in
//! partner-center-v1.md 2.10; no recording shows it.

use crate::wire::words::Words;
use serde::{Deserialize, Serialize};
use tenantry_billing::{InvoiceFx, InvoiceSeatLine, OpenLine, unbilled_lines, unbilled_seat_lines};
use tenantry_commerce::edge_of;
use tenantry_core::{Currency, Month, Problem, TenantId};
use tenantry_http::Call;

/// Which open lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Span {
    /// Of the running month: what its document will show.
    Current,
    /// Of the month before, between its end and its close.
    Previous,
}

/// The words of `period`.
pub(super) const SPANS: Words<Span> = Words(&[("current", Span::Current), ("previous", Span::Previous)]);

/// The open lines of a partner in a span, in an order that stands still while usage arrives (see [`unbilled_lines`]),
/// and their currency.
pub(super) async fn open_lines(
    call: &Call,
    partner: TenantId,
    span: Span,
) -> Result<(Currency, Vec<OpenLine>), Problem> {
    let (ctx, db, metering) = (&call.ctx, call.world.db(), call.world.metering());
    let edge = edge_of(ctx, db, partner).await?;
    let current = Month::of(ctx.now().day());
    let lines = unbilled_lines(ctx, db, metering, &edge, current).await?;
    let closed = metering.last_closed_month().await;
    let mut within = Vec::with_capacity(lines.len());
    for open in lines {
        if span_of(open.line.service_month()?, current, closed) == span {
            within.push(open);
        }
    }
    Ok((edge.currency, within))
}

/// The lines of seats that the next document will show, in an order that stands still while others are added, and the
/// exchange rates of those that were converted. A period is on the document of the month it begins in, and so is a
/// change: before that month's close they are all of the same span.
pub(super) async fn open_seats(
    call: &Call,
    partner: TenantId,
    span: Span,
) -> Result<(Vec<InvoiceSeatLine>, Vec<InvoiceFx>), Problem> {
    let (ctx, db, metering) = (&call.ctx, call.world.db(), call.world.metering());
    let edge = edge_of(ctx, db, partner).await?;
    let current = Month::of(ctx.now().day());
    let closed = metering.last_closed_month().await;
    let previous_is_open = closed.is_none_or(|closed| closed < current.previous());
    let months = match (span, previous_is_open) {
        (Span::Previous, true) => (None, current.previous()),
        (Span::Previous, false) => return Ok(Default::default()),
        (Span::Current, true) => (Some(current.previous()), current),
        (Span::Current, false) => (None, current),
    };
    let (mut lines, fx) = unbilled_seat_lines(ctx, db, metering, &edge, months).await?;
    lines.sort_by(|a, b| {
        let order = |line: &InvoiceSeatLine| (line.subscription, line.term_start.clone(), line.charge_start.clone());
        order(a).cmp(&order(b))
    });
    Ok((lines, fx))
}

/// On which document usage of a month will be: that of the month before as long as it is not closed, then that of
/// the running one.
fn span_of(month: Month, current: Month, closed: Option<Month>) -> Span {
    let previous_is_open = closed.is_none_or(|closed| closed < current.previous());
    if previous_is_open && month < current { Span::Previous } else { Span::Current }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_open_line_is_in_exactly_one_span() {
        let month = |text| Month::parse(text).unwrap();
        for (used, closed, span) in [
            ("2020-06", Some("2020-05"), Span::Current),
            // Late usage of a closed month is on the next document.
            ("2020-04", Some("2020-05"), Span::Current),
            ("2020-06", Some("2020-04"), Span::Current),
            ("2020-05", Some("2020-04"), Span::Previous),
            ("2020-03", Some("2020-04"), Span::Previous),
            ("2020-05", None, Span::Previous),
            ("2020-06", None, Span::Current),
        ] {
            assert_eq!(span_of(month(used), month("2020-06"), closed.map(month)), span, "{used} {closed:?}");
        }
    }
}
