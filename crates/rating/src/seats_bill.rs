//! The lines a bill run adds for a subscription with seats. Pure: terms and history in, lines out.
//!
//! Seats are charged in advance, so a change meets money that was billed already. In the field's licence files it is
//! the delta rule once more: the period as it was billed is taken back and the period as it is known now is charged
//! in slices. In its one-time files only the rest of the term is taken back and charged again. Both say what the
//! world looked like at the last run and at this one and write down the difference; so it does not matter how many
//! runs there were in between.

use crate::{SeatCycle, SeatPeriod, SeatPolicy, SeatPrice};
use serde::{Deserialize, Serialize};
use tenantry_core::{Day, Money};

/// How a product's seats are written on files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum SeatForm {
    /// Licences: a change is a reversal of the period and its slices anew.
    Licence,
    /// One-time (new commerce): a change is a credit and a charge for the rest of the term; every line carries the
    /// dates and the unit price of the whole term.
    OneTime,
}

/// Why a line stands there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SeatReason {
    /// The first period.
    Bought,
    /// A later period.
    Renewed,
    /// More seats than before.
    Added,
    /// Fewer.
    Removed,
    /// Seats changed, one way or both.
    Changed,
    /// The subscription ended and all of the period is given back.
    Refunded,
    /// The subscription ended and the days not used are given back.
    Ended,
}

/// A line of a bill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SeatLine {
    /// Why.
    pub reason: SeatReason,
    /// The days that are printed: those charged, or the whole term in the one-time form.
    pub period: SeatPeriod,
    /// The whole term they lie in.
    pub term: SeatPeriod,
    /// One seat. Below zero on reversals of the licence form, as the field writes them.
    pub unit: Money,
    /// How many.
    pub seats: i64,
    /// What the line comes to.
    pub amount: Money,
}

/// What a period costs, and whether it was billed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PeriodPrice {
    /// The price of a seat for all of it.
    pub price: SeatPrice,
    /// The day of the last run that billed it; `None` if no run did.
    pub before: Option<Day>,
}

/// What is known of a subscription with seats.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeatAccount {
    /// How it is written.
    pub form: SeatForm,
    /// How long a price lasts.
    pub cycle: SeatCycle,
    /// The price of a seat for one cycle.
    pub price: SeatPrice,
    /// How parts of a cycle are charged.
    pub policy: SeatPolicy,
    /// The day of the purchase; the first cycle begins with it.
    pub bought: Day,
    /// Seats from a day on, that day included, in the order it happened. The first entry is the purchase.
    pub seats: Vec<(Day, i64)>,
    /// The first day without it, once it was suspended or cancelled.
    pub ended: Option<Day>,
}

impl SeatReason {
    /// The charge type as the field's file names it (charge-types.csv).
    #[must_use]
    pub const fn charge_type(self, form: SeatForm, cycle: SeatCycle) -> &'static str {
        match (form, self) {
            (SeatForm::Licence, Self::Bought) => match cycle {
                SeatCycle::Annual => "Prorate fees when purchase",
                SeatCycle::Monthly => "Cycle fee",
            },
            (SeatForm::Licence, Self::Renewed) => match cycle {
                SeatCycle::Annual => "Renew fee",
                SeatCycle::Monthly => "Cycle fee",
            },
            (SeatForm::Licence, Self::Added | Self::Removed | Self::Changed) => "Cycle instance prorate",
            (SeatForm::Licence, Self::Refunded) => "Cancel fee",
            (SeatForm::Licence, Self::Ended) => "Prorate fees when cancel",
            (SeatForm::OneTime, Self::Bought) => "new",
            (SeatForm::OneTime, Self::Renewed) => "renew",
            (SeatForm::OneTime, Self::Added | Self::Changed) => "addQuantity",
            (SeatForm::OneTime, Self::Removed) => "removeQuantity",
            (SeatForm::OneTime, Self::Refunded | Self::Ended) => "cancelImmediate",
        }
    }
}

impl SeatLine {
    /// The same with the other sign on its amount.
    const fn negated(self) -> Self {
        Self { amount: self.amount.negated(), ..self }
    }
}

