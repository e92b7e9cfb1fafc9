//! Documents as their buyer sees them: in the currency of their edge, and with no price but its own.
//!
//! Charges are exact in the currency of the prices. Where an edge is billed in another one, each line is multiplied by the
//! rate of the month that is closed, once, before it is rounded; the rows behind it are converted so that they add up to
//! it. What is said of seats whose period an earlier close charged is multiplied by the rate of that one's month, so that what
//! is given back is what was charged, whatever the rate is by then. All of that happens here, to a draft, so everything made of drafts (the unbilled view, documents, files, explanations)
//! shows one and the same figure in one and the same currency, and says what it was before.

use crate::seats::{DraftSeatLine, InvoiceSeatLine};
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
    /// The month it is for, `2021-01`, if that is an earlier one than the document's: what is said of seats that the document
    /// of that month charged was converted with it. Not written where it is the document's own.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub month: String,
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
    /// The rate that holds for what an earlier close charged.
    fn find_earlier<'f>(&self, fold: &'f Fold, (from, to): (Currency, Currency), by: Close) -> Option<&'f FxRates> {
        let taken = fold.fx_of(Some(by.number), from, to, by.month);
        match self {
            Self::Closed(_) | Self::Open(_) => taken,
            Self::Estimated(_) => taken.or_else(|| fold.fx().estimate(from, to, by.month)),
            Self::Of(invoice) => {
                let month = by.month.to_string();
                let named = invoice.fx.iter().find(|fx| fx.from == from.code() && fx.month == month)?;
                fold.fx().of_import(named.import_no, from, to, by.month)
            }
        }
    }

    fn find<'f>(&self, fold: &'f Fold, from: Currency, to: Currency) -> Result<Option<&'f FxRates>, Problem> {
        Ok(match self {
            Self::Closed(close) => fold.fx_of(Some(close.number), from, to, close.month),
            Self::Open(month) => fold.fx_of(None, from, to, *month),
            Self::Estimated(month) => fold.fx().estimate(from, to, *month),
            Self::Of(invoice) => {
                let named = invoice.fx.iter().find(|fx| fx.from == from.code() && fx.month.is_empty());
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

    /// Whether what an earlier close charged is converted by its rate. Documents that were issued before it was keep what
    /// they say.
    const fn by_period(&self) -> bool {
        match self {
            Self::Closed(_) | Self::Open(_) | Self::Estimated(_) => true,
            Self::Of(invoice) => invoice.period_rates,
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
        let mut known: BTreeMap<(Currency, Option<u32>), Arc<FxRates>> = BTreeMap::new();
        let (edge, to, rounding) = (self.edge, self.currency, self.rounding);
        let mut rate_of = |priced_in: Currency, charged_by: Option<u32>| -> Result<Arc<FxRates>, Problem> {
            if let Some(fx) = known.get(&(priced_in, charged_by)) {
                return Ok(Arc::clone(fx));
            }
            let (found, month) = match fold.closes().iter().find(|close| Some(close.number) == charged_by) {
                Some(by) => (rates.find_earlier(fold, (priced_in, to), *by), by.month),
                None => (rates.find(fold, priced_in, to)?, rates.month()?),
            };
            let fx = Arc::new(found.ok_or_else(|| missing(priced_in, to, month))?.clone());
            known.insert((priced_in, charged_by), Arc::clone(&fx));
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
            line.convert(rate_of(priced_in, None)?);
            line.amount = line.exact.round(to, rounding);
        }
        self.period_rates = rates.by_period();
        for line in self.seats.iter_mut().filter(|line| line.billed.currency != to) {
            let charged_by = line.billed.charged_by.filter(|_| self.period_rates);
            line.convert(rate_of(line.billed.currency, charged_by)?, charged_by.is_some());
            line.round(rounding, self.period_rates);
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

    /// The rates its lines were converted with, each once: of each currency that of its own month, then those of earlier
    /// ones.
    pub(crate) fn fx(&self) -> Vec<InvoiceFx> {
        let of_usage = self.lines.iter().filter_map(|line| Some((line.priced.as_ref()?, false)));
        let of_seats = self.seats.iter().filter_map(|line| Some((line.priced.as_ref()?, line.earlier_rate)));
        let of_month = |(priced, earlier): (&'_ Priced, bool)| {
            let month = earlier.then_some(priced.fx.month);
            ((priced.fx.from, month), Arc::clone(&priced.fx))
        };
        let used: BTreeMap<_, _> = of_usage.chain(of_seats).map(of_month).collect();
        let written = |((_, month), fx): ((Currency, Option<Month>), Arc<FxRates>)| {
            let month = month.map_or_else(String::new, |month| month.to_string());
            InvoiceFx { month, ..InvoiceFx::from(fx.as_ref()) }
        };
        used.into_iter().map(written).collect()
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
            month: String::new(),
        }
    }
}

impl InvoiceFx {
    /// Of the rates on a document the one that a line of usage was converted with; `None` for a line that was priced in the
    /// document's currency.
    #[must_use]
    pub fn of_line<'a>(all: &'a [Self], line: &InvoiceLine) -> Option<&'a Self> {
        all.iter().find(|fx| fx.from == line.pricing_currency && fx.month.is_empty())
    }

    /// As [`InvoiceFx::of_line`], of a line of seats.
    #[must_use]
    pub fn of_seats<'a>(all: &'a [Self], line: &InvoiceSeatLine) -> Option<&'a Self> {
        all.iter().find(|fx| fx.from == line.pricing_currency && fx.month == line.rate_month)
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
        let named = InvoiceFx::of_line(&self.fx, line);
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
