//! From usage to charges: the rows of an account, what they come to, and what of that no close has billed.

use crate::account::{Account, AccountNo, RowKey, add_to};
use crate::bill::{Bill, Billed};
use crate::channel::EdgeNo;
use crate::fold::Fold;
use crate::quotes::{Quote, Quotes, Sheets, day_at};
use crate::subscription::Known;
use std::collections::BTreeMap;
use std::rc::Rc;
use tenantry_core::{Amount, Quantity, Rate};
use tenantry_rating::{RatedRow, rate_rows};

/// An account with all that is needed to rate it.
pub(crate) struct Rating<'a> {
    fold: &'a Fold,
    pub(crate) known: &'a Known,
    pub(crate) account: &'a Account,
    pub(crate) quotes: Rc<Quotes<'a>>,
}

/// A row, what it comes to, and what was billed of it.
pub(crate) struct Rated {
    pub(crate) row: RowKey,
    pub(crate) quantity: Quantity,
    /// What was used in the month before it.
    position: Quantity,
    pub(crate) charged: RatedRow,
    pub(crate) before: SoFar,
}

/// What closes billed of a row.
#[derive(Debug, Clone, Default)]
pub(crate) struct SoFar {
    pub(crate) quantity: Quantity,
    list: Amount,
    pub(crate) charges: Vec<(EdgeNo, Amount)>,
}

impl SoFar {
    fn add(&mut self, billed: &Billed) {
        self.quantity = self.quantity.checked_add(billed.quantity).unwrap_or(self.quantity);
        self.list += billed.list;
        for (edge, charge) in &billed.charges {
            add_to(&mut self.charges, *edge, *charge);
        }
    }

    fn charged(&self, edge: EdgeNo) -> Amount {
        crate::account::sum_of(&self.charges, edge)
    }
}

impl Rated {
    /// What of a row without a price no close has billed. (Something was, if the price was taken away since.)
    pub(crate) fn waiting(&self) -> Option<Quantity> {
        let is_unrated = self.charged == RatedRow::Unrated;
        let waiting = self.quantity.checked_sub(self.before.quantity).filter(|waiting| !waiting.is_zero());
        waiting.filter(|_| is_unrated)
    }
}

impl Fold {
    /// An account, ready to be rated.
    pub(crate) fn rating<'a>(&'a self, sheets: &mut Sheets<'a>, number: AccountNo) -> Option<Rating<'a>> {
        let account = self.accounts.at(number)?;
        let known = self.subscriptions.get(&account.key.subscription)?;
        let quotes = sheets.quotes(known, account.key.month, account.key.meter);
        Some(Rating { fold: self, known, account, quotes })
    }
}

