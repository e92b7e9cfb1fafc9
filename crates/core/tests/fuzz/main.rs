//! Decimals, times and names, read from texts that nobody wrote on purpose.
//!
//! What these readers take becomes money, so the law is strict: whatever is read is written as a text that reads as the
//! very same value, and two readers of one text never disagree about it.
#![cfg(test)]

#[path = "../../../testkit/src/fuzz.rs"]
mod fuzz;

use fuzz::{Seen, Target};
use std::fmt::Display;
use tenantry_core::{
    Amount, Currency, Day, Factor, MeterId, Money, Month, Quantity, Rate, ResourceUri, Rounding, Timestamp,
};

fn target(name: &'static str, rounds: u64, dictionary: &'static [&'static str]) -> Target {
    Target::new(name, fuzz::corpus(env!("CARGO_MANIFEST_DIR"), name), rounds, dictionary)
}

/// Reads a text, writes the value and reads that again.
#[track_caller]
fn again<T: PartialEq + Display, E: Display>(text: &str, read: impl Fn(&str) -> Result<T, E>) -> Result<T, String> {
    let value = read(text).map_err(|error| error.to_string())?;
    let written = value.to_string();
    match read(&written) {
        Ok(same) if same == value => Ok(value),
        Ok(other) => panic!("`{text}` is written `{written}`, which reads as {other}"),
        Err(error) => panic!("`{text}` is written `{written}`, which is refused: {error}"),
    }
}

/// Accepted if any reader takes it; the first refusal if none does.
fn seen<const N: usize>(results: [Result<(), String>; N]) -> Seen {
    let mut refusals = results.into_iter().filter_map(Result::err).collect::<Vec<_>>();
    assert!(refusals.iter().all(|said| !said.trim().is_empty()), "refused without a word");
    if refusals.len() < N { Seen::Accepted } else { Seen::Refused(refusals.swap_remove(0)) }
}

#[test]
fn fuzz_decimals_read_as_they_are_written() {
    target("decimals", 400, &["e-18", "E+5", "e2147483647", "e-2147483648", "0.", "00", "1e-28"]).run(|bytes| {
        let text = &String::from_utf8_lossy(bytes);
        let quantity = again(text, Quantity::parse);
        let lenient = again(text, Quantity::parse_lenient);
        if let Ok(strict) = &quantity {
            assert_eq!(lenient.as_ref(), Ok(strict), "the two readers of quantities disagree on `{text}`");
        }
        let amount = again(text, Amount::parse);
        let exact = again(text, Amount::parse_exact);
        if let (Ok(one), Ok(other)) = (&amount, &exact) {
            assert_eq!(one, other, "the two readers of amounts disagree on `{text}`");
        }
        for amount in amount.iter().chain(&exact) {
            rounds(*amount);
        }
        let rate = again(text, Rate::parse);
        let factor = again(text, Factor::parse);
        seen([
            quantity.map(drop),
            lenient.map(drop),
            amount.map(drop),
            exact.map(drop),
            rate.map(drop),
            factor.map(drop),
        ])
    });
}

/// Rounding moves by less than a unit, and what is round stays.
fn rounds(amount: Amount) {
    // Beyond what money holds an amount cannot be written on a document; it is never reached (`Amount`).
    let bound = Amount::parse("1000000000").unwrap();
    if amount > bound || amount < -bound {
        return;
    }
    for code in ["USD", "JPY", "KWD"] {
        let currency = Currency::parse(code).unwrap();
        let rounded = amount.round(currency, Rounding::HalfEven);
        let moved = Amount::of(rounded) - amount;
        let unit = Amount::of(Money::from_minor(1, currency));
        assert!(moved < unit && -moved < unit, "{amount} is rounded to {rounded:?}");
        assert_eq!(Amount::of(rounded).round(currency, Rounding::HalfEven), rounded);
    }
}

#[test]
fn fuzz_times_read_as_they_are_written() {
    target(
        "times",
        4_000,
        &["Z", "z", "+14:00", "-12:00", " 05:30", "T24:00:00", "0000-01-01", "9999-12-31", ".999999999"],
    )
    .run(|bytes| {
        let text = &String::from_utf8_lossy(bytes);
        let time = again(text, Timestamp::parse);
        if let Ok(time) = &time {
            assert!(time.day().start() <= *time && *time < time.day().next().start(), "{time} is not on its day");
            assert_eq!(time.hour().start().day(), time.day(), "{time}: its hour lies on another day");
        }
        let day = again(text, Day::parse);
        let month = again(text, Month::parse);
        if let Ok(month) = &month {
            assert_eq!(month.next().previous(), *month);
            assert_eq!(Month::of(month.first_day()), *month);
        }
        seen([time.map(drop), day.map(drop), month.map(drop)])
    });
}

#[test]
fn fuzz_names_read_as_they_are_written() {
    target("names", 4_000, &["urn:uuid:", "{", "}", "USD", "/", "%2f"]).run(|bytes| {
        let text = &String::from_utf8_lossy(bytes);
        let meter = again(text, MeterId::parse);
        let currency = Currency::parse(text).map_err(|error| error.to_string());
        if let Ok(currency) = currency {
            assert_eq!(Currency::parse(currency.code()), Ok(currency));
        }
        // Any text names a resource; it is printed as sent, and its folded form has no other.
        let resource = ResourceUri::new(text.to_string());
        assert_eq!(resource.as_str(), text.as_ref());
        assert_eq!(ResourceUri::new(resource.folded()).folded(), resource.folded());
        seen([meter.map(drop), currency.map(drop)])
    });
}
