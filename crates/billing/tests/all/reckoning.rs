//! Sums and rounding, said once more in the plainest way: on decimal text, digit by digit.

use crate::exact::Exact;

/// Reads decimal text.
pub fn exact(text: &str) -> Exact {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = u32::try_from(fraction.len()).unwrap();
    Exact::product(&[(format!("{whole}{fraction}").parse().unwrap(), digits)])
}

/// The sum of decimal texts, as text.
pub fn sum<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    texts.into_iter().fold(Exact::default(), |sum, text| sum.plus(&exact(text))).to_string()
}

/// Decimal text, half even to so many fraction digits, in the smallest unit.
pub fn half_even(text: &str, digits: usize) -> i128 {
    let (negative, text) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let fraction = format!("{fraction:0<digits$}");
    let (kept, rest) = fraction.split_at(digits);
    let units: i128 = format!("{whole}{kept}").parse().unwrap();
    // Texts of digits compare like numbers once they are of one length; a half is a 5 and nothing behind it.
    let rest = rest.trim_end_matches('0');
    let up = rest > "5" || (rest == "5" && units % 2 == 1);
    let units = units + i128::from(up);
    if negative { -units } else { units }
}

/// An amount in its smallest unit as it stands on documents.
pub fn written(minor: i128, digits: usize) -> String {
    let text = format!("{:0>width$}", minor.unsigned_abs(), width = digits + 1);
    let (whole, fraction) = text.split_at(text.len() - digits);
    let sign = if minor < 0 { "-" } else { "" };
    if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
}

#[test]
fn the_reckoning_can_round() {
    for (text, digits, expected) in [
        ("0.125", 2, "0.12"),
        ("0.135", 2, "0.14"),
        ("0.1250001", 2, "0.13"),
        ("-0.125", 2, "-0.12"),
        ("-0.126", 2, "-0.13"),
        ("0.005", 2, "0.00"),
        ("1234.5", 0, "1234"),
        ("1235.5", 0, "1236"),
        ("7", 3, "7.000"),
    ] {
        assert_eq!(written(half_even(text, digits), digits), expected, "{text}");
    }
    assert_eq!(sum(["0.1", "-3", "2.95"]), "0.05");
}
