//! Issuing the documents of a close: made in parallel, written in order.
//!
//! What takes time is reading the fold, looking up names, composing and writing out; it changes nothing and is done for many
//! edges at once. Numbers and the hash chain leave only one order, so documents are written one after another, a batch of one
//! seller in a transaction. A batch is there or not there; whatever is missing after a crash is issued by the next try,
//! with the numbers that follow. Batches hold one seller each because two processes that close at once would otherwise
//! take the locks of two sellers' counters in different orders and wait for each other for ever.

use crate::close_document::{Prepared, documents};
use crate::close_draft::{Currencies, Drafted, OfEdge, Source, drafts};
use crate::close_names::{LookedUp, Policies};
use crate::parallel::processors;
use crate::rows::{self, NewInvoice};
use crate::{Invoice, chain, close_proof, ledger};
use std::collections::BTreeMap;
use std::sync::Arc;
use tenantry_core::{EdgeId, OpContext, Problem, Reason, TenantId};
use tenantry_db::{Db, Tx, audit, outbox};
use tenantry_metering::Metering;
use tenantry_usage::{Close, EdgeTerms};
use tokio::task::spawn_blocking;

/// Topic of the outbox entry; its subject is the invoice number.
const INVOICE_ISSUED: &str = "invoice-issued";
/// Documents of one transaction: enough that a flush to disk is shared...
const BATCH: usize = 32;
/// ...and bytes of them, but for a single one that is larger: few enough that intake does not wait long.
const BATCH_BYTES: usize = 4 << 20;
/// Edges whose names are looked up together: bounds memory, not the size of a close.
const AHEAD: usize = 64;
/// Edges for each processor that are drafted in one look at the fold: bounds how long intake waits for it.
const IN_A_LOOK: usize = 2;

/// What became of each edge: the document, or why there is none.
pub(crate) type Outcomes = BTreeMap<EdgeId, Result<Invoice, Problem>>;

/// Issues the documents of edges that have none of this close yet. An edge that fails does not hold up the others.
///
/// # Errors
/// What the database says before anything is issued. What is said of an edge stands with it.
pub(crate) async fn issue(
    ctx: &OpContext,
    db: &Db,
    metering: &Metering,
    edges: Vec<EdgeTerms>,
    (close, currencies): (Close, &Currencies),
) -> Result<Outcomes, Problem> {
    let mut outcomes = Outcomes::new();
    if edges.is_empty() {
        return Ok(outcomes);
    }
    let policies = Arc::new(Policies::at(db, close.at).await?);
    for some in edges.chunks(AHEAD) {
        let mut sellers: BTreeMap<TenantId, Vec<Prepared>> = BTreeMap::new();
        for (edge, prepared) in prepare(ctx, db, metering, some, (Source::Closed(close), currencies, &policies)).await {
            match prepared {
                Ok(prepared) => sellers.entry(prepared.edge.seller).or_default().push(prepared),
                Err(problem) => drop(outcomes.insert(edge, Err(problem))),
            }
        }
        for mut prepared in sellers.into_values() {
            let mut written = Vec::with_capacity(prepared.len());
            let mut left = &mut prepared[..];
            while !left.is_empty() {
                let (batch, behind) = left.split_at_mut(batch_of(left));
                written.extend(write(ctx, db, batch, close).await);
                left = behind;
            }
            let invoices = prepared.into_iter().map(|one| (one.edge.id, one.invoice)).zip(written);
            outcomes.extend(invoices.map(|((edge, invoice), written)| (edge, written.map(|()| invoice))));
        }
    }
    Ok(outcomes)
}

/// How many of these documents go into one transaction.
fn batch_of(left: &[Prepared]) -> usize {
    let mut bytes = 0_usize;
    let fits = left.iter().take(BATCH).take_while(|one| {
        bytes = bytes.saturating_add(one.size());
        bytes <= BATCH_BYTES
    });
    fits.count().max(1)
}

/// The documents without number, for those who want to see them first.
///
/// # Errors
/// What the database says. What is said of an edge stands with it.
pub(crate) async fn preview(
    ctx: &OpContext,
    db: &Db,
    metering: &Metering,
    edges: &[EdgeTerms],
    (source, currencies): (Source, &Currencies),
) -> Result<Outcomes, Problem> {
    let mut outcomes = Outcomes::new();
    let policies = Arc::new(Policies::at(db, source.close().at).await?);
    for some in edges.chunks(AHEAD) {
        for (edge, prepared) in prepare(ctx, db, metering, some, (source, currencies, &policies)).await {
            outcomes.insert(edge, prepared.map(|prepared| prepared.invoice));
        }
    }
    Ok(outcomes)
}

