//! A published price sheet: the list prices of a market in one currency.

use crate::Tiers;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use tenantry_core::{Currency, MeterId, PriceSheetId, Quantity, Timestamp};

/// The list price of one meter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeterPrice {
    /// The key. Names and units are for reading only.
    pub id: MeterId,
    /// Name, such as `LRS Data Stored`.
    pub name: String,
    /// Category, such as `Storage`.
    pub category: String,
    /// Sub category; may be empty.
    pub subcategory: String,
    /// Region; empty where the price holds everywhere.
    pub region: String,
    /// Unit text, as published.
    pub unit: String,
    /// Tags, as published.
    pub tags: Vec<String>,
    /// Graduated prices.
    pub tiers: Tiers,
    /// Units free in each billing period.
    pub included: Quantity,
    /// The date the publisher gives for this price. Shown; the sheet's own date decides (see [`crate::PriceBook`]).
    pub effective_date: Timestamp,
    /// Whether the provider owns the service. Price rules may treat third-party meters differently.
    pub first_party: bool,
}

/// One import of a price sheet. A sheet is whole: a meter that is not in it has no price under it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceSheet {
    /// Names this import.
    pub id: PriceSheetId,
    /// ISO 3166 country the prices are for.
    pub market: String,
    /// Their currency.
    pub currency: Currency,
    /// From when on they hold.
    pub effective_from: Timestamp,
    /// Counts imports: of two sheets with one date the later import holds.
    pub import_no: u64,
    /// The prices.
    pub meters: BTreeMap<MeterId, MeterPrice>,
}
