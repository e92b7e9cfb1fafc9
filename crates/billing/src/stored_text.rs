//! How the text of an invoice lies in its row: as it is, or packed if it is long.
//!
//! The lines of a document say nearly the same, so the text of a long one is a twentieth to a tenth as long as LZ4. A close of a large
//! channel writes ten megabytes then instead of a hundred, and so do its backups. What a document says, and what its hash is over, is the
//! text. Whoever looks into the database with SQL finds short ones as they are.
//!
//! A packed text is one byte for its form, the length of its beginning (four bytes, little endian), the beginning itself, and
//! what follows as LZ4 behind its length. The beginning holds the number of the document, which is known last: what follows is packed
//! before that, by all processors.

use tenantry_core::Problem;

/// Bytes from which on a text is packed.
const LONG: usize = 16 << 10;
/// The only form there is.
const FORM: u8 = 1;
/// What LZ4 makes of a byte, at most: more is damage, and no reason to ask for so much memory.
const RATIO_MAX: usize = 255;

/// A text whose beginning is not known yet.
#[derive(Debug)]
pub(crate) struct Ending {
    text: String,
    /// As LZ4 behind its length, if it is long.
    packed: Option<Vec<u8>>,
}

/// A text as it lies in its row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum StoredText {
    /// As it is.
    Plain(String),
    /// Packed.
    Packed(Vec<u8>),
}

impl Ending {
    pub(crate) fn new(text: String) -> Self {
        let packed = (text.len() >= LONG).then(|| lz4_flex::compress_prepend_size(text.as_bytes()));
        Self { text, packed }
    }

    /// What follows.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Bytes it takes to store it.
    pub(crate) fn size(&self) -> usize {
        self.packed.as_ref().map_or(self.text.len(), Vec::len)
    }

    /// The whole text.
    pub(crate) fn behind(&self, beginning: &str) -> StoredText {
        let Some(packed) = &self.packed else { return StoredText::Plain([beginning, &self.text].concat()) };
        // A beginning is some bytes; one of gigabytes could not be packed, and is none.
        let length = u32::try_from(beginning.len()).unwrap_or(u32::MAX).to_le_bytes();
        StoredText::Packed([&[FORM][..], &length, beginning.as_bytes(), packed].concat())
    }
}

/// The text that was packed.
///
/// # Errors
/// `Corrupt` for what is none.
pub(crate) fn unpack(bytes: &[u8]) -> Result<String, Problem> {
    let damaged = || Problem::corrupt("an issued document cannot be unpacked: it is damaged");
    let (form, rest) = bytes.split_first().ok_or_else(damaged)?;
    if *form != FORM {
        return Err(Problem::corrupt(format!("an issued document is packed in form {form}, which is none")));
    }
    let (length, rest) = rest.split_first_chunk::<4>().ok_or_else(damaged)?;
    let length = usize::try_from(u32::from_le_bytes(*length)).map_err(Problem::internal)?;
    let (beginning, packed) = rest.split_at_checked(length).ok_or_else(damaged)?;
    let (size, _) = lz4_flex::block::uncompressed_size(packed).map_err(|_| damaged())?;
    if size > packed.len().saturating_mul(RATIO_MAX) {
        return Err(damaged());
    }
    let ending = lz4_flex::decompress_size_prepended(packed).map_err(|_| damaged())?;
    // The length and what it is of must agree to the byte.
    if ending.len() != size {
        return Err(damaged());
    }
    String::from_utf8([beginning, &ending].concat()).map_err(|_| damaged())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn long() -> Ending {
        let lines: String =
            (0..2_000).map(|line| format!("{{\"line\":{line},\"amount\":\"{}.07\"}},", line % 31)).collect();
        Ending::new(lines)
    }

    #[test]
    fn a_short_text_lies_as_it_is_and_a_long_one_packed() {
        let short = Ending::new("x".repeat(LONG - 1));
        assert!(matches!(short.behind("one ").clone(), StoredText::Plain(text) if text.starts_with("one xx")));
        let long = long();
        let StoredText::Packed(bytes) = long.behind("{\"number\":\"D260000001\"") else { panic!("it is long") };
        assert!(bytes.len() < long.text().len() / 3 && long.size() < bytes.len());
        assert_eq!(unpack(&bytes).unwrap(), format!("{{\"number\":\"D260000001\"{}", long.text()));
    }

    #[test]
    fn what_was_cut_or_changed_is_named() {
        let StoredText::Packed(whole) = long().behind("{\"number\":\"D260000001\"") else { panic!("it is long") };
        for at in [0, 1, 4, 5, 20, whole.len() - 1] {
            assert!(unpack(&whole[..at]).is_err(), "cut at {at}");
        }
        let changed = |at: usize, to: u8| {
            let mut bytes = whole.clone();
            bytes[at] = to;
            unpack(&bytes)
        };
        assert!(changed(0, 2).unwrap_err().cause_chain().contains("form 2"));
        assert!(changed(4, 0xff).is_err(), "a beginning of gigabytes");
        // The length of what follows stands behind the beginning: a claim of gigabytes asks for no memory, and one byte more
        // or less than there is, is not what was written.
        let length = 1 + 4 + "{\"number\":\"D260000001\"".len();
        assert!(changed(length + 3, 0xff).is_err());
        for other in [whole[length].wrapping_add(1), whole[length].wrapping_sub(1)] {
            assert!(changed(length, other).is_err(), "{other}");
        }
    }
}
