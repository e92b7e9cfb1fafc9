//! What an edge of the channel makes of the price above it.

use crate::decimal::{self, DecimalError, Exponents};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A multiplier on a price: 0.85 for a discount of 15 %. Zero or more, 8 fraction digits.
///
/// A chain of edges multiplies its factors; the product must fit 8 digits as well, so that every charge on
/// every tier stays exact. [`Factor::then`] refuses a chain that does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Factor(i64);

impl Factor {
    /// Fraction digits kept.
    pub const SCALE: u32 = 8;
    /// The price as it is.
    pub const ONE: Self = Self(100_000_000);
    /// The largest factor, of one edge or of a whole chain: 5. See [`crate::Amount`] for why there is a bound.
    pub const MAX: Self = Self(500_000_000);

    /// Reads a multiplier such as `0.85`.
    pub fn parse(text: &str) -> Result<Self, DecimalError> {
        let units = decimal::parse(text, Self::SCALE, Exponents::Refuse)?;
        if units < 0 {
            return Err(DecimalError::Negative(text.to_owned()));
        }
        let factor = i64::try_from(units).ok().map(Self).filter(|factor| *factor <= Self::MAX);
        factor.ok_or_else(|| DecimalError::TooLarge(text.to_owned()))
    }

    /// The factor left by a discount: `0.15` leaves 0.85. A discount is from 0 to 1.
    pub fn after_discount(discount: &str) -> Result<Self, DecimalError> {
        let taken = Self::parse(discount)?;
        if taken > Self::ONE {
            return Err(DecimalError::TooLarge(discount.to_owned()));
        }
        Ok(Self(Self::ONE.0 - taken.0))
    }

    /// This factor followed by another, if 8 digits hold the product exactly and it is not beyond the bound.
    #[must_use]
    pub fn then(self, next: Self) -> Option<Self> {
        let product = i128::from(self.0) * i128::from(next.0);
        let one = i128::from(Self::ONE.0);
        if product % one != 0 {
            return None;
        }
        i64::try_from(product / one).ok().map(Self).filter(|product| *product <= Self::MAX)
    }

    /// Units of 10^-8.
    #[must_use]
    pub const fn units(self) -> i64 {
        self.0
    }
}

impl fmt::Display for Factor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        decimal::write(f, false, self.0.unsigned_abs(), Self::SCALE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chains_stay_exact_or_are_refused() {
        let f = |text| Factor::parse(text).unwrap();
        assert_eq!(f("0.85").then(f("0.95")), Some(f("0.8075")));
        assert_eq!(f("0.12345678").then(f("0.1")), None);
        assert_eq!(f("2.5").then(f("2")), Some(Factor::MAX));
        assert_eq!(f("2.5").then(f("2.1")), None);
        assert!(matches!(Factor::parse("5.00000001"), Err(DecimalError::TooLarge(_))));
        assert_eq!(Factor::after_discount("0.15"), Ok(f("0.85")));
        assert!(Factor::after_discount("1.5").is_err());
    }
}
