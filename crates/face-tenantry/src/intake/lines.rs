//! NDJSON bodies: an event a line. A line that is broken costs itself and not the others; that is what people
//! choose this form for.

use super::batch::Batch;
use super::event::{Form, Plain, Reading};
use super::fault::Fault;
use super::json::{element, is_blank, past_blanks};
use tenantry_core::Problem;

/// Reads the events of a body. Blank lines are passed over.
pub(super) fn read(body: &[u8]) -> Result<Batch<'_>, Problem> {
    let mut batch = Batch::new(Form::Plain);
    for (line, number) in body.split(|byte| *byte == b'\n').zip(1_usize..) {
        if line.iter().copied().all(is_blank) {
            continue;
        }
        let reading = match std::str::from_utf8(line) {
            Ok(text) => read_line(text).unwrap_or_else(|(byte, what)| broken(number, byte, &what)),
            Err(error) => broken(number, error.valid_up_to(), "not UTF-8"),
        };
        batch.push(reading)?;
    }
    Ok(batch)
}

fn read_line(text: &str) -> Result<Reading<'_>, (usize, String)> {
    let (reading, end) = element::<Plain>(text, past_blanks(text, 0)).map_err(|broken| (broken.byte, broken.what))?;
    match past_blanks(text, end) {
        end if end == text.len() => Ok(reading),
        more => Err((more, "there is more after the event; write one event a line".to_owned())),
    }
}

fn broken<'a>(number: usize, byte: usize, what: &str) -> Reading<'a> {
    Reading::nothing(Fault::malformed(format!("line {number} is not valid JSON at its byte {byte}: {what}")))
}
