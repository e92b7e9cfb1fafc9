//! What one unit of a currency costs in another, month by month.
//!
//! Charges come exact in the currency of the price sheet. An edge that is billed in another one is charged them times the
//! rate of the month that is closed, once for a line, before it is rounded. The provider publishes the rates; each says
//! where it is from and of which day it is, and stands for ever: a document names the import it was made with.

use serde::{Deserialize, Serialize};
use tenantry_core::{Amount, Currency, Day, Month, Rate};

/// The exchange rate of a pair of currencies in a month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FxRates {
    /// The month that is closed with it.
    pub month: Month,
    /// The currency of prices.
    pub from: Currency,
    /// The currency of documents.
    pub to: Currency,
    /// What one unit of `from` costs in `to`. Above zero.
    pub rate: Rate,
    /// Who said so, as text: `ECB euro foreign exchange reference rates`.
    pub source: String,
    /// The day it is of, as the source has it.
    pub dated: Day,
    /// Counts imports: of two rates of a pair and month the later holds.
    pub import_no: u64,
}

impl FxRates {
    /// Converts amounts one after another.
    #[must_use]
    pub fn conversion(&self) -> Conversion {
        Conversion { rate: self.rate, sum: Amount::ZERO, told: Amount::ZERO }
    }

    fn is_of(&self, from: Currency, to: Currency, month: Month) -> bool {
        (self.from, self.to, self.month) == (from, to, month)
    }
}

/// Amounts that are converted one after another, so that what they come to is their sum, converted: the rows behind a line
/// add up to the line, whatever the digits.
#[derive(Debug, Clone)]
pub struct Conversion {
    rate: Rate,
    sum: Amount,
    told: Amount,
}

impl Conversion {
    /// The next amount, converted.
    pub fn next(&mut self, amount: Amount) -> Amount {
        self.sum += amount;
        let converted = self.sum.converted(self.rate);
        let part = converted - self.told;
        self.told = converted;
        part
    }
}

/// All rates ever imported, in the order they came.
///
/// There is no other direction and no way over a third currency: both would need a division, and a document names a
/// rate that somebody published.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FxTable {
    /// With its place in the log.
    rates: Vec<(i64, FxRates)>,
}

impl FxTable {
    /// Adds a rate that stands at a place of the log.
    pub fn add(&mut self, at: i64, rates: FxRates) {
        self.rates.push((at, rates));
    }

    /// The rate of a pair in a month: the latest import.
    #[must_use]
    pub fn latest(&self, from: Currency, to: Currency, month: Month) -> Option<&FxRates> {
        self.known_at(i64::MAX, from, to, month)
    }

    /// The rate of a pair in a month, or else that of the last month before that has one: what is shown of a month that
    /// runs, whose rate nobody can know yet.
    #[must_use]
    pub fn estimate(&self, from: Currency, to: Currency, month: Month) -> Option<&FxRates> {
        let of_pair = self.rates().filter(|rates| (rates.from, rates.to) == (from, to) && rates.month <= month);
        // Of equal ones the last is taken: the latest import.
        of_pair.max_by_key(|rates| rates.month)
    }

    /// As [`FxTable::latest`], of what was known at a place of the log.
    #[must_use]
    pub fn known_at(&self, at: i64, from: Currency, to: Currency, month: Month) -> Option<&FxRates> {
        let mut known = self.rates.iter().rev().filter(|(place, _)| *place < at).map(|(_, rates)| rates);
        known.find(|rates| rates.is_of(from, to, month))
    }

    /// One rate of an import.
    #[must_use]
    pub fn of_import(&self, import_no: u64, from: Currency, to: Currency, month: Month) -> Option<&FxRates> {
        let mut all = self.rates.iter().map(|(_, rates)| rates);
        all.find(|rates| rates.import_no == import_no && rates.is_of(from, to, month))
    }

