//! Documents as their buyer sees them: in the currency of their edge, and with no price but its own.
//!
//! Charges are exact in the currency of the prices. Where an edge is billed in another one, each line is multiplied by the
//! rate of the month that is closed, once, before it is rounded; the rows behind it are converted so that they add up to
//! it. That happens here, to a draft, so everything made of drafts (the unbilled view, documents, files, explanations)
//! shows one and the same figure in one and the same currency, and says what it was before.

use crate::seats::DraftSeatLine;
use crate::{Draft, DraftLine, Invoice, InvoiceLine};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;
use tenantry_core::{Amount, Currency, Day, EdgeId, Month, Problem, Rate, Reason};
use tenantry_rating::FxRates;
use tenantry_usage::{Close, Fold, LineRow};

/// What a line was before it was converted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Priced {
    /// The rate it was converted with.
    pub fx: Arc<FxRates>,
    /// Its exact charge in the currency of the prices, `fx.from`.
    pub exact: Amount,
}

/// An exchange rate on a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoiceFx {
    /// The currency of prices, ISO 4217.
    pub from: String,
    /// What one unit of it costs in the currency of the document, exact.
    pub rate: String,
    /// Who said so.
    pub source: String,
    /// The day it is of, `2021-01-29`.
    pub dated: String,
    /// Which import it came with.
    pub import_no: u64,
}

/// Which rates a draft takes.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Rates<'a> {
    /// Those that a close knew; of what had none yet, the latest known.
    Closed(Close),
    /// Those that a close of the month now would take.
    Open(Month),
    /// As `Open`; where the month has none yet, those of the last month that has.
    Estimated(Month),
    /// Those that a document says it was made with.
    Of(&'a Invoice),
}

impl Rates<'_> {
    fn find<'f>(&self, fold: &'f Fold, from: Currency, to: Currency) -> Result<Option<&'f FxRates>, Problem> {
        Ok(match self {
            Self::Closed(close) => fold.fx_of(Some(close.number), from, to, close.month),
            Self::Open(month) => fold.fx_of(None, from, to, *month),
            Self::Estimated(month) => fold.fx().estimate(from, to, *month),
            Self::Of(invoice) => {
                let named = invoice.fx.iter().find(|fx| fx.from == from.code());
                let month = invoice.month()?;
                named.and_then(|fx| fold.fx().of_import(fx.import_no, from, to, month))
            }
        })
    }

    /// Whether the list price of a document is its buyer's own. Documents that were issued before it was keep what they say.
    fn own_list(&self, fold: &Fold, edge: EdgeId) -> bool {
        match self {
            Self::Closed(_) | Self::Open(_) | Self::Estimated(_) => fold.is_resold(edge),
            Self::Of(invoice) => invoice.own_list,
        }
    }

    fn month(&self) -> Result<Month, Problem> {
        match self {
            Self::Closed(close) => Ok(close.month),
            Self::Open(month) | Self::Estimated(month) => Ok(*month),
            Self::Of(invoice) => invoice.month(),
        }
    }
}

impl Draft {
    /// The draft as its buyer sees it. What was priced in another currency is converted, line by line. And who buys from
    /// somebody that buys himself is told no other price than its own: the public one beside it would give away, meter by
    /// meter, which part of the difference its seller keeps.
    ///
    /// # Errors
    /// `ExchangeRateMissing`, with what to import.
    pub(crate) fn for_buyer(mut self, fold: &Fold, rates: Rates<'_>) -> Result<Self, Problem> {
        let mut known: BTreeMap<Currency, Arc<FxRates>> = BTreeMap::new();
        let (edge, to, rounding) = (self.edge, self.currency, self.rounding);
        let mut rate_of = |priced_in: Currency| -> Result<Arc<FxRates>, Problem> {
            if let Some(fx) = known.get(&priced_in) {
                return Ok(Arc::clone(fx));
            }
            let found = rates.find(fold, priced_in, to)?;
            let Some(found) = found else { return Err(missing(priced_in, to, rates.month()?)) };
            let fx = Arc::new(found.clone());
            known.insert(priced_in, Arc::clone(&fx));
            Ok(fx)
        };
        // Lines of one subscription come together: it is looked up once.
        let mut last = None;
        for line in &mut self.lines {
            let priced_in = match last {
                Some((subscription, currency)) if subscription == line.subscription => currency,
                _ => fold.subscription(line.subscription).map_or(to, |terms| terms.currency),
            };
            last = Some((line.subscription, priced_in));
            if priced_in == to {
                continue;
            }
            line.convert(rate_of(priced_in)?);
            line.amount = line.exact.round(to, rounding);
        }
        for line in self.seats.iter_mut().filter(|line| line.billed.currency != to) {
            line.convert(rate_of(line.billed.currency)?, rounding);
        }
        self.own_list = rates.own_list(fold, edge);
        if self.own_list {
            for line in &mut self.lines {
                line.list = line.exact;
                line.rows.iter_mut().for_each(|row| row.list = row.charge);
            }
            self.seats.iter_mut().for_each(DraftSeatLine::show_own_list);
        }
        Ok(self)
    }

