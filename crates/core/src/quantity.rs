//! How much was used: an exact decimal with 18 fraction digits.

use crate::decimal::{self, DecimalError, Exponents};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A metered quantity in units of the meter, exact to 18 fraction digits.
///
/// Negative values are corrections. The range is about ±1.7e20 units.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Quantity(i128);

impl Quantity {
    /// Fraction digits kept.
    pub const SCALE: u32 = 18;
    /// Nothing used.
    pub const ZERO: Self = Self(0);
    /// One unit of the meter.
    pub const ONE: Self = Self(1_000_000_000_000_000_000);
    /// The most that one meter of one subscription may use in a month, all signs dropped: 10^14 units.
    /// See [`crate::Amount`] for why there is a bound.
    pub const MONTH_MAX: Self = Self(10_i128.pow(14 + Self::SCALE));

    /// Reads a plain decimal, exactly. `6e-06` and a 19th significant fraction digit are refused.
    pub fn parse(text: &str) -> Result<Self, DecimalError> {
        decimal::parse(text, Self::SCALE, Exponents::Refuse).map(Self)
    }

    /// Reads a decimal of a usage *file*, where exponent forms such as `6e-06` occur in real exports.
    pub fn parse_lenient(text: &str) -> Result<Self, DecimalError> {
        decimal::parse(text, Self::SCALE, Exponents::Read).map(Self)
    }

    /// A whole number of units.
    #[must_use]
    pub fn whole(units: i64) -> Self {
        Self(i128::from(units) * Self::ONE.0)
    }

    /// From units of 10^-18.
    #[must_use]
    pub const fn from_units(units: i128) -> Self {
        Self(units)
    }

    /// Units of 10^-18.
    #[must_use]
    pub const fn units(self) -> i128 {
        self.0
    }

    /// Whether this is below zero, that is, a correction.
    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// Whether nothing was used.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// The sum, or `None` beyond the range.
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// The difference, or `None` beyond the range.
    #[must_use]
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).map(Self)
    }

    /// The same amount with the other sign.
    #[must_use]
    pub fn checked_neg(self) -> Option<Self> {
        self.0.checked_neg().map(Self)
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        decimal::write(f, self.0 < 0, self.0.unsigned_abs(), Self::SCALE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_read_exactly_or_refused() {
        for (text, written) in [
            ("0", "0"),
            ("30.863102999999999", "30.863102999999999"),
            ("0.000000000000000001", "0.000000000000000001"),
            ("1.50000000000000000000000000", "1.5"),
            ("-0.032256", "-0.032256"),
            ("+7", "7"),
            ("00012", "12"),
        ] {
            assert_eq!(Quantity::parse(text).map(|q| q.to_string()).as_deref(), Ok(written), "{text}");
        }
        for text in ["", "NaN", "inf", "1.", ".5", "1,5", "0x10", "--1", "1e", "１"] {
            assert!(matches!(Quantity::parse(text), Err(DecimalError::Malformed(_))), "{text}");
        }
        assert!(matches!(Quantity::parse("6e-06"), Err(DecimalError::Exponent(_))));
        assert!(matches!(Quantity::parse("0.1234567890123456789"), Err(DecimalError::TooPrecise { .. })));
        assert!(matches!(Quantity::parse("999999999999999999999999"), Err(DecimalError::TooLarge(_))));
        assert_eq!(Quantity::parse_lenient("6e-06").map(|q| q.to_string()).as_deref(), Ok("0.000006"));
    }
}
