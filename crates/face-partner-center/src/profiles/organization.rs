//! `GET` and `PUT /v1/profiles/organization`: who the partner is.

use super::{read, replace};
use crate::wire::address::{self, Address};
use crate::wire::{Attributes, Links};
use serde::Serialize;
use tenantry_commerce::{OrganizationProfile as Profile, Partner, Versioned};
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

pub(crate) async fn get(call: Call) -> Result<Answer, Problem> {
    Answer::ok(&view(read(&call).await?))
}

pub(crate) async fn change(call: Call) -> Result<Answer, Problem> {
    let changed = replace(&call, |fields| {
        Ok(Profile {
            company_name: fields.text_or_empty("companyName")?,
            default_address: address::read(&fields.object_or_empty("defaultAddress")?)?,
            email: fields.text_or_empty("email")?,
            language: fields.text_or_empty("language")?,
            culture: fields.text_or_empty("culture")?,
        })
    });
    Answer::ok(&view(changed.await?))
}

fn view((partner, Versioned { profile, version }): (Partner, Versioned<Profile>)) -> OrganizationProfile {
    OrganizationProfile {
        id: partner.tenant.to_string(),
        company_name: profile.company_name,
        default_address: profile.default_address.into(),
        tenant_id: partner.tenant.to_string(),
        domain: partner.domain,
        email: profile.email,
        language: profile.language,
        culture: profile.culture,
        profile_type: "OrganizationProfile",
        links: Links::to_self("/profiles/organization"),
        attributes: Attributes::versioned("OrganizationProfile", version.to_string()),
    }
}
