//! The SQL of this room, one file per noun. Every statement that serves a caller binds its [`Reach`].
//!
//! [`Reach`]: crate::reach::Reach

pub(crate) mod brought;
pub(crate) mod customer;
pub(crate) mod edge;
pub(crate) mod order;
pub(crate) mod partner;
pub(crate) mod price_sheet;
pub(crate) mod provider;
pub(crate) mod reseller_request;
pub(crate) mod subscription;
pub(crate) mod to_catch_up;

use serde::Serialize;
use serde::de::DeserializeOwned;
use tenantry_core::Problem;
use tenantry_db::Row;

/// A part kept as JSON: an address, billing details. New members have a default; old texts stay readable.
fn json<T: Serialize>(part: &T) -> Result<String, Problem> {
    serde_json::to_string(part).map_err(Problem::internal)
}

fn from_json<T: DeserializeOwned>(row: &Row, column: &str) -> Result<T, Problem> {
    row.parsed(column, |text| serde_json::from_str(text))
}

/// A name that must be one of ours.
fn named<T>(row: &Row, column: &str, from_name: impl FnOnce(&str) -> Option<T>) -> Result<T, Problem> {
    row.parsed(column, |text| from_name(text).ok_or_else(|| format!("`{text}` is not known")))
}
