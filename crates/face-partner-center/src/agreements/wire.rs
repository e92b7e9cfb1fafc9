//! Agreements on the wire. Source: partner-center-v1.md 3.15. Their types are plain words, not in small letters as other
//! enumerations are.

use crate::wire::words::Words;
use crate::wire::{Attributes, Contact};
use serde::Serialize;
use tenantry_commerce as commerce;
use tenantry_commerce::{AgreementKind, AgreementTemplate};
use tenantry_core::Problem;
use tenantry_http::Call;
use uuid::Uuid;

pub(super) const TYPES: Words<AgreementKind> = Words(&[
    ("MicrosoftCloudAgreement", AgreementKind::Cloud),
    ("MicrosoftCustomerAgreement", AgreementKind::Customer),
]);

fn type_name(kind: AgreementKind) -> &'static str {
    TYPES.0.iter().find(|(_, known)| *known == kind).map_or("", |(name, _)| name)
}

/// The kinds that `agreementType` asks for: the older one if it is absent, both for `*`.
pub(super) fn asked(call: &Call) -> Result<impl Fn(AgreementKind) -> bool, Problem> {
    const NAME: &str = "agreementType";
    let wanted = match call.query(NAME).map(str::trim).filter(|text| !text.is_empty()) {
        None => Some(AgreementKind::Cloud),
        Some("*") => None,
        Some(text) => Some(TYPES.read(NAME, text)?),
    };
    Ok(move |kind| wanted.is_none_or(|wanted| wanted == kind))
}

/// Where a template can be read by anybody. Links to documents are whole addresses, unlike those to resources.
pub(super) fn link(call: &Call, template: Uuid) -> String {
    format!("{}/v1/agreementtemplates/{template}/text", call.world.keys().origin())
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct MetaData {
    template_id: String,
    agreement_type: &'static str,
    agreement_link: String,
    version_rank: i64,
    attributes: Attributes,
}

impl MetaData {
    pub(super) fn of(call: &Call, template: AgreementTemplate) -> Self {
        Self {
            template_id: template.id.to_string(),
            agreement_type: type_name(template.kind),
            agreement_link: link(call, template.id),
            version_rank: template.version_rank,
            attributes: Attributes::of("AgreementMetaData"),
        }
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Agreement {
    user_id: String,
    primary_contact: Contact,
    template_id: String,
    date_agreed: String,
    #[serde(rename = "type")]
    kind: &'static str,
    agreement_link: String,
    attributes: Attributes,
}

impl Agreement {
    pub(super) fn of(call: &Call, agreement: commerce::Agreement) -> Self {
        let contact = agreement.contact;
        Self {
            user_id: agreement.confirmed_by.to_string(),
            primary_contact: Contact {
                first_name: Some(contact.first_name),
                last_name: Some(contact.last_name),
                email: contact.email,
                phone_number: contact.phone_number,
            },
            template_id: agreement.template.id.to_string(),
            date_agreed: agreement.agreed_at.to_string(),
            kind: type_name(agreement.template.kind),
            agreement_link: link(call, agreement.template.id),
            attributes: Attributes::of("Agreement"),
        }
    }
}
