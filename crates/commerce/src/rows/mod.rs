//! The SQL of this room, one file per noun. Every statement that serves a caller binds its [`Reach`].
//!
//! [`Reach`]: crate::reach::Reach

/// SQL: a column names a partner within the reach that is bound as this parameter. Without one all are; otherwise it is
/// the caller's own tenant, or a reseller that buys from it.
macro_rules! within {
    ($column:literal, $parameter:literal) => {
        concat!(
            "(CAST(",
            $parameter,
            " AS TEXT) IS NULL OR ",
            $column,
            " = ",
            $parameter,
            " OR ",
            $column,
            " IN (SELECT reseller.tenant FROM partner AS reseller WHERE reseller.indirect_provider = ",
            $parameter,
            "))"
        )
    };
}

/// SQL: the indirect provider of the partner a row of this table is of.
macro_rules! indirect_provider {
    ($table:literal) => {
        concat!(
            "(SELECT seller.indirect_provider FROM partner AS seller WHERE seller.tenant = ",
            $table,
            ".partner) AS indirect_provider"
        )
    };
}

pub(crate) mod agreement;
pub(crate) mod brought;
pub(crate) mod cart;
pub(crate) mod customer;
pub(crate) mod customer_edge;
pub(crate) mod customer_review;
pub(crate) mod document_names;
pub(crate) mod edge;
pub(crate) mod edge_price_sheet;
pub(crate) mod fx;
pub(crate) mod new_commerce_migration;
pub(crate) mod new_commerce_schedule;
pub(crate) mod order;
pub(crate) mod partner;
pub(crate) mod partner_profile;
pub(crate) mod price_sheet;
pub(crate) mod product_upgrade;
pub(crate) mod provider;
pub(crate) mod qualification;
pub(crate) mod registration;
pub(crate) mod reseller_request;
pub(crate) mod seat_price;
pub(crate) mod self_serve_policy;
pub(crate) mod subscription;
pub(crate) mod support_contact;
pub(crate) mod to_catch_up;
pub(crate) mod transfer;
pub(crate) mod transition;
pub(crate) mod validation_code;

use serde::Serialize;
use serde::de::DeserializeOwned;
use tenantry_core::{Problem, TenantId};
use tenantry_db::Row;

/// A part kept as JSON: an address, billing details. New members have a default; old texts stay readable.
fn json<T: Serialize>(part: &T) -> Result<String, Problem> {
    serde_json::to_string(part).map_err(Problem::internal)
}

fn from_json<T: DeserializeOwned>(row: &Row, column: &str) -> Result<T, Problem> {
    row.parsed(column, |text| serde_json::from_str(text))
}

/// The indirect provider of a row's partner.
fn indirect_provider(row: &Row) -> Result<Option<TenantId>, Problem> {
    let seen = row.maybe_text("indirect_provider")?;
    seen.map(|text| TenantId::parse(&text)).transpose().map_err(|error| Problem::corrupt(error.to_string()))
}

/// A name that must be one of ours.
fn named<T>(row: &Row, column: &str, from_name: impl FnOnce(&str) -> Option<T>) -> Result<T, Problem> {
    row.parsed(column, |text| from_name(text).ok_or_else(|| format!("`{text}` is not known")))
}