impl SeatAccount {
    /// What a run on the day `through` adds to what the run on the day `before` knew; `None` before the first run.
    /// A run knows everything of its own day.
    #[must_use]
    pub fn bill(&self, before: Option<Day>, through: Day) -> Vec<SeatLine> {
        self.bill_priced(through, |_| Some(PeriodPrice { price: self.price, before }))
    }

    /// The same where each period has a price of its own, that in force when it began, and may have been billed by
    /// another run than its neighbours: one that had no price yet waited. A period without a price is not billed.
    #[must_use]
    pub fn bill_priced(&self, through: Day, price: impl Fn(SeatPeriod) -> Option<PeriodPrice>) -> Vec<SeatLine> {
        let begun = self.begun(through).filter_map(|period| Some((period, price(period)?)));
        match self.form {
            SeatForm::Licence => self.licence(begun, through),
            SeatForm::OneTime => begun.flat_map(|(period, of)| self.one_time(period, of, through)).collect(),
        }
    }

    /// The periods that have begun by a day and in which there was anything to charge, oldest first.
    pub fn begun(&self, through: Day) -> impl Iterator<Item = SeatPeriod> + use<> {
        let (cycle, bought, ended) = (self.cycle, self.bought, self.ended);
        let periods = (0..).map_while(move |number| cycle.period(bought, number));
        // What ended on the day it was bought was there, if only to be given back.
        let alive = move |period: &SeatPeriod| period.first() == bought || ended.is_none_or(|end| period.first() < end);
        periods.take_while(move |period| period.first() <= through && alive(period))
    }

    fn licence(&self, begun: impl Iterator<Item = (SeatPeriod, PeriodPrice)>, through: Day) -> Vec<SeatLine> {
        let mut lines = Vec::new();
        let mut changed = false;
        for (period, PeriodPrice { price, before }) in begun {
            let billed = before.map(|day| self.slices(period, price, day)).unwrap_or_default();
            let known = self.slices(period, price, through);
            if billed == known {
                continue;
            }
            // A file in which the seats changed calls the cycle that follows by the same name.
            changed |= !billed.is_empty() || known.len() > 1;
            let reason = match (known.is_empty(), self.has_ended(through)) {
                (true, _) => SeatReason::Refunded,
                (false, true) if !billed.is_empty() => SeatReason::Ended,
                _ if changed => SeatReason::Changed,
                _ if period.first() == self.bought => SeatReason::Bought,
                _ => SeatReason::Renewed,
            };
            let reversed = billed.iter().map(|line| SeatLine { unit: line.unit.negated(), ..line.negated() });
            lines.extend(reversed.chain(known.iter().copied()).map(|line| SeatLine { reason, ..line }));
        }
        lines
    }

    /// A period as known on a day: its slices of one number of seats each. Empty before the period begins, and when
    /// all of it is given back.
    fn slices(&self, period: SeatPeriod, price: SeatPrice, known_on: Day) -> Vec<SeatLine> {
        if period.first() > known_on || (self.has_ended(known_on) && self.is_refunded()) {
            return Vec::new();
        }
        let mut runs: Vec<(Day, i64)> = vec![(period.first(), self.seats_on(period.first(), known_on))];
        let turns = self.seats.iter().map(|(day, _)| *day).chain(self.ended);
        let inside = turns.filter(|day| period.first() < *day && *day <= period.last().min(known_on));
        runs.extend(inside.map(|day| (day, self.seats_on(day, known_on))));
        runs.sort_by_key(|(day, _)| *day);
        runs.dedup_by_key(|(_, seats)| *seats);
        let ends = runs.iter().skip(1).map(|(day, _)| Some(*day)).chain([None]);
        let slices = runs.iter().zip(ends).filter(|((_, seats), _)| *seats > 0);
        let line = |((from, seats), to): (&(Day, i64), Option<Day>)| {
            let rest = period.rest(*from)?;
            let days = to.map_or(Some(rest), |day| rest.until(day))?;
            let charge = price.charge(period, days, *seats, self.policy);
            let (unit, amount) = (charge.unit, charge.amount);
            Some(SeatLine { reason: SeatReason::Changed, period: days, term: period, unit, seats: *seats, amount })
        };
        slices.filter_map(line).collect()
    }

