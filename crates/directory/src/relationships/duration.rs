//! Durations as clients write them (ISO 8601: `P730D`, `P2Y`, `PT0S`). They are kept as written, and counted in
//! seconds where an end is computed.
//!
//! A year counts 365 days and a month 30, as the field's own library counts durations that have no start. That makes
//! `P2Y` and `P730D` the same, which the documented limits take for granted.

use tenantry_core::Problem;

const DAY: i64 = 86_400;

/// The shortest and the longest a relationship may last (directory.md 3.4).
const SHORTEST: i64 = DAY;
const LONGEST: i64 = 730 * DAY;

/// A duration, and how the client wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenDuration {
    text: String,
    seconds: i64,
}

impl WrittenDuration {
    /// How long a relationship lasts: `P1D` to `P2Y` (directory.md 3.4).
    ///
    /// # Errors
    /// `MissingField` if blank, `InvalidField` on `duration` if it is of another form or length.
    pub fn of_relationship(text: &str) -> Result<Self, Problem> {
        if text.trim().is_empty() {
            return Err(Problem::missing("duration"));
        }
        let seconds = seconds(text).filter(|seconds| (SHORTEST..=LONGEST).contains(seconds));
        let seconds = seconds.ok_or_else(|| {
            Problem::invalid("duration", format!("`{}` is not a duration from P1D to P2Y, such as P730D", clip(text)))
        })?;
        Ok(Self { text: text.to_owned(), seconds })
    }

    /// By how much a relationship is extended when it ends: `P180D`, or not at all (`P0D`, `PT0S`; the default).
    ///
    /// # Errors
    /// `InvalidField` on `autoExtendDuration` for anything else.
    pub fn of_extension(text: Option<&str>) -> Result<Self, Problem> {
        match text {
            None => Ok(Self { text: "PT0S".to_owned(), seconds: 0 }),
            Some(text @ ("P0D" | "PT0S")) => Ok(Self { text: text.to_owned(), seconds: 0 }),
            Some(text @ "P180D") => Ok(Self { text: text.to_owned(), seconds: 180 * DAY }),
            Some(text) => {
                Err(Problem::invalid("autoExtendDuration", format!("`{}` is none of P0D, PT0S and P180D", clip(text))))
            }
        }
    }

    /// As it is stored and shown.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Its length.
    #[must_use]
    pub const fn seconds(&self) -> i64 {
        self.seconds
    }

    /// What was stored after one of the checks above.
    pub(crate) fn stored(text: &str) -> Result<Self, String> {
        let seconds = seconds(text).ok_or_else(|| format!("`{}` is no duration", clip(text)))?;
        Ok(Self { text: text.to_owned(), seconds })
    }
}

fn clip(text: &str) -> String {
    text.chars().take(40).collect()
}

/// The length of `PnYnMnWnDTnHnMnS`; each part at most once and in this order, at least one, whole numbers.
fn seconds(text: &str) -> Option<i64> {
    let (date, time) = match text.strip_prefix('P')?.split_once('T') {
        Some((_, "")) => return None,
        Some((date, time)) => (date, time),
        None => (text.strip_prefix('P')?, ""),
    };
    if date.is_empty() && time.is_empty() {
        return None;
    }
    let days = parts(date, &[('Y', 365 * DAY), ('M', 30 * DAY), ('W', 7 * DAY), ('D', DAY)])?;
    days.checked_add(parts(time, &[('H', 3_600), ('M', 60), ('S', 1)])?)
}

fn parts(mut text: &str, units: &[(char, i64)]) -> Option<i64> {
    let mut sum = 0_i64;
    for (letter, worth) in units {
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        if let Some(rest) = text.get(digits..)?.strip_prefix(*letter) {
            let count: i64 = text.get(..digits)?.parse().ok()?;
            sum = sum.checked_add(count.checked_mul(*worth)?)?;
            text = rest;
        }
    }
    text.is_empty().then_some(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_relationship_lasts_from_a_day_to_two_years() {
        for (text, expected) in [
            ("P1D", Some(1)),
            ("P730D", Some(730)),
            ("P2Y", Some(730)),
            ("P1Y2M", Some(425)),
            ("P2W", Some(14)),
            ("PT24H", Some(1)),
            ("P1DT86400S", Some(2)),
            ("PT23H59M59S", None),
            ("P731D", None),
            ("P2YT1S", None),
            ("P0D", None),
            ("P", None),
            ("PT", None),
            ("P1DT", None),
            ("", None),
            ("730", None),
            ("PD", None),
            ("P1D1Y", None),
            ("P1.5D", None),
            ("-P1D", None),
            ("P99999999999999999999D", None),
            ("P9999999999999999Y", None),
            ("P١D", None),
        ] {
            let seen = WrittenDuration::of_relationship(text);
            match expected {
                Some(days) => assert_eq!(seen.unwrap().seconds(), days * DAY, "{text}"),
                None => assert_eq!(seen.unwrap_err().field(), Some("duration"), "{text}"),
            }
        }
    }

    #[test]
    fn an_extension_is_180_days_or_none() {
        for (text, expected) in [
            (None, Some(("PT0S", 0))),
            (Some("PT0S"), Some(("PT0S", 0))),
            (Some("P0D"), Some(("P0D", 0))),
            (Some("P180D"), Some(("P180D", 180 * DAY))),
            (Some("P90D"), None),
            (Some(""), None),
        ] {
            let seen = WrittenDuration::of_extension(text).ok();
            assert_eq!(seen.as_ref().map(|seen| (seen.as_str(), seen.seconds())), expected, "{text:?}");
        }
    }
}