/// Everything about documents that can be known before they are written. Edges with nothing to bill are not in it.
async fn prepare(
    ctx: &OpContext,
    db: &Db,
    metering: &Metering,
    edges: &[EdgeTerms],
    (source, currencies, policies): (Source, &Currencies, &Arc<Policies>),
) -> Vec<OfEdge<Prepared>> {
    let mut drafted = Vec::with_capacity(edges.len());
    for some in edges.chunks(IN_A_LOOK * processors()) {
        drafted.extend(metering.read_all(|fold| drafts(fold, some, (source, currencies))).await);
    }
    let found = LookedUp::of(ctx, db, policies, drafted.iter().filter_map(|(_, drafted)| drafted.as_ref().ok())).await;
    match found {
        Ok(names) => compose(drafted, names, source.close()).await,
        // Names of one edge that cannot be read do not keep back the others.
        Err(problem) if problem.reason() == Reason::Corrupt => {
            let mut prepared = Vec::with_capacity(drafted.len());
            for one in drafted {
                let names = LookedUp::of(ctx, db, policies, one.1.as_ref().ok().into_iter()).await;
                match names {
                    Ok(names) => prepared.extend(compose(vec![one], names, source.close()).await),
                    Err(problem) => prepared.push((one.0, Err(problem))),
                }
            }
            prepared
        }
        Err(problem) => all_failed(drafted.into_iter().map(|(edge, drafted)| (edge, drafted.err())), &problem),
    }
}

/// On threads of their own: whoever else waits for something here goes on.
async fn compose(drafted: Vec<OfEdge<Drafted>>, names: LookedUp, close: Close) -> Vec<OfEdge<Prepared>> {
    let edges: Vec<_> = drafted.iter().map(|(edge, _)| (*edge, None)).collect();
    let composed = spawn_blocking(move || documents(drafted, close, |drafted| names.terms(drafted))).await;
    composed.unwrap_or_else(|died| all_failed(edges.into_iter(), &Problem::internal(died)))
}

/// The same for all edges, but for those that had failed before.
fn all_failed(edges: impl Iterator<Item = (EdgeId, Option<Problem>)>, problem: &Problem) -> Vec<OfEdge<Prepared>> {
    let again = || Problem::new(problem.reason(), problem.message()).because(problem.cause_chain());
    edges.map(|(edge, before)| (edge, Err(before.unwrap_or_else(again)))).collect()
}

/// Writes a batch of one seller; what became of each. What cannot be written together is tried one by one: one bad document
/// does not keep back the good ones.
async fn write(ctx: &OpContext, db: &Db, batch: &mut [Prepared], close: Close) -> Vec<Result<(), Problem>> {
    let Err(problem) = write_together(ctx, db, batch, close).await else {
        return batch.iter().map(|_| Ok(())).collect();
    };
    if batch.len() == 1 {
        return vec![Err(problem)];
    }
    let mut written = Vec::with_capacity(batch.len());
    for one in batch {
        written.push(write_together(ctx, db, std::slice::from_mut(one), close).await);
    }
    written
}

async fn write_together(ctx: &OpContext, db: &Db, batch: &mut [Prepared], close: Close) -> Result<(), Problem> {
    let Some(first) = batch.first() else { return Ok(()) };
    let target = format!("{} of {} for {}", batch.len(), first.edge.seller, close.month);
    let line = audit::open(ctx, db, "issue_invoices", &target).await?;
    let outcome = write_batch(ctx, db, batch, close).await;
    line.close(ctx, db, outcome).await
}

async fn write_batch(ctx: &OpContext, db: &Db, batch: &mut [Prepared], close: Close) -> Result<(), Problem> {
    let Some(seller) = batch.first().map(|one| one.edge.seller) else { return Ok(()) };
    let mut tx = db.begin().await?;
    rows::lock_seller(&mut tx, seller).await?;
    let mut end = rows::end_of_chain(&mut tx, seller).await?;
    for one in batch {
        // Looked at again behind the lock: somebody else may have closed the month with us.
        match rows::of_close(&mut tx, one.edge.id, close.number).await? {
            Some(stored) => one.invoice = stored.invoice,
            None => end = write_one(ctx, &mut tx, one, close, end).await?,
        }
    }
    tx.commit().await
}

/// Writes a document behind the end of its seller's chain; what the end is then.
async fn write_one(
    ctx: &OpContext,
    tx: &mut Tx,
    one: &mut Prepared,
    close: Close,
    end: rows::ChainEnd,
) -> Result<rows::ChainEnd, Problem> {
    let number = one.series.next(tx, &one.invoice.seller, close.at).await?;
    let chain_no = rows::next_behind(tx, one.edge.seller, &end).await?;
    let text = one.numbered(number)?;
    let (invoice, hash) = (&one.invoice, chain::hash(&end.hash, &text));
    let new = NewInvoice { invoice, text, issued_at: close.at, chain_no, previous_hash: &end.hash, hash: &hash };
    rows::insert(tx, new).await?;
    let receivable = ledger::book(tx, close.at, invoice).await?;
    let tax = crate::invoice::money(&invoice.tax, one.draft.currency)?;
    close_proof::ledger_agrees(&one.draft, tax, receivable)?;
    let (seller, buyer) = (one.edge.seller, one.edge.buyer);
    let payload = serde_json::json!({ "number": invoice.number, "seller": seller, "buyer": buyer });
    outbox::publish(tx, ctx.now(), INVOICE_ISSUED, &invoice.number, &payload.to_string()).await?;
    Ok(rows::ChainEnd { chain_no, hash })
}
