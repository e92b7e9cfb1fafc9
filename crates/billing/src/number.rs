//! The numbers of documents: without gaps for each seller and year, and none given out twice in a world.

use crate::invoice::InvoiceParty;
use tenantry_core::{Problem, Timestamp};
use tenantry_db::{Tx, counter};

/// What the numbers of invoices begin with, as the field's recurring invoices do.
pub(crate) const INVOICE: char = 'D';
/// What the numbers of credit notes begin with.
pub(crate) const CREDIT_NOTE: char = 'C';
/// Digits of a place in a series, at least.
const DIGITS: usize = 7;

/// A number of a document, taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Read<'a> {
    /// [`INVOICE`] or [`CREDIT_NOTE`], or a letter that no document has.
    pub(crate) kind: char,
    /// The last two digits of the year.
    pub(crate) year: i64,
    /// Its place in the series, from 1.
    pub(crate) sequence: i64,
    /// What tells the seller's documents from others', with its dash; empty for the provider's.
    pub(crate) ending: &'a str,
}

/// The letter, the year, seven digits: ten characters in all.
pub(crate) fn text(kind: char, year: i64, sequence: i64) -> String {
    format!("{kind}{:02}{sequence:0DIGITS$}", year.rem_euclid(100))
}

/// Takes a number apart; `None` for what is none.
pub(crate) fn read(number: &str) -> Option<Read<'_>> {
    let (head, ending) = number.split_at(number.find('-').unwrap_or(number.len()));
    let mut letters = head.chars();
    let kind = letters.next()?;
    let digits = letters.as_str();
    if digits.len() < 2 + DIGITS || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (year, sequence) = digits.split_at_checked(2)?;
    Some(Read { kind, year: year.parse().ok()?, sequence: sequence.parse().ok()?, ending })
}

/// Tells the documents of one seller from those of the others; the provider's carry none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Series(Option<i64>);

impl Series {
    /// The provider's.
    pub(crate) const PROVIDER: Self = Self(None);

    /// That of a partner, by the number it signed up under.
    pub(crate) const fn of_partner(number: i64) -> Self {
        Self(Some(number))
    }

    /// The next number of a seller, for a document of this instant. It goes back with the transaction; until then the
    /// seller's other documents wait.
    pub(crate) async fn next(self, tx: &mut Tx, seller: &InvoiceParty, at: Timestamp) -> Result<String, Problem> {
        let (year, _, _) = at.day().date();
        let sequence = counter::next(tx, &format!("invoice/{}/{year}", seller.tenant)).await?;
        Ok(self.text(year, sequence))
    }

    /// Of a partner's documents a dash and its number stand behind it.
    fn text(self, year: i32, sequence: i64) -> String {
        let number = text(INVOICE, year.into(), sequence);
        match self.0 {
            None => number,
            Some(partner) => format!("{number}-{partner}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_sellers_share_a_number() {
        assert_eq!(Series::PROVIDER.text(2026, 1), "D260000001");
        assert_eq!(Series::of_partner(3).text(2026, 1), "D260000001-3");
        assert_eq!(Series::of_partner(12).text(2109, 1_234_567), "D091234567-12");
    }

    #[test]
    fn a_number_is_taken_apart_as_it_was_made() {
        let read = |text| read(text).map(|read| (read.kind, read.year, read.sequence, read.ending));
        for (text, expected) in [
            ("D260000001", Some(('D', 26, 1, ""))),
            ("C091234567-12", Some(('C', 9, 1_234_567, "-12"))),
            ("D2612345678-3", Some(('D', 26, 12_345_678, "-3"))),
            ("D26-3", None),
            ("D26000000x", None),
            ("", None),
            ("-1", None),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }
}