    /// All of them, in the order they came.
    pub fn rates(&self) -> impl Iterator<Item = &FxRates> {
        self.rates.iter().map(|(_, rates)| rates)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;
    use tenantry_core::{Factor, Quantity, Rounding};

    fn rates(import_no: u64, month: &str, to: &str, rate: &str) -> FxRates {
        FxRates {
            month: Month::parse(month).unwrap(),
            from: Currency::USD,
            to: Currency::parse(to).unwrap(),
            rate: Rate::parse(rate).unwrap(),
            source: "a bank".to_owned(),
            dated: Day::parse("2021-01-29").unwrap(),
            import_no,
        }
    }

    #[test]
    fn the_latest_import_of_a_month_holds_and_earlier_ones_are_found() {
        let mut table = FxTable::default();
        for (at, rates) in [
            (5, rates(1, "2021-01", "EUR", "0.82")),
            (6, rates(1, "2021-02", "EUR", "0.83")),
            (9, rates(2, "2021-01", "EUR", "0.825")),
            (9, rates(2, "2021-01", "JPY", "104.5")),
        ] {
            table.add(at, rates);
        }
        let said = |found: Option<&FxRates>| found.map(|rates| rates.rate.to_string());
        let month = |text: &str| Month::parse(text).unwrap();
        for (to, of, at, rate) in [
            ("EUR", "2021-01", i64::MAX, Some("0.825")),
            ("EUR", "2021-01", 9, Some("0.82")),
            ("EUR", "2021-01", 5, None),
            ("EUR", "2021-02", i64::MAX, Some("0.83")),
            ("EUR", "2021-03", i64::MAX, None),
            ("JPY", "2021-01", 10, Some("104.5")),
            ("GBP", "2021-01", i64::MAX, None),
        ] {
            let to = Currency::parse(to).unwrap();
            assert_eq!(said(table.known_at(at, Currency::USD, to, month(of))).as_deref(), rate, "{to} {of} {at}");
        }
        assert_eq!(said(table.of_import(1, Currency::USD, Currency::EUR, month("2021-01"))).as_deref(), Some("0.82"));
        let estimate = |text: &str| said(table.estimate(Currency::USD, Currency::EUR, month(text)));
        assert_eq!(estimate("2021-01").as_deref(), Some("0.825"));
        assert_eq!(estimate("2021-04").as_deref(), Some("0.83"), "that of the last month that has one");
        assert_eq!(estimate("2020-12"), None);
        assert_eq!(table.latest(Currency::EUR, Currency::USD, month("2021-01")), None, "no other direction");
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            cases: 400,
            failure_persistence: None,
            rng_seed: RngSeed::Fixed(11),
            ..ProptestConfig::default()
        })]

        /// Against fractions of whole numbers: quantity, price, factor and rate as numerators over powers of ten.
        #[test]
        fn what_is_owed_is_the_exact_product_rounded_once_and_rows_add_up_to_it(
            quantities in proptest::collection::vec(-40_000_i128..90_000, 1..6), price in 0_i128..20_000,
            factor in 1_i128..150, rate in 1_i128..3_000_000, tied in any::<bool>(),
        ) {
            // Ties are rare among random numbers; a rate of a half and prices in cents make many.
            let (price, factor, rate) = if tied { (price / 100 * 100, 100, 500_000) } else { (price, factor, rate) };
            let fraction = |units: i128, digits: usize| {
                let text = format!("{:0>width$}", units.abs(), width = digits + 1);
                let (whole, rest) = text.split_at(text.len() - digits);
                format!("{}{whole}.{rest}", if units < 0 { "-" } else { "" })
            };
            let rates = rates(1, "2021-01", "EUR", &fraction(rate, 6));
            let charge = |units: i128| Amount::priced(
                Quantity::parse(&fraction(units, 2)).unwrap(),
                Rate::parse(&fraction(price, 4)).unwrap(),
                Factor::parse(&fraction(factor, 2)).unwrap(),
            );
            let mut conversion = rates.conversion();
            let rows: Amount = quantities.iter().map(|units| conversion.next(charge(*units))).sum();
            let line = quantities.iter().map(|units| charge(*units)).sum::<Amount>().converted(rates.rate);
            prop_assert_eq!(rows, line);
            // The numerator over 10^14; cents are 10^12 of it.
            let exact = quantities.iter().sum::<i128>() * price * factor * rate;
            let (cent, half) = (10_i128.pow(12), 10_i128.pow(12) / 2);
            let (floor, rest) = (exact.div_euclid(cent), exact.rem_euclid(cent));
            let even = floor + i128::from(rest > half || (rest == half && floor % 2 != 0));
            let up = floor + i128::from(rest > half || (rest == half && exact > 0));
            for (mode, cents) in [(Rounding::HalfEven, even), (Rounding::HalfUp, up), (Rounding::Floor, floor)] {
                prop_assert_eq!(line.round(Currency::EUR, mode).minor(), cents, "{:?}", mode);
            }
        }
    }
}
