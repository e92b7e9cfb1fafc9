//! Reads the objects that nearly all events are, in one pass: known members, each once, texts without escapes, plain
//! numbers, flat objects.
//!
//! Whatever is unusual (an escape, an exponent, `null`, a name that is unknown or there twice, anything that is no
//! JSON) is left to the general reader in `members`, which knows every form and names what is wrong. So this one has
//! no errors, only "not mine", and what it reads the general reader reads the same.

use super::json::past_blanks;
use super::members::{Members, Shape};

/// Objects in objects, followed so deep.
const DEPTH: usize = 4;

/// The members of the object that begins at a place, and where it ends.
pub(super) fn members<S: Shape>(text: &str, at: usize) -> Option<(Members<'_, S>, usize)> {
    let mut members = Members::empty();
    // Senders write their members in one order, most often in ours.
    let mut expected = 0;
    let end = object(text, at, &mut |name, from, to| {
        let place = place_of::<S>(name, expected)?;
        expected = place + 1;
        members.put(place, text.get(from..to)?)
    })?;
    Some((members, end))
}

fn place_of<S: Shape>(name: &str, expected: usize) -> Option<usize> {
    if S::NAMES.get(expected).is_some_and(|known| *known == name) {
        return Some(expected);
    }
    S::NAMES.iter().position(|known| *known == name)
}

/// Walks an object: `member` is given each name and where its value lies. Says where the object ends.
fn object<'a>(text: &'a str, at: usize, member: &mut dyn FnMut(&'a str, usize, usize) -> Option<()>) -> Option<usize> {
    walk(text, at, DEPTH, member)
}

fn walk<'a>(
    text: &'a str,
    at: usize,
    depth: usize,
    member: &mut dyn FnMut(&'a str, usize, usize) -> Option<()>,
) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = past(text, at, b'{')?;
    if bytes.get(at) == Some(&b'}') {
        return Some(at + 1);
    }
    loop {
        let name_end = string(bytes, at)?;
        let name = text.get(at + 1..name_end - 1)?;
        let from = past(text, past_blanks(text, name_end), b':')?;
        let to = value(text, from, depth)?;
        member(name, from, to)?;
        at = past_blanks(text, to);
        match bytes.get(at)? {
            b',' => at = past_blanks(text, at + 1),
            b'}' => return Some(at + 1),
            _ => return None,
        }
    }
}

/// Past a byte that has to be there, and the blanks behind it.
fn past(text: &str, at: usize, byte: u8) -> Option<usize> {
    (text.as_bytes().get(at) == Some(&byte)).then(|| past_blanks(text, at + 1))
}

/// Where a value ends.
fn value(text: &str, at: usize, depth: usize) -> Option<usize> {
    match text.as_bytes().get(at)? {
        b'"' => string(text.as_bytes(), at),
        b'-' | b'0'..=b'9' => number(text.as_bytes(), at),
        b'{' => walk(text, at, depth.checked_sub(1)?, &mut |_, _, _| Some(())),
        _ => None,
    }
}

/// Where the text that begins with the quote at a place ends, its closing quote included. Eight bytes are looked at
/// at a time: the first that is a quote, a backslash or a control character ends the search.
fn string(bytes: &[u8], at: usize) -> Option<usize> {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = ONES << 7;
    /// Marks the high bit of the lowest byte of `word` that is zero; bits above it mean nothing.
    const fn zero(word: u64) -> u64 {
        word.wrapping_sub(ONES) & !word & HIGH
    }
    if bytes.get(at) != Some(&b'"') {
        return None;
    }
    let mut at = at + 1;
    while let Some(chunk) = bytes.get(at..).and_then(<[u8]>::first_chunk::<8>) {
        let word = u64::from_le_bytes(*chunk);
        let control = word.wrapping_sub(ONES * 0x20) & !word & HIGH;
        let found = zero(word ^ (ONES * 0x22)) | zero(word ^ (ONES * 0x5c)) | control;
        if found != 0 {
            at += (found.trailing_zeros() / 8) as usize;
            return (bytes.get(at) == Some(&b'"')).then_some(at + 1);
        }
        at += 8;
    }
    let rest = bytes.get(at..)?;
    let found = rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..0x20))?;
    (rest.get(found) == Some(&b'"')).then_some(at + found + 1)
}

