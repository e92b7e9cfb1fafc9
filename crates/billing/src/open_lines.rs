//! The lines of the next document, composed as the close will compose them, before it is issued.
//!
//! They carry the names a document carries, looked up by the platform as on the day of issue: whoever may read the
//! document may read its draft, and need not be able to read customers besides.

use crate::issue::{document_line, name_subscriptions, owners};
use crate::read::naming;
use crate::{InvoiceLine, unbilled};
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
    // The caller may read the edge's documents, or `unbilled` had refused. The names on them go with them.
    let names = name_subscriptions(&naming(ctx), db, edge.buyer, owners(&draft)).await?;
    draft.lines.into_iter().map(|line| Ok(OpenLine { line: document_line(&line, &names)?, rows: line.rows })).collect()
}
