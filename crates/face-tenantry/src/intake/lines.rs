//! NDJSON bodies: an event a line. A line that is broken costs itself and not the others; that is what people
//! choose this form for.

use super::batch::Batch;
use super::event::{Form, Plain, Reading};
use super::fault::Fault;
use super::json::{element, is_blank, past_blanks};
use std::fmt::Display;
use std::str::Utf8Error;
use tenantry_core::Problem;

/// Reads the events of a body. Blank lines are passed over.
pub(super) fn read(body: &[u8]) -> Result<Batch<'_>, Problem> {
    let mut batch = Batch::new(Form::Plain, body.len());
    // Nearly always all of it is text; checked at once, that costs a fraction of checking line by line.
    match std::str::from_utf8(body) {
        Ok(text) => text.split('\n').zip(1..).try_for_each(|(line, number)| push(&mut batch, number, Ok(line)))?,
        Err(_) => body
            .split(|byte| *byte == b'\n')
            .zip(1..)
            .try_for_each(|(line, number)| push(&mut batch, number, std::str::from_utf8(line)))?,
    }
    Ok(batch)
}

fn push<'a>(batch: &mut Batch<'a>, number: usize, line: Result<&'a str, Utf8Error>) -> Result<(), Problem> {
    let reading = match line {
        Ok(text) if text.bytes().all(is_blank) => return Ok(()),
        Ok(text) => read_event(text, number),
        Err(error) => broken(number, error.valid_up_to(), "not UTF-8"),
    };
    batch.push(reading)
}

/// Reads the event of a line that is not blank.
pub(super) fn read_event(text: &str, number: impl Display) -> Reading<'_> {
    read_line(text).unwrap_or_else(|(byte, what)| broken(number, byte, &what))
}

/// The same, of a line that nobody looked at.
pub(super) fn read_bytes(line: &[u8], number: impl Display) -> Reading<'_> {
    match std::str::from_utf8(line) {
        Ok(text) => read_event(text, number),
        Err(error) => broken(number, error.valid_up_to(), "not UTF-8"),
    }
}

fn read_line(text: &str) -> Result<Reading<'_>, (usize, String)> {
    let (reading, end) = element::<Plain>(text, past_blanks(text, 0)).map_err(|broken| (broken.byte, broken.what))?;
    match past_blanks(text, end) {
        end if end == text.len() => Ok(reading),
        more => Err((more, "there is more after the event; write one event a line".to_owned())),
    }
}

fn broken<'a>(number: impl Display, byte: usize, what: &str) -> Reading<'a> {
    Reading::nothing(Fault::malformed(format!("line {number} is not valid JSON at its byte {byte}: {what}")))
}
