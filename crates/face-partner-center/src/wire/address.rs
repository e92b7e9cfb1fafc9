//! Postal addresses.

use crate::wire::input::Fields;
use serde::Serialize;
use tenantry_core::Problem;

/// An address on the wire. Source: partner-center-v1.md 3.0.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Address {
    country: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    city: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    district: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    address_line1: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    address_line2: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    address_line3: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    postal_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    middle_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone_number: Option<String>,
}

impl From<tenantry_commerce::Address> for Address {
    fn from(address: tenantry_commerce::Address) -> Self {
        Self {
            country: address.country,
            region: address.region,
            city: address.city,
            state: address.state,
            district: address.district,
            address_line1: address.address_line1,
            address_line2: address.address_line2,
            address_line3: address.address_line3,
            postal_code: address.postal_code,
            first_name: address.first_name,
            middle_name: address.middle_name,
            last_name: address.last_name,
            phone_number: address.phone_number,
        }
    }
}

/// Reads an address; the domain checks it.
pub(crate) fn read(fields: &Fields<'_>) -> Result<tenantry_commerce::Address, Problem> {
    Ok(tenantry_commerce::Address {
        country: fields.text_or_empty("country")?,
        region: fields.text("region")?,
        city: fields.text("city")?,
        state: fields.text("state")?,
        district: fields.text("district")?,
        address_line1: fields.text("addressLine1")?,
        address_line2: fields.text("addressLine2")?,
        address_line3: fields.text("addressLine3")?,
        postal_code: fields.text("postalCode")?,
        first_name: fields.text("firstName")?,
        middle_name: fields.text("middleName")?,
        last_name: fields.text("lastName")?,
        phone_number: fields.text("phoneNumber")?,
    })
}
