//! Seats in the fold: records in, lines of documents out.
//!
//! What a close billed is no copy of lines but follows from the same history as the next document: a subscription as it
//! was known on the last day of the month that was closed, less as it was known on that of the month before. Changes of
//! closed months count later (`seats.rs`), so that difference is the same in any later year.

use crate::channel::{EdgeNo, EdgeTable};
use crate::fault::FoldFault;
use crate::fold::Fold;
use crate::record::{Close, EdgeTerms};
use crate::seats::{BilledPeriod, PeriodPrices, SeatChange, SeatHolder, Stint, TermEnd};
use tenantry_core::{Currency, Day, EdgeId, Factor, Money, Month, OfferId, Rate, SubscriptionId, TenantId};
use tenantry_rating::{
    PeriodPrice, PriceList, SeatCycle, SeatForm, SeatLine, SeatListPrice, SeatPeriod, SeatPrice, SeatPriceList,
};

/// A line of a document that is for seats.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeatBillLine {
    /// The subscription.
    pub subscription: SubscriptionId,
    /// Whose it is.
    pub customer: TenantId,
    /// What was bought.
    pub offer: OfferId,
    /// How it is written on files.
    pub form: SeatForm,
    /// How long a price lasts.
    pub cycle: SeatCycle,
    /// The market of its price.
    pub market: String,
    /// The currency of all amounts.
    pub currency: Currency,
    /// The day of the purchase.
    pub bought: Day,
    /// Days, seats, price and amount on this edge, rounded as the subscription's terms say.
    pub line: SeatLine,
    /// The same at list.
    pub list: Money,
    /// The price of a seat for the whole period at list, exact.
    pub list_rate: Rate,
    /// What all edges down to this one make of it.
    pub factor: Factor,
    /// The import that said so.
    pub import_no: u64,
    /// The close that charged the period first, if an earlier one did: what is said of it now stands beside what it said.
    pub charged_by: Option<u32>,
}

/// Seats of a period that no close could bill, for want of a price.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnpricedSeats {
    /// The subscription.
    pub subscription: SubscriptionId,
    /// Whose it is.
    pub customer: TenantId,
    /// What was bought.
    pub offer: OfferId,
    /// For how long a price is wanted.
    pub cycle: SeatCycle,
    /// In which market.
    pub market: String,
    /// In which currency.
    pub currency: Currency,
    /// The period that waits.
    pub period: SeatPeriod,
    /// Seats when it begins.
    pub seats: i64,
}

/// What happened to a subscription with seats, as far as bills go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeatHistory {
    /// What was bought, and how it is now.
    pub told: SeatChange,
    /// Its times in use.
    pub stints: Vec<SeatStint>,
}

/// A time in use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeatStint {
    /// Its first day.
    pub bought: Day,
    /// Seats from a day on, in the order it happened.
    pub seats: Vec<(Day, i64)>,
    /// The first day after it.
    pub ended: Option<Day>,
}

/// Which run bills.
#[derive(Clone, Copy)]
struct Run {
    /// Its close; `None` for the next one.
    close: Option<u32>,
    /// The last day of the close before; `None` if it is the first.
    before: Option<Day>,
    /// Up to which day it takes for billed what no close has billed.
    assumed: Option<Day>,
    /// Its own last day.
    through: Day,
}

impl Fold {
    /// The subscription as told last, if it has seats.
    #[must_use]
    pub fn seat_subscription(&self, id: SubscriptionId) -> Option<&SeatChange> {
        self.seats.get(id).map(|holder| &holder.told)
    }

    /// What happened to a subscription with seats.
    #[must_use]
    pub fn seat_history(&self, id: SubscriptionId) -> Option<SeatHistory> {
        let holder = self.seats.get(id)?;
        let stint = |stint: &Stint| SeatStint { bought: stint.bought, seats: stint.seats.clone(), ended: stint.ended };
        Some(SeatHistory { told: holder.told.clone(), stints: holder.stints.iter().map(stint).collect() })
    }

    /// All list prices of seats, in the order of their import.
    #[must_use]
    pub fn seat_price_lists(&self) -> &[SeatPriceList] {
        self.seats.lists()
    }

    /// What a close billed of seats on an edge, by subscription.
    #[must_use]
    pub fn seats_billed_by(&self, edge: EdgeId, close: u32) -> Vec<SeatBillLine> {
        self.closed_run(close).map_or_else(Vec::new, |run| self.seat_lines(edge, run))
    }

