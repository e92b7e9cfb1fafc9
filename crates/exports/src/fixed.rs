//! Decimals that fit a column: 24 fraction digits in 128 bits.
//!
//! Charges are exact to 54 fraction digits and no column of any reader holds that: Parquet's decimals, and those of
//! the databases people load our files into, end at 38 digits. So files that are made for machines state a row to 24
//! digits, and what that leaves over goes into the row that also carries the rounding of its line. Nothing is lost
//! and every sum is exact, in any reader.

use ethnum::I256;
use std::fmt::{self, Write};
use tenantry_core::{Amount, Money, Problem, Quantity, Reason};

/// A decimal with at most 24 fraction digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Fixed(i128);

/// Fraction digits of [`Fixed`].
pub const FIXED_SCALE: u32 = 24;
/// All digits a column holds: Parquet's DECIMAL(38, 24).
pub const FIXED_PRECISION: u32 = 38;

const LIMIT: i128 = 10_i128.pow(FIXED_PRECISION);
/// Half the digits: a quantity and a price of so many fraction digits have a product that fits exactly.
const HALF_SCALE: u32 = FIXED_SCALE / 2;
const HALF: i128 = 10_i128.pow(HALF_SCALE);
/// From the digits of a quantity to those of a column.
const QUANTITY_UP: i128 = 10_i128.pow(FIXED_SCALE - Quantity::SCALE);

impl Fixed {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// So many units of 10^-24.
    #[must_use]
    pub const fn from_units(units: i128) -> Self {
        Self(units)
    }

    /// In units of 10^-24.
    #[must_use]
    pub const fn units(self) -> i128 {
        self.0
    }

    /// An amount, half even to 24 digits. `scratch` is kept between calls, so that none allocates.
    ///
    /// # Errors
    /// `TooLarge`: above 10^14.
    pub fn of_amount(amount: Amount, scratch: &mut String) -> Result<Self, Problem> {
        scratch.clear();
        // Writing to a String cannot fail.
        let _ = write!(scratch, "{amount}");
        rounded(scratch).and_then(Self::checked).ok_or_else(|| too_large(scratch))
    }

    /// A quantity, exactly.
    ///
    /// # Errors
    /// `TooLarge`: above 10^14.
    pub fn of_quantity(quantity: Quantity) -> Result<Self, Problem> {
        let units = quantity.units().checked_mul(QUANTITY_UP).and_then(Self::checked);
        units.ok_or_else(|| too_large(&quantity.to_string()))
    }

    /// Money, exactly.
    ///
    /// # Errors
    /// `TooLarge`: above 10^14.
    pub fn of_money(money: Money) -> Result<Self, Problem> {
        let up = 10_i128.pow(FIXED_SCALE - money.currency().exponent());
        money.minor().checked_mul(up).and_then(Self::checked).ok_or_else(|| too_large(&money.to_string()))
    }

    /// Half even to 12 fraction digits.
    #[must_use]
    pub const fn half(self) -> Self {
        Self(half_even(self.0, HALF) * HALF)
    }

    /// What a unit costs: this divided by a quantity, half even to 12 fraction digits. `None` for none of it, and
    /// for a price below zero, which no price is.
    #[must_use]
    pub fn per(self, quantity: Self) -> Option<Self> {
        if quantity.0 == 0 {
            return None;
        }
        // Widened: 38 digits and 12 more.
        let (cost, of) = (I256::from(self.0) * I256::from(HALF), I256::from(quantity.0));
        let (whole, rest) = (cost / of, cost % of);
        let twice = rest.unsigned_abs() * 2_u128;
        let up = match twice.cmp(&of.unsigned_abs()) {
            std::cmp::Ordering::Less => false,
            std::cmp::Ordering::Equal => whole % 2 != I256::ZERO,
            std::cmp::Ordering::Greater => true,
        };
        let away = if (cost < I256::ZERO) == (of < I256::ZERO) { I256::ONE } else { -I256::ONE };
        let price = if up { whole + away } else { whole };
        let price = i128::try_from(price).ok()?.checked_mul(HALF)?;
        Self::checked(price).filter(|price| price.0 >= 0)
    }

