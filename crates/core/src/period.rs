//! Half-open stretches of time, and the calendar month that is billed.

use crate::time::{Day, Timestamp};
use serde::{Deserialize, Serialize};
use std::fmt;

/// From an instant up to, not including, another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Period {
    /// First instant inside.
    pub from: Timestamp,
    /// First instant after.
    pub to: Timestamp,
}

impl Period {
    /// Whether the instant lies inside.
    #[must_use]
    pub fn contains(&self, at: Timestamp) -> bool {
        self.from <= at && at < self.to
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}, {})", self.from, self.to)
    }
}

/// A text that is no month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotAMonth(pub String);

impl fmt::Display for NotAMonth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not a month; write it like 2017-10", self.0)
    }
}

impl std::error::Error for NotAMonth {}

/// A calendar month in UTC: the billing period.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Month {
    year: i32,
    month: u8,
}

impl Month {
    /// The month a day lies in.
    #[must_use]
    pub fn of(day: Day) -> Self {
        let (year, month, _) = day.date();
        Self { year, month }
    }

    /// Reads `2017-10`.
    pub fn parse(text: &str) -> Result<Self, NotAMonth> {
        Day::parse(&format!("{text}-01")).map(Self::of).map_err(|_| NotAMonth(text.chars().take(60).collect()))
    }

    /// The year.
    #[must_use]
    pub const fn year(self) -> i32 {
        self.year
    }

    /// The month after.
    #[must_use]
    pub const fn next(self) -> Self {
        if self.month == 12 {
            Self { year: self.year + 1, month: 1 }
        } else {
            Self { year: self.year, month: self.month + 1 }
        }
    }

    /// The month before.
    #[must_use]
    pub const fn previous(self) -> Self {
        if self.month == 1 {
            Self { year: self.year - 1, month: 12 }
        } else {
            Self { year: self.year, month: self.month - 1 }
        }
    }

    /// Its first day.
    #[must_use]
    pub fn first_day(self) -> Day {
        Day::from_date(self.year, self.month, 1).unwrap_or_default()
    }

    /// Its last day.
    #[must_use]
    pub fn last_day(self) -> Day {
        Day::from_number(self.next().first_day().number().saturating_sub(1))
    }

    /// From its first instant up to the first of the next.
    #[must_use]
    pub fn period(self) -> Period {
        Period { from: self.first_day().start(), to: self.next().first_day().start() }
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

impl fmt::Debug for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_meet_without_gap() {
        let december = Month::parse("2023-12").unwrap();
        assert_eq!(december.period().to, december.next().period().from);
        assert_eq!(december.next().to_string(), "2024-01");
        assert_eq!(december.next().previous(), december);
        assert_eq!(Month::parse("2024-02").unwrap().last_day().to_string(), "2024-02-29");
    }

    #[test]
    fn what_is_no_month_is_told_how_months_are_written() {
        for text in ["2024-13", "2024-00", "2024-3", "2024-03-01", "24-03", "march", ""] {
            let told = Month::parse(text).unwrap_err().to_string();
            assert_eq!(told, format!("`{text}` is not a month; write it like 2017-10"));
        }
    }
}
