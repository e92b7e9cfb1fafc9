//! Lines of documents: what an edge owes for one meter of one subscription in one service month, with the
//! rows behind it. The unbilled view and an invoice are read by the same function, so they cannot differ.

use crate::account::{Account, AccountKey, AccountNo, RowKey, Settled};
use crate::bill::{Bill, OnEdge, OnEdgeTotal};
use crate::channel::EdgeNo;
use crate::fold::Fold;
use crate::quotes::{Sheets, day_at};
use crate::rating::{Rated, Rating};
use crate::record::SubscriptionTerms;
use crate::series::Series;
use std::collections::BTreeMap;
use std::sync::Arc;
use tenantry_core::{Amount, Day, EdgeId, MeterId, Month, PriceSheetId, Quantity, SubscriptionId, TenantId};

/// One line, exact. Rounding is the document's business.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The subscription.
    pub subscription: SubscriptionId,
    /// Whose it is.
    pub customer: TenantId,
    /// The meter.
    pub meter: MeterId,
    /// The month of the usage; earlier than the document's for late usage and corrections.
    pub month: Month,
    /// Quantity, as far as it is priced.
    pub quantity: Quantity,
    /// What it comes to at list.
    pub list: Amount,
    /// What it comes to on this edge.
    pub charge: Amount,
    /// The public sheet that priced the last of its usage; none if nothing of it is priced.
    pub sheet: Option<PriceSheetId>,
    /// What stands behind the line; they add up to it.
    pub rows: Vec<LineRow>,
    /// Quantity without a price. Not charged, not lost.
    pub unrated: Quantity,
}

/// Usage of one resource on one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineRow {
    /// The day.
    pub day: Day,
    /// The resource and what is known of it.
    pub series: Arc<Series>,
    /// How much (more) is billed of that day.
    pub quantity: Quantity,
    /// At list.
    pub list: Amount,
    /// On this edge.
    pub charge: Amount,
    /// What that was before a document converted it into its own currency; none where it was not.
    pub priced: Option<Amount>,
    /// The sheet that priced it; none if unrated.
    pub sheet: Option<PriceSheetId>,
    /// The close that billed of this row before; 0 for none. What is new here came after it.
    pub billed_before: u32,
}

/// Given to rows that no close has billed.
const NOT_CLOSED: u32 = 0;

impl Fold {
    /// What an edge owes and no document shows yet, for usage up to and including a month.
    ///
    /// Exactly these lines become the invoice when that month is closed.
    #[must_use]
    pub fn unbilled(&self, edge: EdgeId, through: Month) -> Vec<Line> {
        self.unbilled_lines(edge, through).collect()
    }

    /// The lines of [`Fold::unbilled`], each made when it is asked for.
    pub fn unbilled_lines(&self, edge: EdgeId, through: Month) -> impl Iterator<Item = Line> {
        let mut sheets = Sheets::new(self);
        let numbers = self.sold_through(edge, None, through);
        numbers.filter_map(move |(edge, number)| self.unbilled_line(&mut sheets, edge, number))
    }

    /// Those of [`Fold::unbilled`] that are of one subscription; nothing else is looked at.
    #[must_use]
    pub fn unbilled_of(&self, edge: EdgeId, subscription: SubscriptionId, through: Month) -> Vec<Line> {
        let mut sheets = Sheets::new(self);
        let numbers = self.sold_through(edge, Some(subscription), through);
        numbers.filter_map(|(edge, number)| self.unbilled_line(&mut sheets, edge, number)).collect()
    }

