//! Instants, days and hours. All UTC, all counted from 1970.

use crate::iso_time;
use serde::{Deserialize, Serialize};
use std::fmt;
use time::format_description::well_known::Rfc3339;
use time::{Date, OffsetDateTime, PrimitiveDateTime, UtcOffset};

const MICROS_PER_SECOND: i64 = 1_000_000;
const SECONDS_PER_HOUR: i64 = 3_600;
const SECONDS_PER_DAY: i64 = 86_400;

/// An instant: microseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Timestamp(i64);

/// A calendar day in UTC, counted from 1970-01-01.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Day(i32);

/// An hour, counted from 1970-01-01T00:00Z.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Hour(i32);

/// A text that is no instant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotATime(pub String);

impl fmt::Display for NotATime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not a time; write it like 2017-10-04T09:40:28Z", self.0)
    }
}

impl std::error::Error for NotATime {}

/// A text that is no day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotADay(pub String);

impl fmt::Display for NotADay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not a day; write it like 2017-10-04", self.0)
    }
}

impl std::error::Error for NotADay {}

impl Timestamp {
    /// From microseconds since 1970.
    #[must_use]
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Microseconds since 1970.
    #[must_use]
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// From whole seconds since 1970.
    #[must_use]
    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds.saturating_mul(MICROS_PER_SECOND))
    }

    /// Whole seconds since 1970, cut down: what tokens carry.
    #[must_use]
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(MICROS_PER_SECOND)
    }

    /// Reads ISO 8601: a zone `Z` or `±hh:mm` (a blank in place of `+` is forgiven, as it comes out of
    /// undecoded queries), none meaning UTC; up to nine fraction digits, cut to six; or a bare date.
    pub fn parse(text: &str) -> Result<Self, NotATime> {
        iso_time::utc_micros(text.as_bytes()).map_or_else(|| Self::parse_any(text), |micros| Ok(Self(micros)))
    }

    /// The same, for all the forms that usage hardly ever comes in.
    pub(crate) fn parse_any(text: &str) -> Result<Self, NotATime> {
        let wrong = || NotATime(text.chars().take(60).collect());
        if text.len() == 10 {
            return Day::parse(text).map(Day::start).map_err(|_| wrong());
        }
        let repaired;
        let mut text_rfc = text;
        let bytes = text.as_bytes();
        let blank_zone = bytes.len() > 6 && bytes[bytes.len() - 6] == b' ' && bytes[bytes.len() - 3] == b':';
        let has_zone = text.ends_with(['Z', 'z'])
            || (bytes.len() > 19 && text.get(19..).is_some_and(|rest| rest.contains(['+', '-'])));
        if blank_zone {
            repaired = format!("{}+{}", &text[..text.len() - 6], &text[text.len() - 5..]);
            text_rfc = &repaired;
        } else if !has_zone {
            repaired = format!("{text}Z");
            text_rfc = &repaired;
        }
        let instant = OffsetDateTime::parse(text_rfc, &Rfc3339).map_err(|_| wrong())?;
        // A zone may carry the ends of the calendar out of the years that can be written.
        let year = instant.checked_to_offset(time::UtcOffset::UTC).map(OffsetDateTime::year);
        if !year.is_some_and(|year| (0..=9999).contains(&year)) {
            return Err(wrong());
        }
        i64::try_from(instant.unix_timestamp_nanos() / 1_000).map(Self).map_err(|_| wrong())
    }

    /// The UTC day this falls on.
    #[must_use]
    pub fn day(self) -> Day {
        Day(narrow(self.seconds().div_euclid(SECONDS_PER_DAY)))
    }

    /// The hour this falls in.
    #[must_use]
    pub fn hour(self) -> Hour {
        Hour(narrow(self.seconds().div_euclid(SECONDS_PER_HOUR)))
    }

    /// Later by so many seconds (earlier if negative).
    #[must_use]
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(MICROS_PER_SECOND)))
    }

    fn civil(self) -> PrimitiveDateTime {
        let nanos = i128::from(self.0) * 1_000;
        let instant = OffsetDateTime::from_unix_timestamp_nanos(nanos).unwrap_or(OffsetDateTime::UNIX_EPOCH);
        let utc = instant.to_offset(UtcOffset::UTC);
        PrimitiveDateTime::new(utc.date(), utc.time())
    }

    /// With an explicit `+00:00` and whole seconds: the form usage records carry.
    #[must_use]
    pub fn with_offset(self) -> String {
        let mut text = Self::from_seconds(self.seconds()).to_string();
        text.truncate(text.len() - 1);
        text + "+00:00"
    }
}

/// Days and hours of any timestamp in range fit 32 bits; years beyond ±9999 cannot be parsed.
fn narrow(count: i64) -> i32 {
    i32::try_from(count).unwrap_or(if count < 0 { i32::MIN } else { i32::MAX })
}

