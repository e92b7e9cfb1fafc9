//! The days a seat price is for.
//!
//! Unlike everything else here a stretch of seats has both ends inclusive, because that is how the field prints it
//! ("2018-01-13 to 2019-01-12") and how its worked cases count: 13 January to 31 January are 19 days.

use serde::{Deserialize, Serialize};
use tenantry_core::Day;

/// Days in a row, first and last included. Never empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct SeatPeriod {
    first: Day,
    last: Day,
}

/// How long the price of a seat lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum SeatCycle {
    /// From a day up to the day before the same day of the next month.
    Monthly,
    /// The same, of the next year.
    Annual,
}

impl SeatPeriod {
    /// From a day to a day; `None` if it would end before it begins.
    #[must_use]
    pub fn new(first: Day, last: Day) -> Option<Self> {
        (first <= last).then_some(Self { first, last })
    }

    /// Its first day.
    #[must_use]
    pub const fn first(self) -> Day {
        self.first
    }

    /// Its last day, which is charged as well.
    #[must_use]
    pub const fn last(self) -> Day {
        self.last
    }

    /// How many days: at least one.
    #[must_use]
    pub fn days(self) -> i64 {
        i64::from(self.last.number()) - i64::from(self.first.number()) + 1
    }

    /// What is left of it from a day on; all of it for a day before, `None` for one after its end.
    #[must_use]
    pub fn rest(self, from: Day) -> Option<Self> {
        Self::new(from.max(self.first), self.last)
    }

    /// What of it lies before a day; `None` if nothing does.
    #[must_use]
    pub fn until(self, day: Day) -> Option<Self> {
        Self::new(self.first, self.last.min(Day::from_number(day.number().saturating_sub(1))))
    }
}

impl SeatCycle {
    /// The stored name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Monthly => "monthly",
            Self::Annual => "annual",
        }
    }

    /// The cycle of a stored name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Monthly, Self::Annual].into_iter().find(|cycle| cycle.name() == name)
    }

    /// The period of a number, counted from 0, of what was bought on a day; `None` beyond the calendar.
    ///
    /// Every period is reckoned from the day of purchase, so what was bought on 31 January begins anew on
    /// 28 February and then on 31 March, and loses no day.
    #[must_use]
    pub fn period(self, bought: Day, number: i32) -> Option<SeatPeriod> {
        let months = match self {
            Self::Monthly => 1,
            Self::Annual => 12,
        };
        let first = month_day(bought, number.checked_mul(months)?)?;
        let next = month_day(bought, number.checked_add(1)?.checked_mul(months)?)?;
        SeatPeriod { first, last: next }.until(next)
    }
}

/// The first day after the term of so many months that runs on a day, terms following one another from a first day on;
/// `None` where there is no end. On the day one ends the next one runs.
#[must_use]
pub fn term_end(first: Day, months: u16, day: Day) -> Option<Day> {
    if months == 0 {
        return None;
    }
    (1_i32..).map_while(|number| month_day(first, number.checked_mul(i32::from(months))?)).find(|next| *next > day)
}

/// The same day so many months later, or the last day of a month that is too short for it.
fn month_day(day: Day, months: i32) -> Option<Day> {
    let (year, month, of_month) = day.date();
    let count = year.checked_mul(12)?.checked_add(i32::from(month) - 1)?.checked_add(months)?;
    let month = u8::try_from(count.rem_euclid(12) + 1).ok()?;
    (1..=of_month).rev().find_map(|of_month| Day::from_date(count.div_euclid(12), month, of_month))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_term_ends_where_the_next_one_begins() {
        let day = |text: &str| Day::parse(text).unwrap();
        for (first, months, on, end) in [
            ("2018-03-26", 12, "2018-03-26", Some("2019-03-26")),
            ("2018-01-13", 12, "2019-01-12", Some("2019-01-13")),
            ("2018-01-13", 12, "2019-01-13", Some("2020-01-13")),
            ("2024-02-29", 12, "2024-02-29", Some("2025-02-28")),
            ("2024-02-29", 12, "2027-06-01", Some("2028-02-29")),
            ("2023-12-31", 2, "2023-12-31", Some("2024-02-29")),
            ("2024-12-15", 1, "2024-12-15", Some("2025-01-15")),
            ("2018-01-31", 1, "2018-02-01", Some("2018-02-28")),
            ("2018-01-31", 0, "2018-02-01", None),
            // A day before all of them is in the first.
            ("2018-01-31", 36, "2017-02-01", Some("2021-01-31")),
        ] {
            assert_eq!(term_end(day(first), months, day(on)), end.map(day), "{first} {months} {on}");
        }
    }
}
