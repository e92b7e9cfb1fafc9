//! The manifest beside a file: what is in it, said once more, so that who loads it can tell whether it arrived whole.
//!
//! It is written last. A file without a manifest is not whole, whatever it looks like. It carries no time of writing: the
//! same document gives the same manifest, byte for byte.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use tenantry_core::{Amount, Problem};

/// What was exported, and how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Subject {
    /// The format: `usage`, `daily`, `focus`.
    pub format: String,
    /// Its version.
    pub version: String,
    /// `csv` or `parquet`.
    pub encoding: String,
    /// The document's number; nothing for an estimate.
    pub document: Option<String>,
    /// The hash that chains the document.
    pub document_hash: String,
    /// Whether it is an estimate: what the next document would say now.
    pub estimate: bool,
    /// The billed month.
    pub month: String,
    /// Who asks for the money.
    pub seller: String,
    /// Who owes it.
    pub buyer: String,
    /// ISO 4217.
    pub currency: String,
    /// Rows of a part, if there are parts.
    pub part_rows: Option<u64>,
}

/// A column, as the manifest names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedColumn {
    /// Its name.
    pub name: String,
    /// `text`, `decimal`, `decimal(38,24)`, `timestamp`, `json`.
    #[serde(rename = "type")]
    pub kind: String,
}

/// A file of the export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Part {
    /// Its name, beside the manifest.
    pub file: String,
    /// Rows in it, without a header.
    pub rows: u64,
    /// Its length.
    pub bytes: u64,
    /// Of its bytes, in hex.
    pub sha256: String,
    /// Exact sums of its cost columns.
    pub sums: BTreeMap<String, String>,
}

/// The manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Manifest {
    /// What it is about.
    #[serde(flatten)]
    pub subject: Subject,
    /// Rows in all parts.
    pub rows: u64,
    /// By currency and column: exact sums over all parts.
    pub sums: BTreeMap<String, BTreeMap<String, String>>,
    /// The columns, in the order of the file.
    pub columns: Vec<NamedColumn>,
    /// The files, in order. One, unless parts were asked for.
    pub parts: Vec<Part>,
}

/// Adds up the sums of parts. Exact.
pub(crate) fn total(parts: &[Part]) -> Result<BTreeMap<String, Amount>, Problem> {
    let mut total: BTreeMap<String, Amount> = BTreeMap::new();
    for (name, sum) in parts.iter().flat_map(|part| &part.sums) {
        *total.entry(name.clone()).or_default() += Amount::parse_exact(sum).map_err(Problem::internal)?;
    }
    Ok(total)
}
