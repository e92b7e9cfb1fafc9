//! A month's end: the fold bills, an invoice per edge is issued, the next close is scheduled.
//!
//! Each step can be run again: the fold closes a month once, an edge gets one document a close, a job is
//! scheduled once. So a process killed anywhere in between finishes the close when it starts again.

use crate::close_issue::{self, Outcomes};
use crate::rows;
use crate::{Invoice, tell_owed};
use tenantry_access::{Allowed, InvoiceRead, MonthClose, WorldScope, allow};
use tenantry_commerce::edge_currencies;
use tenantry_core::{Caller, Month, OpContext, Problem, Reason, Timestamp};
use tenantry_db::{Db, Tx, audit, job};
use tenantry_metering::{Closed, Metering};
use tenantry_usage::Close;

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
///
/// # Errors
/// `Forbidden`, `PeriodNotClosable`; and when the document of an edge could not be issued, after those of all
/// other edges were: close again when the cause is gone.
pub async fn close_month(ctx: &OpContext, db: &Db, metering: &Metering, month: Month) -> Result<MonthClosed, Problem> {
    let line = audit::open(ctx, db, CLOSE_MONTH, &month.to_string()).await?;
    let outcome = close(ctx, db, metering, month).await;
    line.close(ctx, db, outcome).await
}

async fn close(ctx: &OpContext, db: &Db, metering: &Metering, month: Month) -> Result<MonthClosed, Problem> {
    allow::<MonthClose, _>(ctx, WorldScope { sandbox: metering.in_sandbox() })?;
    let closed = metering.close_month(ctx, month).await?;
    let issued = issue_all(ctx, db, metering, closed.close).await;
    // Also when some edges have no document: the others owe theirs.
    let told = tell_owed(ctx, db, metering).await;
    let issued = issued?;
    told?;
    Ok(MonthClosed { closed, invoices: visible(ctx, issued) })
}

/// Those of some documents that the caller may read.
pub(crate) fn visible(ctx: &OpContext, invoices: Vec<Invoice>) -> Vec<Invoice> {
    let visible = invoices.into_iter().filter_map(|invoice| allow::<InvoiceRead, _>(ctx, invoice).ok());
    visible.map(Allowed::into_target).collect()
}

/// Issues what the newest close has not issued yet: the rest of a close that was interrupted. Called when a world
/// is opened, so that money is never nowhere until somebody looks. Credit limits are told what is owed.
pub async fn finish_close(ctx: &OpContext, db: &Db, metering: &Metering) -> Result<(), Problem> {
    let finished = match metering.read_all(|fold| fold.closes().last().copied()).await {
        Some(close) => issue_all(ctx, db, metering, close).await.map(drop),
        None => Ok(()),
    };
    // What changed just before a crash may not have been told.
    let told = tell_owed(ctx, db, metering).await;
    finished.and(told)
}

/// The platform issues, whoever ended the month: a partner could not even look up the names on another's document.
pub(crate) fn platform(ctx: &OpContext) -> OpContext {
    OpContext { caller: Caller::System(CLOSE_MONTH), ..ctx.clone() }
}

/// The documents of a close, one per edge with anything to bill, in the order of the edges. An edge that fails does not
/// hold up the others.
async fn issue_all(ctx: &OpContext, db: &Db, metering: &Metering, close: Close) -> Result<Vec<Invoice>, Problem> {
    let mut reader = db.reader().await?;
    let issued = rows::edges_of_close(&mut reader, close.number).await?;
    let mut outcomes = Outcomes::new();
    for edge in &issued {
        if let Some(stored) = rows::of_close(&mut reader, *edge, close.number).await? {
            outcomes.insert(*edge, Ok(stored.invoice));
        }
    }
    drop(reader);
    let edges = metering.read_all(|fold| fold.edges().cloned().collect::<Vec<_>>()).await;
    let missing = edges.into_iter().filter(|edge| !issued.contains(&edge.id)).collect();
    let currencies = edge_currencies(db).await?;
    outcomes.extend(close_issue::issue(&platform(ctx), db, metering, missing, (close, &currencies)).await);
    told(outcomes, close.month)
}

/// All documents, or which edges have none and why.
pub(crate) fn told(outcomes: Outcomes, month: Month) -> Result<Vec<Invoice>, Problem> {
    let (mut issued, mut failed) = (Vec::with_capacity(outcomes.len()), Vec::new());
    for (edge, outcome) in outcomes {
        match outcome {
            Ok(invoice) => issued.push(invoice),
            Err(problem) => failed.push((edge, problem)),
        }
    }
    let Some((_, first)) = failed.first() else { return Ok(issued) };
    let named: Vec<_> = failed.iter().map(|(edge, problem)| format!("edge {edge}: {problem:?}")).collect();
    // What is missing is no secret and no fault: who closes is told what to import, whatever else failed.
    let rates = failed.iter().filter(|(_, problem)| problem.reason() == Reason::ExchangeRateMissing);
    let wanted: Vec<_> = rates.map(|(_, problem)| problem.message()).collect();
    if let Some(first) = wanted.first() {
        let message = format!(
            "{month} is closed, but {} of its documents could not be issued, {} for want of an exchange rate: {first}",
            failed.len(),
            wanted.len()
        );
        return Err(Problem::new(Reason::ExchangeRateMissing, message).because(named.join("; ")));
    }
    let message = format!(
        "{month} is closed, but {} of its documents could not be issued; close it again when the cause in the log \
         is gone",
        failed.len()
    );
    Err(Problem::new(first.reason(), message).because(named.join("; ")))
}
