//! Telling the fold what buyers owe, so that credit limits hold.
//!
//! The ledger is kept here, and the limit is decided there, in the batch of usage that reaches it. So every act that
//! changes what is owed (the documents of a close, a payment, its reversal, a credit note) tells the new figure when
//! it is done, and whoever puts a credit limit has it told once ([`tell_owed`]).
//!
//! The act is committed before it is told, and a process can die in between. Nothing is lost: the figure is always
//! computed from the books, never added up, and it is told again when a world is opened, after each close and with the
//! daily look for unusual spending. For the same reason an act does not fail because its telling did.

use crate::account_standings;
use crate::close::platform;
use crate::draft::sum;
use crate::rows;
use std::collections::BTreeMap;
use tenantry_core::{Currency, EdgeId, Money, OpContext, Problem, TenantId};
use tenantry_db::Db;
use tenantry_metering::Metering;
use tenantry_usage::{BudgetKind, EdgeTerms, Fold, Owed};

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
    let mut owed = figure(ctx, db, edge, currency).await?;
    loop {
        metering.tell_owed(ctx, owed).await?;
        let now = figure(ctx, db, edge, currency).await?;
        if now == owed {
            return Ok(());
        }
        owed = now;
    }
}

/// What is open on an edge by its documents, less what was paid in advance, and the newest close they are of: both of the
/// same moment.
async fn figure(ctx: &OpContext, db: &Db, edge: &EdgeTerms, currency: Currency) -> Result<Owed, Problem> {
    let mut through_close = newest(db, edge.id).await?;
    loop {
        let standings = account_standings(ctx, db, edge.buyer).await?;
        let own = standings.iter().filter(|one| one.seller == edge.seller && one.currency == currency);
        let amount: Money = sum(own.map(|one| one.balance), currency)?;
        // A document issued meanwhile may be in the sum or not.
        let after = newest(db, edge.id).await?;
        if after == through_close {
            return Ok(Owed { edge: edge.id, amount, through_close });
        }
        through_close = after;
    }
}

async fn newest(db: &Db, edge: EdgeId) -> Result<u32, Problem> {
    rows::newest_close(&mut db.reader().await?, edge).await
}
