//! A billing period of one meter in one subscription, row by row.

use crate::MeterPrice;
use tenantry_core::{Amount, Day, PriceSheetId, Quantity};

/// What a row came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RatedRow {
    /// Priced at list.
    Charged {
        /// The list charge.
        list: Amount,
        /// The sheet the price stands in.
        sheet: PriceSheetId,
        /// Whether the meter is the provider's own, by that sheet.
        first_party: bool,
    },
    /// No sheet in force that day prices the meter. Named, never dropped; billed once a price exists.
    Unrated,
}

/// Rates rows that come in canonical order (by day, then by resource). The tier position runs through all of
/// them, priced or not, so a price that arrives later gives the very charges it would have given at once.
pub fn rate_rows<'a>(
    rows: impl IntoIterator<Item = (Day, Quantity)>,
    price_on: impl Fn(Day) -> Option<(&'a MeterPrice, PriceSheetId)>,
) -> Vec<RatedRow> {
    let mut position = Quantity::ZERO;
    let mut price = None;
    let mut priced_day = None;
    rows.into_iter()
        .map(|(day, quantity)| {
            if priced_day != Some(day) {
                price = price_on(day);
                priced_day = Some(day);
            }
            let before = position;
            position = position.checked_add(quantity).unwrap_or(position);
            match price {
                None => RatedRow::Unrated,
                Some((price, sheet)) => RatedRow::Charged {
                    list: price.tiers.charge(price.included, before, quantity),
                    sheet,
                    first_party: price.first_party,
                },
            }
        })
        .collect()
}
