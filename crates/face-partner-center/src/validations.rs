//! What a client asks before it sends an address: `POST /v1/validations/address` and
//! `GET /v1/countryvalidationrules/{country}`.

use crate::wire::Attributes;
use crate::wire::address::{self, Address};
use crate::wire::client::Client;
use crate::wire::input::Body;
use serde::Serialize;
use tenantry_commerce::{CountryRules, country_rules};
use tenantry_core::{Problem, Reason};
use tenantry_http::{Answer, Call};

/// Source: partner-center-v1.md 3.1.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct AddressValidation {
    original_address: Address,
    suggested_addresses: [Address; 0],
    status: &'static str,
    validation_message: &'static str,
    attributes: Attributes,
}

/// As recorded; `null` members are left out.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Rules {
    iso2_code: String,
    default_culture: &'static str,
    is_state_required: bool,
    supported_states_list: Vec<&'static str>,
    supported_languages_list: Vec<&'static str>,
    supported_cultures_list: Vec<&'static str>,
    is_postal_code_required: bool,
    postal_code_regex: &'static str,
    is_city_required: bool,
    is_vat_id_supported: bool,
    phone_number_regex: &'static str,
    is_tax_id_supported: bool,
    is_tax_id_optional: bool,
    country_calling_codes_list: &'static [&'static str],
    customer_organization_registration_number_required: bool,
    customer_organization_phone_number_required: bool,
    attributes: Attributes,
}

/// The same check that customers and profiles go through. Streets are for the postman, so a good address is
/// `VerifiedShippable` without suggestions.
pub(crate) async fn address(call: Call) -> Result<Answer, Problem> {
    let body = Body::of(&call)?;
    let original = address::read(&body.fields()?)?.checked("")?;
    // Those read nothing but a flag from the answer (partner-center-v1.md 2.1 row 23).
    if Client::of(&call).is_of_2020() {
        return Answer::ok(&true);
    }
    Answer::ok(&AddressValidation {
        original_address: original.into(),
        suggested_addresses: [],
        status: "VerifiedShippable",
        validation_message: "Address was verified.",
        attributes: Attributes::of("AddressValidationResponse"),
    })
}

/// The rules of a country. Tax ids are not kept, so none is asked for.
pub(crate) async fn country(call: Call) -> Result<Answer, Problem> {
    let rules = country_rules("country", call.param("country")?).map_err(|problem| match problem.reason() {
        // A path that names no country names nothing.
        Reason::InvalidField | Reason::MissingField => Problem::new(Reason::RouteNotFound, problem.message()),
        _ => problem,
    })?;
    Answer::ok(&Rules::of(rules))
}

impl Rules {
    fn of(rules: CountryRules) -> Self {
        Self {
            default_culture: rules.cultures.first().copied().unwrap_or_default(),
            is_state_required: rules.whole_address,
            supported_languages_list: rules.languages(),
            supported_states_list: rules.states,
            supported_cultures_list: rules.cultures,
            is_postal_code_required: rules.whole_address,
            postal_code_regex: rules.postal_code_regex,
            is_city_required: rules.whole_address,
            is_vat_id_supported: false,
            phone_number_regex: rules.phone_number_regex,
            is_tax_id_supported: false,
            is_tax_id_optional: true,
            country_calling_codes_list: rules.calling_codes,
            customer_organization_registration_number_required: rules.registration_number_required,
            customer_organization_phone_number_required: rules.registration_number_required,
            iso2_code: rules.country,
            attributes: Attributes::of("CountryValidationRules"),
        }
    }
}
