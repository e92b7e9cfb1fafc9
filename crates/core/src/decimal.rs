//! Reading and writing decimal text without ever passing through a float.

use ethnum::U256;
use std::fmt;

/// Why a text is not a decimal this type can hold exactly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DecimalError {
    /// Not a plain decimal number: `NaN`, an empty text, a stray letter.
    Malformed(String),
    /// An exponent (`6e-06`) where only plain decimals are accepted.
    Exponent(String),
    /// More significant fraction digits than the type keeps; trailing zeros do not count.
    TooPrecise {
        /// The text as seen.
        seen: String,
        /// How many fraction digits the type keeps.
        digits_max: u32,
    },
    /// The whole part does not fit.
    TooLarge(String),
    /// Negative where only zero or more makes sense.
    Negative(String),
}

impl fmt::Display for DecimalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(seen) => write!(f, "`{seen}` is not a decimal number"),
            Self::Exponent(seen) => {
                write!(f, "`{seen}` uses an exponent; write the number out, for example 0.000006")
            }
            Self::TooPrecise { seen, digits_max } => {
                write!(f, "`{seen}` has more than {digits_max} significant fraction digits")
            }
            Self::TooLarge(seen) => write!(f, "`{seen}` is too large"),
            Self::Negative(seen) => write!(f, "`{seen}` is negative"),
        }
    }
}

impl std::error::Error for DecimalError {}

/// Whether `6e-06` is read (price sheets hold such literals) or refused (usage events must not).
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exponents {
    Read,
    Refuse,
}

/// Reads a decimal text as `units` of 10^-scale. Exact or refused; no rounding.
pub(crate) fn parse(text: &str, scale: u32, exponents: Exponents) -> Result<i128, DecimalError> {
    match short(text.as_bytes(), scale) {
        Some(units) => Ok(units),
        None => parse_any(text, scale, exponents),
    }
}

/// Texts of at most 18 digits and no surprises, which is nearly all of them: their digits fit a machine word.
fn short(text: &[u8], scale: u32) -> Option<i128> {
    const DIGITS_MAX: usize = 18;
    let (negative, unsigned) = match text.split_first() {
        Some((b'-', rest)) => (true, rest),
        _ => (false, text),
    };
    if unsigned.len() > DIGITS_MAX || !unsigned.first()?.is_ascii_digit() || !unsigned.last()?.is_ascii_digit() {
        return None;
    }
    let mut units: i64 = 0;
    let mut point = None;
    for (at, byte) in unsigned.iter().enumerate() {
        match byte {
            b'0'..=b'9' => units = units * 10 + i64::from(byte - b'0'),
            b'.' if point.is_none() => point = Some(at),
            _ => return None,
        }
    }
    let fraction_digits = u32::try_from(point.map_or(0, |at| unsigned.len() - at - 1)).ok()?;
    let shifted = i128::from(units).checked_mul(10_i128.checked_pow(scale.checked_sub(fraction_digits)?)?)?;
    Some(if negative { -shifted } else { shifted })
}