    /// The rates its lines were converted with, each once.
    pub(crate) fn fx(&self) -> Vec<InvoiceFx> {
        let of_seats = self.seats.iter().filter_map(|line| line.priced.as_ref());
        let used = self.lines.iter().filter_map(|line| line.priced.as_ref()).chain(of_seats);
        let used: BTreeMap<_, _> = used.map(|priced| (priced.fx.from, &priced.fx)).collect();
        used.into_values().map(|fx| InvoiceFx::from(fx.as_ref())).collect()
    }
}

impl DraftLine {
    fn convert(&mut self, fx: Arc<FxRates>) {
        convert_rows(&fx, &mut self.rows);
        let priced = Priced { exact: self.exact, fx };
        self.exact = self.exact.converted(priced.fx.rate);
        self.list = self.list.converted(priced.fx.rate);
        self.priced = Some(priced);
    }
}

/// Converts the rows behind a line, so that they add up to it.
fn convert_rows(fx: &FxRates, rows: &mut [LineRow]) {
    let (mut charges, mut lists) = (fx.conversion(), fx.conversion());
    for row in rows {
        row.priced = Some(row.charge);
        row.charge = charges.next(row.charge);
        row.list = lists.next(row.list);
    }
}

impl From<&FxRates> for InvoiceFx {
    fn from(fx: &FxRates) -> Self {
        Self {
            from: fx.from.code().to_owned(),
            rate: fx.rate.to_string(),
            source: fx.source.clone(),
            dated: fx.dated.to_string(),
            import_no: fx.import_no,
        }
    }
}

impl Invoice {
    /// The rate that a line was converted with; `None` for one that was priced in the document's currency.
    ///
    /// # Errors
    /// `Corrupt`: the stored document does not read back.
    pub fn fx_of(&self, line: &InvoiceLine) -> Result<Option<FxRates>, Problem> {
        if line.pricing_currency.is_empty() {
            return Ok(None);
        }
        let damaged = |what: &dyn std::fmt::Display| {
            Problem::corrupt(format!(
                "invoice {}: its exchange rate from {}: {what}",
                self.number, line.pricing_currency
            ))
        };
        let named = self.fx.iter().find(|fx| fx.from == line.pricing_currency);
        let named = named.ok_or_else(|| damaged(&"is not on it"))?;
        Ok(Some(FxRates {
            month: self.month()?,
            from: Currency::parse(&named.from).map_err(|error| damaged(&error))?,
            to: self.currency()?,
            rate: Rate::parse(&named.rate).map_err(|error| damaged(&error))?,
            source: named.source.clone(),
            dated: Day::parse(&named.dated).map_err(|error| damaged(&error))?,
            import_no: named.import_no,
        }))
    }

    /// The rows behind a line as the document shows them: in its currency, and with its list price. `rows` are what the
    /// usage log has.
    ///
    /// # Errors
    /// As [`Invoice::fx_of`].
    pub fn as_shown(&self, line: &InvoiceLine, mut rows: Vec<LineRow>) -> Result<Vec<LineRow>, Problem> {
        if let Some(fx) = self.fx_of(line)? {
            convert_rows(&fx, &mut rows);
        }
        if self.own_list {
            rows.iter_mut().for_each(|row| row.list = row.charge);
        }
        Ok(rows)
    }
}

/// It names no edge: who imports rates is told which, and need not know for whom (`close_told.rs`).
fn missing(from: Currency, to: Currency, month: Month) -> Problem {
    let message = format!(
        "there is no exchange rate from {from} to {to} for {month}, so what is priced in {from} cannot be billed in {to}; \
         import one (`tenantry import fx`, or POST /api/v1/fx), then close the month again"
    );
    Problem::new(Reason::ExchangeRateMissing, message)
}