/// ISO 8601 with `Z` and only the fraction digits that are not zero.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let civil = self.civil();
        let (date, time) = (civil.date(), civil.time());
        let (year, month, day) = (date.year(), u8::from(date.month()), date.day());
        write!(f, "{year:04}-{month:02}-{day:02}T")?;
        write!(f, "{:02}:{:02}:{:02}", time.hour(), time.minute(), time.second())?;
        let micros = time.microsecond();
        if micros > 0 {
            write!(f, ".{}", format!("{micros:06}").trim_end_matches('0'))?;
        }
        f.write_str("Z")
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Day {
    /// From days since 1970-01-01.
    #[must_use]
    pub const fn from_number(days: i32) -> Self {
        Self(days)
    }

    /// Days since 1970-01-01.
    #[must_use]
    pub const fn number(self) -> i32 {
        self.0
    }

    /// A calendar date; `None` if there is no such day.
    #[must_use]
    pub fn from_date(year: i32, month: u8, day: u8) -> Option<Self> {
        let month = time::Month::try_from(month).ok()?;
        let date = Date::from_calendar_date(year, month, day).ok()?;
        Some(Self(date.to_julian_day() - UNIX_JULIAN_DAY))
    }

    /// Reads `2017-10-04`.
    pub fn parse(text: &str) -> Result<Self, NotADay> {
        let wrong = || NotADay(text.chars().take(60).collect());
        let mut parts = text.splitn(3, '-');
        let mut next = |digits: usize| {
            parts.next().filter(|p| p.len() == digits && p.bytes().all(|b| b.is_ascii_digit())).ok_or_else(wrong)
        };
        let year = next(4)?.parse().map_err(|_| wrong())?;
        let month = next(2)?.parse().map_err(|_| wrong())?;
        let day = next(2)?.parse().map_err(|_| wrong())?;
        Self::from_date(year, month, day).ok_or_else(wrong)
    }

    /// Its first instant.
    #[must_use]
    pub const fn start(self) -> Timestamp {
        Timestamp::from_seconds(self.0 as i64 * SECONDS_PER_DAY)
    }

    /// The day after.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }

    /// Year, month (1 to 12) and day of month.
    #[must_use]
    pub fn date(self) -> (i32, u8, u8) {
        let date = Date::from_julian_day(self.0.saturating_add(UNIX_JULIAN_DAY)).unwrap_or(Date::MIN);
        (date.year(), u8::from(date.month()), date.day())
    }
}

const UNIX_JULIAN_DAY: i32 = 2_440_588;

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.date();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl fmt::Debug for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Hour {
    /// From hours since 1970.
    #[must_use]
    pub const fn from_number(hours: i32) -> Self {
        Self(hours)
    }

    /// Hours since 1970.
    #[must_use]
    pub const fn number(self) -> i32 {
        self.0
    }

    /// Its first instant.
    #[must_use]
    pub const fn start(self) -> Timestamp {
        Timestamp::from_seconds(self.0 as i64 * SECONDS_PER_HOUR)
    }

    /// The day it belongs to.
    #[must_use]
    pub const fn day(self) -> Day {
        Day(self.0.div_euclid(24))
    }
}

impl fmt::Display for Hour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.start().fmt(f)
    }
}

impl fmt::Debug for Hour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_forms_clients_send_are_read() {
        for (text, written) in [
            ("2017-10-01T23:59:59.0000000Z", "2017-10-01T23:59:59Z"),
            ("2017-10-04T09:40:28.773Z", "2017-10-04T09:40:28.773Z"),
            ("2015-04-27T17:00:00-07:00", "2015-04-28T00:00:00Z"),
            ("2018-07-20T00:00:00+00:00", "2018-07-20T00:00:00Z"),
            ("2018-07-20T02:00:00 02:00", "2018-07-20T00:00:00Z"),
            ("0001-01-01T00:00:00", "0001-01-01T00:00:00Z"),
            ("2020-02-29", "2020-02-29T00:00:00Z"),
        ] {
            assert_eq!(Timestamp::parse(text).map(|t| t.to_string()).as_deref(), Ok(written), "{text}");
        }
        for text in ["", "yesterday", "2019-02-29", "2017-10-01T25:00:00Z", "17-10-01", "2017-10-01Tééé:00Z"] {
            assert!(Timestamp::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn days_and_hours_know_their_edges() {
        let late = Timestamp::parse("1969-12-31T23:30:00Z").unwrap();
        assert_eq!((late.day().number(), late.hour().number()), (-1, -1));
        assert_eq!(late.day().next().start(), Timestamp::from_micros(0));
        assert_eq!(late.hour().day(), late.day());
        assert_eq!(Day::from_date(2024, 2, 29).map(|d| d.next().to_string()).as_deref(), Some("2024-03-01"));
        assert_eq!(late.with_offset(), "1969-12-31T23:30:00+00:00");
    }
}
