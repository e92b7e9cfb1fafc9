//! Issuing the documents of a close: drafted in parallel, written in order.
//!
//! What takes time is reading the fold, looking up names, composing and writing out; it changes nothing and is done for many
//! edges at once. Numbers and the hash chain leave only one order, so documents are written one after another, a batch of one
//! seller in a transaction. A batch is there or not there; whatever is missing after a crash is issued by the next try,
//! with the numbers that follow. Batches hold one seller each because two processes that close at once would otherwise
//! take the locks of two sellers' counters in different orders and wait for each other for ever.

use crate::close_document::Prepared;
use crate::close_proof::Document;
use crate::fx::Rates;
use crate::issue::{Names, closed_draft, owners};
use crate::rounding::rounding_at;
use crate::rows::{self, NewInvoice};
use crate::tax_rate::tax_at;
use crate::{Draft, Invoice, chain, close_proof, ledger};
use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use tenantry_core::{Currency, EdgeId, OpContext, Problem, TenantId};
use tenantry_db::{Db, Tx, audit, outbox};
use tenantry_metering::Metering;
use tenantry_usage::{Close, EdgeTerms, Fold};
use tokio::task::JoinSet;

/// Topic of the outbox entry; its subject is the invoice number.
const INVOICE_ISSUED: &str = "invoice-issued";
/// Documents of one transaction: enough that a flush to disk is shared, few enough that intake does not wait long.
const BATCH: usize = 32;
/// Edges drafted at once: bounds memory and how long intake waits for the fold, not the size of a close.
const AHEAD: usize = 64;
/// Names looked up at once: as many as there are connections to read with.
const LOOK_UPS: usize = 4;

/// Where the lines of documents come from.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Source {
    /// What a close billed.
    Closed(Close),
    /// What a close at this instant would bill.
    Open(Close),
}

/// In which currency each edge is billed.
pub(crate) type Currencies = BTreeMap<EdgeId, Currency>;

/// What became of each edge: the document, or why there is none.
pub(crate) type Outcomes = BTreeMap<EdgeId, Result<Invoice, Problem>>;

impl Source {
    pub(crate) const fn close(self) -> Close {
        match self {
            Self::Closed(close) | Self::Open(close) => close,
        }
    }

    /// The draft of an edge, proven, and the market it is taxed in; `None` for nothing to bill.
    fn draft(self, fold: &Fold, edge: &EdgeTerms, currencies: &Currencies) -> Result<Option<(Draft, String)>, Problem> {
        let Some(currency) = currencies.get(&edge.id).copied() else {
            return Err(Problem::corrupt(format!("edge {} of the usage log has no currency", edge.id)));
        };
        let (draft, document) = match self {
            Self::Closed(close) => {
                (closed_draft(fold, edge, close, (currency, Rates::Closed(close)))?, Document::Closed(close.number))
            }
            Self::Open(close) => (open_draft(fold, edge, close, currency)?, Document::Open(close.month)),
        };
        let Some(draft) = draft else { return Ok(None) };
        close_proof::prove(fold, &draft, document)?;
        let terms = draft.lines.first().and_then(|line| fold.subscription(line.subscription));
        let market = terms.map(|terms| terms.market.clone());
        let market = market.or_else(|| draft.seats.first().map(|line| line.billed.market.clone()));
        Ok(Some((draft, market.unwrap_or_default())))
    }
}

/// What closing now would put on the document of an edge: usage without a price waits for one.
fn open_draft(fold: &Fold, edge: &EdgeTerms, close: Close, currency: Currency) -> Result<Option<Draft>, Problem> {
    let mut lines = fold.unbilled(edge.id, close.month);
    for line in &mut lines {
        line.rows.retain(|row| row.sheet.is_some());
    }
    lines.retain(|line| !line.rows.is_empty());
    let seats = fold.seats_unbilled(edge.id, close.month);
    if lines.is_empty() && seats.is_empty() {
        return Ok(None);
    }
    Draft::new(edge.id, currency, lines, fold.book())
        .with_seats(seats)
        .for_buyer(fold, Rates::Open(close.month))
        .map(Some)
}

/// Issues the documents of edges that have none of this close yet. An edge that fails does not hold up the others.
pub(crate) async fn issue(
    ctx: &OpContext,
    db: &Db,
    metering: &Metering,
    edges: Vec<EdgeTerms>,
    (close, currencies): (Close, &Currencies),
) -> Outcomes {
    let mut outcomes = Outcomes::new();
    for some in edges.chunks(AHEAD) {
        let mut sellers: BTreeMap<TenantId, Vec<Prepared>> = BTreeMap::new();
        for (edge, prepared) in prepare(ctx, db, metering, some, (Source::Closed(close), currencies)).await {
            match prepared {
                Ok(prepared) => sellers.entry(prepared.edge.seller).or_default().push(prepared),
                Err(problem) => drop(outcomes.insert(edge, Err(problem))),
            }
        }
        for mut prepared in sellers.into_values() {
            let mut written = Vec::with_capacity(prepared.len());
            for batch in prepared.chunks_mut(BATCH) {
                written.extend(write(ctx, db, batch, close).await);
            }
            let invoices = prepared.into_iter().map(|one| (one.edge.id, one.invoice)).zip(written);
            outcomes.extend(invoices.map(|((edge, invoice), written)| (edge, written.map(|()| invoice))));
        }
    }
    outcomes
}

