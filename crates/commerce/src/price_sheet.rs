//! One import of a price sheet: what is known of it without unpacking its prices.

use crate::rate_card::RateCard;
use tenantry_core::{Currency, PriceSheetId, Problem, Reason, Timestamp};
use tenantry_rating::PriceSheet;

/// The header of an imported price sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceSheetSummary {
    /// Names this import.
    pub id: PriceSheetId,
    /// Counts imports from 1: of two sheets with one date the later import holds.
    pub import_no: u64,
    /// ISO 3166 country the prices are for.
    pub market: String,
    /// Their currency.
    pub currency: Currency,
    /// From when on they hold.
    pub effective_from: Timestamp,
    /// How many meters it prices.
    pub meters: i64,
    /// How many of them are not the provider's own.
    pub third_party_meters: i64,
    /// When it was imported, in world time.
    pub imported_at: Timestamp,
}

impl PriceSheetSummary {
    /// The whole sheet, with the prices of its document.
    pub(crate) fn with(self, card: RateCard) -> PriceSheet {
        PriceSheet {
            id: self.id,
            market: self.market,
            currency: self.currency,
            effective_from: self.effective_from,
            import_no: self.import_no,
            meters: card.meters,
        }
    }
}

/// The refusal for a sheet that was never imported.
pub(crate) fn no_price_sheet(what: impl std::fmt::Display) -> Problem {
    Problem::new(Reason::PriceSheetNotFound, format!("there is no price sheet {what}; import one first"))
}
