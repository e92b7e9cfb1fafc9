//! `GET` and `PUT /v1/profiles/support`: where the partner's customers get help. The documentation writes to
//! `/v1/profiles/supportprofile`, the clients to `/v1/profiles/support`; both are taken (partner-center-v1.md 2.11 row 158).

use super::{read, replace};
use crate::wire::{Attributes, Links};
use serde::Serialize;
use tenantry_commerce::{Partner, SupportProfile as Profile, Versioned};
use tenantry_core::Problem;
use tenantry_http::{Answer, Call};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SupportProfile {
    email: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    telephone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    website: Option<String>,
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
            email: fields.text_or_empty("email")?,
            telephone: fields.text("telephone")?,
            website: fields.text("website")?,
        })
    });
    Answer::ok(&view(changed.await?))
}

fn view((_, Versioned { profile, version }): (Partner, Versioned<Profile>)) -> SupportProfile {
    SupportProfile {
        email: profile.email,
        telephone: profile.telephone,
        website: profile.website,
        profile_type: "support_profile",
        links: Links::to_self("/profiles/support"),
        attributes: Attributes::versioned("PartnerSupportProfile", version.to_string()),
    }
}
