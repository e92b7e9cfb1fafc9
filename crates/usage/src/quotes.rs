//! The prices that hold for an account, day by day and channel by channel.
//!
//! A sheet holds for long, a price list too: within a month there is nearly always one price, seldom two or three. They
//! are looked up once for the account, not once for each of its rows; and nearly all accounts of a meter in a channel
//! have the same ones, so they are remembered from one account to the next.

use crate::bill::{BillTerms, EdgeRate};
use crate::channel::EdgeNo;
use crate::fold::Fold;
use crate::subscription::{ChannelNo, Known};
use std::collections::HashMap;
use std::rc::Rc;
use tenantry_core::{Amount, Currency, Day, MeterId, Month, PriceSheetId, Quantity, Rate};
use tenantry_rating::{EdgePrice, EdgePricing, MeterPrice, PriceSheet, price_chain};

/// Longest month.
pub(crate) const DAYS: u8 = 31;

/// A price of some days of a month in one channel.
#[derive(Debug, Clone)]
pub(crate) struct Quote<'a> {
    /// The public one. Without it there is none on any edge.
    pub(crate) public: Option<(&'a MeterPrice, PriceSheetId)>,
    /// What each edge makes of it.
    chain: Vec<(EdgeNo, EdgePrice<'a>)>,
    /// The terms of rows, if a unit costs the same on every edge whatever was used before.
    flat: Option<BillTerms>,
}

impl<'a> Quote<'a> {
    fn new(public: Option<(&'a MeterPrice, PriceSheetId)>, chain: Vec<(EdgeNo, EdgePrice<'a>)>) -> Self {
        let mut quote = Self { public, chain, flat: None };
        let is_flat = |price: &MeterPrice| price.included.is_zero() && price.tiers.single().is_some();
        if public.is_some_and(|(price, _)| is_flat(price)) && quote.chain.iter().all(|(_, price)| is_flat(price.base)) {
            quote.flat = quote.terms_at(Quantity::ZERO, Quantity::ONE);
        }
        quote
    }

    /// The terms of all rows, if they have the same.
    pub(crate) const fn flat(&self) -> Option<&BillTerms> {
        self.flat.as_ref()
    }

    /// What a unit of a row costs on each edge, if all its units cost the same there.
    pub(crate) fn terms_at(&self, before: Quantity, quantity: Quantity) -> Option<BillTerms> {
        let (price, sheet) = self.public?;
        let unit = |price: &MeterPrice| price.tiers.unit_price(price.included, before, quantity);
        let chain = self.chain.iter().map(|(edge, price)| {
            let own = if price.sheet == sheet { None } else { Some(unit(price.base)?) };
            Some(EdgeRate { edge: *edge, own, factor: price.factor })
        });
        Some(BillTerms { sheet, rate: Some(unit(price)?), chain: chain.collect::<Option<_>>()? })
    }

    /// The public unit price of a row, if nothing else decides about its terms: no edge has a price of its own.
    pub(crate) fn one_price(&self, before: Quantity, quantity: Quantity) -> Option<Rate> {
        let (price, sheet) = self.public?;
        let is_public = self.chain.iter().all(|(_, price)| price.sheet == sheet);
        price.tiers.unit_price(price.included, before, quantity).filter(|_| is_public)
    }

    /// What a row comes to on each edge.
    pub(crate) fn charges(&self, before: Quantity, quantity: Quantity) -> Vec<(EdgeNo, Amount)> {
        self.chain.iter().map(|(edge, price)| (*edge, price.charge(before, quantity))).collect()
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
    fn new(fold: &'a Fold, in_force: &InForce<'a>, known: &Known, month: Month, meter: MeterId) -> Self {
        let first_day = month.first_day();
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
                if is_new || changes_on(fold, channel, day) {
                    quotes.push(Quote::new(price, chain(fold, known, channel, price, day)));
                }
                held.push(u16::try_from(quotes.len().saturating_sub(1)).unwrap_or(u16::MAX));
            }
        }
        Self { first_day, quotes, held }
    }

    /// Which quote holds on a day, in one of the subscription's channels. None does in a channel that was taken back
    /// before it began.
    pub(crate) fn index(&self, day: u8, channel: ChannelNo) -> Option<usize> {
        self.held.get(usize::from(channel) * usize::from(DAYS) + usize::from(day)).map(|held| usize::from(*held))
    }

    /// The price of a day, in one of the subscription's channels.
    pub(crate) fn get(&self, day: u8, channel: ChannelNo) -> Option<&Quote<'a>> {
        self.quotes.get(self.index(day, channel)?)
    }

    /// All of them, by their index.
    pub(crate) fn all(&self) -> &[Quote<'a>] {
        &self.quotes
    }

    /// The public price of a day. It is the same for all channels; what their edges make of it is not.
    pub(crate) fn price_on(&self, day: Day) -> Option<(&'a MeterPrice, PriceSheetId)> {
        let number = day.number().saturating_sub(self.first_day.number());
        self.get(u8::try_from(number).ok()?, 0)?.public
    }

    pub(crate) fn first_day(&self) -> Day {
        self.first_day
    }

    /// Whether each day of the month has one price for any quantity, on every edge, or none.
    pub(crate) fn is_flat(&self) -> bool {
        self.quotes.iter().all(|quote| quote.public.is_none() || quote.flat.is_some())
    }

    /// Whether every day has a price.
    pub(crate) fn is_complete(&self) -> bool {
        self.quotes.iter().all(|quote| quote.public.is_some())
    }
}

