//! A month's end: the fold bills, an invoice per edge is issued, the next close is scheduled.
//!
//! Each step can be run again: the fold closes a month once, an edge gets one document a close, a job is
//! scheduled once. So a process killed anywhere in between finishes the close when it starts again.

use crate::Invoice;
use crate::issue::issue;
use tenantry_access::{Allowed, InvoiceRead, MonthClose, WorldScope, allow};
use tenantry_core::{Caller, Month, OpContext, Problem, Timestamp};
use tenantry_db::{Db, Tx, job};
use tenantry_metering::{Closed, Metering};

/// The kind of the due job; its subject is the month.
pub const CLOSE_MONTH: &str = "close-month";

/// What a close came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MonthClosed {
    /// The close.
    pub closed: Closed,
    /// The documents it gave rise to, one per edge with anything to bill, as far as the caller may see them.
    pub invoices: Vec<Invoice>,
}

/// Schedules the close of a month for its end plus the time late usage is waited for.
pub async fn schedule_close(tx: &mut Tx, month: Month, grace_seconds: i64) -> Result<Timestamp, Problem> {
    let due_at = month.period().to.plus_seconds(grace_seconds);
    job::schedule(tx, CLOSE_MONTH, &month.to_string(), due_at).await?;
    Ok(due_at)
}

/// Closes a month and issues its documents. Closing again finds what is there and issues what is missing.
pub async fn close_month(ctx: &OpContext, db: &Db, metering: &Metering, month: Month) -> Result<MonthClosed, Problem> {
    allow::<MonthClose, _>(ctx, WorldScope { sandbox: metering.in_sandbox() })?;
    let closed = metering.close_month(ctx, month).await?;
    // The platform issues, whoever ended the month: a partner could not even look up the names on another's document.
    let platform = OpContext { caller: Caller::System(CLOSE_MONTH), ..ctx.clone() };
    let edges = metering.read(|fold| fold.edges().cloned().collect::<Vec<_>>()).await;
    let mut invoices = Vec::new();
    for edge in edges {
        let issued = issue(&platform, db, metering, &edge, closed.close).await?;
        invoices.extend(issued.and_then(|invoice| allow::<InvoiceRead, _>(ctx, invoice).ok()));
    }
    Ok(MonthClosed { closed, invoices: invoices.into_iter().map(Allowed::into_target).collect() })
}
