//! The partner's own profiles: `GET /v1/profiles/organization` and `GET /v1/profiles/billing`.
//!
//! The first is how every PowerShell session begins, and it needs `defaultAddress.country` and `culture` (rule 12 of
//! partner-center-v1.md 6.1).

use crate::params;
use crate::wire::address::Address;
use crate::wire::{Attributes, Links};
use serde::Serialize;
use tenantry_commerce::partner_get;
use tenantry_core::Problem;
use tenantry_http::{Answer, Call};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OrganizationProfile {
    id: String,
    company_name: String,
    default_address: Address,
    tenant_id: String,
    domain: String,
    email: String,
    language: String,
    culture: String,
    profile_type: &'static str,
    links: Links,
    attributes: Attributes,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Contact {
    #[serde(skip_serializing_if = "Option::is_none")]
    first_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_name: Option<String>,
    email: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone_number: Option<String>,
}

/// `purchaseOrderNumber`, `taxId` and `billingDay` are not kept, so they are not there.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct BillingProfile {
    company_name: String,
    address: Address,
    primary_contact: Contact,
    billing_currency: String,
    profile_type: &'static str,
    links: Links,
    attributes: Attributes,
}

/// Who the partner is.
pub(crate) async fn organization(call: Call) -> Result<Answer, Problem> {
    let partner = partner_get(&call.ctx, call.world.db(), params::partner(&call)?).await?;
    Answer::ok(&OrganizationProfile {
        id: partner.tenant.to_string(),
        company_name: partner.company_name,
        default_address: partner.address.into(),
        tenant_id: partner.tenant.to_string(),
        domain: partner.domain,
        email: partner.email,
        language: partner.language,
        culture: partner.culture,
        profile_type: "OrganizationProfile",
        links: Links::to_self("/profiles/organization"),
        attributes: Attributes::of("OrganizationProfile"),
    })
}

/// How the partner is billed.
pub(crate) async fn billing(call: Call) -> Result<Answer, Problem> {
    let partner = partner_get(&call.ctx, call.world.db(), params::partner(&call)?).await?;
    Answer::ok(&BillingProfile {
        company_name: partner.company_name,
        primary_contact: Contact {
            first_name: partner.address.first_name.clone(),
            last_name: partner.address.last_name.clone(),
            email: partner.email,
            phone_number: partner.address.phone_number.clone(),
        },
        address: partner.address.into(),
        billing_currency: partner.currency.to_string(),
        profile_type: "BillingProfile",
        links: Links::to_self("/profiles/billing"),
        attributes: Attributes::of("BillingProfile"),
    })
}
