//! Rounded money: what stands on a document and in the ledger.

use crate::Currency;
use crate::decimal::{self, Digits};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A whole number of minor units of one currency. Negative is a credit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Money {
    minor: i128,
    currency: Currency,
}

/// Two currencies met in one sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CurrencyMismatch {
    /// The currency of the sum so far.
    pub expected: Currency,
    /// The one that does not belong.
    pub seen: Currency,
}

impl fmt::Display for CurrencyMismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot add {} to {}", self.seen, self.expected)
    }
}

impl std::error::Error for CurrencyMismatch {}

impl Money {
    /// So many minor units: cents, yen, fils.
    #[must_use]
    pub const fn from_minor(minor: i128, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// Nothing.
    #[must_use]
    pub const fn zero(currency: Currency) -> Self {
        Self::from_minor(0, currency)
    }

    /// Minor units.
    #[must_use]
    pub const fn minor(self) -> i128 {
        self.minor
    }

    /// Whether it is nothing.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.minor == 0
    }

    /// Its currency.
    #[must_use]
    pub const fn currency(self) -> Currency {
        self.currency
    }

    /// The sum of two amounts of the same currency. Saturates at ±1.7e38 minor units.
    pub fn plus(self, other: Self) -> Result<Self, CurrencyMismatch> {
        if self.currency != other.currency {
            return Err(CurrencyMismatch { expected: self.currency, seen: other.currency });
        }
        Ok(Self::from_minor(self.minor.saturating_add(other.minor), self.currency))
    }

    /// The other sign.
    #[must_use]
    pub const fn negated(self) -> Self {
        Self::from_minor(self.minor.saturating_neg(), self.currency)
    }

    /// The sum of many; zero of `currency` for none.
    pub fn sum(items: impl IntoIterator<Item = Self>, currency: Currency) -> Result<Self, CurrencyMismatch> {
        items.into_iter().try_fold(Self::zero(currency), Self::plus)
    }
}

/// Always with all digits of the minor unit: `481.10`, `1234` (JPY), `0.012` (KWD). No currency sign.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = Digits::of(self.minor.unsigned_abs());
        let (whole, zeros, fraction) = decimal::at_point(digits.as_str(), self.currency.exponent());
        let point = if fraction.is_empty() { "" } else { "." };
        let sign = if self.minor < 0 { "-" } else { "" };
        if f.width().is_none() && f.precision().is_none() {
            return [sign, whole, point, zeros, fraction].into_iter().try_for_each(|part| f.write_str(part));
        }
        f.pad(&format!("{sign}{whole}{point}{zeros}{fraction}"))
    }
}
