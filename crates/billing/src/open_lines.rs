//! The lines of the next document, composed as the close will compose them, before it is issued.
//!
//! They carry the names a document carries, looked up by the platform as on the day of issue: whoever may read the
//! document may read its draft, and need not be able to read customers besides.

use crate::fx::{InvoiceFx, Rates};
use crate::issue::{document_lines, name_subscriptions, owners};
use crate::read::naming;
use crate::rounding::rounding_at;
use crate::seats::document_seat_lines;
use crate::{Draft, InvoiceLine, InvoiceSeatLine, unbilled};
use tenantry_access::{InvoiceRead, allow};
use tenantry_commerce::Edge;
use tenantry_core::{Month, OpContext, Problem};
use tenantry_db::Db;
use tenantry_metering::Metering;
use tenantry_usage::LineRow;

/// A line that no document shows yet, and the rows behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenLine {
    /// The line as it would be issued now.
    pub line: InvoiceLine,
    /// What stands behind it, by day and resource. Never empty.
    pub rows: Vec<LineRow>,
    /// The exchange rate, if it was priced in another currency.
    pub fx: Option<InvoiceFx>,
}

/// The lines that closing a month now would issue, by subscription, service month, meter. Unlike the order of a
/// document, which goes by names, this one stands still when a customer is renamed, so a list can go on in it.
///
/// Usage without a price is on no document until it has one, so it is not here either; [`unbilled`] shows it.
pub async fn unbilled_lines(
    ctx: &OpContext,
    db: &Db,
    metering: &Metering,
    edge: &Edge,
    through: Month,
) -> Result<Vec<OpenLine>, Problem> {
    let mut draft = unbilled(ctx, db, metering, edge, through).await?;
    for line in &mut draft.lines {
        line.rows.retain(|row| row.sheet.is_some());
    }
    draft.lines.retain(|line| !line.rows.is_empty());
    let named_by = if edge.to_customer { edge.seller } else { edge.buyer };
    // The caller may read the edge's documents, or `unbilled` had refused. The names on them go with them.
    let names = name_subscriptions(&naming(ctx), db, named_by, owners(&draft)).await?;
    let shown = document_lines(&draft, &names)?.into_iter().zip(draft.lines);
    let shown = shown.map(|(line, behind)| {
        let fx = behind.priced.as_ref().map(|priced| InvoiceFx::from(priced.fx.as_ref()));
        OpenLine { line, rows: behind.rows, fx }
    });
    Ok(shown.collect())
}

/// The lines of seats that closing a month now would issue, in the order of a document, and the exchange rates of those
/// that were priced in another currency. With `after`: if that month had been closed before.
pub async fn unbilled_seat_lines(
    ctx: &OpContext,
    db: &Db,
    metering: &Metering,
    edge: &Edge,
    (after, through): (Option<Month>, Month),
) -> Result<(Vec<InvoiceSeatLine>, Vec<InvoiceFx>), Problem> {
    allow::<InvoiceRead, _>(ctx, edge.scope())?;
    metering.follow(&naming(ctx)).await?;
    let rounding = rounding_at(&mut db.reader().await?, edge.id, ctx.now()).await?;
    let draft = metering
        .read_all(|fold| {
            let seats = match after {
                Some(after) => fold.seats_unbilled_after(edge.id, after, through),
                None => fold.seats_unbilled(edge.id, through),
            };
            let draft = Draft::new(edge.id, edge.currency, [], fold.book()).with_seats(seats);
            draft.for_buyer(fold, Rates::Estimated(through))
        })
        .await?
        .rounded(rounding);
    let named_by = if edge.to_customer { edge.seller } else { edge.buyer };
    let names = name_subscriptions(&naming(ctx), db, named_by, owners(&draft)).await?;
    Ok((document_seat_lines(&draft, &names)?, draft.fx()))
}