    /// A price times a quantity, both of at most 12 fraction digits: exact.
    ///
    /// # Errors
    /// `TooLarge`: above 10^14.
    pub fn times(self, quantity: Self) -> Result<Self, Problem> {
        let product = (self.0 / HALF).checked_mul(quantity.0 / HALF);
        product.and_then(Self::checked).ok_or_else(|| too_large(&format!("{self} x {quantity}")))
    }

    /// The sum; sums of a line stay far from the bound of a column, or are refused.
    ///
    /// # Errors
    /// `TooLarge`: above 10^14.
    pub fn plus(self, other: Self) -> Result<Self, Problem> {
        self.0.checked_add(other.0).and_then(Self::checked).ok_or_else(|| too_large(&format!("{self} + {other}")))
    }

    /// The difference.
    ///
    /// # Errors
    /// `TooLarge`: above 10^14.
    pub fn minus(self, other: Self) -> Result<Self, Problem> {
        self.plus(Self(-other.0))
    }

    /// Whether it is nothing.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// Appends its text: no exponent, no trailing zeros.
    pub(crate) fn push(self, out: &mut Vec<u8>) {
        push_decimal(out, self.0, FIXED_SCALE);
    }

    fn checked(units: i128) -> Option<Self> {
        (units > -LIMIT && units < LIMIT).then_some(Self(units))
    }
}

impl fmt::Display for Fixed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = Vec::with_capacity(40);
        self.push(&mut text);
        f.write_str(&String::from_utf8_lossy(&text))
    }
}

/// Appends a decimal: no exponent, no trailing zeros, a zero before the point.
pub(crate) fn push_decimal(out: &mut Vec<u8>, units: i128, scale: u32) {
    if units < 0 {
        out.push(b'-');
    }
    let one = 10_u128.pow(scale);
    let (whole, mut fraction) = (units.unsigned_abs() / one, units.unsigned_abs() % one);
    push_digits(out, whole, 1);
    if fraction == 0 {
        return;
    }
    out.push(b'.');
    let mut width = scale as usize;
    // Three digits at a time, then one: most fractions are short.
    while fraction.is_multiple_of(1_000) {
        fraction /= 1_000;
        width -= 3;
    }
    while fraction.is_multiple_of(10) {
        fraction /= 10;
        width -= 1;
    }
    push_digits(out, fraction, width);
}

/// Appends digits, at least `width` of them. Division of 128 bits is slow, so 18 digits at a time go through 64.
fn push_digits(out: &mut Vec<u8>, mut value: u128, width: usize) {
    const CHUNK: u128 = 1_000_000_000_000_000_000;
    let mut digits = [b'0'; 40];
    let mut at = digits.len();
    loop {
        let mut low = u64::try_from(value % CHUNK).unwrap_or_default();
        value /= CHUNK;
        let end = at;
        while low > 0 || (value > 0 && end - at < 18) {
            at -= 1;
            if let Some(place) = digits.get_mut(at) {
                *place = b'0' + u8::try_from(low % 10).unwrap_or_default();
            }
            low /= 10;
        }
        if value == 0 {
            break;
        }
    }
    let from = at.min(digits.len().saturating_sub(width));
    out.extend_from_slice(digits.get(from..).unwrap_or_default());
}

const fn half_even(units: i128, by: i128) -> i128 {
    let (whole, rest) = (units / by, (units % by).unsigned_abs());
    let up = rest * 2 > by.unsigned_abs() || (rest * 2 == by.unsigned_abs() && whole % 2 != 0);
    if !up {
        whole
    } else if units < 0 {
        whole - 1
    } else {
        whole + 1
    }
}

