//! The first half of a close: what goes on the document of each edge, held against everything it must agree with, by all
//! processors. Pure: `close_issue.rs` does it for a world, `measure.rs` for those who measure.

use crate::Draft;
use crate::close_proof::{self, Document};
use crate::fx::Rates;
use crate::issue::recounted_draft;
use crate::parallel::by_all_processors;
use std::collections::BTreeMap;
use tenantry_core::{Currency, EdgeId, Problem};
use tenantry_usage::{Close, EdgeTerms, Fold};

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

/// What is to go on the document of an edge, proven.
#[derive(Debug)]
pub(crate) struct Drafted {
    pub(crate) edge: EdgeTerms,
    pub(crate) draft: Draft,
    /// In which it is taxed, unless its buyer is a customer.
    pub(crate) market: String,
}

/// What was made of an edge, or why nothing could be.
pub(crate) type OfEdge<T> = (EdgeId, Result<T, Problem>);

impl Source {
    pub(crate) const fn close(self) -> Close {
        match self {
            Self::Closed(close) | Self::Open(close) => close,
        }
    }

    /// `None` for nothing to bill.
    fn draft(self, fold: &Fold, edge: &EdgeTerms, currencies: &Currencies) -> Result<Option<Drafted>, Problem> {
        let Some(currency) = currencies.get(&edge.id).copied() else {
            return Err(Problem::corrupt(format!("edge {} of the usage log has no currency", edge.id)));
        };
        let (draft, document) = match self {
            Self::Closed(close) => {
                let draft = recounted_draft(fold, edge, close, (currency, Rates::Closed(close)))?;
                (draft, Document::Closed(close.number))
            }
            Self::Open(close) => {
                let draft = open_draft(fold, edge, close, currency)?;
                (draft.map(|draft| (draft, Vec::new())), Document::Open(close.month))
            }
        };
        let Some((draft, recounts)) = draft else {
            // That there is nothing to bill is a claim as well.
            close_proof::prove(fold, &Draft::new(edge.id, currency, [], fold.book()), document)?;
            return Ok(None);
        };
        close_proof::prove_recounted(fold, &draft, document, recounts)?;
        let terms = draft.lines.first().and_then(|line| fold.subscription(line.subscription));
        let market = terms.map(|terms| terms.market.clone());
        let market = market.or_else(|| draft.seats.first().map(|line| line.billed.market.clone()));
        Ok(Some(Drafted { edge: edge.clone(), draft, market: market.unwrap_or_default() }))
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

/// The drafts of edges, in their order. Edges with nothing to bill are not in it.
pub(crate) fn drafts(
    fold: &Fold,
    edges: &[EdgeTerms],
    (source, currencies): (Source, &Currencies),
) -> Vec<OfEdge<Drafted>> {
    let drafted = by_all_processors(edges.iter().collect(), |edge| source.draft(fold, edge, currencies));
    let drafted = edges.iter().zip(drafted).filter_map(|(edge, draft)| {
        let died = || Err(Problem::internal("a thread that drafted documents died"));
        Some((edge.id, draft.unwrap_or_else(died).transpose()?))
    });
    drafted.collect()
}
