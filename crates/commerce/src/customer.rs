//! A customer: a directory tenant that buys through a partner, and who gets its bills.

use crate::{Address, country, text};
use serde::{Deserialize, Serialize};
use tenantry_access::Scoped;
use tenantry_core::{Problem, Reason, TenantId, Timestamp};
use uuid::Uuid;

/// A customer of a partner.
///
/// Source: partner-center-v1.md 3.1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Customer {
    /// Its directory tenant, by which it is named everywhere.
    pub id: TenantId,
    /// The partner that sells to it.
    pub partner: TenantId,
    /// The indirect provider that partner buys from, if it is a reseller: it may do what the reseller may.
    pub indirect_provider: Option<TenantId>,
    /// Counts the partner's customers from 1: the order of its list, and where a page begins.
    pub number: i64,
    /// The company's name in the directory.
    pub company_name: String,
    /// Its first domain, lower case.
    pub domain: String,
    /// The company's registration number, where its country asks for one.
    pub registration_number: Option<String>,
    /// Who gets the bills.
    pub billing_profile: BillingProfile,
    /// When it was created, in world time.
    pub created_at: Timestamp,
    /// When the partner stopped selling to it. Only those who see all partners still see it then.
    pub ended_at: Option<Timestamp>,
}

/// Who gets the bills, and in what language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BillingProfile {
    /// Names the profile; stays the same through changes.
    pub id: Uuid,
    /// What it says.
    pub details: BillingDetails,
    /// Counts changes from 1: the ETag.
    pub version: i64,
}

/// The part of a billing profile that clients write.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BillingDetails {
    /// First name of the contact.
    pub first_name: Option<String>,
    /// Last name of the contact.
    pub last_name: Option<String>,
    /// Where bills and news go.
    pub email: String,
    /// How dates and numbers are written: `en-US`.
    pub culture: String,
    /// In what language: `en`.
    pub language: String,
    /// The company's name on bills.
    pub company_name: String,
    /// The address on bills. Its country is the customer's.
    pub default_address: Address,
}

impl BillingDetails {
    /// The profile in the form it is kept in. `at` is where it stands in what was sent: `billingProfile`, or
    /// empty if it is the whole body. Errors as in [`Address::checked`].
    pub fn checked(self, at: &str) -> Result<Self, Problem> {
        let field = |name| text::path(at, name);
        Ok(Self {
            first_name: text::optional(&field("firstName"), self.first_name.as_deref(), 50)?,
            last_name: text::optional(&field("lastName"), self.last_name.as_deref(), 50)?,
            email: text::email(&field("email"), &self.email)?,
            culture: text::culture(&field("culture"), &self.culture)?,
            language: text::culture(&field("language"), &self.language)?,
            company_name: text::required(&field("companyName"), &self.company_name, 200)?,
            default_address: self.default_address.checked(&field("defaultAddress"))?,
        })
    }
}

/// The registration number, which some countries ask for and the others do not take
/// (partner-center-v1.md 4.1).
pub(crate) fn registration_number(sent: Option<&str>, country: &str) -> Result<Option<String>, Problem> {
    const FIELD: &str = "companyProfile.organizationRegistrationNumber";
    let number = text::optional(FIELD, sent, 100)?;
    match (number, country::registration_number_required(country)) {
        (None, true) => Err(Problem::missing(FIELD)),
        (Some(_), false) => {
            Err(Problem::invalid(FIELD, format!("companies in {country} do not give one; leave it out")))
        }
        (number, _) => Ok(number),
    }
}

/// The refusal for a customer that is not there, or not this caller's.
pub(crate) fn no_customer(id: TenantId) -> Problem {
    Problem::new(Reason::CustomerNotFound, format!("there is no customer {id}; check the id in the list of customers"))
}

impl Customer {
    /// Its country: that of its bills.
    #[must_use]
    pub fn country(&self) -> &str {
        &self.billing_profile.details.default_address.country
    }
}

impl Scoped for Customer {
    fn partner(&self) -> Option<TenantId> {
        Some(self.partner)
    }

    fn upstream(&self) -> Option<TenantId> {
        self.indirect_provider
    }

    fn customer(&self) -> Option<TenantId> {
        Some(self.id)
    }

    fn hidden(&self) -> Problem {
        no_customer(self.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn registration_numbers_are_for_some_countries_only() {
        assert_eq!(registration_number(Some(" 01-09 "), "HU").ok(), Some(Some("01-09".to_owned())));
        assert_eq!(registration_number(Some("  "), "US").ok(), Some(None));
        for (sent, country, reason) in [
            (None, "KZ", Reason::MissingField),
            (Some(""), "UA", Reason::MissingField),
            (Some("7"), "DE", Reason::InvalidField),
        ] {
            let refused = registration_number(sent, country).unwrap_err();
            assert_eq!(
                (refused.reason(), refused.field()),
                (reason, Some("companyProfile.organizationRegistrationNumber"))
            );
        }
    }
}