    fn one_time(&self, period: SeatPeriod, of: PeriodPrice, through: Day) -> Vec<SeatLine> {
        let (price, before) = (of.price, of.before);
        let bought = period.first() == self.bought;
        let ended = self.ended.filter(|day| *day <= through);
        if !bought && ended.is_some_and(|day| day <= period.first()) && !self.is_refunded() {
            return Vec::new();
        }
        let (reason, mut seats) = match self.seats.first() {
            Some((_, seats)) if bought => (SeatReason::Bought, *seats),
            _ => (SeatReason::Renewed, self.seats_on(period.first(), through)),
        };
        let term = Term { period, price, policy: self.policy };
        let mut lines: Vec<(Day, SeatLine)> = Vec::new();
        let first = term.rest(reason, period.first(), seats, false);
        lines.extend(first.map(|line| (period.first(), line)));
        // Of the first term every entry after the purchase is a change, also on the day of the purchase itself.
        let changes = self.seats.iter().skip(usize::from(bought));
        let inside = changes.filter(|(day, _)| bought || *day > period.first());
        for (day, to) in inside.filter(|(day, _)| *day <= period.last() && ended.is_none_or(|end| *day < end)) {
            lines.extend(term.change(*day, seats, *to).into_iter().map(|line| (*day, line)));
            seats = *to;
        }
        match ended {
            Some(end) if self.is_refunded() => {
                let reason = SeatReason::Refunded;
                let back: Vec<_> = lines.iter().map(|(_, line)| SeatLine { reason, ..line.negated() }).collect();
                lines.extend(back.into_iter().map(|line| (end, line)));
            }
            Some(end) if end <= period.last() => {
                let unused = term.rest(SeatReason::Ended, end, seats, true);
                lines.extend(unused.map(|line| (end, line)));
            }
            _ => {}
        }
        let new = |day: Day| before.is_none_or(|before| day > before) && day <= through;
        lines.into_iter().filter(|(day, _)| new(*day)).map(|(_, line)| line).collect()
    }

    /// Seats on a day, as far as a run on `known_on` knew.
    fn seats_on(&self, day: Day, known_on: Day) -> i64 {
        if self.ended.is_some_and(|end| end <= day && end <= known_on) {
            return 0;
        }
        let begun = self.seats.iter().rev().find(|(from, _)| *from <= day.min(known_on));
        begun.map_or(0, |(_, seats)| *seats)
    }

    fn has_ended(&self, known_on: Day) -> bool {
        self.ended.is_some_and(|day| day <= known_on)
    }

    /// Whether the end came soon enough after the purchase for all of it to be given back.
    fn is_refunded(&self) -> bool {
        self.ended
            .is_some_and(|day| i64::from(day.number()) - i64::from(self.bought.number()) <= self.policy.refund_days)
    }
}

/// A term of the one-time form.
#[derive(Clone, Copy)]
struct Term {
    period: SeatPeriod,
    price: SeatPrice,
    policy: SeatPolicy,
}

impl Term {
    /// The rest of the term is credited at what it was and charged at what it is.
    fn change(self, day: Day, from: i64, to: i64) -> Vec<SeatLine> {
        let reason = match to.cmp(&from) {
            std::cmp::Ordering::Equal => return Vec::new(),
            std::cmp::Ordering::Greater => SeatReason::Added,
            std::cmp::Ordering::Less => SeatReason::Removed,
        };
        let credit = self.rest(reason, day, from, true);
        credit.into_iter().chain(self.rest(reason, day, to, false)).collect()
    }

    fn rest(self, reason: SeatReason, from: Day, seats: i64, credit: bool) -> Option<SeatLine> {
        let Self { period, price, policy } = self;
        let charge = price.charge(period, period.rest(from)?, seats, policy);
        let amount = if credit { charge.amount.negated() } else { charge.amount };
        let unit = price.whole(policy.rounding);
        (seats > 0).then_some(SeatLine { reason, period, term: period, unit, seats, amount })
    }
}
