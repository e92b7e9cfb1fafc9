//! Which price is in force on a day.

use crate::{MeterPrice, PriceSheet};
use serde::{Deserialize, Serialize};
use tenantry_core::{Currency, Day, MeterId, PriceSheetId};

/// All sheets ever imported, and the question which one holds.
///
/// In force on a day is, among the sheets of the market and currency that took effect by the start of that
/// day, the one with the latest date; of two with one date, the later import. The dates that a publisher
/// prints on single meters do not take part: real cards carry dates later than usage they are meant to rate.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceBook {
    /// By date, then import: the one in force is the last that qualifies.
    sheets: Vec<PriceSheet>,
}

impl PriceBook {
    /// Adds a sheet. Importing the same one (by id) twice changes nothing.
    pub fn add(&mut self, sheet: PriceSheet) {
        if self.sheet(sheet.id).is_some() {
            return;
        }
        self.sheets.push(sheet);
        self.sheets.sort_by_key(|sheet| (sheet.effective_from, sheet.import_no));
    }

    /// The sheet in force.
    #[must_use]
    pub fn in_force(&self, market: &str, currency: Currency, day: Day) -> Option<&PriceSheet> {
        self.sheets
            .iter()
            .rev()
            .find(|sheet| sheet.effective_from <= day.start() && sheet.currency == currency && sheet.market == market)
    }

    /// The price of a meter and the sheet it stands in.
    #[must_use]
    pub fn price(
        &self,
        market: &str,
        currency: Currency,
        meter: MeterId,
        day: Day,
    ) -> Option<(&MeterPrice, PriceSheetId)> {
        let sheet = self.in_force(market, currency, day)?;
        sheet.meters.get(&meter).map(|price| (price, sheet.id))
    }

    /// A sheet by its id.
    #[must_use]
    pub fn sheet(&self, id: PriceSheetId) -> Option<&PriceSheet> {
        self.sheets.iter().find(|sheet| sheet.id == id)
    }

    /// The newest description of a meter in any sheet, for names on documents of meters without a price.
    #[must_use]
    pub fn describe(&self, meter: MeterId) -> Option<&MeterPrice> {
        self.sheets.iter().rev().find_map(|sheet| sheet.meters.get(&meter))
    }

    /// All sheets, oldest date first.
    #[must_use]
    pub fn sheets(&self) -> &[PriceSheet] {
        &self.sheets
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;
    use tenantry_core::Timestamp;

    fn sheet(import_no: u64, from: &str, market: &str) -> PriceSheet {
        PriceSheet {
            id: PriceSheetId::parse(&format!("00000000-0000-4000-8000-{import_no:012}")).unwrap(),
            market: market.to_owned(),
            currency: Currency::USD,
            effective_from: Timestamp::parse(from).unwrap(),
            import_no,
            meters: BTreeMap::new(),
        }
    }

    #[test]
    fn the_latest_date_holds_then_the_latest_import() {
        let mut book = PriceBook::default();
        for (number, from, market) in [
            (3, "2020-05-01", "US"),
            (1, "2020-01-01", "US"),
            (2, "2020-05-01", "US"),
            (4, "2020-06-01", "DE"),
            (5, "2020-07-01T12:00:00Z", "US"),
        ] {
            book.add(sheet(number, from, market));
        }
        for (day, import_no) in [
            ("2019-12-31", None),
            ("2020-01-01", Some(1)),
            ("2020-04-30", Some(1)),
            ("2020-05-01", Some(3)),
            ("2020-07-01", Some(3)),
            ("2020-07-02", Some(5)),
        ] {
            let found = book.in_force("US", Currency::USD, Day::parse(day).unwrap()).map(|sheet| sheet.import_no);
            assert_eq!(found, import_no, "{day}");
        }
        assert!(book.in_force("US", Currency::EUR, Day::parse("2020-06-01").unwrap()).is_none());
    }
}
