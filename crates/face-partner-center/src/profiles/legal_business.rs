//! `GET` and `PUT /v1/profiles/legalbusiness`. Nobody vets partners here after they were signed up, so the members that tell
//! how far that is are not there, and `vettingVersion` chooses nothing.

use super::{read, replace};
use crate::wire::address::{self, Address};
use crate::wire::contact::{self, Contact};
use crate::wire::{Attributes, Links};
use serde::Serialize;
use tenantry_commerce::{LegalBusinessProfile as Profile, Partner, Versioned};
use tenantry_core::Problem;
use tenantry_http::{Answer, Call};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LegalBusinessProfile {
    company_name: String,
    address: Address,
    primary_contact: Contact,
    #[serde(skip_serializing_if = "Option::is_none")]
    company_approver_address: Option<Address>,
    #[serde(skip_serializing_if = "Option::is_none")]
    company_approver_email: Option<String>,
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
            address: address::read(&fields.object_or_empty("address")?)?,
            primary_contact: contact::read(&fields.object_or_empty("primaryContact")?)?,
            approver_address: fields.object("companyApproverAddress")?.as_ref().map(address::read).transpose()?,
            approver_email: fields.text("companyApproverEmail")?,
        })
    });
    Answer::ok(&view(changed.await?))
}

fn view((_, Versioned { profile, version }): (Partner, Versioned<Profile>)) -> LegalBusinessProfile {
    LegalBusinessProfile {
        company_name: profile.company_name,
        address: profile.address.into(),
        primary_contact: profile.primary_contact.into(),
        company_approver_address: profile.approver_address.map(Address::from),
        company_approver_email: profile.approver_email,
        profile_type: "LegalBusinessProfile",
        links: Links::to_self("/profiles/legalbusiness"),
        attributes: Attributes::versioned("LegalBusinessProfile", version.to_string()),
    }
}
