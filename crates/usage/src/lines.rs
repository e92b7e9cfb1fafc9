//! Lines of documents: what an edge owes for one meter of one subscription in one service month, with the
//! rows behind it. The unbilled view and an invoice are read by the same function, so they cannot differ.

use crate::account::{Account, AccountKey, Billed};
use crate::fold::Fold;
use crate::series::Series;
use std::collections::BTreeMap;
use tenantry_core::{Amount, Day, EdgeId, MeterId, Month, PriceSheetId, Quantity, SubscriptionId, TenantId};
use tenantry_rating::RatedRow;

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
    pub series: Series,
    /// How much (more) is billed of that day.
    pub quantity: Quantity,
    /// At list.
    pub list: Amount,
    /// On this edge.
    pub charge: Amount,
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
        self.lines(edge, |key, account| {
            if key.month > through {
                return Vec::new();
            }
            self.to_bill(key, account, NOT_CLOSED)
        })
        .into_iter()
        .map(|line| self.with_unrated(line))
        .filter(|line| !line.rows.is_empty())
        .collect()
    }

    /// The lines that a close put on the document of an edge.
    #[must_use]
    pub fn billed_by(&self, edge: EdgeId, close: u32) -> Vec<Line> {
        let mut lines = self.lines(edge, |_, account| {
            account
                .rows
                .iter()
                .flat_map(|(at, row)| row.billed.iter().filter(|b| b.close == close).map(|b| (*at, b.clone())))
                .collect()
        });
        lines.retain(|line| !line.rows.is_empty());
        lines
    }

    /// Usage without a price, by subscription, meter and month. It raises an alarm until a price is imported.
    #[must_use]
    pub fn unrated(&self) -> BTreeMap<(SubscriptionId, MeterId, Month), Quantity> {
        self.accounts
            .iter()
            .filter_map(|(key, account)| {
                let waiting = self.waiting(key, account);
                let quantity = waiting.iter().try_fold(Quantity::ZERO, |sum, (_, quantity)| sum.checked_add(*quantity));
                let named = (key.subscription, key.meter, key.month);
                if waiting.is_empty() { None } else { quantity.map(|quantity| (named, quantity)) }
            })
            .collect()
    }

    fn lines(&self, edge: EdgeId, of: impl Fn(&AccountKey, &Account) -> Vec<((Day, u32), Billed)>) -> Vec<Line> {
        self.accounts
            .iter()
            .filter_map(|(key, account)| {
                let terms = self.subscription(key.subscription)?;
                let index = terms.channel.iter().position(|id| *id == edge)?;
                let mut rows: Vec<_> = of(key, account)
                    .into_iter()
                    .filter_map(|((day, series), billed)| {
                        Some(LineRow {
                            day,
                            series: self.series.get(series)?.clone(),
                            quantity: billed.quantity,
                            list: billed.list,
                            charge: billed.charges.get(index).copied()?,
                            sheet: Some(billed.sheet),
                            billed_before: billed_before(account, (day, series), billed.close),
                        })
                    })
                    .collect();
                rows.sort_by(|a, b| (a.day, a.series.order()).cmp(&(b.day, b.series.order())));
                Some(Line {
                    subscription: key.subscription,
                    customer: terms.customer,
                    meter: key.meter,
                    month: key.month,
                    quantity: rows.iter().fold(Quantity::ZERO, |sum, row| sum.checked_add(row.quantity).unwrap_or(sum)),
                    list: rows.iter().map(|row| row.list).sum(),
                    charge: rows.iter().map(|row| row.charge).sum(),
                    rows,
                    unrated: Quantity::ZERO,
                })
            })
            .collect()
    }

    fn with_unrated(&self, mut line: Line) -> Line {
        let key = AccountKey { subscription: line.subscription, month: line.month, meter: line.meter };
        let Some(account) = self.accounts.get(&key) else { return line };
        for ((day, id), quantity) in self.waiting(&key, account) {
            let Some(series) = self.series.get(id) else { continue };
            line.unrated = line.unrated.checked_add(quantity).unwrap_or(line.unrated);
            line.rows.push(LineRow {
                day,
                series: series.clone(),
                quantity,
                list: Amount::ZERO,
                charge: Amount::ZERO,
                sheet: None,
                billed_before: billed_before(account, (day, id), NOT_CLOSED),
            });
        }
        line
    }

    /// Rows without a price: what of them no close has billed. (Something was, if the price was taken away since.)
    fn waiting(&self, key: &AccountKey, account: &Account) -> Vec<((Day, u32), Quantity)> {
        self.rated(key, account)
            .into_iter()
            .filter(|(_, rated)| *rated == RatedRow::Unrated)
            .filter_map(|(at, _)| account.rows.get(&at).map(|row| (at, row)))
            .filter_map(|(at, row)| row.quantity.checked_sub(row.billed_so_far().0).map(|waiting| (at, waiting)))
            .filter(|(_, quantity)| !quantity.is_zero())
            .collect()
    }
}

/// The last close before this one that billed of a row; 0 for none.
fn billed_before(account: &Account, at: (Day, u32), close: u32) -> u32 {
    let billed = account.rows.get(&at).map_or(&[][..], |row| &row.billed);
    let before = billed.iter().map(|billed| billed.close).filter(|before| close == NOT_CLOSED || *before < close);
    before.max().unwrap_or(NOT_CLOSED)
}
