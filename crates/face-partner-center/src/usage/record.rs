//! The parts that usage records and summaries share on the wire. Source: partner-center-v1.md 3.10.

use crate::wire::Decimal;
use serde::Serialize;
use tenantry_core::{Day, Money, Quantity, Timestamp};

/// The common part of records: what it is about, and what it comes to.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Record {
    resource_id: String,
    resource_name: String,
    /// Id and name stand twice; clients read one or the other.
    id: String,
    name: String,
    total_cost: Decimal,
    /// A culture, from which clients take the currency: theirs is that of the partner's country.
    currency_locale: String,
    /// Only for plans that are priced in dollars; 0 here, as the field has it for usage-based subscriptions.
    usd_total_cost: Decimal,
    /// The figures are as of now.
    last_modified_date: String,
}

impl Record {
    pub(super) fn new(id: String, name: String, total: Money, currency_locale: String, now: Timestamp) -> Self {
        Self {
            resource_id: id.clone(),
            resource_name: name.clone(),
            id,
            name,
            total_cost: total.into(),
            currency_locale,
            usd_total_cost: Quantity::ZERO.into(),
            last_modified_date: now.with_offset(),
        }
    }
}

/// The months a summary is for, by first and last day.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Period {
    billing_start_date: String,
    billing_end_date: String,
}

impl Period {
    /// From the beginning of a day to that of the last, as in the samples of the documentation.
    pub(super) fn new(first: Day, last: Day) -> Self {
        Self { billing_start_date: first.start().with_offset(), billing_end_date: last.start().with_offset() }
    }
}
