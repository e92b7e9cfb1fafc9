//! An exact sum of money, before any rounding.

use crate::{Currency, Factor, Money, Quantity, Rate, Rounding, decimal};
use ethnum::I256;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Neg, Sub};
use std::sync::LazyLock;

/// Quantity x Rate x Factor without loss: 54 fraction digits in 256 bits.
///
/// The whole part reaches to 5.7 x 10^22. The bounds [`Quantity::MONTH_MAX`] (10^14 units), [`Rate::MAX`] (10^8 a
/// unit) and [`Factor::MAX`] (5) keep the charge of any month of any meter within it, so no product is ever cut;
/// each is refused where it enters. Sums saturate rather than wrap: it would take every subscription of a channel
/// at its bound at once to get there.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Amount(I256);

impl Amount {
    /// Fraction digits kept: those of Quantity, Rate and Factor together.
    pub const SCALE: u32 = Quantity::SCALE + Rate::SCALE + Factor::SCALE;
    /// Nothing owed.
    pub const ZERO: Self = Self(I256::ZERO);

    /// The list price of a quantity.
    #[must_use]
    pub fn list(quantity: Quantity, rate: Rate) -> Self {
        Self::priced(quantity, rate, Factor::ONE)
    }

    /// The price of a quantity at a rate, after a factor.
    #[must_use]
    pub fn priced(quantity: Quantity, rate: Rate, factor: Factor) -> Self {
        match rate.units().checked_mul(i128::from(factor.units())) {
            // Two numbers of 128 bits: their product always fits, and need not be watched.
            Some(price) => Self(I256::from(quantity.units()).wrapping_mul(I256::from(price))),
            None => {
                let product = I256::from(quantity.units()).saturating_mul(I256::from(rate.units()));
                Self(product.saturating_mul(I256::from(factor.units())))
            }
        }
    }

    /// This amount, which must be a list price (no factor applied yet), after a factor. Exact.
    ///
    /// `None` if a factor was applied before and the digits no longer fit.
    #[must_use]
    pub fn times(self, factor: Factor) -> Option<Self> {
        let one = I256::from(Factor::ONE.units());
        // Divide first: a list price is always a multiple of 10^8 units.
        if self.0 % one != I256::ZERO {
            return None;
        }
        Some(Self((self.0 / one).saturating_mul(I256::from(factor.units()))))
    }

    /// This amount in another currency, of which one unit of this one costs `rate`.
    ///
    /// Exact as long as 54 digits hold the product, which they do for all that was priced with less than 26 digits
    /// together. Else the last digit is one that no tie and no whole minor unit ends in, on the side of zero where the
    /// product is: it rounds to the same money as the product itself, in every mode.
    #[must_use]
    pub fn converted(self, rate: Rate) -> Self {
        let one = ten_to(Rate::SCALE);
        let rate = I256::from(rate.units());
        let (whole, rest) = (self.0.div_euclid(one), self.0.rem_euclid(one));
        let fraction = rest.saturating_mul(rate);
        let cut = whole.saturating_mul(rate).saturating_add(fraction / one);
        let is_exact = fraction % one == I256::ZERO;
        let ends_round = cut % I256::new(5) == I256::ZERO;
        Self(if is_exact || !ends_round { cut } else { cut.saturating_add(I256::ONE) })
    }

    /// Rounds once, to the minor unit of the currency.
    #[must_use]
    pub fn round(self, currency: Currency, mode: Rounding) -> Money {
        let unit = ten_to(Self::SCALE - currency.exponent());
        Money::from_minor(mode.divide(self.0, unit).as_i128(), currency)
    }

    /// The exact amount a sum of money stands for.
    #[must_use]
    pub fn of(money: Money) -> Self {
        Self(I256::from(money.minor()).saturating_mul(ten_to(Self::SCALE - money.currency().exponent())))
    }

    /// Reads a decimal text of up to 28 fraction digits, for imports and tests.
    pub fn parse(text: &str) -> Result<Self, decimal::DecimalError> {
        const READ: u32 = 28;
        let units = decimal::parse(text, READ, decimal::Exponents::Read)?;
        Ok(Self(I256::from(units).saturating_mul(ten_to(Self::SCALE - READ))))
    }

