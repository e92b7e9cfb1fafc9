//! Telling the fold what buyers owe, so that credit limits hold.
//!
//! The ledger is kept here, and the limit is decided there, in the batch of usage that reaches it. So every act that
//! changes what is owed (the documents of a close, a payment, its reversal, a credit note) tells the new figure when
//! it is done, and whoever puts a credit limit has it told once ([`tell_owed`]).
//!
//! Usage that no document shows yet the fold counts by itself, in the record that brings it. Seats it does not: they are in
//! the figure from here, up to the running month. So seats count against a limit when the figure is told next, with the daily
//! look at the latest, and no seat that was charged in advance is credit that nobody sees.
//!
//! The act is committed before it is told, and a process can die in between. Nothing is lost: the figure is always
//! computed from the books, never added up, and it is told again when a world is opened, after each close and with the
//! daily look for unusual spending. For the same reason an act does not fail because its telling did.

use crate::account_standings;
use crate::close::platform;
use crate::draft::sum;
use crate::rows;
use std::collections::BTreeMap;
use tenantry_core::{Currency, EdgeId, Money, Month, OpContext, Problem, TenantId};
use tenantry_db::Db;
use tenantry_metering::Metering;
use tenantry_usage::{BudgetKind, EdgeTerms, Fold, Owed, SeatBillLine};

/// Tells what is owed on every edge that has a credit limit. Any number of times: a figure that is known already is no
/// record. The platform tells, whoever caused it: no caller can pay a debt off by saying so.
///
/// # Errors
/// The first of the edges that could not be told, after all others were.
pub async fn tell_owed(ctx: &OpContext, db: &Db, metering: &Metering) -> Result<(), Problem> {
    tell(ctx, db, metering, |_| true).await
}

/// Tells what a buyer owes its seller after that changed. What changed is written down already, so a failure is for the
/// log only: the next telling makes up for it.
pub(crate) async fn changed(ctx: &OpContext, db: &Db, metering: &Metering, seller: TenantId, buyer: TenantId) {
    let between = |edge: &EdgeTerms| (edge.seller, edge.buyer) == (seller, buyer);
    if let Err(problem) = tell(ctx, db, metering, between).await {
        tracing::error!("credit limits could not be told what {buyer} owes {seller}: {problem:?}");
    }
}

async fn tell(
    ctx: &OpContext,
    db: &Db,
    metering: &Metering,
    wanted: impl Fn(&EdgeTerms) -> bool + Send + Sync,
) -> Result<(), Problem> {
    let ctx = platform(ctx);
    if metering.read_all(|fold| limited(fold, &wanted).is_empty()).await {
        return Ok(());
    }
    // Seats that were bought just now are in the outbox only.
    metering.follow(&ctx).await?;
    let mut failed = None;
    for (edge, currency) in metering.read_all(|fold| limited(fold, &wanted)).await {
        if let Err(problem) = tell_edge(&ctx, db, metering, &edge, currency).await {
            failed.get_or_insert(problem);
        }
    }
    failed.map_or(Ok(()), Err)
}

/// The edges with a credit limit, and the currency of it.
fn limited(fold: &Fold, wanted: &impl Fn(&EdgeTerms) -> bool) -> Vec<(EdgeTerms, Currency)> {
    let credit = fold.budgets().all().filter(|budget| budget.kind == BudgetKind::Credit);
    let edges: BTreeMap<EdgeId, Currency> = credit.map(|budget| (budget.edge, budget.limit.currency())).collect();
    let known = edges.into_iter().filter_map(|(id, currency)| Some((fold.edge(id)?.clone(), currency)));
    known.filter(|(edge, _)| wanted(edge)).collect()
}

/// Of two that tell at once the slower one may tell the older figure last. So each looks again after it told, and ends
/// only when the books still say what it told.
async fn tell_edge(
    ctx: &OpContext,
    db: &Db,
    metering: &Metering,
    edge: &EdgeTerms,
    currency: Currency,
) -> Result<(), Problem> {
    let mut owed = figure(ctx, db, metering, (edge, currency)).await?;
    loop {
        metering.tell_owed(ctx, owed).await?;
        let now = figure(ctx, db, metering, (edge, currency)).await?;
        if now == owed {
            return Ok(());
        }
        owed = now;
    }
}

/// What is open on an edge by its documents, less what was paid in advance, with the seats that no document shows yet, and
/// the newest close the documents are of: all of the same moment.
async fn figure(
    ctx: &OpContext,
    db: &Db,
    metering: &Metering,
    (edge, currency): (&EdgeTerms, Currency),
) -> Result<Owed, Problem> {
    let running = Month::of(ctx.now().day());
    let mut through_close = newest(db, edge.id).await?;
    loop {
        let standings = account_standings(ctx, db, edge.buyer).await?;
        let own = standings.iter().filter(|one| one.seller == edge.seller && one.currency == currency);
        let seats = metering.read_all(|fold| seats_after(fold, edge.id, through_close, running)).await;
        let seats = seats.iter().filter(|line| line.currency == currency).map(|line| line.line.amount);
        let amount: Money = sum(own.map(|one| one.balance).chain(seats), currency)?;
        // A document issued meanwhile may be in the sum or not.
        let after = newest(db, edge.id).await?;
        if after == through_close {
            return Ok(Owed { edge: edge.id, amount, through_close });
        }
        through_close = after;
    }
}

/// Lines for seats that are on no document of a close up to this one: what later closes billed whose documents are still to
/// come, and what the next one would bill if the running month were over.
fn seats_after(fold: &Fold, edge: EdgeId, through_close: u32, running: Month) -> Vec<SeatBillLine> {
    let later = fold.closes().iter().filter(|close| close.number > through_close);
    let billed = later.flat_map(|close| fold.seats_billed_by(edge, close.number));
    billed.chain(fold.seats_unbilled(edge, running)).collect()
}

async fn newest(db: &Db, edge: EdgeId) -> Result<u32, Problem> {
    rows::newest_close(&mut db.reader().await?, edge).await
}
