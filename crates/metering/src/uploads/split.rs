//! Cutting pieces into lines, wherever the borders of the pieces lie.
//!
//! What is carried from piece to piece is the beginning of one line, and that is bounded: of a line that is too long
//! only its number is kept, and it is passed over up to its end.

use super::UploadFormat;

/// Bytes of a line. The largest event has about 20 kB.
pub const LINE_BYTES_MAX: usize = 64 << 10;

/// What stands between one piece and the next.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Carry {
    /// The beginning of a line.
    pub(crate) tail: Vec<u8>,
    /// Whether the line that is under way is passed over.
    pub(crate) skipping: bool,
}

/// A line of a file, without its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line<'a> {
    /// Counts from 1. A CSV record of several lines counts as one.
    pub number: i64,
    /// What is written in it.
    pub bytes: &'a [u8],
}

/// A line that was cut out, whole or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cut<'a> {
    pub(crate) number: i64,
    /// `None` if it is longer than [`LINE_BYTES_MAX`].
    pub(crate) bytes: Option<&'a [u8]>,
}

/// A place in a buffer that begins with the tail carried over.
#[derive(Debug)]
pub(crate) struct Splitter<'a> {
    buffer: &'a [u8],
    at: usize,
    format: UploadFormat,
    skipping: bool,
    /// Whether the end of the buffer is the end of the file.
    last: bool,
    /// Lines before this place.
    lines: i64,
}

impl<'a> Splitter<'a> {
    pub(crate) const fn new(buffer: &'a [u8], format: UploadFormat, skipping: bool, last: bool, lines: i64) -> Self {
        Self { buffer, at: 0, format, skipping, last, lines }
    }

    /// Bytes of the buffer that were dealt with.
    pub(crate) const fn at(&self) -> usize {
        self.at
    }

    /// Lines before this place, those of earlier pieces among them.
    pub(crate) const fn lines(&self) -> i64 {
        self.lines
    }

    /// The next line that is whole; `None` when what is left has no end yet.
    pub(crate) fn next(&mut self) -> Option<Cut<'a>> {
        let rest = self.buffer.get(self.at..).filter(|rest| !rest.is_empty() || (self.last && self.skipping))?;
        let end = if self.skipping { line_break(rest) } else { self.end_of_record(rest) };
        let (text, past) = match end {
            Some(end) => (rest.get(..end)?, end + 1),
            None if self.last => (rest, rest.len()),
            None => return None,
        };
        self.at += past;
        self.lines += 1;
        let too_long = std::mem::take(&mut self.skipping) || text.len() > LINE_BYTES_MAX;
        let bytes = (!too_long).then(|| text.strip_suffix(b"\r").unwrap_or(text));
        Some(Cut { number: self.lines, bytes })
    }

    /// When there is no next line: bytes of the buffer that are dealt with, and what has to be carried on.
    pub(crate) fn carry(&self) -> (usize, Carry) {
        let rest = self.buffer.get(self.at..).unwrap_or_default();
        if self.skipping || rest.len() > LINE_BYTES_MAX {
            return (self.buffer.len(), Carry { tail: Vec::new(), skipping: true });
        }
        (self.at, Carry { tail: rest.to_vec(), skipping: false })
    }

    /// A line break inside quotes belongs to the field. A quote that never ends would swallow the file, so only as much
    /// as a line may have is looked at; behind that the first line break ends it.
    fn end_of_record(&self, rest: &[u8]) -> Option<usize> {
        if self.format == UploadFormat::Ndjson {
            return line_break(rest);
        }
        let mut quoted = false;
        for (at, byte) in rest.iter().enumerate().take(LINE_BYTES_MAX + 1) {
            match byte {
                b'"' => quoted = !quoted,
                b'\n' if !quoted => return Some(at),
                _ => {}
            }
        }
        let behind = rest.get(LINE_BYTES_MAX + 1..)?;
        line_break(behind).map(|at| LINE_BYTES_MAX + 1 + at)
    }
}

/// Where the first line break is, eight bytes at a time.
fn line_break(bytes: &[u8]) -> Option<usize> {
    const ONES: u64 = 0x0101_0101_0101_0101;
    let mut at = 0;
    while let Some(chunk) = bytes.get(at..).and_then(<[u8]>::first_chunk::<8>) {
        let word = u64::from_le_bytes(*chunk) ^ (ONES * 0x0a);
        let found = word.wrapping_sub(ONES) & !word & (ONES << 7);
        if found != 0 {
            return Some(at + (found.trailing_zeros() / 8) as usize);
        }
        at += 8;
    }
    bytes.get(at..)?.iter().position(|byte| *byte == b'\n').map(|found| at + found)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sends a file in pieces of a size; gives its lines, each with its number, `None` for one too long.
    fn lines(file: &[u8], piece: usize, format: UploadFormat) -> Vec<(i64, Option<Vec<u8>>)> {
        let (mut carry, mut count, mut found, mut dealt_with) = (Carry::default(), 0, Vec::new(), 0);
        let mut pieces = file.chunks(piece).peekable();
        let mut sent = 0;
        while let Some(piece) = pieces.next() {
            sent += piece.len();
            let buffer = [&carry.tail, piece].concat();
            let mut splitter = Splitter::new(&buffer, format, carry.skipping, pieces.peek().is_none(), count);
            while let Some(line) = splitter.next() {
                found.push((line.number, line.bytes.map(<[u8]>::to_vec)));
            }
            count = splitter.lines();
            let (at, carried) = splitter.carry();
            dealt_with += at;
            carry = carried;
            assert_eq!(dealt_with + carry.tail.len(), sent, "every byte is dealt with or carried");
            assert!(carry.tail.len() <= LINE_BYTES_MAX, "what is carried is bounded");
        }
        assert!(carry.tail.is_empty(), "nothing is left at the end");
        found
    }

    #[test]
    fn lines_do_not_depend_on_where_the_pieces_end() {
        let long = "x".repeat(LINE_BYTES_MAX + 1);
        let just = "y".repeat(LINE_BYTES_MAX);
        for (file, format, expected) in [
            ("a\nbc\r\n\nd".to_owned(), UploadFormat::Ndjson, vec![Some("a"), Some("bc"), Some(""), Some("d")]),
            ("a\n".to_owned(), UploadFormat::Ndjson, vec![Some("a")]),
            ("\"a\nb\"\nc".to_owned(), UploadFormat::Ndjson, vec![Some("\"a"), Some("b\""), Some("c")]),
            (
                "h,i\n\"a\nb\",\"\"\"\n\"\nc\n".to_owned(),
                UploadFormat::Csv,
                vec![Some("h,i"), Some("\"a\nb\",\"\"\"\n\""), Some("c")],
            ),
            (format!("a\n{long}\nb"), UploadFormat::Ndjson, vec![Some("a"), None, Some("b")]),
            (format!("a\n{long}"), UploadFormat::Ndjson, vec![Some("a"), None]),
            (format!("{just}\nb\n"), UploadFormat::Csv, vec![Some(&just), Some("b")]),
            // A quote that never ends costs its own line, once it is too long.
            (format!("a\n\"{long}\nb\n"), UploadFormat::Csv, vec![Some("a"), None, Some("b")]),
        ] {
            let expected: Vec<_> =
                (1..).zip(expected.iter().map(|text| text.map(|text| text.as_bytes().to_vec()))).collect();
            for piece in [1, 2, 3, 5, 7, 64, LINE_BYTES_MAX, file.len()] {
                if piece * 20_000 >= file.len() {
                    assert_eq!(lines(file.as_bytes(), piece, format), expected, "in pieces of {piece}");
                }
            }
        }
    }
}