    fn unbilled_line<'a>(&'a self, sheets: &mut Sheets<'a>, edge: EdgeNo, number: AccountNo) -> Option<Line> {
        // Nothing happened since everything was billed.
        if self.accounts.at(number)?.settled == Settled::Billed {
            return None;
        }
        let rating = self.rating(sheets, number)?;
        let rated = rating.rated();
        let billed: Vec<_> = rated.iter().filter_map(|rated| rating.to_bill(rated)?.on(edge)).collect();
        let mut line = self.line(&rating.known.terms, rating.account, NOT_CLOSED, billed)?;
        self.add_unrated(&mut line, &rating, edge, &rated);
        (!line.rows.is_empty()).then_some(line)
    }

    /// All lines of one meter of a subscription in a month that an edge was ever billed, each with the number of its close,
    /// and what it owes and no document shows, with 0. For who asks about a few lines: nothing else is looked at, however
    /// long the history of the edge is.
    #[must_use]
    pub fn lines_about(
        &self,
        edge: EdgeId,
        (subscription, meter, month): (SubscriptionId, MeterId, Month),
    ) -> Vec<(u32, Line)> {
        let sold = self.edges.number(edge).filter(|edge| {
            self.sold_through.get(edge).is_some_and(|subscriptions| subscriptions.contains(&subscription))
        });
        let number = self.accounts.number(&AccountKey { subscription, month, meter });
        let account = number.and_then(|number| Some((number, self.accounts.at(number)?)));
        let (Some(edge), Some((number, account))) = (sold, account) else { return Vec::new() };
        let billed = account.bills.iter().filter_map(|bill| Some((bill.close, self.billed_line(edge, account, bill)?)));
        let open = self.unbilled_line(&mut Sheets::new(self), edge, number).map(|line| (NOT_CLOSED, line));
        billed.chain(open).collect()
    }

    /// The lines that a close put on the document of an edge.
    #[must_use]
    pub fn billed_by(&self, edge: EdgeId, close: u32) -> Vec<Line> {
        self.billed_lines(edge, close).collect()
    }

    /// The lines of [`Fold::billed_by`], each made when it is asked for: a document of a million lines is written
    /// without ever being in memory.
    pub fn billed_lines(&self, edge: EdgeId, close: u32) -> impl Iterator<Item = Line> {
        self.billed(edge, close).filter_map(move |(edge, account, bill)| self.billed_line(edge, account, bill))
    }

    /// Those of [`Fold::billed_by`] that are of one subscription; nothing else is looked at.
    #[must_use]
    pub fn billed_of(&self, edge: EdgeId, subscription: SubscriptionId, close: u32) -> Vec<Line> {
        let billed = self.billed_to(edge, Some(subscription), close);
        billed.filter_map(|(edge, account, bill)| self.billed_line(edge, account, bill)).collect()
    }

    fn billed_line(&self, edge: EdgeNo, account: &Account, bill: &Bill) -> Option<Line> {
        let terms = self.subscription(account.key.subscription)?;
        let line = self.line(terms, account, bill.close, bill.rows_on(edge).collect())?;
        (!line.rows.is_empty()).then_some(line)
    }

    /// The lines of [`Fold::billed_by`] without the rows behind them: all that a document shows, for a hundredth of the
    /// memory.
    pub fn billed_totals(&self, edge: EdgeId, close: u32) -> impl Iterator<Item = Line> {
        self.billed(edge, close).filter_map(move |(edge, account, bill)| self.total_line(account, bill.total_on(edge)?))
    }

    /// A line without its rows.
    pub(crate) fn total_line(&self, account: &Account, total: OnEdgeTotal) -> Option<Line> {
        Some(Line {
            subscription: account.key.subscription,
            customer: self.subscription(account.key.subscription)?.customer,
            meter: account.key.meter,
            month: account.key.month,
            quantity: total.quantity,
            list: total.list,
            charge: total.charge,
            sheet: Some(total.sheet),
            rows: Vec::new(),
            unrated: Quantity::ZERO,
        })
    }

    /// The accounts of an edge that a close billed, in the order of lines, each with its bill.
    pub(crate) fn billed(&self, edge: EdgeId, close: u32) -> impl Iterator<Item = (EdgeNo, &Account, &Bill)> {
        self.billed_to(edge, None, close)
    }

    /// As [`Fold::billed`], of one subscription or of all.
    fn billed_to(
        &self,
        edge: EdgeId,
        of: Option<SubscriptionId>,
        close: u32,
    ) -> impl Iterator<Item = (EdgeNo, &Account, &Bill)> {
        let known = self.closes.iter().find(|known| known.number == close).map(|known| known.month);
        let numbers = known.into_iter().flat_map(move |month| self.sold_through(edge, of, month));
        numbers.filter_map(move |(edge, number)| {
            let account = self.accounts.at(number)?;
            let bill = account.bills.iter().find(|bill| bill.close == close)?;
            Some((edge, account, bill))
        })
    }

    /// Usage without a price, by subscription, meter and month. It raises an alarm until a price is imported.
    #[must_use]
    pub fn unrated(&self) -> BTreeMap<(SubscriptionId, MeterId, Month), Quantity> {
        let mut sheets = Sheets::new(self);
        let open = (0..).zip(&self.accounts.all).filter(|(_, account)| account.settled != Settled::Billed);
        open.filter_map(|(number, account)| {
            let rating = self.rating(&mut sheets, number)?;
            if rating.quotes.is_complete() {
                return None;
            }
            let waiting: Vec<_> = rating.rated().iter().filter_map(Rated::waiting).collect();
            let quantity = waiting.iter().try_fold(Quantity::ZERO, |sum, quantity| sum.checked_add(*quantity));
            let named = (account.key.subscription, account.key.meter, account.key.month);
            if waiting.is_empty() { None } else { quantity.map(|quantity| (named, quantity)) }
        })
        .collect()
    }

    /// The accounts that were ever sold through an edge, up to and including a month, in the order of lines.
    fn sold_through(
        &self,
        edge: EdgeId,
        of: Option<SubscriptionId>,
        through: Month,
    ) -> impl Iterator<Item = (EdgeNo, AccountNo)> {
        let sold = self.edges.number(edge).and_then(|edge| Some((edge, self.sold_through.get(&edge)?)));
        sold.into_iter().flat_map(move |(edge, all)| {
            let wanted = match of {
                Some(one) => all.range(one..=one),
                None => all.range(..),
            };
            let numbers = wanted.flat_map(move |id| self.accounts.numbers_of(*id, None, Some(through)));
            numbers.map(move |number| (edge, number))
        })
    }

    fn line(&self, terms: &SubscriptionTerms, account: &Account, close: u32, mut billed: Vec<OnEdge>) -> Option<Line> {
        let ranks = self.accounts.ranks(account, &self.series);
        billed.sort_unstable_by_key(|billed| {
            (billed.row.day, billed.row.channel, ranks.get(billed.row.place as usize).copied())
        });
        let before = billed_before(account, close);
        let first_day = account.key.month.first_day();
        let row = |billed: OnEdge| {
            let series = self.accounts.series_of(account, billed.row).and_then(|series| self.series.get(series))?;
            Some(LineRow {
                day: day_at(first_day, billed.row.day),
                series: Arc::clone(series),
                quantity: billed.quantity,
                list: billed.list,
                charge: billed.charge,
                priced: None,
                sheet: Some(billed.sheet),
                billed_before: before.get(&billed.row).copied().unwrap_or(NOT_CLOSED),
            })
        };
        let rows = billed.into_iter().map(row).collect::<Option<Vec<_>>>()?;
        Some(Line {
            subscription: account.key.subscription,
            customer: terms.customer,
            meter: account.key.meter,
            month: account.key.month,
            quantity: rows.iter().fold(Quantity::ZERO, |sum, row| sum.checked_add(row.quantity).unwrap_or(sum)),
            list: rows.iter().map(|row| row.list).sum(),
            charge: rows.iter().map(|row| row.charge).sum(),
            sheet: rows.last().and_then(|row| row.sheet),
            rows,
            unrated: Quantity::ZERO,
        })
    }

    /// Rows without a price stand behind the others.
    fn add_unrated(&self, line: &mut Line, rating: &Rating<'_>, edge: EdgeNo, rated: &[Rated]) {
        let before = billed_before(rating.account, NOT_CLOSED);
        for rated in rated {
            let Some(quantity) = rated.waiting() else { continue };
            if !rating.known.edges_of(rated.row.channel).contains(&edge) {
                continue;
            }
            let series = self.accounts.series_of(rating.account, rated.row).and_then(|id| self.series.get(id));
            let Some(series) = series else { continue };
            line.unrated = line.unrated.checked_add(quantity).unwrap_or(line.unrated);
            line.rows.push(LineRow {
                day: day_at(rating.quotes.first_day(), rated.row.day),
                series: Arc::clone(series),
                quantity,
                list: Amount::ZERO,
                charge: Amount::ZERO,
                priced: None,
                sheet: None,
                billed_before: before.get(&rated.row).copied().unwrap_or(NOT_CLOSED),
            });
        }
    }
}

/// The last close before this one that billed of each row; a row that is not there was not billed before.
fn billed_before(account: &Account, close: u32) -> BTreeMap<RowKey, u32> {
    let earlier = account.bills.iter().filter(|bill| close == NOT_CLOSED || bill.close < close);
    earlier.flat_map(|bill| bill.keys().map(|row| (row, bill.close))).collect()
}
