//! The lines of seats that are a customer's, from the documents of the month closed last or from the draft of the next.

use super::Span;
use crate::params;
use tenantry_billing::{InvoiceFilter, InvoiceSeatLine, invoice_list, name_of, seat_line_taxes, unbilled_seat_lines};
use tenantry_commerce::edge_of;
use tenantry_core::{Currency, Money, Month, Problem, TenantId};
use tenantry_http::Call;

/// A line, what of its document's tax falls on it, and the number of that document.
pub(super) struct Cost {
    pub(super) line: InvoiceSeatLine,
    pub(super) tax: Money,
    /// Empty as long as there is none.
    pub(super) invoice: String,
}

/// What a customer's seats come to in a month.
pub(super) struct Costs {
    pub(super) customer: TenantId,
    pub(super) month: Month,
    pub(super) currency: Currency,
    pub(super) lines: Vec<Cost>,
}

impl Costs {
    pub(super) async fn of(call: &Call, customer: TenantId, span: Span) -> Result<Self, Problem> {
        // Whose customer it is not is told so first.
        let customer = name_of(&call.ctx, call.world.db(), customer).await?.id;
        let mut costs = match span {
            Span::MostRecent => Self::closed(call, customer).await?,
            Span::Current => Self::open(call, customer).await?,
        };
        costs.lines.retain(|cost| cost.line.customer == customer);
        Ok(costs)
    }

    /// Of a world in which no month was closed yet, those of the month before: none.
    async fn closed(call: &Call, customer: TenantId) -> Result<Self, Problem> {
        let (ctx, db, partner) = (&call.ctx, call.world.db(), params::partner(call)?);
        let closed = call.world.metering().last_closed_month().await;
        let month = closed.unwrap_or(Month::of(ctx.now().day()).previous());
        let mut costs =
            Self { customer, month, currency: edge_of(ctx, db, partner).await?.currency, lines: Vec::new() };
        // One document a month and buyer; the currency is that of its day.
        for invoice in invoice_list(ctx, db, partner, InvoiceFilter { month: Some(month) }).await? {
            costs.currency = invoice.currency()?;
            let taxes = seat_line_taxes(&invoice)?;
            let with_tax = invoice.seat_lines.into_iter().zip(taxes);
            costs.lines.extend(with_tax.map(|(line, tax)| Cost { line, tax, invoice: invoice.number.clone() }));
        }
        Ok(costs)
    }

    async fn open(call: &Call, customer: TenantId) -> Result<Self, Problem> {
        let (ctx, db, metering) = (&call.ctx, call.world.db(), call.world.metering());
        let edge = edge_of(ctx, db, params::partner(call)?).await?;
        let month = Month::of(ctx.now().day());
        // Between a month's end and its close the month before has a document of its own to come.
        let is_open = metering.last_closed_month().await.is_none_or(|closed| closed < month.previous());
        let months = (is_open.then(|| month.previous()), month);
        let (lines, _) = unbilled_seat_lines(ctx, db, metering, &edge, months).await?;
        let tax = Money::zero(edge.currency);
        let lines = lines.into_iter().map(|line| Cost { line, tax, invoice: String::new() }).collect();
        Ok(Self { customer, month, currency: edge.currency, lines })
    }
}