    /// Those of [`Fold::seats_billed_by`] that are of one subscription; nothing else is looked at.
    #[must_use]
    pub fn seats_billed_of(&self, edge: EdgeId, id: SubscriptionId, close: u32) -> Vec<SeatBillLine> {
        self.closed_run(close).map_or_else(Vec::new, |run| self.seat_lines_of(edge, id, run))
    }

    /// What a close of a month now would bill of seats on an edge, by subscription.
    #[must_use]
    pub fn seats_unbilled(&self, edge: EdgeId, through: Month) -> Vec<SeatBillLine> {
        self.open_run(through).map_or_else(Vec::new, |run| self.seat_lines(edge, run))
    }

    /// Those of [`Fold::seats_unbilled`] that are of one subscription; nothing else is looked at.
    #[must_use]
    pub fn seats_unbilled_of(&self, edge: EdgeId, id: SubscriptionId, through: Month) -> Vec<SeatBillLine> {
        self.open_run(through).map_or_else(Vec::new, |run| self.seat_lines_of(edge, id, run))
    }

    fn closed_run(&self, close: u32) -> Option<Run> {
        let at = self.closes.iter().position(|known| known.number == close)?;
        let before = at.checked_sub(1).and_then(|before| self.closes.get(before)).map(|close| close.month.last_day());
        let through = self.closes.get(at)?.month.last_day();
        Some(Run { close: Some(close), before, assumed: None, through })
    }

    /// `None` for a month that is closed.
    fn open_run(&self, through: Month) -> Option<Run> {
        let (before, through) = (self.last_closed_day(), through.last_day());
        let is_open = before.is_none_or(|before| through > before);
        is_open.then_some(Run { close: None, before, assumed: None, through })
    }

    /// The same, if another month had been closed before, at the prices known now: what of the running month is added to
    /// what the month before waits to be closed with.
    #[must_use]
    pub fn seats_unbilled_after(&self, edge: EdgeId, after: Month, through: Month) -> Vec<SeatBillLine> {
        let (after, through) = (Some(after.last_day()).max(self.last_closed_day()), through.last_day());
        if after.is_some_and(|after| through <= after) {
            return Vec::new();
        }
        self.seat_lines(edge, Run { close: None, before: after, assumed: after, through })
    }

    /// Periods that begin by the end of a month, are sold along an edge and wait for a price, by subscription.
    #[must_use]
    pub fn seats_unpriced(&self, edge: EdgeId, through: Month) -> Vec<UnpricedSeats> {
        let Some(number) = self.edges.number(edge) else { return Vec::new() };
        let mut waiting = Vec::new();
        for holder in self.seats.through(number) {
            for stint in &holder.stints {
                let begun = holder.account(stint).begun(through.last_day()).enumerate();
                let unpriced = begun.filter(|(at, period)| {
                    stint.billed(*at).is_none() && holder.list_price(self.seats.lists(), period.first()).is_none()
                });
                let here = unpriced.filter(|(_, period)| holder.channel_on(period.first()).contains(&number));
                waiting.extend(here.map(|(_, period)| holder.waits(stint, period)));
            }
        }
        waiting
    }

    /// The subscriptions with seats that were ever sold through an edge, by id.
    pub fn seats_sold_through(&self, edge: EdgeId) -> impl Iterator<Item = SubscriptionId> {
        let sold = self.edges.number(edge).into_iter().flat_map(|number| self.seats.through(number));
        sold.map(|holder| holder.told.id)
    }

    /// Two sums of one subscription on an edge, in minor units, for who wants to prove a document: what the closes before
    /// this one billed, and what one single run up to it would have billed. The document itself is the difference.
    /// `None` for the close: the next one.
    #[must_use]
    pub fn seats_proof(
        &self,
        edge: EdgeId,
        id: SubscriptionId,
        (close, through): (Option<u32>, Month),
    ) -> (i128, i128) {
        let (Some(number), Some(holder)) = (self.edges.number(edge), self.seats.get(id)) else { return (0, 0) };
        let sum = |lines: Vec<SeatBillLine>| lines.iter().map(|billed| billed.line.amount.minor()).sum::<i128>();
        let (mut before, mut earlier) = (None, 0);
        for known in self.closes.iter().filter(|known| close.is_none_or(|close| known.number < close)) {
            let through = known.month.last_day();
            earlier +=
                sum(self.lines_of(holder, number, Run { close: Some(known.number), before, assumed: None, through }));
            before = Some(through);
        }
        let run = Run { close, before, assumed: None, through: through.last_day() };
        let mut all = 0;
        for stint in &holder.stints {
            let lines = holder.account(stint).bill_priced(run.through, |period| {
                let at = holder.account(stint).begun(period.first()).count().checked_sub(1)?;
                let (prices, _) = self.priced_in(holder, stint, at, period, run)?;
                let (_, price) = *prices.edges.iter().find(|(edge, _)| *edge == number)?;
                Some(PeriodPrice { price, before: None })
            });
            all += lines.iter().map(|line| line.amount.minor()).sum::<i128>();
        }
        (earlier, all)
    }