    /// Reads back what `Display` wrote, and what people write: any number of fraction digits up to 54, exactly. A plain
    /// decimal: `1e9` is refused.
    pub fn parse_exact(text: &str) -> Result<Self, decimal::DecimalError> {
        let seen = || text.chars().take(60).collect();
        let (negative, unsigned) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        let scale = Self::SCALE as usize;
        let digits_only = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !digits_only(whole) || !digits_only(fraction) || unsigned.ends_with('.') {
            let exponent =
                matches!(decimal::parse(text, 0, decimal::Exponents::Refuse), Err(decimal::DecimalError::Exponent(_)));
            return Err(if exponent {
                decimal::DecimalError::Exponent(seen())
            } else {
                decimal::DecimalError::Malformed(seen())
            });
        }
        let fraction = fraction.trim_end_matches('0');
        if fraction.len() > scale {
            return Err(decimal::DecimalError::TooPrecise { seen: seen(), digits_max: Self::SCALE });
        }
        let digits = format!("{whole}{fraction:0<scale$}");
        let units = I256::from_str_radix(&digits, 10).map_err(|_| decimal::DecimalError::TooLarge(seen()))?;
        Ok(Self(if negative { -units } else { units }))
    }

    /// Whether nothing is owed.
    #[must_use]
    pub fn is_zero(self) -> bool {
        self.0 == I256::ZERO
    }

    /// Charge per unit, cut to 15 fraction digits: the effective unit price formats ask for. For display only.
    #[must_use]
    pub fn per_unit(self, quantity: Quantity) -> Option<String> {
        const SHOWN: u32 = 15;
        if quantity.is_zero() {
            return None;
        }
        // (a / 10^54) / (q / 10^18) in units of 10^-15
        let scaled = self.0 / ten_to(Self::SCALE - Quantity::SCALE - SHOWN);
        let units = scaled / I256::from(quantity.units());
        Some(Shown { units, scale: SHOWN }.to_string())
    }
}

/// The powers of ten that a scale can be: a document of a hundred thousand lines asks for each a million times.
static POWERS: LazyLock<[I256; Amount::SCALE as usize + 1]> = LazyLock::new(|| {
    let mut next = I256::ONE;
    std::array::from_fn(|_| {
        let power = next;
        next = power * I256::new(10);
        power
    })
});

fn ten_to(power: u32) -> I256 {
    POWERS.get(power as usize).copied().unwrap_or_else(|| I256::new(10).pow(power))
}

struct Shown {
    units: I256,
    scale: u32,
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        decimal::write(f, self.units < I256::ZERO, self.units.unsigned_abs(), self.scale)
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Shown { units: self.0, scale: Self::SCALE }.fmt(f)
    }
}

impl fmt::Debug for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Amount({self})")
    }
}

impl Default for Amount {
    fn default() -> Self {
        Self::ZERO
    }
}