/// Decimal text, half even to 24 fraction digits, in units.
fn rounded(text: &str) -> Option<i128> {
    let (negative, text) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let kept = fraction.len().min(FIXED_SCALE as usize);
    let (kept, beyond) = fraction.split_at_checked(kept)?;
    let mut units = number(whole, 0)?;
    units = number(kept, units)?;
    let missing = u32::try_from(FIXED_SCALE as usize - kept.len()).ok()?;
    units = units.checked_mul(10_i128.pow(missing))?;
    // Texts of digits compare like numbers behind the point; a half is a 5 and nothing after it.
    let beyond = beyond.trim_end_matches('0');
    let up = beyond > "5" || (beyond == "5" && units % 2 == 1);
    let units = units.checked_add(i128::from(up))?;
    Some(if negative { -units } else { units })
}

/// Digits appended to a number; 64 bits at a time.
fn number(digits: &str, start: i128) -> Option<i128> {
    digits.as_bytes().chunks(18).try_fold(start, |number, chunk| {
        let low = chunk.iter().fold(0_u64, |low, byte| low * 10 + u64::from(byte.wrapping_sub(b'0') % 10));
        let up = 10_i128.pow(u32::try_from(chunk.len()).ok()?);
        number.checked_mul(up)?.checked_add(i128::from(low))
    })
}

fn too_large(value: &str) -> Problem {
    let told = format!(
        "{value} has more digits before the point than a decimal column holds (14); export the usage format as CSV, \
         which is exact at any size"
    );
    Problem::new(Reason::TooLarge, told)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fixed(text: &str) -> Fixed {
        Fixed::of_amount(Amount::parse_exact(text).unwrap(), &mut String::new()).unwrap()
    }

    fn quantity(text: &str) -> Fixed {
        Fixed::of_quantity(Quantity::parse(text).unwrap()).unwrap()
    }

    #[test]
    fn decimals_are_read_rounded_and_written() {
        for (text, written) in [
            ("0", "0"),
            ("-0.5", "-0.5"),
            ("12345678901234.000000000000000000000001", "12345678901234.000000000000000000000001"),
            ("0.1000000000000000000000005", "0.1"),
            ("0.1000000000000000000000015", "0.100000000000000000000002"),
            ("0.10000000000000000000000050000001", "0.100000000000000000000001"),
            ("-0.1000000000000000000000015", "-0.100000000000000000000002"),
            ("1000000", "1000000"),
            ("99999999999999.9", "99999999999999.9"),
            ("1000000000000000000.5", ""),
        ] {
            let read = Fixed::of_amount(Amount::parse_exact(text).unwrap(), &mut String::new());
            match read {
                Ok(read) => assert_eq!(read.to_string(), written, "{text}"),
                Err(problem) => assert_eq!((problem.reason(), written), (Reason::TooLarge, ""), "{text}"),
            }
        }
    }

    #[test]
    fn prices_and_quantities_multiply_without_loss() {
        for (cost, of, price, product) in [
            ("0.37525", "4.25", "0.088294117647", "0.37524999999975"),
            ("-0.1", "-0.3", "0.333333333333", "-0.0999999999999"),
            ("3", "1.5", "2", "3"),
            ("0.2", "0.3", "0.666666666667", "0.2000000000001"),
        ] {
            let of = quantity(of).half();
            let got = fixed(cost).per(of).unwrap();
            assert_eq!((got.to_string(), got.times(of).unwrap().to_string()), (price.into(), product.into()));
        }
        assert_eq!(fixed("1").per(Fixed::ZERO), None);
        assert_eq!(fixed("-1").per(quantity("1")), None, "no price is below zero");
        assert_eq!(quantity("0.1234567890125").half().to_string(), "0.123456789012");
        assert_eq!(quantity("0.1234567890135").half().to_string(), "0.123456789014");
    }

    #[test]
    fn any_units_are_written_as_they_are() {
        for (units, scale, written) in [
            (1, 24, "0.000000000000000000000001"),
            (10_i128.pow(18), 0, "1000000000000000000"),
            (10_i128.pow(36) + 7, 18, "1000000000000000000.000000000000000007"),
            (-1_500, 3, "-1.5"),
        ] {
            let mut out = Vec::new();
            push_decimal(&mut out, units, scale);
            assert_eq!(String::from_utf8(out).unwrap(), written);
        }
    }
}
