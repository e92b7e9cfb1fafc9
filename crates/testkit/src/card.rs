//! A rate card whose numbers can be checked by head: one meter of each kind that prices can be of.

use tenantry_core::MeterId;

/// The card, in the form of a published one. Market US, currency USD.
pub const CARD: &str = include_str!("card.json");

/// A flat price: 0.10 an hour.
pub const HOURS: &str = "00000000-0000-4000-8000-00000000a001";
/// Tiers: 0.05 a GB up to 100, 0.04 up to 1000, 0.03 beyond.
pub const TIERED: &str = "00000000-0000-4000-8000-00000000a002";
/// 5 GB are included in each month, then 0.087.
pub const INCLUDED: &str = "00000000-0000-4000-8000-00000000a003";
/// Of another vendor: 0.972 an hour, and no discount.
pub const THIRD_PARTY: &str = "00000000-0000-4000-8000-00000000a004";
/// In no price sheet.
pub const UNPRICED: &str = "00000000-0000-4000-8000-00000000a0ff";

/// A meter by its id.
#[must_use]
pub fn meter(id: &str) -> MeterId {
    MeterId::parse(id).unwrap()
}