    /// What a seat costs on each edge of a channel when a period begins: the price at list, times what the edges down to
    /// it make of it. The one place that says so; where an edge comes to name prices of its own, it is asked here.
    fn seat_prices(
        edges: &EdgeTable,
        channel: &[EdgeNo],
        (import_no, price): (u64, &SeatListPrice),
        (currency, day): (Currency, Day),
    ) -> PeriodPrices {
        let mut factor = Factor::ONE;
        let down = channel.iter().map(|number| {
            let own = edges.at(*number).map_or(Factor::ONE, |terms| terms.price_list.factor(price.first_party, day));
            // `check` made sure that the product and its digits fit.
            factor = factor.then(own).unwrap_or(factor);
            (*number, SeatPrice { rate: price.rate, factor, currency })
        });
        PeriodPrices { import_no, list: price.rate, edges: down.collect() }
    }

    fn seat_lines(&self, edge: EdgeId, run: Run) -> Vec<SeatBillLine> {
        let Some(number) = self.edges.number(edge) else { return Vec::new() };
        self.seats.through(number).flat_map(|holder| self.lines_of(holder, number, run)).collect()
    }

    /// The same of one subscription.
    fn seat_lines_of(&self, edge: EdgeId, id: SubscriptionId, run: Run) -> Vec<SeatBillLine> {
        let Some(number) = self.edges.number(edge) else { return Vec::new() };
        self.seats.get(id).map_or_else(Vec::new, |holder| self.lines_of(holder, number, run))
    }

    fn lines_of(&self, holder: &SeatHolder, edge: EdgeNo, run: Run) -> Vec<SeatBillLine> {
        let told = &holder.told;
        let mut lines = Vec::new();
        for stint in &holder.stints {
            let account = holder.account(stint);
            let begun: Vec<_> = account.begun(run.through).collect();
            let priced: Vec<_> = begun
                .iter()
                .enumerate()
                .filter_map(|(at, period)| {
                    let (prices, before) = self.priced_in(holder, stint, at, *period, run)?;
                    let price = prices.edges.iter().find(|(number, _)| *number == edge)?.1;
                    let charged_by = stint.billed(at).map(|billed| billed.close).filter(|by| run.close != Some(*by));
                    Some((*period, prices.import_no, price, before, charged_by))
                })
                .collect();
            let find = |period: SeatPeriod| priced.iter().find(|(of, ..)| *of == period).copied();
            let at_edge = account.bill_priced(run.through, |period| {
                find(period).map(|(_, _, price, before, _)| PeriodPrice { price, before })
            });
            // Line by line the same days and seats, at another price.
            let at_list = account.bill_priced(run.through, |period| {
                find(period).map(|(_, _, price, before, _)| PeriodPrice {
                    price: SeatPrice { factor: Factor::ONE, ..price },
                    before,
                })
            });
            for (line, at_list) in at_edge.into_iter().zip(at_list) {
                let Some((_, import_no, price, _, charged_by)) = find(line.term) else { continue };
                lines.push(SeatBillLine {
                    subscription: told.id,
                    customer: told.customer,
                    offer: told.offer.clone(),
                    form: told.terms.form,
                    cycle: told.terms.cycle,
                    market: told.market.clone(),
                    currency: told.currency,
                    bought: stint.bought,
                    line,
                    list: at_list.amount,
                    list_rate: price.rate,
                    factor: price.factor,
                    import_no,
                    charged_by,
                });
            }
        }
        lines
    }