impl Add for Amount {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl AddAssign for Amount {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sub for Amount {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Neg for Amount {
    type Output = Self;
    fn neg(self) -> Self {
        Self::ZERO - self
    }
}

impl Sum for Amount {
    fn sum<I: Iterator<Item = Self>>(items: I) -> Self {
        items.fold(Self::ZERO, |sum, item| sum + item)
    }
}

/// Stored as its 32 bytes, highest first: the same on every machine.
impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.to_be_bytes().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        <[u8; 32]>::deserialize(deserializer).map(|bytes| Self(I256::from_be_bytes(bytes)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amount(quantity: &str, rate: &str, factor: &str) -> Amount {
        Amount::priced(Quantity::parse(quantity).unwrap(), Rate::parse(rate).unwrap(), Factor::parse(factor).unwrap())
    }

    #[test]
    fn products_are_exact() {
        for (quantity, rate, factor, written) in [
            ("4.07232", "21.68", "1", "88.2878976"),
            ("743.983353", "0.06", "0.85", "37.943151003"),
            ("0.000000000000000001", "0.0000000000000000000000000001", "0.00000001", &format!("0.{}1", "0".repeat(53))),
            ("-2", "1.5", "1", "-3"),
        ] {
            assert_eq!(amount(quantity, rate, factor).to_string(), written);
        }
        for text in ["0", "-3", "37.943151003", &format!("0.{}1", "0".repeat(53))] {
            assert_eq!(Amount::parse_exact(text).map(|read| read.to_string()).as_deref(), Ok(text));
        }
        for (text, told) in [
            ("1e9", "`1e9` uses an exponent; write the number out, for example 0.000006"),
            ("-6E-06", "`-6E-06` uses an exponent; write the number out, for example 0.000006"),
            ("1e", "`1e` is not a decimal number"),
            ("1.", "`1.` is not a decimal number"),
            ("ten", "`ten` is not a decimal number"),
            (&"9".repeat(60), &format!("`{}` is too large", "9".repeat(60))),
        ] {
            assert_eq!(Amount::parse_exact(text).map_err(|error| error.to_string()), Err(told.to_owned()));
        }
        let fine = format!("0.{}1", "0".repeat(54));
        assert!(matches!(Amount::parse_exact(&fine), Err(decimal::DecimalError::TooPrecise { .. })));
        // The largest charge that the bounds allow is exact.
        let largest = Amount::priced(Quantity::MONTH_MAX, Rate::MAX, Factor::MAX);
        assert_eq!(largest.to_string(), format!("5{}", "0".repeat(22)));
        let list = amount("743.983353", "0.06", "1");
        assert_eq!(list.times(Factor::parse("0.85").unwrap()), Some(amount("743.983353", "0.06", "0.85")));
    }

    #[test]
    fn a_line_is_rounded_once_in_the_mode_asked_for() {
        for (exact, currency, even, up, floor) in [
            ("481.1139966356", "USD", "481.11", "481.11", "481.11"),
            ("0.125", "USD", "0.12", "0.13", "0.12"),
            ("0.135", "USD", "0.14", "0.14", "0.13"),
            ("-0.125", "USD", "-0.12", "-0.13", "-0.13"),
            ("1234.5", "JPY", "1234", "1235", "1234"),
            ("0.0125", "KWD", "0.012", "0.013", "0.012"),
        ] {
            let currency = Currency::parse(currency).unwrap();
            let exact = Amount::parse(exact).unwrap();
            for (mode, written) in [(Rounding::HalfEven, even), (Rounding::HalfUp, up), (Rounding::Floor, floor)] {
                assert_eq!(exact.round(currency, mode).to_string(), written, "{exact} {mode:?}");
            }
        }
    }

    #[test]
    fn a_conversion_rounds_like_the_product_it_stands_for() {
        let rate = |text: &str| Rate::parse(text).unwrap();
        for (amount, of, written) in [("100", "0.91234", "91.234"), ("-2.5", "150.5", "-376.25"), ("0", "7", "0")] {
            assert_eq!(Amount::parse(amount).unwrap().converted(rate(of)).to_string(), written, "{amount} x {of}");
        }
        // One unit of the last digit, below a tie and above it: the product has a digit more than there is room for.
        let last = Amount(I256::ONE);
        let half = Amount::parse("0.05").unwrap();
        let currency = Currency::EUR;
        for (amount, sign) in [(half - last, 1), (half + last, 1), (-half - last, -1), (-half + last, -1)] {
            let converted = amount.converted(rate("0.1"));
            let tie = if sign > 0 { Amount::parse("0.005").unwrap() } else { Amount::parse("-0.005").unwrap() };
            assert_eq!(converted < tie, amount < (if sign > 0 { half } else { -half }), "{amount}");
            assert_ne!(converted, tie);
            for mode in [Rounding::HalfEven, Rounding::HalfUp] {
                let away = converted.round(currency, mode).minor() != 0;
                let beyond = if sign > 0 { amount > half } else { amount < -half };
                assert_eq!(away, beyond, "{amount} {mode:?}");
            }
        }
    }

    #[test]
    fn effective_unit_price_is_charge_by_quantity() {
        let charge = Amount::parse("21.39").unwrap();
        assert_eq!(charge.per_unit(Quantity::whole(29)).as_deref(), Some("0.737586206896551"));
        assert_eq!(charge.per_unit(Quantity::ZERO), None);
    }

    /// Above about 170 a unit the rate and the factor no longer multiply within 128 bits.
    #[test]
    fn a_price_is_the_same_on_both_sides_of_128_bits() {
        let factor = Factor::parse("0.85").unwrap();
        for quantity in ["0.000000000000000001", "7.25", "99999999999", "-3.5"] {
            let quantity = Quantity::parse(quantity).unwrap();
            let priced = |rate: &str| Amount::priced(quantity, Rate::parse(rate).unwrap(), factor);
            for (rate, low, high) in [("340.25", "170", "170.25"), ("171", "1", "170"), ("100000", "99830", "170")] {
                assert_eq!(priced(rate), priced(low) + priced(high), "{quantity} at {rate}");
            }
        }
    }
}
