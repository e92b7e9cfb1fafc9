//! Issuing the documents of a close: prepared in parallel, written in order.
//!
//! Numbers and the hash chain leave only one order, so documents are written one after another, a batch of one
//! seller in a transaction. A batch is there or not there; whatever is missing after a crash is issued by the next try,
//! with the numbers that follow. Batches hold one seller each because two processes that close at once would otherwise
//! take the locks of two sellers' counters in different orders and wait for each other for ever.
//!
//! While some documents are written, the next are named and composed (`close_prepare.rs`), and those behind them are drafted:
//! the database and the processors wait for each other only where one of them has nothing left to do.

use crate::close_document::Prepared;
use crate::close_draft::{Currencies, OfEdge, Source};
use crate::close_prepare::{Portion, Portions, Preparing};
use crate::rows::{self, NewInvoice};
use crate::{Invoice, close_proof, ledger};
use std::collections::BTreeMap;
use tenantry_core::{EdgeId, OpContext, Problem, TenantId};
use tenantry_db::{Db, Tx, audit, outbox};
use tenantry_metering::Metering;
use tenantry_usage::{Close, EdgeTerms};
use tokio::sync::mpsc::{Receiver, Sender, channel};

/// Topic of the outbox entry; its subject is the invoice number.
const INVOICE_ISSUED: &str = "invoice-issued";
/// Documents of one transaction: enough that a flush to disk is shared...
const BATCH: usize = 32;
/// ...and bytes of them as they are stored, but for a single one that is larger: few enough that intake does not wait long...
const BATCH_BYTES: usize = 4 << 20;
/// ...and of their text, of which the hash is taken while the seller's numbers are held.
const BATCH_TEXT: usize = 16 << 20;
/// Portions that wait between two stages: one, so that the faster stage is never far ahead of the slower in memory.
const WAITING: usize = 1;

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
    if edges.is_empty() {
        return Ok(Outcomes::new());
    }
    let preparing = Preparing::of(ctx, db, close).await?;
    let (drafted, to_prepare) = channel(WAITING);
    let (prepared, to_write) = channel(WAITING);
    let preparing = tokio::spawn(prepare(preparing, to_prepare, prepared));
    let writing = tokio::spawn(write_all(ctx.clone(), db.clone(), close, to_write));
    let mut portions = Portions::of(metering, &edges, (Source::Closed(close), currencies));
    while let Some(portion) = portions.next().await {
        if drafted.send(portion).await.is_err() {
            break;
        }
    }
    drop(drafted);
    // Both are waited for, whatever becomes of the first: nothing is written when this has ended.
    let (prepared, written) = (preparing.await, writing.await);
    prepared.map_err(Problem::internal)?;
    written.map_err(Problem::internal)
}

/// Portions as they come. It ends with those who draft or those who write.
async fn prepare(preparing: Preparing, mut drafted: Receiver<Portion>, prepared: Sender<Vec<OfEdge<Prepared>>>) {
    while let Some(portion) = drafted.recv().await {
        if prepared.send(preparing.finish(portion).await).await.is_err() {
            break;
        }
    }
}

async fn write_all(ctx: OpContext, db: Db, close: Close, mut prepared: Receiver<Vec<OfEdge<Prepared>>>) -> Outcomes {
    let mut outcomes = Outcomes::new();
    while let Some(portion) = prepared.recv().await {
        write_portion(&ctx, &db, close, portion, &mut outcomes).await;
    }
    outcomes
}

async fn write_portion(
    ctx: &OpContext,
    db: &Db,
    close: Close,
    portion: Vec<OfEdge<Prepared>>,
    outcomes: &mut Outcomes,
) {
    let mut sellers: BTreeMap<TenantId, Vec<Prepared>> = BTreeMap::new();
    for (edge, prepared) in portion {
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

/// How many of these documents go into one transaction.
fn batch_of(left: &[Prepared]) -> usize {
    let (mut bytes, mut text) = (0_usize, 0_usize);
    let fits = left.iter().take(BATCH).take_while(|one| {
        bytes = bytes.saturating_add(one.size());
        text = text.saturating_add(one.text_length());
        bytes <= BATCH_BYTES && text <= BATCH_TEXT
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
    let preparing = Preparing::of(ctx, db, source.close()).await?;
    let mut portions = Portions::of(metering, edges, (source, currencies));
    while let Some(portion) = portions.next().await {
        let prepared = preparing.finish(portion).await;
        outcomes.extend(prepared.into_iter().map(|(edge, one)| (edge, one.map(|prepared| prepared.invoice))));
    }
    Ok(outcomes)
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
    one.take(number);
    let (text, hash) = one.sealed(&end.hash)?;
    let invoice = &one.invoice;
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