fn parse_any(text: &str, scale: u32, exponents: Exponents) -> Result<i128, DecimalError> {
    let seen = || clip(text);
    let (negative, unsigned) = match text.as_bytes().first() {
        Some(b'-') => (true, &text[1..]),
        Some(b'+') => (false, &text[1..]),
        _ => (false, text),
    };
    let (mantissa, exponent) = match unsigned.find(['e', 'E']) {
        None => (unsigned, 0),
        Some(at) => {
            let power: i32 = unsigned[at + 1..].parse().map_err(|_| DecimalError::Malformed(seen()))?;
            // Only a text that would be a number earns the word "exponent".
            if exponents == Exponents::Refuse {
                return Err(DecimalError::Exponent(seen()));
            }
            (&unsigned[..at], power)
        }
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits_only = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !digits_only(whole) || !digits_only(fraction) || mantissa.ends_with('.') {
        return Err(DecimalError::Malformed(seen()));
    }
    let fraction = fraction.trim_end_matches('0');
    let mut units: i128 = 0;
    for digit in whole.bytes().chain(fraction.bytes()) {
        units = units
            .checked_mul(10)
            .and_then(|u| u.checked_add(i128::from(digit - b'0')))
            .ok_or_else(|| DecimalError::TooLarge(seen()))?;
    }
    let fraction_digits = i64::try_from(fraction.len()).unwrap_or(i64::MAX);
    let shift = i64::from(scale) - fraction_digits + i64::from(exponent);
    let shifted = shift_units(units, shift).map_err(|lost| match lost {
        Lost::Digits => DecimalError::TooPrecise { seen: seen(), digits_max: scale },
        Lost::Range => DecimalError::TooLarge(seen()),
    })?;
    Ok(if negative { -shifted } else { shifted })
}

enum Lost {
    Digits,
    Range,
}

fn shift_units(units: i128, shift: i64) -> Result<i128, Lost> {
    if units == 0 {
        return Ok(0);
    }
    let power = |by: u64| u32::try_from(by).ok().and_then(|by| 10_i128.checked_pow(by));
    if shift >= 0 {
        let factor = power(shift.unsigned_abs()).ok_or(Lost::Range)?;
        units.checked_mul(factor).ok_or(Lost::Range)
    } else {
        let divisor = power(shift.unsigned_abs()).ok_or(Lost::Digits)?;
        if units % divisor == 0 { Ok(units / divisor) } else { Err(Lost::Digits) }
    }
}

/// Keeps an error message readable when somebody posts a megabyte of digits.
fn clip(text: &str) -> String {
    const SHOWN: usize = 60;
    if text.len() <= SHOWN {
        return text.to_owned();
    }
    let end = (0..=SHOWN).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
    format!("{}…", &text[..end])
}

/// The digits of a number, without memory of their own: documents have a million of them.
pub(crate) struct Digits {
    bytes: [u8; Self::MAX],
    start: usize,
}

impl Digits {
    /// Those of the largest number of 256 bits.
    const MAX: usize = 78;
    /// As many as a machine word holds.
    const IN_A_WORD: usize = 19;
    const WORD: u64 = 10_u64.pow(19);

    pub(crate) fn of(number: impl Into<U256>) -> Self {
        let (high, low) = number.into().into_words();
        let mut limbs = [high >> 64, high & u128::from(u64::MAX), low >> 64, low & u128::from(u64::MAX)];
        let mut digits = Self { bytes: [b'0'; Self::MAX], start: Self::MAX };
        loop {
            // As on paper: the highest limb first, what is left of it in front of the next.
            let mut rest = 0;
            for limb in &mut limbs {
                let of = (rest << 64) | *limb;
                (*limb, rest) = (of / u128::from(Self::WORD), of % u128::from(Self::WORD));
            }
            let end = digits.start;
            digits.push(u64::try_from(rest).unwrap_or_default());
            if limbs == [0; 4] {
                return digits;
            }
            // The zeros in front of what is not the highest word are there already.
            digits.start = end.saturating_sub(Self::IN_A_WORD);
        }
    }

    /// Writes a word in front; one digit for zero.
    fn push(&mut self, mut word: u64) {
        loop {
            self.start -= 1;
            self.bytes[self.start] = b'0' + u8::try_from(word % 10).unwrap_or_default();
            word /= 10;
            if word == 0 {
                return;
            }
        }
    }

    pub(crate) fn as_str(&self) -> &str {
        std::str::from_utf8(&self.bytes[self.start..]).unwrap_or_default()
    }
}

/// Zeros behind a point, as many as any type keeps.
const ZEROS: &str = "000000000000000000000000000000000000000000000000000000";

/// Writes a number of 10^-scale without trailing zeros: `481.1139966356`, `0`.
pub(crate) fn write(f: &mut fmt::Formatter<'_>, negative: bool, number: impl Into<U256>, scale: u32) -> fmt::Result {
    let digits = Digits::of(number);
    let (whole, zeros, fraction) = at_point(digits.as_str(), scale);
    let fraction = fraction.trim_end_matches('0');
    let (zeros, point) = if fraction.is_empty() { ("", "") } else { (zeros, ".") };
    let sign = if negative { "-" } else { "" };
    // Mostly nobody wants it wider, and none is put together first.
    if f.width().is_none() && !f.sign_plus() {
        return [sign, whole, point, zeros, fraction].into_iter().try_for_each(|part| f.write_str(part));
    }
    f.pad_integral(true, "", &format!("{sign}{whole}{point}{zeros}{fraction}"))
}

/// Digits before the point, and zeros and digits behind it.
pub(crate) fn at_point(digits: &str, scale: u32) -> (&str, &str, &str) {
    let scale = scale as usize;
    match digits.len().checked_sub(scale) {
        None | Some(0) => ("0", ZEROS.get(..scale - digits.len()).unwrap_or(ZEROS), digits),
        Some(point) => (&digits[..point], "", &digits[point..]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_those_of_the_number() {
        for power in 0..=77 {
            let power = U256::new(10).pow(power);
            for number in [power - 1, power, power + 1, power.wrapping_mul(U256::new(7)), U256::MAX / power] {
                assert_eq!(Digits::of(number).as_str(), number.to_string());
            }
        }
        assert_eq!(Digits::of(U256::MAX).as_str(), U256::MAX.to_string());
        assert_eq!(Digits::of(u128::MAX).as_str(), u128::MAX.to_string());
    }

    #[test]
    fn a_point_stands_between_digits() {
        let long = "0".repeat(51);
        for (digits, scale, parts) in [
            ("0", 0, ("0", "", "")),
            ("317", 0, ("317", "", "")),
            ("7", 2, ("0", "0", "7")),
            ("17", 2, ("0", "", "17")),
            ("317", 2, ("3", "", "17")),
            ("317", 54, ("0", long.as_str(), "317")),
        ] {
            assert_eq!(at_point(digits, scale), parts, "{digits} {scale}");
        }
    }

    #[test]
    fn what_is_read_fast_is_read_the_same_slowly() {
        // All texts of up to six of these characters, in front of and behind some digits.
        let alphabet = ["0", "7", ".", "-", "+", "e", " "];
        let mut texts = vec![String::new()];
        for _ in 0..5 {
            let longer = texts.iter().flat_map(|text| alphabet.iter().map(move |more| format!("{text}{more}")));
            texts = longer.collect();
            for text in &texts {
                for text in [text.clone(), format!("{text}12345678901234"), format!("12345678901{text}")] {
                    for scale in [8, 18] {
                        let slow = parse_any(&text, scale, Exponents::Refuse);
                        assert_eq!(parse(&text, scale, Exponents::Refuse), slow, "{text} at scale {scale}");
                    }
                }
            }
        }
        assert_eq!(short(b"-0.000001", 18), Some(-1_000_000_000_000));
        assert_eq!(short(b"1.123456789", 8), None, "finer than the scale");
    }
}
