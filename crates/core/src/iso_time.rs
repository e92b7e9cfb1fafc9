//! The one form of a time that nearly all usage comes in, read without detours: `2017-10-04T09:40:28Z`, with or
//! without fraction digits.
//!
//! Everything else (other zones, bare dates, lower case, leap seconds, times before 1970) is left to the general
//! reader, and so is everything wrong: this one knows no error, only "not mine". What it reads, the general reader
//! reads the same.

/// `2017-10-04T09:40:28`
const SECONDS_LEN: usize = 19;

/// Microseconds since 1970 of a time in UTC, or `None` if the general reader has to look.
pub(crate) fn utc_micros(text: &[u8]) -> Option<i64> {
    let (head, rest) = text.split_at_checked(SECONDS_LEN)?;
    let [y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1, b'T', h0, h1, b':', n0, n1, b':', s0, s1] = *head else {
        return None;
    };
    let year = two(y0, y1)? * 100 + two(y2, y3)?;
    let (month, day) = (two(m0, m1)?, two(d0, d1)?);
    let (hour, minute, second) = (two(h0, h1)?, two(n0, n1)?, two(s0, s1)?);
    let within = year >= 1970 && (1..=12).contains(&month) && day >= 1 && day <= days_in(year, month);
    if !within || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let micros = fraction_micros(rest)?;
    let seconds = ((days_since_1970(year, month, day) * 24 + hour) * 60 + minute) * 60 + second;
    Some(seconds * 1_000_000 + micros)
}

fn two(tens: u8, ones: u8) -> Option<i64> {
    (tens.is_ascii_digit() && ones.is_ascii_digit()).then(|| i64::from(tens - b'0') * 10 + i64::from(ones - b'0'))
}

/// `Z`, or `.` and one to nine digits and `Z`; digits after the sixth are cut.
fn fraction_micros(rest: &[u8]) -> Option<i64> {
    let (b'Z', rest) = rest.split_last()? else { return None };
    let Some((dot, digits)) = rest.split_first() else { return Some(0) };
    if *dot != b'.' || digits.is_empty() || digits.len() > 9 || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let padded = digits.iter().chain(std::iter::repeat(&b'0')).take(6);
    Some(padded.fold(0, |sum, digit| sum * 10 + i64::from(digit - b'0')))
}

const fn days_in(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Counted in years that begin in March, so that the leap day is the last of its year.
const fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let leap_days = year / 4 - year / 100 + year / 400;
    year * 365 + leap_days + (153 * month + 2) / 5 + day - 1 - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Day, Timestamp};

    #[test]
    fn every_day_is_where_the_calendar_has_it() {
        let last = Day::from_date(9999, 12, 31).unwrap();
        let mut day = Day::from_number(0);
        while day <= last {
            let text = format!("{day}T00:00:00Z");
            assert_eq!(utc_micros(text.as_bytes()), Some(day.start().micros()), "{text}");
            day = day.next();
        }
    }

    #[test]
    fn what_is_read_fast_is_read_the_same_slowly() {
        let times = ["00:00:00", "23:59:59", "09:40:28", "12:00:60", "24:00:00", "00:60:00", "1:00:00", "0a:00:00"];
        let dates = [
            "1970-01-01",
            "2000-02-29",
            "1900-02-29",
            "2019-02-29",
            "2100-02-29",
            "2024-12-31",
            "1969-12-31",
            "2024-00-01",
            "2024-13-01",
            "2024-04-31",
            "2024-01-00",
            "9999-12-31",
            "0001-01-01",
            "20240101",
        ];
        let ends = [
            "Z",
            "",
            "z",
            "+00:00",
            ".5Z",
            ".000001Z",
            ".9999999Z",
            ".123456789Z",
            ".1234567890Z",
            ".Z",
            ".5",
            ".5+02:00",
            "ZZ",
            " Z",
            ".5aZ",
            "Zé",
        ];
        let mut fast = 0;
        for date in dates {
            for time in times {
                for end in ends {
                    for separator in ["T", "t", " "] {
                        let text = format!("{date}{separator}{time}{end}");
                        if let Some(micros) = utc_micros(text.as_bytes()) {
                            assert_eq!(Timestamp::parse_any(&text).map(Timestamp::micros), Ok(micros), "{text}");
                            fast += 1;
                        }
                        assert_eq!(Timestamp::parse(&text), Timestamp::parse_any(&text), "{text}");
                    }
                }
            }
        }
        assert_eq!(fast, 4 * 3 * 5, "four days, three times, five ends are of the one form");
    }
}