/// The documents without number, for those who want to see them first.
pub(crate) async fn preview(
    ctx: &OpContext,
    db: &Db,
    metering: &Metering,
    edges: &[EdgeTerms],
    (source, currencies): (Source, &Currencies),
) -> Outcomes {
    let mut outcomes = Outcomes::new();
    for some in edges.chunks(AHEAD) {
        for (edge, prepared) in prepare(ctx, db, metering, some, (source, currencies)).await {
            outcomes.insert(edge, prepared.map(|prepared| prepared.invoice));
        }
    }
    outcomes
}

/// Everything about documents that can be known before they are written. Edges with nothing to bill are not in it.
async fn prepare(
    ctx: &OpContext,
    db: &Db,
    metering: &Metering,
    edges: &[EdgeTerms],
    (source, currencies): (Source, &Currencies),
) -> Vec<(EdgeId, Result<Prepared, Problem>)> {
    let drafts = metering.read_all(|fold| drafts(fold, edges, (source, currencies))).await;
    let mut prepared = Vec::with_capacity(drafts.len());
    let mut looking_up = JoinSet::new();
    for (edge, draft) in drafts {
        let (draft, market) = match draft {
            Ok(Some(drafted)) => drafted,
            Ok(None) => continue,
            Err(problem) => {
                prepared.push((edge.id, Err(problem)));
                continue;
            }
        };
        if looking_up.len() >= LOOK_UPS
            && let Some(done) = looking_up.join_next().await
        {
            prepared.push(ended(done));
        }
        let (ctx, db) = (ctx.clone(), db.clone());
        looking_up.spawn(async move {
            let id = edge.id;
            (id, complete(&ctx, &db, edge, draft, &market, source.close()).await)
        });
    }
    while let Some(done) = looking_up.join_next().await {
        prepared.push(ended(done));
    }
    // Look-ups end in any order; numbers follow that of the edges.
    prepared.sort_by_key(|(edge, _)| *edge);
    prepared
}

/// A look-up that ended. One that died took the name of its edge with it and is told under none; the next close of the
/// month tries that edge again like any other without a document.
fn ended<T>(done: Result<(EdgeId, Result<T, Problem>), tokio::task::JoinError>) -> (EdgeId, Result<T, Problem>) {
    done.unwrap_or_else(|died| (EdgeId::new(uuid::Uuid::nil()), Err(Problem::internal(died))))
}

async fn complete(
    ctx: &OpContext,
    db: &Db,
    edge: EdgeTerms,
    draft: Draft,
    market: &str,
    close: Close,
) -> Result<Prepared, Problem> {
    let names = Names::look_up(ctx, db, &edge, owners(&draft)).await?;
    let mut reader = db.reader().await?;
    let rounding = rounding_at(&mut reader, edge.id, close.at).await?;
    let tax = tax_at(&mut reader, edge.seller, names.customer_of.as_deref().unwrap_or(market), close.at).await?;
    drop(reader);
    let draft = draft.rounded(rounding);
    Prepared::new(edge, draft, names, &tax, close)
}

pub(crate) type Drafted = (EdgeTerms, Result<Option<(Draft, String)>, Problem>);

/// The drafts of edges, by as many threads as there are processors, in the order of the edges.
pub(crate) fn drafts(fold: &Fold, edges: &[EdgeTerms], (source, currencies): (Source, &Currencies)) -> Vec<Drafted> {
    let draft = |edge: &EdgeTerms| (edge.clone(), source.draft(fold, edge, currencies));
    let threads = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let share = edges.len().div_ceil(threads).max(1);
    if share >= edges.len() {
        return edges.iter().map(draft).collect();
    }
    std::thread::scope(|scope| {
        let running: Vec<_> = edges
            .chunks(share)
            .map(|share| (share, scope.spawn(move || share.iter().map(draft).collect::<Vec<_>>())))
            .collect();
        let died = |share: &[EdgeTerms]| {
            let problem = || Problem::internal("a thread that drafted documents died");
            share.iter().map(|edge| (edge.clone(), Err(problem()))).collect()
        };
        running.into_iter().flat_map(|(share, thread)| thread.join().unwrap_or_else(|_| died(share))).collect()
    })
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
    let mut tx = db.begin().await?;
    let mut locked = false;
    for one in batch {
        // Looked at again behind the lock that a counter holds: somebody else may have closed the month with us.
        if !locked {
            rows::lock_seller(&mut tx, one.edge.seller).await?;
            locked = true;
        }
        match rows::of_close(&mut tx, one.edge.id, close.number).await? {
            Some(stored) => one.invoice = stored.invoice,
            None => write_one(ctx, &mut tx, one, close).await?,
        }
    }
    tx.commit().await
}

async fn write_one(ctx: &OpContext, tx: &mut Tx, one: &mut Prepared, close: Close) -> Result<(), Problem> {
    let number = one.names.series.next(tx, &one.names.seller, close.at).await?;
    let (chain_no, previous_hash) = rows::next_in_chain(tx, one.edge.seller).await?;
    let text = one.numbered(number)?;
    let (invoice, hash) = (&one.invoice, chain::hash(&previous_hash, &text));
    let new =
        NewInvoice { invoice, text: &text, issued_at: close.at, chain_no, previous_hash: &previous_hash, hash: &hash };
    rows::insert(tx, &new).await?;
    let receivable = ledger::book(tx, close.at, invoice).await?;
    let tax = crate::invoice::money(&invoice.tax, one.draft.currency)?;
    close_proof::ledger_agrees(&one.draft, tax, receivable)?;
    let (seller, buyer) = (one.edge.seller, one.edge.buyer);
    let payload = serde_json::json!({ "number": invoice.number, "seller": seller, "buyer": buyer });
    outbox::publish(tx, ctx.now(), INVOICE_ISSUED, &invoice.number, &payload.to_string()).await?;
    Ok(())
}
