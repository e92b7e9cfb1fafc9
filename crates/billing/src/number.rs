//! The numbers of documents: without gaps for each seller and year, and none given out twice in a world.

use crate::invoice::InvoiceParty;
use tenantry_core::{Problem, Timestamp};
use tenantry_db::{Tx, counter};

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

    /// `D` as the field's recurring invoices begin, the year, seven digits: ten characters in all. Of a partner's
    /// documents a dash and its number behind them.
    fn text(self, year: i32, sequence: i64) -> String {
        let number = format!("D{:02}{sequence:07}", year.rem_euclid(100));
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
}
