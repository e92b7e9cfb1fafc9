//! The prices that hold for an account, day by day and channel by channel.
//!
//! A sheet holds for long, a price list too: within a month there is nearly always one price, seldom two or three. They
//! are looked up once for the account, not once for each of its rows.

use crate::bill::BillTerms;
use crate::channel::{EdgeNo, EdgeTable};
use crate::subscription::{ChannelNo, Known};
use tenantry_core::{Currency, Day, Factor, MeterId, Month, PriceSheetId, Rate};
use tenantry_rating::{MeterPrice, PriceBook, PriceSheet};

/// Longest month.
pub(crate) const DAYS: u8 = 31;

/// A price of some days of a month.
#[derive(Debug, Clone)]
pub(crate) struct Quote<'a> {
    pub(crate) price: Option<(&'a MeterPrice, PriceSheetId)>,
    pub(crate) chain: Vec<(EdgeNo, Factor)>,
}

impl Quote<'_> {
    /// The price of a unit, if it does not depend on what was used before.
    pub(crate) fn rate(&self) -> Option<Rate> {
        let (price, _) = self.price?;
        price.tiers.single().filter(|_| price.included.is_zero())
    }

    fn terms(&self) -> Option<BillTerms> {
        let (_, sheet) = self.price?;
        Some(BillTerms { sheet, rate: self.rate(), chain: self.chain.clone() })
    }
}

/// The prices of an account.
#[derive(Debug, Clone)]
pub(crate) struct Quotes<'a> {
    first_day: Day,
    quotes: Vec<Quote<'a>>,
    /// Which quote holds: channel by channel, day by day.
    held: Vec<u16>,
}

impl<'a> Quotes<'a> {
    pub(crate) fn new(sheets: &mut Sheets<'a>, edges: &EdgeTable, known: &Known, month: Month, meter: MeterId) -> Self {
        let first_day = month.first_day();
        let in_force = sheets.of(&known.terms.market, known.terms.currency, month);
        let prices: Vec<_> = in_force
            .iter()
            .map(|(from, sheet)| (*from, sheet.and_then(|sheet| Some((sheet.meters.get(&meter)?, sheet.id)))))
            .collect();
        let (mut quotes, mut held): (Vec<Quote<'a>>, Vec<u16>) = (Vec::new(), Vec::new());
        for channel in known.channels() {
            let mut prices = prices.iter().peekable();
            let mut price = None;
            for number in 0..DAYS {
                let day = day_at(first_day, number);
                let mut is_new = number == 0;
                while let Some((_, next)) = prices.next_if(|(from, _)| *from <= number) {
                    price = *next;
                    is_new = true;
                }
                if is_new || edges.changes_on(channel, day) {
                    let first_party = price.is_some_and(|(price, _): (&MeterPrice, _)| price.first_party);
                    quotes.push(Quote { price, chain: edges.chain(channel, first_party, day) });
                }
                held.push(u16::try_from(quotes.len().saturating_sub(1)).unwrap_or(u16::MAX));
            }
        }
        Self { first_day, quotes, held }
    }

    fn index(&self, day: u8, channel: ChannelNo) -> Option<usize> {
        self.held.get(usize::from(channel) * usize::from(DAYS) + usize::from(day)).map(|held| usize::from(*held))
    }

    /// The price of a day, in one of the subscription's channels.
    pub(crate) fn get(&self, day: u8, channel: ChannelNo) -> Option<&Quote<'a>> {
        self.quotes.get(self.index(day, channel)?)
    }

    /// The price of a day. It is the same for all channels; what their edges make of it is not.
    pub(crate) fn price_on(&self, day: Day) -> Option<(&'a MeterPrice, PriceSheetId)> {
        let number = day.number().saturating_sub(self.first_day.number());
        self.get(u8::try_from(number).ok()?, 0)?.price
    }

    pub(crate) fn first_day(&self) -> Day {
        self.first_day
    }

    /// Whether each day of the month has one price for any quantity, or none.
    pub(crate) fn is_flat(&self) -> bool {
        self.quotes.iter().all(|quote| quote.price.is_none() || quote.rate().is_some())
    }

    /// Whether every day has a price.
    pub(crate) fn is_complete(&self) -> bool {
        self.quotes.iter().all(|quote| quote.price.is_some())
    }

    /// The terms of a bill, and which of them hold on a day.
    pub(crate) fn terms(&self) -> (Vec<BillTerms>, Vec<Option<usize>>) {
        let (mut terms, mut by_quote) = (Vec::new(), Vec::new());
        for quote in &self.quotes {
            by_quote.push(quote.terms().map(|new| {
                terms.push(new);
                terms.len() - 1
            }));
        }
        let by_day = self.held.iter().map(|held| by_quote.get(usize::from(*held)).copied().flatten()).collect();
        (terms, by_day)
    }
}

/// Where the answer of [`Quotes::terms`] has a day.
pub(crate) fn day_index(day: u8, channel: ChannelNo) -> usize {
    usize::from(channel) * usize::from(DAYS) + usize::from(day)
}

/// A day of the month.
pub(crate) fn day_at(first: Day, number: u8) -> Day {
    Day::from_number(first.number().saturating_add(i32::from(number)))
}

/// From which day of the month on which sheet is in force.
type InForce<'a> = Vec<(u8, Option<&'a PriceSheet>)>;

/// The sheets in force, remembered from one account to the next.
#[derive(Debug)]
pub(crate) struct Sheets<'a> {
    book: &'a PriceBook,
    last: Option<(String, Currency, Month)>,
    in_force: InForce<'a>,
}

impl<'a> Sheets<'a> {
    pub(crate) fn new(book: &'a PriceBook) -> Self {
        Self { book, last: None, in_force: Vec::new() }
    }

    fn of(&mut self, market: &str, currency: Currency, month: Month) -> &InForce<'a> {
        let is_last = |(last, of, at): &(String, Currency, Month)| last == market && (*of, *at) == (currency, month);
        if !self.last.as_ref().is_some_and(is_last) {
            self.in_force.clear();
            for number in 0..DAYS {
                let sheet = self.book.in_force(market, currency, day_at(month.first_day(), number));
                let is_same = self.in_force.last().is_some_and(|(_, last)| last.map(|s| s.id) == sheet.map(|s| s.id));
                if !is_same {
                    self.in_force.push((number, sheet));
                }
            }
            self.last = Some((market.to_owned(), currency, month));
        }
        &self.in_force
    }
}
