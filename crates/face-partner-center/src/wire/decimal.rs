//! Decimals as JSON numbers, digit for digit. A float would print `0.1` as what it is not.

use serde::Serialize;
use serde::ser::{Error, Serializer};
use serde_json::value::RawValue;
use std::fmt;
use tenantry_core::{Amount, Money, Quantity, Rate};

/// A number that is written exactly as its type prints it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Decimal(String);

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        RawValue::from_string(self.0.clone()).map_err(S::Error::custom)?.serialize(serializer)
    }
}

macro_rules! exact {
    ($($kind:ty),*) => {$(
        impl From<$kind> for Decimal {
            fn from(value: $kind) -> Self {
                Self(value.to_string())
            }
        }
    )*};
}

exact!(Amount, Money, Quantity, Rate);

#[cfg(test)]
mod tests {
    use super::*;
    use tenantry_core::Currency;

    #[test]
    fn numbers_keep_their_digits() {
        for (number, written) in [
            (Decimal::from(Rate::parse("5.4529999999999999999999999998").unwrap()), "5.4529999999999999999999999998"),
            (Decimal::from(Quantity::parse("-0.000000000000000001").unwrap()), "-0.000000000000000001"),
            (Decimal::from(Money::from_minor(-48_110, Currency::USD)), "-481.10"),
            (Decimal::from(Quantity::ZERO), "0"),
        ] {
            assert_eq!(serde_json::to_string(&number).unwrap(), written);
        }
    }
}
