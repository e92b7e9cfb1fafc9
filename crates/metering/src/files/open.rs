//! From bytes to CSV rows or JSON text: unpacks gzip, drops a byte order mark, looks at the first letter.
//!
//! File names are not asked: `.gz` gets lost in downloads, and a browser may unpack what it saves.

use super::fault::Place;
use flate2::read::MultiGzDecoder;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use tenantry_core::{Problem, Reason};

/// A page of JSON is read as a whole. Real ones hold 1,000 records and less than a megabyte.
const JSON_BYTES_MAX: u64 = 256 * 1024 * 1024;

/// So many bytes tell what a file is.
const LOOKED_AT: usize = 64;

const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];
const BYTE_ORDER_MARK: [u8; 3] = [0xef, 0xbb, 0xbf];

/// A file, unpacked.
pub(super) enum Opened<'a> {
    /// Rows, to be streamed.
    Csv(Box<dyn BufRead + 'a>),
    /// One document.
    Json(String),
}

pub(super) fn open<'a>(file: &str, source: &'a mut dyn Read) -> Result<Opened<'a>, Problem> {
    let unreadable = |error: io::Error| unreadable(file, error);
    let plain = without_mark(unpacked(source).map_err(unreadable)?).map_err(unreadable)?;
    let (start, whole) = peeked::<LOOKED_AT>(plain).map_err(unreadable)?;
    if let Some(kind) = other_kind(&start) {
        let told =
            format!("is {kind}, which is not read; save the records as CSV, or as JSON of an API, plain or gzip");
        return Err(Place::file(file).refuse(Reason::Unsupported, told));
    }
    match start.iter().find(|byte| !byte.is_ascii_whitespace()) {
        None if start.is_empty() => Err(Place::file(file).refuse(Reason::MalformedBody, "is empty; save it again")),
        Some(b'{') => read_text(file, whole).map(Opened::Json),
        _ => Ok(Opened::Csv(Box::new(BufReader::new(whole)))),
    }
}

/// What a file is that is neither CSV nor JSON, by the bytes that such files begin with. Without it such a file would be
/// told that its first line is not UTF-8.
fn other_kind(start: &[u8]) -> Option<&'static str> {
    const KINDS: [(&[u8], &str); 8] = [
        (b"PAR1", "a Parquet file"),
        (b"PK\x03\x04", "a zip archive or an Excel workbook"),
        (b"\xD0\xCF\x11\xE0", "an old Excel workbook"),
        (b"%PDF", "a PDF document"),
        (b"Obj\x01", "an Avro file"),
        (b"BZh", "packed with bzip2"),
        (b"\xFD7zXZ", "packed with xz"),
        (b"\x28\xB5\x2F\xFD", "packed with zstd"),
    ];
    KINDS.iter().find(|(magic, _)| start.starts_with(magic)).map(|(_, kind)| *kind)
}

pub(super) fn unreadable(file: &str, error: io::Error) -> Problem {
    let told = format!("cannot be read ({error}); if it came over a network it may be cut off, so fetch it again");
    Place::file(file).refuse(Reason::MalformedBody, told).because(error)
}

fn unpacked<'a>(source: &'a mut dyn Read) -> io::Result<Box<dyn Read + 'a>> {
    let (start, whole) = peeked::<2>(source)?;
    // Several gzip members in a row are one file: that is how logs get appended.
    Ok(if start == GZIP_MAGIC { Box::new(MultiGzDecoder::new(whole)) } else { Box::new(whole) })
}

fn without_mark<'a>(source: Box<dyn Read + 'a>) -> io::Result<Box<dyn Read + 'a>> {
    let (start, mut whole) = peeked::<3>(source)?;
    if start == BYTE_ORDER_MARK {
        whole.read_exact(&mut [0; BYTE_ORDER_MARK.len()])?;
    }
    Ok(Box::new(whole))
}

/// The first bytes (fewer in a shorter file), and the source with them still to come.
fn peeked<const N: usize>(mut source: impl Read) -> io::Result<(Vec<u8>, impl Read)> {
    let mut start = Vec::with_capacity(N);
    source.by_ref().take(N as u64).read_to_end(&mut start)?;
    Ok((start.clone(), Cursor::new(start).chain(source)))
}

fn read_text(file: &str, source: impl Read) -> Result<String, Problem> {
    let mut bytes = Vec::new();
    source.take(JSON_BYTES_MAX + 1).read_to_end(&mut bytes).map_err(|error| unreadable(file, error))?;
    if bytes.len() as u64 > JSON_BYTES_MAX {
        let told =
            "is longer than 256 MB; give the pages as they came, one file each, or the CSV, which may be any size";
        return Err(Place::file(file).refuse(Reason::TooLarge, told));
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        Place::byte(file, at).refuse(Reason::MalformedBody, "is not UTF-8 text; save the file as UTF-8")
    })
}
