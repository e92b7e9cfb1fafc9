//! Validation codes: `GET /v1/customers/all/validations`, the partner's, and `GET /v1/customers/{customer}/validations`, the
//! one that was used for a customer. Source: partner-center-v1.md 2.1 rows 13 and 14, 3.0 (ValidationCode).

use crate::params;
use serde::Serialize;
use tenantry_commerce::{customer_get, validation_code_list, validation_code_of_customer};
use tenantry_core::Problem;
use tenantry_http::{Answer, Call};

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ValidationCode {
    partner_id: String,
    organization_name: String,
    validation_id: String,
    max_creates: i64,
    remaining_creates: i64,
    e_tag: String,
}

/// Which partner, customer and code belong together. Without a code the customer is no public authority.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ValidationRelationship {
    partner_id: String,
    customer_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    validation_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    organization_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    e_tag: Option<String>,
}

/// All of the partner's, as a bare array.
pub(crate) async fn codes(call: Call) -> Result<Answer, Problem> {
    let codes = validation_code_list(&call.ctx, call.world.db(), params::partner(&call)?).await?;
    let shown = codes.into_iter().map(|code| ValidationCode {
        partner_id: code.partner.to_string(),
        organization_name: code.organization_name,
        validation_id: code.id.to_string(),
        max_creates: code.creates_max,
        remaining_creates: code.creates_left,
        e_tag: etag(code.version),
    });
    Answer::ok(&shown.collect::<Vec<_>>())
}

pub(crate) async fn of_customer(call: Call) -> Result<Answer, Problem> {
    let db = call.world.db();
    let customer = customer_get(&call.ctx, db, params::customer(&call)?).await?;
    let code = validation_code_of_customer(&call.ctx, db, customer.id).await?;
    let (id, named, version) = match code {
        Some(code) => (Some(code.id.to_string()), Some(code.organization_name), Some(code.version)),
        None => (None, None, None),
    };
    Answer::ok(&ValidationRelationship {
        partner_id: customer.partner.to_string(),
        customer_id: customer.id.to_string(),
        validation_id: id,
        organization_name: named,
        e_tag: version.map(etag),
    })
}

/// In the documents it is the text of a weak ETag.
fn etag(version: i64) -> String {
    format!("W/\"{version}\"")
}
