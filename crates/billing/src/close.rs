//! A month's end: the fold bills, an invoice per edge is issued, the next close is scheduled.
//!
//! Each step can be run again: the fold closes a month once, an edge gets one document a close, a job is
//! scheduled once. So a process killed anywhere in between finishes the close when it starts again.

use crate::close_issue::{self, Outcomes};
use crate::close_told::told;
use crate::rows;
use crate::{Invoice, tell_owed};
use std::collections::BTreeSet;
use tenantry_access::{Allowed, InvoiceRead, MonthClose, WorldScope, allow};
use tenantry_commerce::edge_currencies;
use tenantry_core::{Caller, EdgeId, Month, OpContext, Problem, Timestamp};
use tenantry_db::{Db, Tx, audit, job};
use tenantry_metering::{Closed, Metering};
use tenantry_usage::{Close, Fold};

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
    let finished = finish(ctx, db, metering).await;
    // What changed just before a crash may not have been told.
    let told = tell_owed(ctx, db, metering).await;
    finished.and(told)
}

async fn finish(ctx: &OpContext, db: &Db, metering: &Metering) -> Result<(), Problem> {
    let Some(close) = metering.read_all(|fold| fold.closes().last().copied()).await else { return Ok(()) };
    // Which there are is enough: a start does not read the documents of a whole month.
    let there = rows::edges_of_close(&mut db.reader().await?, close.number).await?;
    told(ctx, metering, issue_missing(ctx, db, metering, close, &there).await?, close.month).await.map(drop)
}

/// The platform issues, whoever ended the month: a partner could not even look up the names on another's document.
pub(crate) fn platform(ctx: &OpContext) -> OpContext {
    OpContext { caller: Caller::System(CLOSE_MONTH), ..ctx.clone() }
}

/// The documents of a close, one per edge with anything to bill, in the order of the edges. An edge that fails does not
/// hold up the others.
async fn issue_all(ctx: &OpContext, db: &Db, metering: &Metering, close: Close) -> Result<Vec<Invoice>, Problem> {
    let issued = rows::all_of_close(&mut db.reader().await?, close.number).await?;
    let mut outcomes: Outcomes = issued.into_iter().map(|(edge, invoice)| (edge, Ok(invoice))).collect();
    let there = outcomes.keys().copied().collect();
    outcomes.extend(issue_missing(ctx, db, metering, close, &there).await?);
    told(ctx, metering, outcomes, close.month).await
}

/// The documents of the other edges.
async fn issue_missing(
    ctx: &OpContext,
    db: &Db,
    metering: &Metering,
    close: Close,
    there: &BTreeSet<EdgeId>,
) -> Result<Outcomes, Problem> {
    let missing = |fold: &Fold| fold.edges().filter(|edge| !there.contains(&edge.id)).cloned().collect();
    let missing = metering.read_all(missing).await;
    let currencies = edge_currencies(db).await?;
    close_issue::issue(&platform(ctx), db, metering, missing, (of_today(ctx, close), &currencies)).await
}

/// A document is of the day it is issued: the names on it are that day's, and its buyer's time to pay begins with it. So one
/// that waited (for an exchange rate, mostly) is not of the day of its close, while a close that was interrupted and goes
/// on the same day stays one close.
pub(crate) fn of_today(ctx: &OpContext, close: Close) -> Close {
    let at = if ctx.now().day() > close.at.day() { ctx.now() } else { close.at };
    Close { at, ..close }
}