/// Where a number without an exponent ends.
fn number(bytes: &[u8], at: usize) -> Option<usize> {
    let digits = |from: usize| from + bytes[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let whole = at + usize::from(bytes.get(at) == Some(&b'-'));
    let mut end = digits(whole);
    let leading_zero = bytes.get(whole) == Some(&b'0') && end > whole + 1;
    if end == whole || leading_zero {
        return None;
    }
    if bytes.get(end) == Some(&b'.') {
        let fraction = end + 1;
        end = digits(fraction);
        if end == fraction {
            return None;
        }
    }
    let ended = bytes.get(end).is_none_or(|byte| matches!(byte, b',' | b'}' | b']' | b' ' | b'\t' | b'\n' | b'\r'));
    ended.then_some(end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::value::RawValue;

    struct Pair;

    impl Shape for Pair {
        const NAMES: &'static [&'static str] = &["a", "b", "c"];
    }

    /// What the general reader makes of it: the members, or none at all.
    fn slowly(text: &str) -> Option<[Option<String>; 3]> {
        let members: Members<'_, Pair> = serde_json::from_str(text).ok()?;
        let unusual = members.unknown.is_some() || members.repeated.is_some();
        (!unusual).then(|| ["a", "b", "c"].map(|name| members.get(name).map(str::to_owned)))
    }

    fn fast(text: &str) -> Option<[Option<String>; 3]> {
        let (members, end) = members::<Pair>(text, 0)?;
        (end == text.len()).then(|| ["a", "b", "c"].map(|name| members.get(name).map(str::to_owned)))
    }

    #[test]
    fn what_is_read_fast_is_read_the_same_slowly() {
        // Every sequence of up to six of these tokens inside braces.
        let tokens = ["\"a\"", "\"b\":", ":", ",", "-1.50", "{}", "{\"x\":\"é\"}", "\"1234567890\"", " ", "0"];
        let mut texts = vec![String::new()];
        let (mut read, mut left) = (0, 0);
        for _ in 0..5 {
            texts = texts.iter().flat_map(|text| tokens.iter().map(move |token| format!("{text}{token}"))).collect();
            for text in &texts {
                let text = format!("{{{text}}}");
                match fast(&text) {
                    Some(members) => {
                        assert_eq!(slowly(&text), Some(members), "{text}");
                        read += 1;
                    }
                    None => left += 1,
                }
            }
        }
        assert!(read > 200 && left > 200, "{read} {left}");
    }

    #[test]
    fn values_are_read_as_written_or_left_alone() {
        for (value, mine) in [
            ("\"\"", true),
            ("\"a text longer than sixteen bytes, with ünicode and / signs\"", true),
            ("0", true),
            ("-0.5", true),
            ("123456789012345678901234567890.000", true),
            ("{\"x\":{\"y\":{\"z\":1}}}", true),
            ("{\"x\":{\"y\":{\"z\":{\"w\":{}}}}}", false),
            ("\"seven..\\u0041\"", false),
            ("\"tab\there, and more\"", false),
            ("\"long enough for words \u{1} and more\"", false),
            ("\"not closed", false),
            ("01", false),
            ("1.", false),
            ("-", false),
            ("1e5", false),
            ("1x", false),
            ("+1", false),
            ("null", false),
            ("true", false),
            ("[1]", false),
            ("", false),
        ] {
            for blanks in ["", " ", "\n\t\r "] {
                let text = format!("{{{blanks}\"b\"{blanks}:{blanks}{value}{blanks},{blanks}\"a\"{blanks}:1{blanks}}}");
                let expected = mine.then(|| [Some("1".to_owned()), Some(value.to_owned()), None]);
                assert_eq!(fast(&text), expected, "{text}");
                if mine {
                    assert_eq!(slowly(&text), expected, "{text}");
                    assert!(serde_json::from_str::<&RawValue>(value).is_ok());
                }
            }
        }
        for text in
            ["", "{", "{}x", "{\"a\"}", "{\"a\":1", "{\"a\":1,}", "{\"a\":1,\"a\":2}", "{\"d\":1}", "{\"\\u0061\":1}"]
        {
            assert_eq!(fast(text), None, "{text}");
        }
        assert_eq!(fast("{}"), Some([None, None, None]));
    }
}
