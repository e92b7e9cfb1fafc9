//! People to talk to.

use crate::wire::input::Fields;
use serde::Serialize;
use tenantry_commerce::ProfileContact;
use tenantry_core::Problem;

/// A contact on the wire. Source: partner-center-v1.md 3.0.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Contact {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) first_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) last_name: Option<String>,
    pub(crate) email: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) phone_number: Option<String>,
}

impl From<ProfileContact> for Contact {
    fn from(contact: ProfileContact) -> Self {
        Self {
            first_name: contact.first_name,
            last_name: contact.last_name,
            email: contact.email,
            phone_number: contact.phone_number,
        }
    }
}

/// Reads a contact; the domain checks it.
pub(crate) fn read(fields: &Fields<'_>) -> Result<ProfileContact, Problem> {
    Ok(ProfileContact {
        first_name: fields.text("firstName")?,
        last_name: fields.text("lastName")?,
        email: fields.text_or_empty("email")?,
        phone_number: fields.text("phoneNumber")?,
    })
}
