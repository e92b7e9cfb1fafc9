//! JSON bodies: an object is one event, an array is a batch.
//!
//! The array is walked element by element and not handed to the parser as a whole: so every element is scanned
//! once, one that is no event costs a verdict and not the batch, a batch that is too long is refused at its
//! 10,001st event, and a body that breaks off names its byte.

use super::batch::Batch;
use super::broken::Broken;
use super::event::{Envelope, Reading};
use super::fault::Fault;
use super::members::Members;
use super::scan;
use serde::Deserialize;
use serde::de::IgnoredAny;
use tenantry_core::Problem;

/// Reads the one event of a body.
pub(super) fn one<E: Envelope>(text: &str) -> Result<Batch<'_>, Problem> {
    let mut batch = Batch::new(E::FORM, text.len());
    let start = past_blanks(text, 0);
    let (reading, end) = element::<E>(text, start).map_err(|broken| broken.problem())?;
    nothing_after(text, end)?;
    batch.push(reading)?;
    Ok(batch)
}

/// Reads an array of events.
pub(super) fn many<E: Envelope>(text: &str) -> Result<Batch<'_>, Problem> {
    let mut batch = Batch::new(E::FORM, text.len());
    // The caller looked: the first byte that is no blank is `[`.
    let mut at = past_blanks(text, past_blanks(text, 0) + 1);
    if byte(text, at) == Some(b']') {
        nothing_after(text, at + 1)?;
        return Ok(batch);
    }
    loop {
        let (reading, end) = element::<E>(text, at).map_err(|broken| broken.problem())?;
        batch.push(reading)?;
        at = past_blanks(text, end);
        match byte(text, at) {
            Some(b',') => at = past_blanks(text, at + 1),
            Some(b']') => break,
            Some(_) => return Err(broken(at, "expected `,` or `]`").problem()),
            None => return Err(broken(at, "the array is not closed").problem()),
        }
    }
    nothing_after(text, at + 1)?;
    Ok(batch)
}

/// Reads the value that begins at a byte, and says where it ends.
pub(super) fn element<E: Envelope>(text: &str, at: usize) -> Result<(Reading<'_>, usize), Broken> {
    if byte(text, at) == Some(b'{') {
        if let Some((members, end)) = scan::members::<E>(text, at) {
            return Ok((E::open(&members), end));
        }
        let (members, end) = value::<Members<'_, E>>(text, at)?;
        return Ok((E::open(&members), end));
    }
    let (_, end) = value::<IgnoredAny>(text, at)?;
    Ok((Reading::nothing(Fault::not_an_object()), end))
}

fn value<'a, T: Deserialize<'a>>(text: &'a str, at: usize) -> Result<(T, usize), Broken> {
    let mut values = serde_json::Deserializer::from_str(text.get(at..).unwrap_or_default()).into_iter::<T>();
    match values.next() {
        Some(Ok(value)) => Ok((value, at + values.byte_offset())),
        Some(Err(error)) => Err(Broken::of(text, at, &error)),
        None => Err(broken(at, "an event is missing")),
    }
}

fn broken(byte: usize, what: &str) -> Broken {
    Broken { byte, what: what.to_owned() }
}

fn nothing_after(text: &str, at: usize) -> Result<(), Problem> {
    let at = past_blanks(text, at);
    if at == text.len() { Ok(()) } else { Err(broken(at, "there is more after the end").problem()) }
}

pub(super) fn past_blanks(text: &str, at: usize) -> usize {
    let bytes = text.as_bytes();
    let mut at = at;
    while bytes.get(at).is_some_and(|byte| is_blank(*byte)) {
        at += 1;
    }
    at
}

/// What JSON calls white space.
pub(super) const fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

fn byte(text: &str, at: usize) -> Option<u8> {
    text.as_bytes().get(at).copied()
}
