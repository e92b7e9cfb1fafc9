//! Seats as the log tells of them: their list prices, and what a subscription has from a day on.
//!
//! Seats are charged in advance and by the day, so they are no usage: there are no events, no tiers and nothing to sum
//! up. What is kept is who had how many from which day on, sold along which edges; the bill is made of that by
//! `rating` ([`tenantry_rating::SeatAccount`]) whenever somebody asks. Two things are written down at a close, because
//! a later import must not change what was billed: which price a period had, and which close billed it first.
//!
//! * A **price** is that in force on the day a period begins. A period without one waits, visibly, and is billed by the
//!   first close that knows one.
//! * A **period** is sold along the channel of the day it begins. Whoever sold it has the changes of it, too; a new
//!   seller has the periods that begin afterwards.
//! * A **change** that is told of a month that is closed counts from the first day that is not.

use crate::channel::EdgeNo;
use crate::record::ServiceState;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use tenantry_core::{Currency, Day, EdgeId, Factor, OfferId, Rate, SubscriptionId, TenantId, Timestamp};
use tenantry_rating::{
    SeatAccount, SeatCycle, SeatForm, SeatListPrice, SeatPolicy, SeatPrice, SeatPriceList, term_end,
};

/// How a subscription's seats are billed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeatTerms {
    /// How they are written on files.
    pub form: SeatForm,
    /// How long a price lasts.
    pub cycle: SeatCycle,
    /// How parts of a cycle are charged.
    pub policy: SeatPolicy,
    /// How many months one commits for; 0 for none.
    pub term_months: u16,
}

/// A subscription with seats was bought or changed; this is how it is from an instant on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeatChange {
    /// Which.
    pub id: SubscriptionId,
    /// Whose.
    pub customer: TenantId,
    /// Sold by whom.
    pub partner: TenantId,
    /// The edges from the provider down.
    pub channel: Vec<EdgeId>,
    /// The market of its prices.
    pub market: String,
    /// Their currency.
    pub currency: Currency,
    /// What was bought.
    pub offer: OfferId,
    /// How it is billed.
    pub terms: SeatTerms,
    /// Its first day.
    pub bought: Day,
    /// Seats.
    pub seats: i64,
    /// Whether it may be used; seats are charged while it may.
    pub state: ServiceState,
    /// Whether it goes on when the term ends.
    pub auto_renew: bool,
    /// From when on.
    pub at: Timestamp,
}

/// When the last term of a subscription in use ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TermEnd {
    /// As reckoned here from the first day and the length of its terms, if it is not to renew.
    Reckoned,
    /// As the seller says.
    Told(Option<Day>),
}

/// What is kept of a subscription with seats.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SeatHolder {
    /// As told last.
    pub(crate) told: SeatChange,
    /// The times it was in use, oldest first: a suspension ends one, a return begins the next.
    pub(crate) stints: Vec<Stint>,
    /// Its channels, each with its first day, rising. The first is that of all days before, too.
    pub(crate) channels: Vec<(Day, Vec<EdgeNo>)>,
}

/// A time in use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Stint {
    /// Its first day: periods are reckoned from it.
    pub(crate) bought: Day,
    /// Seats from a day on, in the order it happened.
    pub(crate) seats: Vec<(Day, i64)>,
    /// The first day after it.
    pub(crate) ended: Option<Day>,
    /// What closes billed of its periods, in their order; `None` for one that waits for a price.
    pub(crate) billed: Vec<Option<BilledPeriod>>,
}

/// A period that a close billed, at the prices of that day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct BilledPeriod {
    /// The first close that billed it.
    pub(crate) close: u32,
    /// What it cost.
    pub(crate) prices: PeriodPrices,
}

/// What a seat costs on every edge of a channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PeriodPrices {
    /// The import that said so.
    pub(crate) import_no: u64,
    /// At list.
    pub(crate) list: Rate,
    /// On each edge, from the provider down.
    pub(crate) edges: Vec<(EdgeNo, SeatPrice)>,
}

/// All prices and subscriptions of seats.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SeatBook {
    lists: Vec<SeatPriceList>,
    holders: BTreeMap<SubscriptionId, SeatHolder>,
    /// The subscriptions that were ever sold through an edge.
    sold_through: BTreeMap<EdgeNo, BTreeSet<SubscriptionId>>,
}

impl SeatBook {
    pub(crate) fn add_list(&mut self, list: SeatPriceList) {
        self.lists.push(list);
    }

