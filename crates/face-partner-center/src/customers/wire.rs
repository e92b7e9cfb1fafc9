//! Customers on the wire. Source: partner-center-v1.md 3.1.
//!
//! `userCredentials` is there once, in the answer that creates the customer.

use crate::wire::address::{self, Address};
use crate::wire::input::Fields;
use crate::wire::{Attributes, Links};
use serde::{Serialize, Serializer};
use std::fmt;
use tenantry_commerce as commerce;
use tenantry_core::{Problem, Secret, TenantId};

/// A customer.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Customer {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    commerce_id: Option<String>,
    company_profile: CompanyProfile,
    #[serde(skip_serializing_if = "Option::is_none")]
    billing_profile: Option<BillingProfile>,
    relationship_to_partner: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    allow_delegated_access: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    custom_domains: Option<Vec<String>>,
    /// The reseller that sells to it, for the indirect provider above.
    #[serde(skip_serializing_if = "Option::is_none")]
    associated_partner_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_credentials: Option<UserCredentials>,
    links: Links,
    attributes: Attributes,
}

impl Customer {
    /// All of it, as reads of one customer answer. `delegated` says whether the partner administers the tenant.
    pub(crate) fn whole(customer: commerce::Customer, delegated: bool) -> Self {
        let domains = vec![customer.domain.clone()];
        let whole = Self::created(customer, None);
        Self { custom_domains: Some(domains), allow_delegated_access: Some(delegated), ..whole }
    }

    /// All of it except what only a read shows, with what only this answer shows.
    pub(crate) fn created(customer: commerce::Customer, admin: Option<commerce::FirstAdmin>) -> Self {
        let id = customer.id.to_string();
        Self {
            user_credentials: admin.map(UserCredentials::of),
            commerce_id: Some(id.clone()),
            company_profile: CompanyProfile::whole(&customer),
            allow_delegated_access: Some(true),
            billing_profile: Some(BillingProfile::of(customer.id, customer.billing_profile.clone())),
            ..Self::item(customer)
        }
    }

    /// The same for a partner: one's own customer has no other partner to be associated with.
    pub(crate) fn seen_by(self, partner: TenantId) -> Self {
        let other = self.associated_partner_id.filter(|id| *id != partner.to_string());
        Self { associated_partner_id: other, ..self }
    }

    /// The few members that lists show.
    pub(crate) fn item(customer: commerce::Customer) -> Self {
        Self {
            id: customer.id.to_string(),
            commerce_id: None,
            company_profile: CompanyProfile::item(&customer),
            billing_profile: None,
            relationship_to_partner: "reseller",
            allow_delegated_access: None,
            custom_domains: None,
            associated_partner_id: Some(customer.partner.to_string()),
            user_credentials: None,
            links: Links::to_self(format!("/customers/{}", customer.id)),
            attributes: Attributes::of("Customer"),
        }
    }
}

/// How the first administrator signs in: `userName` at the customer's domain.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct UserCredentials {
    user_name: &'static str,
    password: Shown,
}

/// A password on its way out. Silent in logs.
struct Shown(Secret);

impl UserCredentials {
    fn of(admin: commerce::FirstAdmin) -> Self {
        Self { user_name: admin.user_name, password: Shown(admin.password) }
    }
}

impl Serialize for Shown {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.reveal())
    }
}

impl fmt::Debug for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What the directory says about a company.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CompanyProfile {
    tenant_id: String,
    domain: String,
    company_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<Address>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    organization_registration_number: Option<String>,
    links: Links,
    attributes: Attributes,
}

impl CompanyProfile {
    /// With address and mail, which are those of the bills.
    pub(crate) fn whole(customer: &commerce::Customer) -> Self {
        let billing = &customer.billing_profile.details;
        Self {
            address: Some(billing.default_address.clone().into()),
            email: Some(billing.email.clone()),
            organization_registration_number: customer.registration_number.clone(),
            ..Self::item(customer)
        }
    }

    fn item(customer: &commerce::Customer) -> Self {
        Self {
            tenant_id: customer.id.to_string(),
            domain: customer.domain.clone(),
            company_name: customer.company_name.clone(),
            address: None,
            email: None,
            organization_registration_number: None,
            links: Links::to_self(format!("/customers/{}/profiles/company", customer.id)),
            attributes: Attributes::of("CustomerCompanyProfile"),
        }
    }
}

/// Who gets the bills. Its ETag is a decimal, unlike those of orders and subscriptions.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BillingProfile {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_name: Option<String>,
    email: String,
    culture: String,
    language: String,
    company_name: String,
    default_address: Address,
    links: Links,
    attributes: Attributes,
}

impl BillingProfile {
    pub(crate) fn of(customer: TenantId, profile: commerce::BillingProfile) -> Self {
        let details = profile.details;
        Self {
            id: profile.id.to_string(),
            first_name: details.first_name,
            last_name: details.last_name,
            email: details.email,
            culture: details.culture,
            language: details.language,
            company_name: details.company_name,
            default_address: details.default_address.into(),
            links: Links::to_self(format!("/customers/{customer}/profiles/billing")),
            attributes: Attributes::versioned("CustomerBillingProfile", profile.version.to_string()),
        }
    }
}

/// Reads a billing profile; the domain checks it.
pub(crate) fn read_billing(fields: &Fields<'_>) -> Result<commerce::BillingDetails, Problem> {
    Ok(commerce::BillingDetails {
        first_name: fields.text("firstName")?,
        last_name: fields.text("lastName")?,
        email: fields.text_or_empty("email")?,
        culture: fields.text_or_empty("culture")?,
        language: fields.text_or_empty("language")?,
        company_name: fields.text_or_empty("companyName")?,
        default_address: address::read(&fields.object_or_empty("defaultAddress")?)?,
    })
}
