//! The days of an audit query, in the spellings of four client families (partner-center-v1.md 2.17):
//!
//! ```text
//! 2020-09-02               the documentation
//! 2020-09-246              the Java client, whose pattern prints the day of the year as the last part
//! 6/1/2017 12:00:00 AM     a sample of the documentation
//! 06/01/2017 00:00:00      the .NET and PowerShell clients; the culture is invariant, so the month comes first
//! 2020-09-02T10:00:00Z     ISO 8601
//! ```

use tenantry_core::{Day, Problem, Timestamp};
use tenantry_http::Call;

/// Without a start it is this long before the end.
const DEFAULT_DAYS_SECONDS: i64 = 30 * 86_400;
const DAY_SECONDS: i64 = 86_400;
/// The least instant there is.
const MICRO: i64 = 1;

/// The window of a call: from, and until (not in it any more). Without an end it ends now. A bare day as the end is in it
/// whole, and so is a midnight: that is how two clients write a day.
pub(super) fn window(call: &Call) -> Result<(Timestamp, Timestamp), Problem> {
    let until = match read(call, "endDate")? {
        Some(end) if end == end.day().start() => end.plus_seconds(DAY_SECONDS),
        Some(end) => later(end),
        None => later(call.ctx.now()),
    };
    let from = read(call, "startDate")?;
    let from = from.unwrap_or_else(|| until.plus_seconds(-DEFAULT_DAYS_SECONDS).day().start());
    if until <= from {
        let told = "is before startDate; the end is in the window, so both may be the same day";
        return Err(Problem::invalid("endDate", told));
    }
    Ok((from, until))
}

fn later(at: Timestamp) -> Timestamp {
    Timestamp::from_micros(at.micros().saturating_add(MICRO))
}

fn read(call: &Call, name: &str) -> Result<Option<Timestamp>, Problem> {
    let Some(text) = call.query(name).map(str::trim).filter(|text| !text.is_empty()) else { return Ok(None) };
    let seen: String = text.chars().take(40).collect();
    let wrong = || Problem::invalid(name, format!("`{seen}` is no date; write it like 2026-01-31"));
    instant(text).ok_or_else(wrong).map(Some)
}

fn instant(text: &str) -> Option<Timestamp> {
    if text.contains('/') { american(text) } else { day_of_year(text).or_else(|| Timestamp::parse(text).ok()) }
}

/// `2020-09-246`: the 246th day of 2020.
fn day_of_year(text: &str) -> Option<Timestamp> {
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || year.len() != 4 || month.len() != 2 || day.len() != 3 {
        return None;
    }
    let (year, day): (i32, i32) = (year.parse().ok()?, day.parse().ok()?);
    let first = Day::from_date(year, 1, 1)?;
    let found = Day::from_number(first.number().checked_add(day.checked_sub(1)?)?);
    // Past the end of the year it is no day of it.
    (found.date().0 == year).then(|| found.start())
}

/// `6/1/2017`, `06/01/2017 00:00:00`, `6/1/2017 12:00:00 AM`.
fn american(text: &str) -> Option<Timestamp> {
    let mut words = text.split_whitespace();
    let mut date = words.next()?.split('/');
    let (month, day, year) = (date.next()?, date.next()?, date.next()?);
    if date.next().is_some() || year.len() != 4 {
        return None;
    }
    let day = Day::from_date(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)?;
    let seconds = match (words.next(), words.next()) {
        (None, _) => 0,
        (Some(time), half) => seconds_of(time, half)?,
    };
    words.next().is_none().then(|| day.start().plus_seconds(seconds))
}

fn seconds_of(time: &str, half: Option<&str>) -> Option<i64> {
    let parts: Vec<i64> = time.split(':').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let [hour, minute, second] = parts[..] else { return None };
    let hour = match half.map(str::to_ascii_uppercase).as_deref() {
        None if (0..24).contains(&hour) => hour,
        Some("AM") if (1..=12).contains(&hour) => hour % 12,
        Some("PM") if (1..=12).contains(&hour) => hour % 12 + 12,
        _ => return None,
    };
    ((0..60).contains(&minute) && (0..60).contains(&second)).then_some(hour * 3_600 + minute * 60 + second)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_in_every_familys_spelling() {
        for (text, expected) in [
            ("2020-09-02", Some("2020-09-02T00:00:00Z")),
            ("2020-09-246", Some("2020-09-02T00:00:00Z")),
            ("2021-12-366", None),
            ("2020-12-366", Some("2020-12-31T00:00:00Z")),
            ("2020-09-000", None),
            ("6/1/2017 12:00:00 AM", Some("2017-06-01T00:00:00Z")),
            ("6/1/2017 12:30:00 pm", Some("2017-06-01T12:30:00Z")),
            ("06/01/2017 00:00:00", Some("2017-06-01T00:00:00Z")),
            ("06/30/2017 23:59:59", Some("2017-06-30T23:59:59Z")),
            ("6/1/2017", Some("2017-06-01T00:00:00Z")),
            ("2020-09-02T10:00:00Z", Some("2020-09-02T10:00:00Z")),
            ("13/01/2017 00:00:00", None),
            ("02/30/2017", None),
            ("6/1/17", None),
            ("06/01/2017 24:00:00", None),
            ("06/01/2017 13:00:00 PM", None),
            ("06/01/2017 1:00", None),
            ("06/01/2017 00:00:00 AM now", None),
            ("yesterday", None),
            ("2020", None),
        ] {
            assert_eq!(instant(text).map(|at| at.to_string()).as_deref(), expected, "{text}");
        }
    }
}