    /// What a period costs in a run, and up to which day it was billed before. `None` where it is not this run's business:
    /// it waits for a price, or a later close billed it first.
    fn priced_in(
        &self,
        holder: &SeatHolder,
        stint: &Stint,
        at: usize,
        period: SeatPeriod,
        run: Run,
    ) -> Option<(PeriodPrices, Option<Day>)> {
        match (stint.billed(at), run.close) {
            (Some(billed), Some(close)) if billed.close > close => None,
            (Some(billed), Some(close)) if billed.close == close => Some((billed.prices.clone(), None)),
            (Some(billed), _) => Some((billed.prices.clone(), run.before)),
            (None, Some(_)) => None,
            (None, None) => {
                let day = period.first();
                let price = holder.list_price(self.seats.lists(), day)?;
                let prices = Self::seat_prices(&self.edges, holder.channel_on(day), price, (holder.told.currency, day));
                Some((prices, run.assumed.filter(|assumed| day <= *assumed)))
            }
        }
    }

    fn last_closed_day(&self) -> Option<Day> {
        self.closes.last().map(|close| close.month.last_day())
    }

    /// Whether a change of seats can follow.
    pub(crate) fn check_seats(&self, change: &SeatChange) -> Result<(), FoldFault> {
        if let Some(missing) = change.channel.iter().find(|id| !self.edges.contains_key(id)) {
            return Err(FoldFault::UnknownEdge(*missing));
        }
        let known = self.seats.get(change.id);
        let same = known.is_none_or(|known| {
            let (was, is) = (&known.told, change);
            (&was.offer, was.currency, &was.market, was.customer) == (&is.offer, is.currency, &is.market, is.customer)
        });
        if !same || change.seats < 1 {
            return Err(FoldFault::SeatsChanged(change.id));
        }
        let lists = change.channel.iter().filter_map(|id| self.edges.get(id)).map(|terms| &terms.price_list);
        if PriceList::chain_fits(lists) { Ok(()) } else { Err(FoldFault::FactorsTooFine(change.id)) }
    }

    /// Whether seats that are sold through an edge can still be charged exactly with its new terms.
    pub(crate) fn check_seat_factors(&self, number: EdgeNo, new: &EdgeTerms) -> Result<(), FoldFault> {
        for holder in self.seats.through(number) {
            for (_, channel) in &holder.channels {
                let terms =
                    channel.iter().filter_map(|edge| if *edge == number { Some(new) } else { self.edges.at(*edge) });
                if !PriceList::chain_fits(terms.map(|terms| &terms.price_list)) {
                    return Err(FoldFault::FactorsTooFine(holder.told.id));
                }
            }
        }
        Ok(())
    }

    /// Takes in a change of seats.
    pub(crate) fn know_seats(&mut self, change: SeatChange, end: TermEnd) {
        let edges = change.channel.iter().filter_map(|id| self.edges.number(*id)).collect();
        let open = self.last_closed_day().map(|day| Day::from_number(day.number().saturating_add(1)));
        self.seats.tell(change, edges, open, end);
    }

    /// Writes down what a close bills of seats for the first time: which periods, at which prices.
    pub(crate) fn close_seats(&mut self, close: Close) {
        let edges = &self.edges;
        let (lists, holders) = self.seats.holders_mut();
        for holder in holders {
            let fresh: Vec<Vec<Option<BilledPeriod>>> = holder
                .stints
                .iter()
                .map(|stint| {
                    let begun = holder.account(stint).begun(close.month.last_day());
                    begun
                        .enumerate()
                        .map(|(at, period)| {
                            if let Some(billed) = stint.billed(at) {
                                return Some(billed.clone());
                            }
                            let price = holder.list_price(lists, period.first())?;
                            let (channel, day) = (holder.channel_on(period.first()), period.first());
                            let prices = Self::seat_prices(edges, channel, price, (holder.told.currency, day));
                            Some(BilledPeriod { close: close.number, prices })
                        })
                        .collect()
                })
                .collect();
            for (stint, fresh) in holder.stints.iter_mut().zip(fresh) {
                stint.billed = fresh;
            }
        }
    }
}

impl SeatHolder {
    fn waits(&self, stint: &Stint, period: SeatPeriod) -> UnpricedSeats {
        let told = &self.told;
        let on = stint.seats.iter().rev().find(|(since, _)| *since <= period.first());
        UnpricedSeats {
            subscription: told.id,
            customer: told.customer,
            offer: told.offer.clone(),
            cycle: told.terms.cycle,
            market: told.market.clone(),
            currency: told.currency,
            period,
            seats: on.map_or(0, |(_, seats)| *seats),
        }
    }
}
