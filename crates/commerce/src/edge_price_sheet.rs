//! One import of prices that a seller named for its buyer: what is known of it without unpacking its prices.

use tenantry_core::{Currency, EdgeId, PriceSheetId, Problem, Reason, TenantId, Timestamp};

/// The header of an imported list of prices. A list is whole: from its date on, a meter that is not in it costs what the
/// rules of the edge make of it, whatever an earlier list said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EdgePriceSheetSummary {
    /// Names this import.
    pub id: PriceSheetId,
    /// The edge it is for.
    pub edge: EdgeId,
    /// Who named the prices.
    pub seller: TenantId,
    /// Who pays them.
    pub buyer: TenantId,
    /// Counts imports from 1, of all edges: of two lists of an edge with one date the later import holds.
    pub import_no: u64,
    /// The country whose price sheets hold along the channel.
    pub market: String,
    /// The currency of those sheets, and of these prices.
    pub currency: Currency,
    /// From when on they hold: from the first midnight (UTC) at or after it.
    pub effective_from: Timestamp,
    /// How many meters it prices.
    pub meters: i64,
    /// When it was imported, in world time.
    pub imported_at: Timestamp,
}

/// The refusal for a list that is not there, or not on this edge.
pub(crate) fn no_edge_price_sheet(id: PriceSheetId) -> Problem {
    let message =
        format!("there is no price list {id} for this partner; ask for all of them and take an id from there");
    Problem::new(Reason::PriceSheetNotFound, message)
}