/// What each edge of a channel makes of a public price on a day.
fn chain<'a>(
    fold: &'a Fold,
    known: &Known,
    channel: &[EdgeNo],
    public: Option<(&'a MeterPrice, PriceSheetId)>,
    day: Day,
) -> Vec<(EdgeNo, EdgePrice<'a>)> {
    let edges: Vec<_> = channel.iter().filter_map(|edge| Some((*edge, fold.edges.at(*edge)?))).collect();
    let pricing =
        edges.iter().map(|(edge, terms)| EdgePricing { rules: &terms.price_list, own: fold.own_prices.get(edge) });
    let prices = price_chain(public, pricing, (&known.terms.market, known.terms.currency), day).unwrap_or_default();
    edges.iter().map(|(edge, _)| *edge).zip(prices).collect()
}

/// Whether some edge of a channel has a rule, or prices of its own, that begin to hold on a day.
fn changes_on(fold: &Fold, channel: &[EdgeNo], day: Day) -> bool {
    let (after, until) = (Day::from_number(day.number().saturating_sub(1)).start(), day.start());
    channel.iter().any(|edge| {
        let rules = fold.edges.at(*edge).into_iter().flat_map(|terms| terms.price_list.rules());
        let sheets = fold.own_prices.get(edge).into_iter().flat_map(|own| own.sheets());
        let mut begins = rules.map(|rule| rule.from).chain(sheets.map(|sheet| sheet.effective_from));
        begins.any(|from| after < from && from <= until)
    })
}

/// A day of the month.
pub(crate) fn day_at(first: Day, number: u8) -> Day {
    Day::from_number(first.number().saturating_add(i32::from(number)))
}

/// From which day of the month on which sheet is in force.
type InForce<'a> = Vec<(u8, Option<&'a PriceSheet>)>;

/// Names the quotes of an account: market (by its place in [`Sheets::markets`]), month, meter, channel.
type QuotesKey = (usize, Month, MeterId, [Option<EdgeNo>; KEPT_EDGES]);

/// Channels with more edges are looked up anew for each account.
const KEPT_EDGES: usize = 4;
/// So many are remembered at once: what they take has a bound, whatever the number of channels.
const KEPT_QUOTES: usize = 10_000;

/// The sheets of a market and currency that are in force in a month.
#[derive(Debug)]
struct Market<'a> {
    market: String,
    currency: Currency,
    months: Vec<(Month, InForce<'a>)>,
}

/// Prices that were looked up, remembered from one account to the next.
#[derive(Debug)]
pub(crate) struct Sheets<'a> {
    fold: &'a Fold,
    /// There are few.
    markets: Vec<Market<'a>>,
    quotes: HashMap<QuotesKey, Rc<Quotes<'a>>>,
}

impl<'a> Sheets<'a> {
    pub(crate) fn new(fold: &'a Fold) -> Self {
        Self { fold, markets: Vec::new(), quotes: HashMap::new() }
    }

    /// The prices of a subscription's account.
    pub(crate) fn quotes(&mut self, known: &Known, month: Month, meter: MeterId) -> Rc<Quotes<'a>> {
        let market = self.market(&known.terms.market, known.terms.currency);
        let key = kept(known).map(|channel| (market, month, meter, channel));
        if let Some(quotes) = key.and_then(|key| self.quotes.get(&key)) {
            return Rc::clone(quotes);
        }
        let fold = self.fold;
        let quotes = Rc::new(Quotes::new(fold, self.in_force(market, month), known, month, meter));
        if let Some(key) = key {
            if self.quotes.len() >= KEPT_QUOTES {
                self.quotes.clear();
            }
            self.quotes.insert(key, Rc::clone(&quotes));
        }
        quotes
    }

    fn market(&mut self, market: &str, currency: Currency) -> usize {
        let place = self.markets.iter().position(|known| known.market == market && known.currency == currency);
        place.unwrap_or_else(|| {
            self.markets.push(Market { market: market.to_owned(), currency, months: Vec::new() });
            self.markets.len() - 1
        })
    }

    fn in_force(&mut self, market: usize, month: Month) -> &InForce<'a> {
        let Market { market, currency, months } = &mut self.markets[market];
        if let Some(place) = months.iter().position(|(known, _)| *known == month) {
            return &months[place].1;
        }
        let mut in_force: InForce<'a> = Vec::new();
        for number in 0..DAYS {
            let sheet = self.fold.book.in_force(market, *currency, day_at(month.first_day(), number));
            let is_same = in_force.last().is_some_and(|(_, last)| last.map(|s| s.id) == sheet.map(|s| s.id));
            if !is_same {
                in_force.push((number, sheet));
            }
        }
        months.push((month, in_force));
        let last = months.len() - 1;
        &months[last].1
    }
}

/// The channel of a subscription that kept one, as a key.
fn kept(known: &Known) -> Option<[Option<EdgeNo>; KEPT_EDGES]> {
    let edges = known.edges_of(0);
    if !known.has_one_channel() || edges.len() > KEPT_EDGES {
        return None;
    }
    Some(std::array::from_fn(|at| edges.get(at).copied()))
}
