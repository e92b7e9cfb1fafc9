//! A postal address and what its country asks of it.
//!
//! Only what can be said with certainty is checked: the country itself everywhere, city, state and postal code
//! where the country's own rules are known (partner-center-v1.md 3.0, 4.1). A wrong street is for the postman.

use crate::{country, text};
use serde::{Deserialize, Serialize};
use tenantry_core::{Problem, Reason};

/// A postal address. Absent parts are `None`, never empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    /// ISO 3166 country, two letters.
    pub country: String,
    /// Region.
    pub region: Option<String>,
    /// City.
    pub city: Option<String>,
    /// State or province; one of the country's list for US and CA.
    pub state: Option<String>,
    /// District.
    pub district: Option<String>,
    /// First line, required.
    pub address_line1: Option<String>,
    /// Second line.
    pub address_line2: Option<String>,
    /// Third line.
    pub address_line3: Option<String>,
    /// Postal code.
    pub postal_code: Option<String>,
    /// First name of the person to write to.
    pub first_name: Option<String>,
    /// Middle name of the person to write to.
    pub middle_name: Option<String>,
    /// Last name of the person to write to.
    pub last_name: Option<String>,
    /// Phone number; required where a registration number is.
    pub phone_number: Option<String>,
}

impl Address {
    /// The address in the form it is kept in. `at` is where it stands in what was sent, for the refusal:
    /// `billingProfile.defaultAddress`.
    ///
    /// Errors: [`Reason::MissingField`], [`Reason::InvalidField`], [`Reason::CountryUnsupported`], and
    /// [`Reason::AddressInvalid`] for a part that contradicts the country.
    pub fn checked(self, at: &str) -> Result<Self, Problem> {
        let part = |name: &str, value: &Option<String>, length_max| {
            text::optional(&text::path(at, name), value.as_deref(), length_max)
        };
        let kept = Self {
            country: country::check(&text::path(at, "country"), &self.country)?,
            region: part("region", &self.region, 100)?,
            city: part("city", &self.city, 100)?,
            state: part("state", &self.state, 100)?,
            district: part("district", &self.district, 100)?,
            address_line1: part("addressLine1", &self.address_line1, 200)?,
            address_line2: part("addressLine2", &self.address_line2, 200)?,
            address_line3: part("addressLine3", &self.address_line3, 200)?,
            postal_code: part("postalCode", &self.postal_code, 20)?,
            first_name: part("firstName", &self.first_name, 50)?,
            middle_name: part("middleName", &self.middle_name, 50)?,
            last_name: part("lastName", &self.last_name, 50)?,
            phone_number: part("phoneNumber", &self.phone_number, 40)?,
        };
        let missing = |name: &str| Problem::missing(text::path(at, name));
        if kept.address_line1.is_none() {
            return Err(missing("addressLine1"));
        }
        if country::registration_number_required(&kept.country) && kept.phone_number.is_none() {
            return Err(missing("phoneNumber"));
        }
        kept.in_its_country(at)
    }

    /// State and postal code where the country lists or spells them.
    fn in_its_country(mut self, at: &str) -> Result<Self, Problem> {
        let states = country::states(&self.country);
        if states.is_empty() {
            return Ok(self);
        }
        let missing = |name: &str| Problem::missing(text::path(at, name));
        let refused = |name: &str, said: String| {
            let field = text::path(at, name);
            Problem::new(Reason::AddressInvalid, format!("{field}: {said}")).at(field)
        };
        if self.city.is_none() {
            return Err(missing("city"));
        }
        let state = self.state.as_deref().ok_or_else(|| missing("state"))?.to_ascii_uppercase();
        if !states.contains(&state.as_str()) {
            let said = format!("`{state}` is no state of {}; use one of {}", self.country, states.join(", "));
            return Err(refused("state", said));
        }
        let code = self.postal_code.as_deref().ok_or_else(|| missing("postalCode"))?;
        if !postal_code_fits(&self.country, code) {
            let like = if self.country == "US" { "98101 or 98101-1234" } else { "K1A 0B1" };
            return Err(refused(
                "postalCode",
                format!("`{code}` is no postal code of {}; write it like {like}", self.country),
            ));
        }
        self.state = Some(state);
        Ok(self)
    }
}

/// The recorded rule `^\d{5}(-\d{4})?$` of US, and letter-digit-letter digit-letter-digit of CA.
fn postal_code_fits(country: &str, code: &str) -> bool {
    let shape: String = code
        .chars()
        .map(|c| match c {
            '0'..='9' => '9',
            'a'..='z' | 'A'..='Z' => 'A',
            other => other,
        })
        .collect();
    match country {
        "US" => matches!(shape.as_str(), "99999" | "99999-9999"),
        "CA" => matches!(shape.as_str(), "A9A 9A9" | "A9A9A9"),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `"country=US city=Seattle"`; a blank inside a value is written `_`.
    fn address(text: &str) -> Address {
        let mut address = Address::default();
        for (name, value) in text.split_ascii_whitespace().filter_map(|part| part.split_once('=')) {
            let value = value.replace('_', " ");
            match name {
                "country" => address.country = value,
                "city" => address.city = Some(value),
                "state" => address.state = Some(value),
                "line1" => address.address_line1 = Some(value),
                "code" => address.postal_code = Some(value),
                "phone" => address.phone_number = Some(value),
                other => panic!("no such part: {other}"),
            }
        }
        address
    }

    fn check(text: &str, expected: Result<&str, (Reason, &str)>) {
        let seen = address(text).checked("a");
        let seen =
            seen.as_ref().map(|a| a.state.as_deref().unwrap_or("")).map_err(|p| (p.reason(), p.field().unwrap_or("")));
        assert_eq!(seen, expected, "{text}");
    }

    #[test]
    fn each_country_asks_for_what_it_needs() {
        use Reason::{AddressInvalid, CountryUnsupported, InvalidField, MissingField};
        check("country=US line1=1_Harbour_Rd city=Seattle state=wa code=98101", Ok("WA"));
        check("country=CA line1=1_Main city=Ottawa state=ON code=k1a_0b1", Ok("ON"));
        check("country=DE line1=Am_Tor_1", Ok(""));
        check("country=DE line1=Am_Tor_1 state=Bayern", Ok("Bayern"));
        check("country=HU line1=Ut_1 phone=12345", Ok(""));
        check("line1=1_Harbour_Rd", Err((MissingField, "a.country")));
        check("country=USA line1=x", Err((InvalidField, "a.country")));
        check("country=KP line1=x", Err((CountryUnsupported, "a.country")));
        check("country=DE", Err((MissingField, "a.addressLine1")));
        check("country=HU line1=Ut_1", Err((MissingField, "a.phoneNumber")));
        check("country=US line1=x state=WA code=98101", Err((MissingField, "a.city")));
        check("country=US line1=x city=Seattle code=98101", Err((MissingField, "a.state")));
        check("country=US line1=x city=Seattle state=ON code=98101", Err((AddressInvalid, "a.state")));
        check("country=US line1=x city=Seattle state=WA", Err((MissingField, "a.postalCode")));
        check("country=US line1=x city=Seattle state=WA code=K1A_0B1", Err((AddressInvalid, "a.postalCode")));
    }
}
