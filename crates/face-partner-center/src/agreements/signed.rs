//! `GET /v1/customers/{customer}/directSignedMicrosoftCustomerAgreementStatus`: whether the customer signed by itself, as it
//! does when its administrator accepts the partner's invitation. What a partner confirmed is not that.

use crate::params;
use crate::wire::Attributes;
use serde::Serialize;
use tenantry_commerce::agreement_signed;
use tenantry_core::Problem;
use tenantry_http::{Answer, Call};

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Status {
    is_signed: bool,
    attributes: Attributes,
}

pub(crate) async fn handle(call: Call) -> Result<Answer, Problem> {
    let is_signed = agreement_signed(&call.ctx, call.world.db(), params::customer(&call)?).await?;
    let attributes = Attributes::of("DirectSignedCustomerAgreementStatus");
    Answer::ok(&Status { is_signed, attributes })
}