impl Rating<'_> {
    /// Each row with its units, slot after slot, by day and channel within a slot.
    fn each_row(&self, mut see: impl FnMut(RowKey, i128)) {
        let first_day = self.quotes.first_day();
        for (place, slot) in self.fold.accounts.slots_of(self.account) {
            let mut row: Option<(RowKey, i128)> = None;
            for (cell, units) in slot.cells.iter() {
                let day = cell.day();
                let channel = if self.known.has_one_channel() {
                    0
                } else {
                    let hour = day_at(first_day, day).start().plus_seconds(i64::from(cell.hour()) * 3_600);
                    self.known.channel_of(hour, cell.part())
                };
                match &mut row {
                    Some((key, sum)) if (key.day, key.channel) == (day, channel) => *sum = sum.saturating_add(units),
                    _ => {
                        if let Some((key, sum)) = row.replace((RowKey { day, channel, place }, units)) {
                            see(key, sum);
                        }
                    }
                }
            }
            if let Some((key, sum)) = row {
                see(key, sum);
            }
        }
    }

    /// Rows in canonical order: that of tier positions, which must not depend on the order of arrival.
    pub(crate) fn sort<T>(&self, rows: &mut [T], key: impl Fn(&T) -> RowKey) {
        let ranks = self.fold.accounts.ranks(self.account, &self.fold.series);
        rows.sort_unstable_by_key(|row| {
            let key = key(row);
            (key.day, key.channel, ranks.get(key.place as usize).copied())
        });
    }

    fn billed_so_far(&self) -> BTreeMap<RowKey, SoFar> {
        let mut so_far: BTreeMap<RowKey, SoFar> = BTreeMap::new();
        for billed in self.account.bills.iter().flat_map(Bill::rows) {
            so_far.entry(billed.row).or_default().add(&billed);
        }
        so_far
    }

    /// All rows in canonical order, rated as known now.
    pub(crate) fn rated(&self) -> Vec<Rated> {
        let mut so_far = self.billed_so_far();
        let mut rows = Vec::new();
        self.each_row(|key, units| rows.push((key, Quantity::from_units(units))));
        if !self.known.has_one_channel() {
            // Usage that was billed may have moved to another channel since: nothing is left of its old row.
            let left: std::collections::BTreeSet<_> = rows.iter().map(|(key, _)| *key).collect();
            rows.extend(so_far.keys().filter(|key| !left.contains(key)).map(|key| (*key, Quantity::ZERO)));
        }
        self.sort(&mut rows, |(key, _)| *key);
        let first_day = self.quotes.first_day();
        let by_day = rows.iter().map(|(key, quantity)| (day_at(first_day, key.day), *quantity));
        let charged = rate_rows(by_day, |day| self.quotes.price_on(day));
        let mut position = Quantity::ZERO;
        let rated = rows.into_iter().zip(charged).map(|((row, quantity), charged)| {
            let before = so_far.remove(&row).unwrap_or_default();
            let rated = Rated { row, quantity, position, charged, before };
            position = position.checked_add(quantity).unwrap_or(position);
            rated
        });
        rated.collect()
    }

    fn quote_of(&self, row: RowKey) -> Option<&Quote<'_>> {
        self.quotes.get(row.day, row.channel)
    }

    /// What a row comes to on each edge. Usage that is not sold through its old channel any more comes to nothing there.
    pub(crate) fn charges(&self, rated: &Rated) -> Vec<(EdgeNo, Amount)> {
        let quote = self.quote_of(rated.row).filter(|_| rated.charged != RatedRow::Unrated);
        quote.map_or_else(Vec::new, |quote| quote.charges(rated.position, rated.quantity))
    }

    /// The delta rule: what a row comes to, less what was billed of it. A row without a price waits.
    pub(crate) fn to_bill(&self, rated: &Rated) -> Option<Billed> {
        let RatedRow::Charged { list, sheet, .. } = rated.charged else { return None };
        let mut charges = self.charges(rated);
        for (edge, charge) in &mut charges {
            *charge = *charge - rated.before.charged(*edge);
        }
        for (edge, billed) in &rated.before.charges {
            if !billed.is_zero() && charges.iter().all(|(known, _)| known != edge) {
                charges.push((*edge, -*billed));
            }
        }
        let quantity = rated.quantity.checked_sub(rated.before.quantity)?;
        let list = list - rated.before.list;
        if quantity.is_zero() && list.is_zero() {
            // A price changed on some edges: the others have nothing to be told of, and get no document for it.
            charges.retain(|(_, charge)| !charge.is_zero());
        }
        let nothing = quantity.is_zero() && list.is_zero() && charges.is_empty();
        (!nothing).then_some(Billed { row: rated.row, quantity, list, charges, sheet })
    }

    /// What a close bills, and whether something is left that has no price.
    pub(crate) fn bill(&self, close: u32, room: &mut Vec<u8>) -> (Bill, bool) {
        let mut bill = Bill::in_room(close, room);
        let waits = if self.is_plain() {
            self.bill_flat(&mut bill)
        } else if self.account.bills.is_empty() {
            self.bill_graduated(&mut bill)
        } else {
            self.bill_rest(&mut bill)
        };
        bill.leave_room(room);
        (bill, waits)
    }

    /// Bills an account whose units cost the same whatever was used before.
    fn bill_flat(&self, bill: &mut Bill) -> bool {
        let terms = |quote: &Quote<'_>| quote.flat().map(|terms| bill.terms(terms));
        let terms: Vec<_> = self.quotes.all().iter().map(terms).collect();
        let mut waits = false;
        self.each_row(|row, units| {
            let quote = self.quotes.index(row.day, row.channel);
            match quote.and_then(|quote| terms.get(quote).copied().flatten()) {
                _ if units == 0 => {}
                Some(terms) => bill.push_flat(row, Quantity::from_units(units), terms),
                None => waits = true,
            }
        });
        waits
    }

    /// Bills an account of which no close billed anything. Nearly all its rows lie in one tier each.
    fn bill_graduated(&self, bill: &mut Bill) -> bool {
        let mut rows = Vec::new();
        self.each_row(|row, units| rows.push((row, Quantity::from_units(units))));
        self.sort(&mut rows, |(row, _)| *row);
        let (mut position, mut waits) = (Quantity::ZERO, false);
        // The terms of the row before are mostly those of the next.
        let mut last: Option<(Option<usize>, Rate, usize)> = None;
        for (row, quantity) in rows.into_iter().filter(|(_, quantity)| !quantity.is_zero()) {
            let before = position;
            position = position.checked_add(quantity).unwrap_or(position);
            let Some(quote) = self.quote_of(row) else { continue };
            let Some((price, sheet)) = quote.public else {
                waits = true;
                continue;
            };
            let (index, rate) = (self.quotes.index(row.day, row.channel), quote.one_price(before, quantity));
            if let Some((of, at, terms)) = last
                && (of, Some(at)) == (index, rate)
            {
                bill.push_flat(row, quantity, terms);
            } else if let Some(terms) = quote.terms_at(before, quantity) {
                let terms = bill.terms(&terms);
                last = rate.map(|rate| (index, rate, terms));
                bill.push_flat(row, quantity, terms);
            } else {
                let list = price.tiers.charge(price.included, before, quantity);
                let charges = quote.charges(before, quantity);
                bill.push_billed(Billed { row, quantity, list, charges, sheet }, None);
            }
        }
        waits
    }

    /// Bills what no close before has billed.
    fn bill_rest(&self, bill: &mut Bill) -> bool {
        let mut waits = false;
        for rated in self.rated() {
            waits |= rated.waiting().is_some();
            let Some(billed) = self.to_bill(&rated) else { continue };
            let quote = self.quote_of(rated.row);
            let terms = quote.and_then(|quote| quote.terms_at(rated.position, rated.quantity));
            bill.push_billed(billed, terms.as_ref());
        }
        waits
    }

    /// Whether each row's charge is its quantity times one price, and nothing of it was billed.
    fn is_plain(&self) -> bool {
        self.account.bills.is_empty() && self.quotes.is_flat()
    }

    /// What all rows come to, by edge. A row that lost its price stands at what was billed of it, until it has one
    /// again.
    pub(crate) fn charges_in_total(&self) -> Vec<(EdgeNo, Amount)> {
        let mut sums = Vec::new();
        if self.is_plain() {
            let mut units = BTreeMap::new();
            self.each_row(|row, more| {
                let sum: &mut i128 = units.entry((row.day, row.channel)).or_default();
                *sum = sum.saturating_add(more);
            });
            self.add_flat(&mut sums, &units);
            return sums;
        }
        for rated in self.rated() {
            let of_row = match rated.charged {
                RatedRow::Charged { .. } => self.charges(&rated),
                RatedRow::Unrated => rated.before.charges,
            };
            for (edge, charge) in of_row {
                add_to(&mut sums, edge, charge);
            }
        }
        sums
    }

    /// What was billed, by edge.
    pub(crate) fn billed_in_total(&self) -> Vec<(EdgeNo, Amount)> {
        let mut sums = Vec::new();
        for (edge, charge) in self.account.bills.iter().flat_map(Bill::totals) {
            add_to(&mut sums, edge, charge);
        }
        sums
    }

    /// Adds what units of days come to at their one price.
    pub(crate) fn add_flat(&self, sums: &mut Vec<(EdgeNo, Amount)>, units: &BTreeMap<(u8, u16), i128>) {
        for ((day, channel), units) in units {
            let terms = self.quotes.get(*day, *channel).and_then(Quote::flat);
            let Some((terms, rate)) = terms.and_then(|terms| Some((terms, terms.rate?))) else { continue };
            for (edge, charge) in terms.charges(Quantity::from_units(*units), rate) {
                add_to(sums, edge, charge);
            }
        }
    }
}
