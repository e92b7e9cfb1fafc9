//! `GET /v1/customers/{customer}/validationStatus`: how far the provider is with a customer's account.
//!
//! Unsure: the reference has no words for the status; these are those of the vetting of qualifications.

use crate::params;
use crate::wire::words::Words;
use serde::Serialize;
use tenantry_commerce::{ReviewStatus, customer_review_get};
use tenantry_core::Problem;
use tenantry_http::{Answer, Call};

/// What can be asked about.
const TYPES: Words<&str> = Words(&[("account", "account")]);

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ValidationStatus {
    #[serde(rename = "type")]
    kind: &'static str,
    status: &'static str,
    last_update_date_time: String,
}

pub(crate) async fn handle(call: Call) -> Result<Answer, Problem> {
    let review = customer_review_get(&call.ctx, call.world.db(), params::customer(&call)?).await?;
    let kind = match call.query("type").map(str::trim).filter(|text| !text.is_empty()) {
        None => "account",
        Some(text) => TYPES.read("type", text)?,
    };
    Answer::ok(&ValidationStatus {
        kind,
        status: match review.status {
            ReviewStatus::Approved => "Approved",
            ReviewStatus::InReview => "InReview",
            ReviewStatus::Denied => "Denied",
        },
        last_update_date_time: review.changed_at.to_string(),
    })
}
