//! Documents of closed months that are not issued yet.
//!
//! What a close billed is no longer unbilled, and while its document waits (for an exchange rate, mostly) it is on no
//! document either. Law 2 wants it in a state that is named and can be seen: this one. It ends by itself, with the next try
//! after the rate was imported.

use crate::payment::readable_account;
use crate::rows;
use std::collections::{BTreeMap, BTreeSet};
use tenantry_access::{ChannelManage, InvoiceRead, WorldScope, allow};
use tenantry_commerce::{Edge, edge_currencies};
use tenantry_core::{Amount, Currency, EdgeId, Month, OpContext, Problem, TenantId};
use tenantry_db::Db;
use tenantry_metering::{EdgeScope, Metering};
use tenantry_usage::{Close, EdgeTerms, Fold};

/// What a document waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WaitsFor {
    /// A rate from the currency of prices to its own.
    ExchangeRate {
        /// Of which month: its own, or that of the document that charged seats which have changed since.
        month: Month,
        /// The currency of prices.
        from: Currency,
        /// The currency of the document.
        to: Currency,
    },
    /// Nobody said in which currency its edge is billed: the channel's records are damaged.
    Currency,
    /// Nothing that is known here. The next try issues it, or the log says what is wrong.
    NextTry,
}

/// What a close billed on an edge and no document shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingDocument {
    /// The edge.
    pub edge: EdgeId,
    /// Who will ask for the money.
    pub seller: TenantId,
    /// Who will owe it.
    pub buyer: TenantId,
    /// The month that was closed.
    pub month: Month,
    /// The close, from 1.
    pub close: u32,
    /// What it waits for.
    pub waits_for: WaitsFor,
    /// What its lines come to, exact, by the currency of their prices: before they are converted and rounded.
    pub exact: BTreeMap<Currency, Amount>,
}

/// An exchange rate that documents wait for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct MissingRate {
    /// Of which month.
    pub month: Month,
    /// The currency of prices.
    pub from: Currency,
    /// The currency of documents.
    pub to: Currency,
}

/// Everything that waits, as far as the caller may see it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Waiting {
    /// The documents, in the order of closes.
    pub documents: Vec<WaitingDocument>,
    /// The rates to import, also for documents between others: for who imports rates, the provider. For anybody else those
    /// of its own documents.
    pub rates: BTreeSet<MissingRate>,
}

/// The documents that wait: for a partner those it buys or sells by, for the provider those of all partners.
///
/// # Errors
/// `Forbidden`; `TenantNotFound` for a customer that is billed elsewhere.
pub async fn waiting_documents(ctx: &OpContext, db: &Db, metering: &Metering) -> Result<Waiting, Problem> {
    match ctx.confined_to() {
        Some(own) => drop(readable_account(ctx, db, own).await?),
        None => drop(allow::<ChannelManage, _>(ctx, WorldScope { sandbox: false })?),
    }
    let found = find(db, metering, |_| true).await?;
    let mut waiting = Waiting::default();
    for (scope, document) in found {
        let is_own = allow::<InvoiceRead, _>(ctx, scope).is_ok();
        if let WaitsFor::ExchangeRate { month, from, to } = document.waits_for
            && (is_own || ctx.confined_to().is_none())
        {
            waiting.rates.insert(MissingRate { month, from, to });
        }
        if is_own {
            waiting.documents.push(document);
        }
    }
    Ok(waiting)
}

/// The documents of one edge that wait. Who may read its documents may ask.
///
/// # Errors
/// `TenantNotFound`, `Forbidden`.
pub async fn waiting_on(
    ctx: &OpContext,
    db: &Db,
    metering: &Metering,
    edge: &Edge,
) -> Result<Vec<WaitingDocument>, Problem> {
    allow::<InvoiceRead, _>(ctx, edge.scope())?;
    let found = find(db, metering, |terms| terms.id == edge.id).await?;
    Ok(found.into_iter().map(|(_, document)| document).collect())
}

async fn find(
    db: &Db,
    metering: &Metering,
    wanted: impl Fn(&EdgeTerms) -> bool,
) -> Result<Vec<(EdgeScope, WaitingDocument)>, Problem> {
    let currencies = edge_currencies(db).await?;
    let closes = metering.read_all(|fold| fold.closes().to_vec()).await;
    let mut found = Vec::new();
    for close in closes {
        let issued = rows::edges_of_close(&mut db.reader().await?, close.number).await?;
        let missing = metering
            .read_all(|fold| {
                let edges = fold.edges().filter(|edge| wanted(edge) && !issued.contains(&edge.id));
                let waiting = edges.filter_map(|edge| {
                    let waiting = waiting(fold, edge, close, currencies.get(&edge.id).copied())?;
                    Some((EdgeScope::of(fold, edge), waiting))
                });
                waiting.collect::<Vec<_>>()
            })
            .await;
        if missing.is_empty() {
            continue;
        }
        // Looked at again: some may have been issued in between.
        let issued = rows::edges_of_close(&mut db.reader().await?, close.number).await?;
        found.extend(missing.into_iter().filter(|(_, document)| !issued.contains(&document.edge)));
    }
    Ok(found)
}

/// `None` where the close billed nothing.
pub(crate) fn waiting(
    fold: &Fold,
    edge: &EdgeTerms,
    close: Close,
    currency: Option<Currency>,
) -> Option<WaitingDocument> {
    let mut exact: BTreeMap<Currency, Amount> = BTreeMap::new();
    // With the closes whose rates are wanted, by their numbers.
    let mut priced: BTreeSet<(Currency, u32)> = BTreeSet::new();
    let mut add = |priced_in: Currency, by: u32, amount: Amount| {
        let sum = exact.entry(priced_in).or_insert(Amount::ZERO);
        *sum += amount;
        priced.insert((priced_in, by));
    };
    for line in fold.billed_totals(edge.id, close.number) {
        let priced_in = fold.subscription(line.subscription).map(|terms| terms.currency).or(currency);
        add(priced_in?, close.number, line.charge);
    }
    for line in fold.seats_billed_by(edge.id, close.number) {
        add(line.currency, line.charged_by.unwrap_or(close.number), Amount::of(line.line.amount));
    }
    if exact.is_empty() {
        return None;
    }
    let unknown = |from: Currency, to: Currency, by: u32| {
        let by = fold.closes().iter().find(|close| close.number == by)?;
        let is_known = from == to || fold.fx_of(Some(by.number), from, to, by.month).is_some();
        (!is_known).then_some(WaitsFor::ExchangeRate { month: by.month, from, to })
    };
    let waits_for = match currency {
        None => WaitsFor::Currency,
        Some(to) => priced.iter().find_map(|(from, by)| unknown(*from, to, *by)).unwrap_or(WaitsFor::NextTry),
    };
    let (edge, seller, buyer) = (edge.id, edge.seller, edge.buyer);
    Some(WaitingDocument { edge, seller, buyer, month: close.month, close: close.number, waits_for, exact })
}
