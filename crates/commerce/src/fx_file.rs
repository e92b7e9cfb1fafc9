//! Exchange rates as people keep them: a table (CSV) with the columns Month, From, To, Rate, Source, Date.

use crate::fx_import::NewFxRate;
use serde::Deserialize;
use std::fmt;
use tenantry_core::{Currency, Day, Month, Problem, Rate, Reason};

/// The columns, in any order.
pub const COLUMNS: [&str; 6] = ["Month", "From", "To", "Rate", "Source", "Date"];

/// A rate as text, in a table or in JSON.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FxText {
    /// `2021-01`.
    #[serde(alias = "Month")]
    pub month: String,
    /// ISO 4217.
    #[serde(alias = "From")]
    pub from: String,
    /// ISO 4217.
    #[serde(alias = "To")]
    pub to: String,
    /// Decimal text: `0.8241`.
    #[serde(alias = "Rate")]
    pub rate: String,
    /// Who says so.
    #[serde(alias = "Source")]
    pub source: String,
    /// `2021-01-29`.
    #[serde(alias = "Date")]
    pub date: String,
}

impl FxText {
    /// The rate it says. `at` is where it stands, for refusals.
    ///
    /// # Errors
    /// `InvalidField`, naming it.
    pub fn read(&self, at: &str) -> Result<NewFxRate, Problem> {
        let named = |name: &str| if at.is_empty() { name.to_owned() } else { format!("{at}.{name}") };
        let wrong = |name: &str, error: &dyn fmt::Display| Problem::invalid(named(name), error);
        Ok(NewFxRate {
            month: Month::parse(&self.month).map_err(|error| wrong("month", &error))?,
            from: Currency::parse(&self.from).map_err(|error| wrong("from", &error))?,
            to: Currency::parse(&self.to).map_err(|error| wrong("to", &error))?,
            rate: Rate::parse(&self.rate).map_err(|error| wrong("rate", &error))?,
            source: self.source.clone(),
            dated: Day::parse(&self.date).map_err(|error| wrong("date", &error))?,
        })
    }
}

/// Rates as JSON.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    rates: Vec<FxText>,
}

/// Reads a file: JSON with `rates`, or else a table.
///
/// # Errors
/// As [`read_table`].
pub fn read(bytes: &[u8]) -> Result<Vec<NewFxRate>, Problem> {
    if bytes.trim_ascii_start().first() != Some(&b'{') {
        return read_table(bytes);
    }
    let list: List = serde_json::from_slice(bytes)
        .map_err(|error| Problem::new(Reason::MalformedBody, format!("the exchange rates cannot be read: {error}")))?;
    list.rates.iter().zip(0_usize..).map(|(rate, place)| rate.read(&format!("rates[{place}]"))).collect()
}

/// Reads a table.
///
/// # Errors
/// `MalformedBody` for what is no such table; `InvalidField` with the line.
pub fn read_table(bytes: &[u8]) -> Result<Vec<NewFxRate>, Problem> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut table = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(bytes);
    let malformed = |said: &dyn fmt::Display| {
        let message =
            format!("the table of exchange rates cannot be read: {said}; its columns are {}", COLUMNS.join(", "));
        Problem::new(Reason::MalformedBody, message)
    };
    let mut rates = Vec::new();
    // The header is line 1.
    for (row, line) in table.deserialize::<FxText>().zip(2_u64..) {
        let row = row.map_err(|error| malformed(&error))?;
        rates.push(row.read(&format!("line {line}"))?);
    }
    Ok(rates)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_read_exactly_or_refused_with_its_line() {
        let read =
            read_table(b"Date,Rate,Month,From,To,Source\n2021-01-29,0.8240606509,2021-01,usd,EUR,\"ECB, noon\"\n");
        let rate = read.unwrap().remove(0);
        assert_eq!(
            (rate.rate.to_string().as_str(), rate.from, rate.source.as_str()),
            ("0.8240606509", Currency::USD, "ECB, noon")
        );
        let json = br#"{"rates":[{"month":"2021-01","from":"USD","to":"EUR","rate":"0.8240606509","source":"ECB, noon","date":"2021-01-29"}]}"#;
        assert_eq!(self::read(json).unwrap(), [rate]);
        for (rest, part) in [
            ("2021-01,USD,EUR,0.8,ECB,2021-01-29\n2021-13,USD,EUR,1,ECB,2021-01-29", "line 3.month"),
            ("2021-01,USD,EUR,NaN,ECB,2021-01-29", "line 2.rate"),
            ("2021-01,USD,QQQ,1,ECB,2021-01-29", "line 2.to"),
            ("2021-01,USD,EUR,1,ECB", "its columns are Month, From, To, Rate, Source, Date"),
        ] {
            let problem = read_table(format!("Month,From,To,Rate,Source,Date\n{rest}\n").as_bytes()).unwrap_err();
            assert!(problem.message().contains(part), "{problem:?}");
        }
    }
}
