//! A unit price.

use crate::decimal::{self, DecimalError, Exponents};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A unit price, exact to 28 fraction digits.
///
/// Real price sheets hold `1.542000000000000299`, `6e-06` and even `5.4529999999999999999999999998`
/// (the tail of a binary float somebody once printed). All are kept as sent: correcting a price is not our
/// business. 28 digits is what the services' decimal type can print; anything longer is refused.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Rate(i128);

impl Rate {
    /// Fraction digits kept.
    pub const SCALE: u32 = 28;
    /// Free of charge.
    pub const ZERO: Self = Self(0);
    /// The highest price of one unit that is taken: 10^8. See [`crate::Amount`] for why there is a bound.
    pub const MAX: Self = Self(10_i128.pow(8 + Self::SCALE));

    /// Reads a price: a plain decimal, zero or more. `6e-06` is refused.
    pub fn parse(text: &str) -> Result<Self, DecimalError> {
        Self::read(text, Exponents::Refuse)
    }

    /// Reads a price of a rate card, where exponent forms such as `6e-06` occur in real ones.
    pub fn parse_lenient(text: &str) -> Result<Self, DecimalError> {
        Self::read(text, Exponents::Read)
    }

    fn read(text: &str, exponents: Exponents) -> Result<Self, DecimalError> {
        let units = decimal::parse(text, Self::SCALE, exponents)?;
        if units < 0 {
            return Err(DecimalError::Negative(text.to_owned()));
        }
        if units > Self::MAX.0 {
            return Err(DecimalError::TooLarge(text.to_owned()));
        }
        Ok(Self(units))
    }

    /// A price of so many units of 10^-28; `None` below zero and beyond [`Rate::MAX`].
    #[must_use]
    pub fn from_units(units: i128) -> Option<Self> {
        (0..=Self::MAX.0).contains(&units).then_some(Self(units))
    }

    /// Units of 10^-28.
    #[must_use]
    pub const fn units(self) -> i128 {
        self.0
    }

    /// Whether this is free.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        decimal::write(f, self.0 < 0, self.0.unsigned_abs(), Self::SCALE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_of_real_sheets_are_kept_as_sent() {
        for (text, written) in [
            ("1.542000000000000299", "1.542000000000000299"),
            ("5.4529999999999999999999999998", "5.4529999999999999999999999998"),
            ("2.0880000000000000000000000000", "2.088"),
            ("6e-06", "0.000006"),
            ("1E+2", "100"),
            ("4790.32258", "4790.32258"),
        ] {
            assert_eq!(Rate::parse_lenient(text).map(|r| r.to_string()).as_deref(), Ok(written), "{text}");
            let plain = Rate::parse(text);
            match text.contains(['e', 'E']) {
                true => assert_eq!(plain, Err(DecimalError::Exponent(text.to_owned()))),
                false => assert_eq!(plain.map(|r| r.to_string()).as_deref(), Ok(written), "{text}"),
            }
        }
        assert!(Rate::parse("100000000").is_ok());
        assert!(matches!(Rate::parse("100000000.01"), Err(DecimalError::TooLarge(_))));
        assert!(matches!(Rate::parse("-1"), Err(DecimalError::Negative(_))));
        assert!(matches!(Rate::parse("0.00000000000000000000000000001"), Err(DecimalError::TooPrecise { .. })));
    }
}
