//! The parts that usage records and summaries share on the wire. Source: partner-center-v1.md 3.10.

use crate::usage::locale::culture;
use crate::wire::Decimal;
use serde::Serialize;
use tenantry_commerce::Partner;
use tenantry_core::{Currency, Day, Money, Timestamp};

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
    /// What the amount is in.
    #[serde(flatten)]
    currency: NamedCurrency,
    /// For Azure plans, and absent if it is not known; 0 for others, as the field has it for usage-based subscriptions.
    #[serde(skip_serializing_if = "Option::is_none")]
    usd_total_cost: Option<Decimal>,
    /// The figures are as of now.
    last_modified_date: String,
}

/// How a currency is named: by a culture that has it, as the field does for usage-based subscriptions, or by its code,
/// as it does for newer plans, if there is no such culture.
#[derive(Debug, Clone, Serialize)]
pub(super) enum NamedCurrency {
    #[serde(rename = "currencyLocale")]
    Culture(String),
    #[serde(rename = "currencyCode")]
    Code(String),
}

impl NamedCurrency {
    /// The currency of a partner's figures.
    pub(super) fn of(currency: Currency, partner: &Partner) -> Self {
        match culture(currency, &partner.culture, &partner.address.country) {
            Some(culture) => Self::Culture(culture),
            None => Self::by_code(currency),
        }
    }

    /// By its code.
    pub(super) fn by_code(currency: Currency) -> Self {
        Self::Code(currency.code().to_owned())
    }
}

impl Record {
    pub(super) fn new(
        id: String,
        name: String,
        total: Money,
        (currency, usd_total_cost): (NamedCurrency, Option<Decimal>),
        now: Timestamp,
    ) -> Self {
        Self {
            resource_id: id.clone(),
            resource_name: name.clone(),
            id,
            name,
            total_cost: total.into(),
            currency,
            usd_total_cost,
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
