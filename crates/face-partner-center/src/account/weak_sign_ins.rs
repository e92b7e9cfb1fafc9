//! `GET /v1/nonMfaCompliantPartnerPrincipals`: people of the partner who worked without a second factor in the last seven
//! days. Source: partner-center-v1.md 2.1 row 29, 3.1 (MFA).

use crate::params;
use crate::wire::{Attributes, Collection};
use serde::Serialize;
use tenantry_core::Problem;
use tenantry_directory::weak_sign_in_list;
use tenantry_http::{Answer, Call};

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Principal {
    object_id: String,
    tenant_id: String,
    upn: String,
    last_non_mfa_compliant_request_date_time: String,
    attributes: Attributes,
}

pub(crate) async fn handle(call: Call) -> Result<Answer, Problem> {
    let partner = params::partner(&call)?;
    let found = weak_sign_in_list(&call.ctx, call.world.db(), partner).await?;
    let items = found.into_iter().map(|weak| Principal {
        object_id: weak.user.to_string(),
        tenant_id: partner.to_string(),
        upn: weak.name,
        last_non_mfa_compliant_request_date_time: weak.last_at.to_string(),
        attributes: Attributes::of("NonMfaCompliantPartnerPrincipal"),
    });
    Answer::ok(&Collection::whole(items.collect(), "/nonMfaCompliantPartnerPrincipals"))
}