    /// Takes in a change. Told twice (the outbox delivers at least once) is told once. `open` is the first day that is in
    /// no closed month.
    pub(crate) fn tell(&mut self, change: SeatChange, edges: Vec<EdgeNo>, open: Option<Day>, end: TermEnd) {
        let day = |of: Day| open.map_or(of, |open| of.max(open));
        for edge in &edges {
            self.sold_through.entry(*edge).or_default().insert(change.id);
        }
        let Some(holder) = self.holders.get_mut(&change.id) else {
            // What was suspended before anybody was told of it has begun no period.
            let stint = Stint::new(day(change.bought), change.seats);
            let (id, today) = (change.id, day(change.at.day()));
            let mut holder =
                SeatHolder { stints: vec![stint], channels: vec![(day(change.bought), edges)], told: change };
            holder.turn(today, false, end);
            self.holders.insert(id, holder);
            return;
        };
        let today = day(change.at.day());
        if holder.channels.last().is_none_or(|(_, last)| *last != edges) {
            // A change takes the place of another one of its day.
            holder.channels.retain(|(since, _)| *since < today);
            holder.channels.push((today, edges));
        }
        let was_in_use = holder.told.state == ServiceState::Active;
        // What was agreed to at the purchase stays, whatever a later version makes the terms of new ones.
        holder.told = SeatChange { terms: holder.told.terms, bought: holder.told.bought, ..change };
        holder.turn(today, was_in_use, end);
    }

    pub(crate) fn get(&self, id: SubscriptionId) -> Option<&SeatHolder> {
        self.holders.get(&id)
    }

    pub(crate) fn holders_mut(&mut self) -> (&[SeatPriceList], impl Iterator<Item = &mut SeatHolder>) {
        (&self.lists, self.holders.values_mut())
    }

    pub(crate) fn lists(&self) -> &[SeatPriceList] {
        &self.lists
    }

    /// The subscriptions that were ever sold through an edge, by id.
    pub(crate) fn through(&self, edge: EdgeNo) -> impl Iterator<Item = &SeatHolder> {
        self.sold_through.get(&edge).into_iter().flatten().filter_map(|id| self.holders.get(id))
    }
}

impl SeatHolder {
    /// Brings the times in use up to what was told, from a day on.
    fn turn(&mut self, today: Day, was_in_use: bool, end: TermEnd) {
        let (terms, seats) = (self.told.terms, self.told.seats);
        let in_use = self.told.state == ServiceState::Active;
        let Some(last) = self.stints.last_mut() else { return };
        let today = today.max(last.bought);
        let over = last.ended.is_some_and(|end| end < today);
        match (in_use, over) {
            (false, true) => return,
            (false, false) => last.ended = Some(last.ended.map_or(today, |end| end.min(today))),
            // Its term ended and it was not to go on; that it got another name, say, does not begin it anew.
            (true, true) if was_in_use && !self.told.auto_renew => return,
            (true, true) => self.stints.push(Stint::new(today, seats)),
            (true, false) => {
                // A return on the day of the suspension: it never was away. The end of a term is reckoned anew.
                last.ended = None;
                if last.seats.last().is_none_or(|(_, known)| *known != seats) {
                    last.seats.push((today, seats));
                }
            }
        }
        if in_use
            && !self.told.auto_renew
            && let Some(last) = self.stints.last_mut()
        {
            // Told, it ends no earlier than it is told: what closed months charged stays. Reckoned, a term ends on the day the
            // next one would begin; on that day it may still be told to go on.
            let before = Day::from_number(today.number().saturating_sub(1));
            last.ended = match end {
                TermEnd::Told(end) => end.map(|end| end.max(today)),
                TermEnd::Reckoned => term_end(last.bought, terms.term_months, before.max(last.bought)),
            };
        }
    }

    /// The channel of a day.
    pub(crate) fn channel_on(&self, day: Day) -> &[EdgeNo] {
        let on = self.channels.iter().rev().find(|(since, _)| *since <= day).or_else(|| self.channels.first());
        on.map_or(&[], |(_, edges)| edges)
    }

    /// A time in use as the bill is made of. Every period has its own price; this one is nobody's.
    pub(crate) fn account(&self, stint: &Stint) -> SeatAccount {
        let SeatTerms { form, cycle, mut policy, .. } = self.told.terms;
        // Only the purchase can be given back. Else a stop every month would make seats free for ever.
        if self.stints.first().is_some_and(|first| first.bought < stint.bought) {
            policy.refund_days = NO_REFUND;
        }
        let nothing = SeatPrice { rate: Rate::ZERO, factor: Factor::ONE, currency: self.told.currency };
        SeatAccount {
            form,
            cycle,
            price: nothing,
            policy,
            bought: stint.bought,
            seats: stint.seats.clone(),
            ended: stint.ended,
        }
    }

    /// The list price in force on a day, and the import it is from.
    pub(crate) fn list_price<'a>(&self, lists: &'a [SeatPriceList], day: Day) -> Option<(u64, &'a SeatListPrice)> {
        let told = &self.told;
        SeatPriceList::in_force(lists, (&told.market, told.currency), (&told.offer, told.terms.cycle), day)
    }
}

/// Fewer days than have passed on the day of the purchase itself.
const NO_REFUND: i64 = -1;

impl Stint {
    fn new(bought: Day, seats: i64) -> Self {
        Self { bought, seats: vec![(bought, seats)], ended: None, billed: Vec::new() }
    }

    /// What a close billed of its period of a number.
    pub(crate) fn billed(&self, number: usize) -> Option<&BilledPeriod> {
        self.billed.get(number).and_then(Option::as_ref)
    }
}
