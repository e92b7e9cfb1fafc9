//! Arithmetic of its own, so that a mistake in `Amount` cannot hide behind itself.
//!
//! Whole numbers of 10^-62 in limbs of nine decimal digits: a quantity (18 digits) times a rate (28) times two
//! factors (8 each) fits without loss. Slow, short and schoolbook on purpose. The tests of `usage` include this
//! file as well.

use std::cmp::Ordering;
use std::fmt;

/// Digits after the point.
const SCALE: u32 = 62;
const LIMB: u64 = 1_000_000_000;

/// An exact decimal number. Limbs are lowest first, without leading zeros; zero is not negative.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Exact {
    negative: bool,
    limbs: Vec<u64>,
}

impl Exact {
    /// The product of whole numbers, each with its number of fraction digits.
    pub fn product(parts: &[(i128, u32)]) -> Self {
        let digits: u32 = parts.iter().map(|(_, digits)| digits).sum();
        assert!(digits <= SCALE, "the oracle keeps {SCALE} digits, {digits} were asked for");
        let mut limbs = vec![1];
        for (value, _) in parts {
            limbs = multiplied(&limbs, &split(value.unsigned_abs()));
        }
        for _ in digits..SCALE {
            limbs = multiplied(&limbs, &[10]);
        }
        let negative = parts.iter().filter(|(value, _)| *value < 0).count() % 2 == 1;
        Self { negative, limbs }.tidy()
    }

    pub fn plus(&self, other: &Self) -> Self {
        if self.negative == other.negative {
            return Self { negative: self.negative, limbs: added(&self.limbs, &other.limbs) }.tidy();
        }
        match compared(&self.limbs, &other.limbs) {
            Ordering::Less => Self { negative: other.negative, limbs: less(&other.limbs, &self.limbs) }.tidy(),
            _ => Self { negative: self.negative, limbs: less(&self.limbs, &other.limbs) }.tidy(),
        }
    }

    pub fn minus(&self, other: &Self) -> Self {
        self.plus(&Self { negative: !other.negative, limbs: other.limbs.clone() }.tidy())
    }

    fn tidy(mut self) -> Self {
        while self.limbs.last() == Some(&0) {
            self.limbs.pop();
        }
        self.negative &= !self.limbs.is_empty();
        self
    }
}

fn split(mut value: u128) -> Vec<u64> {
    let mut limbs = Vec::new();
    while value > 0 {
        limbs.push(u64::try_from(value % u128::from(LIMB)).unwrap());
        value /= u128::from(LIMB);
    }
    limbs
}

fn multiplied(a: &[u64], b: &[u64]) -> Vec<u64> {
    let mut product = vec![0; a.len() + b.len()];
    for (i, x) in a.iter().enumerate() {
        let mut carry = 0;
        for (j, y) in b.iter().enumerate() {
            let sum = product[i + j] + x * y + carry;
            product[i + j] = sum % LIMB;
            carry = sum / LIMB;
        }
        product[i + b.len()] += carry;
    }
    product
}

fn added(a: &[u64], b: &[u64]) -> Vec<u64> {
    let mut carry = 0;
    let mut sum = Vec::new();
    for at in 0..=a.len().max(b.len()) {
        let limb = a.get(at).unwrap_or(&0) + b.get(at).unwrap_or(&0) + carry;
        sum.push(limb % LIMB);
        carry = limb / LIMB;
    }
    sum
}

/// `a - b`, where `a` is not the smaller one.
fn less(a: &[u64], b: &[u64]) -> Vec<u64> {
    let mut borrow = 0;
    let mut rest = Vec::new();
    for (at, limb) in a.iter().enumerate() {
        let taken = b.get(at).unwrap_or(&0) + borrow;
        borrow = u64::from(*limb < taken);
        rest.push(limb + borrow * LIMB - taken);
    }
    rest
}

/// Both without leading zeros.
fn compared(a: &[u64], b: &[u64]) -> Ordering {
    a.len().cmp(&b.len()).then_with(|| a.iter().rev().cmp(b.iter().rev()))
}

/// A whole number of 10^-digits as decimal text, without trailing zeros.
pub fn decimal(value: i128, digits: u32) -> String {
    point(value < 0, &value.unsigned_abs().to_string(), digits)
}

fn point(negative: bool, digits: &str, scale: u32) -> String {
    let scale = scale as usize;
    let padded = format!("{digits:0>width$}", width = scale + 1);
    let (whole, fraction) = padded.split_at(padded.len() - scale);
    let fraction = fraction.trim_end_matches('0');
    let sign = if negative { "-" } else { "" };
    if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
}

impl fmt::Display for Exact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits: String = self.limbs.iter().rev().map(|limb| format!("{limb:09}")).collect();
        f.write_str(&point(self.negative, digits.trim_start_matches('0'), SCALE))
    }
}

impl fmt::Debug for Exact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[test]
fn the_oracle_can_count() {
    let one = |value: i128| Exact::product(&[(value, 18)]);
    let nines = 999_999_999_999_999_999_999_999_999_i128;
    assert_eq!(
        Exact::product(&[(nines, 0), (nines, 0)]).to_string(),
        format!("{}8{}1", "9".repeat(26), "0".repeat(26))
    );
    assert_eq!(Exact::product(&[(-3, 18), (5, 28), (2, 8)]).to_string(), format!("-0.{}3", "0".repeat(52)));
    for (a, b) in [(0, 0), (5, -5), (-1, nines), (nines, -1), (-7, -8), (1_000_000_000, -999_999_999)] {
        assert_eq!(one(a).plus(&one(b)).to_string(), decimal(a + b, 18), "{a} + {b}");
        assert_eq!(one(a).minus(&one(b)).to_string(), decimal(a - b, 18), "{a} - {b}");
    }
}
