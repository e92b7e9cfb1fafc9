//! What seats cost for some days of a period, and where the figure is rounded.
//!
//! The documents of the field contradict each other about that. The worked annual case rounds the price of a *day*
//! first (48.00 / 365 = 0.13, 346 days = 44.98 and not 45.50), the monthly and the one-time ones round the price of
//! a *seat* for its days (2 x 3.87 = 7.74 and not 7.73), and the published formula rounds the day of *all* seats
//! first. None of them is more right than the others, so the stage is a value ([`SeatStage`]) that stands with the
//! seller's terms, and a document computed again uses the one it was issued with.
//!
//! Two things are the same everywhere. A whole period costs its price and is not prorated (365 days at 0.13 would
//! be 47.45). And amounts are computed above zero and then negated, so that what is reversed cancels what was
//! charged to the last digit, in any mode of rounding.

use crate::{SeatCycle, SeatForm, SeatPeriod};
use serde::{Deserialize, Serialize};
use tenantry_core::{Amount, Currency, Factor, Money, Quantity, Rate, Rounding};

/// What a seat costs for a whole period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeatPrice {
    /// At list.
    pub rate: Rate,
    /// What the edge makes of it: 0.85 for 15 % off.
    pub factor: Factor,
    /// The currency of both.
    pub currency: Currency,
}

/// What is rounded first when seats are charged for a part of a period.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum SeatStage {
    /// One seat for one day, then times days, then times seats. The field's annual cases.
    SeatDay,
    /// All seats for one day, times days, by seats, rounded again, times seats: the published formula
    /// `ROUND(ROUND(unitPrice*qty/daysInMonth,2)*proratedDays/qty,2)*qty` (partner-center-v1.md 4.7).
    AllSeatsDay,
    /// One seat for its days, then times seats. The field's monthly and one-time cases; the default, because unit
    /// price times quantity is the amount.
    #[default]
    Seat,
    /// The whole line. Nearest to exact, but its unit price is for reading only.
    Line,
}

/// How seats are prorated.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeatPolicy {
    /// What is rounded first.
    pub stage: SeatStage,
    /// How.
    pub rounding: Rounding,
    /// Ended within so many days of the purchase, all of it is given back; afterwards only the days not used.
    pub refund_days: i64,
}

impl SeatPolicy {
    /// How the field's worked cases come out to the cent: its annual cases round the price of a day, all others that of
    /// a seat; within 30 days of the purchase licences are given back whole, within 7 what was bought one-time
    /// (billing-scenarios.json, partner-center-v1.md 4.2).
    #[must_use]
    pub const fn of_the_field(form: SeatForm, cycle: SeatCycle) -> Self {
        let stage = match (form, cycle) {
            (SeatForm::Licence, SeatCycle::Annual) => SeatStage::SeatDay,
            (SeatForm::Licence, SeatCycle::Monthly) | (SeatForm::OneTime, _) => SeatStage::Seat,
        };
        let refund_days = match form {
            SeatForm::Licence => 30,
            SeatForm::OneTime => 7,
        };
        Self { stage, rounding: Rounding::HalfEven, refund_days }
    }
}

/// Seats for some days, in money.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SeatCharge {
    /// One seat for those days.
    pub unit: Money,
    /// All seats for those days.
    pub amount: Money,
}

impl SeatPrice {
    /// A seat for a whole period.
    #[must_use]
    pub fn whole(self, rounding: Rounding) -> Money {
        self.exact(1).round(self.currency, rounding)
    }

    /// `seats` for `days` of a period. `days` lies within `period`; seats below one cost nothing.
    #[must_use]
    pub fn charge(self, period: SeatPeriod, days: SeatPeriod, seats: i64, policy: SeatPolicy) -> SeatCharge {
        let (currency, mode) = (self.currency, policy.rounding);
        if seats < 1 {
            return SeatCharge { unit: Money::zero(currency), amount: Money::zero(currency) };
        }
        let (all, used) = (period.days(), days.days());
        if used >= all {
            let unit = self.whole(mode);
            // Rounded by seat everywhere but where the policy says that only the line is.
            let amount = match policy.stage {
                SeatStage::Line => self.exact(seats).round(currency, mode),
                SeatStage::SeatDay | SeatStage::AllSeatsDay | SeatStage::Seat => times(unit, seats),
            };
            return SeatCharge { unit, amount };
        }
        let seat = || divided(self.exact(used), all, currency, mode);
        let unit = match policy.stage {
            SeatStage::SeatDay => times(divided(self.exact(1), all, currency, mode), used),
            SeatStage::AllSeatsDay => {
                let day = divided(self.exact(seats), all, currency, mode);
                divided(Amount::of(times(day, used)), seats, currency, mode)
            }
            SeatStage::Seat | SeatStage::Line => seat(),
        };
        let amount = match policy.stage {
            SeatStage::Line => divided(self.exact(used.saturating_mul(seats)), all, currency, mode),
            SeatStage::SeatDay | SeatStage::AllSeatsDay | SeatStage::Seat => times(unit, seats),
        };
        SeatCharge { unit, amount }
    }

    /// So many times the price, exact.
    fn exact(self, count: i64) -> Amount {
        Amount::priced(Quantity::whole(count), self.rate, self.factor)
    }
}

/// A cost by the units it is for, rounded half up to 15 digits: the field's `effectiveUnitPrice`, which it prints as
/// the floating point number next to it (effective-unit-price.json). Nothing is computed from it.
#[must_use]
pub fn effective_unit_price(cost: Money, units: Quantity) -> Option<String> {
    let half = Rate::parse("0.0000000000000005").ok()?;
    // `per_unit` cuts: half of the last digit for every unit makes that rounding.
    (Amount::of(cost) + Amount::list(units, half)).per_unit(units)
}

fn times(money: Money, count: i64) -> Money {
    Money::from_minor(money.minor().saturating_mul(i128::from(count)), money.currency())
}

/// An amount, not below zero, by a number of parts, rounded once. A quotient like 4 / 31 has no end as a decimal, so
/// the rest of the division decides, not digits of it.
fn divided(amount: Amount, parts: i64, currency: Currency, mode: Rounding) -> Money {
    let by = i128::from(parts.max(1));
    let minor = |minor: i128| Money::from_minor(minor, currency);
    // The floor of a floor by a whole number is the floor of the quotient.
    let below = amount.round(currency, Rounding::Floor).minor() / by;
    let rest = amount - Amount::of(minor(below.saturating_mul(by)));
    let (twice, one) = (rest + rest, Amount::of(minor(by)));
    let up = match mode {
        Rounding::Floor => false,
        Rounding::HalfUp => twice >= one,
        Rounding::HalfEven => twice > one || (twice == one && below % 2 != 0),
    };
    minor(below + i128::from(up))
}
