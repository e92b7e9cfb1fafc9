//! What closing a month would issue, and nothing else: no record, no number, no document.
//!
//! It runs the code of the close up to the point where a number would be taken. So the documents are those of the
//! close, byte for byte, but for what is not given yet: the number, the dates if time goes on, and the hash.

use crate::Invoice;
use crate::close::{of_today, platform, visible};
use crate::close_draft::Source;
use crate::close_issue::preview;
use crate::close_told;
use crate::rows;
use tenantry_access::{MonthClose, WorldScope, allow};
use tenantry_commerce::edge_currencies;
use tenantry_core::{Month, OpContext, Problem, Reason};
use tenantry_db::Db;
use tenantry_metering::Metering;
use tenantry_usage::Close;

/// What a close would come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CloseDryRun {
    /// The close as it would be, or as it was if the month is closed already.
    pub close: Close,
    /// Whether closing would close anything: `false` for a month that is closed.
    pub new: bool,
    /// The documents that closing would answer with, as far as the caller may see them. What would be issued is without
    /// number; of a closed month the documents that were issued come with theirs.
    pub invoices: Vec<Invoice>,
    /// The documents that would be stopped, each with its reason in words, as far as the caller may know of them.
    pub stopped: Vec<String>,
}

/// Shows what closing a month now would issue. Writes nothing. Who may close a month may ask.
///
/// Unlike the close it can look at a month that still runs: what would be billed of it as of now.
///
/// # Errors
/// `Forbidden`; `PeriodNotClosable` for a month before the last closed one that was skipped; `InvalidField` for one that
/// has not begun.
pub async fn close_dry_run(
    ctx: &OpContext,
    db: &Db,
    metering: &Metering,
    month: Month,
) -> Result<CloseDryRun, Problem> {
    allow::<MonthClose, _>(ctx, WorldScope { sandbox: metering.in_sandbox() })?;
    let running = Month::of(ctx.now().day());
    if month > running {
        return Err(Problem::invalid("month", format!("{month} has not begun; it is {running} in this world")));
    }
    metering.follow(ctx).await?;
    let (known, last, edges) = metering
        .read_all(|fold| {
            let known = fold.closes().iter().find(|close| close.month == month).copied();
            (known, fold.closes().last().copied(), fold.edges().cloned().collect::<Vec<_>>())
        })
        .await;
    let source = match (known, last) {
        (Some(close), _) => Source::Closed(of_today(ctx, close)),
        (None, Some(last)) if last.month > month => {
            let message = format!("{} is closed already; usage of {month} is billed by the next close", last.month);
            return Err(Problem::new(Reason::PeriodNotClosable, message));
        }
        (None, last) => {
            let number = last.map_or(Some(1), |last| last.number.checked_add(1));
            let number = number.ok_or_else(|| Problem::corrupt("there is no number left for another close"))?;
            Source::Open(Close { number, month, at: ctx.now() })
        }
    };
    let (mut invoices, mut failed) = (Vec::new(), Vec::new());
    let issued = match known {
        Some(close) => rows::all_of_close(&mut db.reader().await?, close.number).await?,
        None => Default::default(),
    };
    let missing: Vec<_> = edges.into_iter().filter(|edge| !issued.contains_key(&edge.id)).collect();
    invoices.extend(issued.into_values());
    let currencies = edge_currencies(db).await?;
    for (edge, outcome) in preview(&platform(ctx), db, metering, &missing, (source, &currencies)).await? {
        match outcome {
            Ok(invoice) => invoices.push(invoice),
            Err(problem) => failed.push((edge, problem)),
        }
    }
    let stopped = close_told::stopped(ctx, metering, failed).await;
    let close = known.unwrap_or(source.close());
    Ok(CloseDryRun { close, new: known.is_none(), invoices: visible(ctx, invoices), stopped })
}
