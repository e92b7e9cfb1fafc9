//! What a partner says of itself: who it is, its legal business, how it is billed, where its customers get help.
//!
//! Each profile begins as the partner was signed up, at version 1, and counts from there. Two of them are more than words:
//! name and address of the billing profile stand on the bills the partner gets from then on, and culture and language of
//! the organization profile are those it is addressed in.
//!
//! What hangs on the country of a partner (its prices, its market) was agreed when it was signed up: the country stays, and
//! so does the currency. Source: partner-center-v1.md 2.11, 3.14.

use crate::reach::Reach;
use crate::{Address, Partner, rows, text};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use tenantry_access::{PartnerProfileRead, allow};
use tenantry_core::{OpContext, Problem, TenantId};
use tenantry_db::{Connection, Db};

/// A person to talk to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProfileContact {
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// E-mail address.
    pub email: String,
    /// Phone number.
    pub phone_number: Option<String>,
}

impl ProfileContact {
    fn of(partner: &Partner) -> Self {
        Self {
            first_name: partner.address.first_name.clone(),
            last_name: partner.address.last_name.clone(),
            email: partner.email.clone(),
            phone_number: partner.address.phone_number.clone(),
        }
    }

    fn checked(self, at: &str) -> Result<Self, Problem> {
        let part = |name: &str, value: &Option<String>| text::optional(&text::path(at, name), value.as_deref(), 50);
        Ok(Self {
            first_name: part("firstName", &self.first_name)?,
            last_name: part("lastName", &self.last_name)?,
            phone_number: part("phoneNumber", &self.phone_number)?,
            email: text::email(&text::path(at, "email"), &self.email)?,
        })
    }
}

/// Who the partner is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganizationProfile {
    /// Its name.
    pub company_name: String,
    /// Its address.
    pub default_address: Address,
    /// Where news go.
    pub email: String,
    /// In what language: `en`.
    pub language: String,
    /// How dates and numbers are written: `en-US`.
    pub culture: String,
}

/// Its legal business.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LegalBusinessProfile {
    /// The name it is registered under.
    pub company_name: String,
    /// Where it is registered.
    pub address: Address,
    /// Who answers for it.
    pub primary_contact: ProfileContact,
    /// Where the person is who approved of the company's standing, if elsewhere.
    pub approver_address: Option<Address>,
    /// The e-mail address of that person.
    pub approver_email: Option<String>,
}

/// How it is billed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartnerBillingProfile {
    /// The name on its bills.
    pub company_name: String,
    /// The address on its bills.
    pub address: Address,
    /// Where its bills go.
    pub primary_contact: ProfileContact,
    /// What its bookkeeping wants to read.
    pub purchase_order_number: Option<String>,
    /// Its tax number, as it writes it.
    pub tax_id: Option<String>,
    /// The currency it is billed in, if it says so: it must be the one it is billed in.
    #[serde(skip)]
    pub currency: Option<String>,
}

/// Where its customers get help.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SupportProfile {
    /// By mail.
    pub email: String,
    /// By phone.
    pub telephone: Option<String>,
    /// On a page, `https://..`.
    pub website: Option<String>,
}

/// One of the four.
pub trait PartnerProfile: Serialize + DeserializeOwned + Send {
    /// The stored name of the kind.
    const KIND: &'static str;

    /// As the partner was signed up.
    fn of(partner: &Partner) -> Self;

    /// In the form it is kept in.
    ///
    /// # Errors
    /// `MissingField`, `InvalidField`, those of addresses; with the field's name.
    fn checked(self, partner: &Partner) -> Result<Self, Problem>;

    /// The partner as it is known by everybody else after the change.
    #[must_use]
    fn applied(&self, partner: Partner) -> Partner {
        partner
    }
}

impl PartnerProfile for OrganizationProfile {
    const KIND: &'static str = "organization";

    fn of(partner: &Partner) -> Self {
        Self {
            company_name: partner.company_name.clone(),
            default_address: partner.address.clone(),
            email: partner.email.clone(),
            language: partner.language.clone(),
            culture: partner.culture.clone(),
        }
    }

    fn checked(self, partner: &Partner) -> Result<Self, Problem> {
        Ok(Self {
            company_name: text::required("companyName", &self.company_name, 200)?,
            default_address: at_home(partner, "defaultAddress", self.default_address)?,
            email: text::email("email", &self.email)?,
            language: text::culture("language", &self.language)?,
            culture: text::culture("culture", &self.culture)?,
        })
    }

    fn applied(&self, partner: Partner) -> Partner {
        Partner { language: self.language.clone(), culture: self.culture.clone(), ..partner }
    }
}

impl PartnerProfile for LegalBusinessProfile {
    const KIND: &'static str = "legal-business";

    fn of(partner: &Partner) -> Self {
        Self {
            company_name: partner.company_name.clone(),
            address: partner.address.clone(),
            primary_contact: ProfileContact::of(partner),
            approver_address: None,
            approver_email: None,
        }
    }

    fn checked(self, partner: &Partner) -> Result<Self, Problem> {
        let approver_email = match self.approver_email.as_deref().map(str::trim).filter(|email| !email.is_empty()) {
            Some(email) => Some(text::email("companyApproverEmail", email)?),
            None => None,
        };
        Ok(Self {
            company_name: text::required("companyName", &self.company_name, 200)?,
            address: at_home(partner, "address", self.address)?,
            primary_contact: self.primary_contact.checked("primaryContact")?,
            approver_address: match self.approver_address {
                Some(address) => Some(address.checked("companyApproverAddress")?),
                None => None,
            },
            approver_email,
        })
    }
}

impl PartnerProfile for PartnerBillingProfile {
    const KIND: &'static str = "billing";

    fn of(partner: &Partner) -> Self {
        Self {
            company_name: partner.company_name.clone(),
            address: partner.address.clone(),
            primary_contact: ProfileContact::of(partner),
            purchase_order_number: None,
            tax_id: None,
            currency: None,
        }
    }

    fn checked(self, partner: &Partner) -> Result<Self, Problem> {
        if let Some(currency) = self.currency.as_deref().map(str::trim).filter(|currency| !currency.is_empty())
            && !currency.eq_ignore_ascii_case(partner.currency.code())
        {
            let message = format!(
                "`{}` is not the currency the partner is billed in, {}, and that one stays; leave it as it is",
                text::shown(currency),
                partner.currency.code()
            );
            return Err(Problem::invalid("billingCurrency", message));
        }
        Ok(Self {
            company_name: text::required("companyName", &self.company_name, 200)?,
            address: at_home(partner, "address", self.address)?,
            primary_contact: self.primary_contact.checked("primaryContact")?,
            purchase_order_number: text::optional("purchaseOrderNumber", self.purchase_order_number.as_deref(), 50)?,
            tax_id: text::optional("taxId", self.tax_id.as_deref(), 50)?,
            currency: None,
        })
    }

    fn applied(&self, partner: Partner) -> Partner {
        Partner {
            company_name: self.company_name.clone(),
            address: self.address.clone(),
            email: self.primary_contact.email.clone(),
            ..partner
        }
    }
}

impl PartnerProfile for SupportProfile {
    const KIND: &'static str = "support";

    fn of(partner: &Partner) -> Self {
        Self { email: partner.email.clone(), telephone: partner.address.phone_number.clone(), website: None }
    }

    fn checked(self, _: &Partner) -> Result<Self, Problem> {
        let website = text::optional("website", self.website.as_deref(), 200)?;
        if let Some(page) =
            website.as_deref().filter(|page| !page.starts_with("https://") && !page.starts_with("http://"))
        {
            return Err(Problem::invalid("website", format!("`{}` does not begin with https://", text::shown(page))));
        }
        Ok(Self {
            email: text::email("email", &self.email)?,
            telephone: text::optional("telephone", self.telephone.as_deref(), 50)?,
            website,
        })
    }
}

/// An address in the country of the partner.
fn at_home(partner: &Partner, field: &str, address: Address) -> Result<Address, Problem> {
    let address = address.checked(field)?;
    if address.country == partner.address.country {
        return Ok(address);
    }
    let message = format!("a partner stays in its country, {}: its prices hang on it", partner.address.country);
    Err(Problem::invalid(text::path(field, "country"), message))
}

/// A profile, and which version of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Versioned<P> {
    /// What it says.
    pub profile: P,
    /// Counts changes from 1: the ETag.
    pub version: i64,
}

/// A profile of a partner, and the partner.
///
/// # Errors
/// `TenantNotFound`, `Forbidden`.
pub async fn partner_profile<P: PartnerProfile>(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
) -> Result<(Partner, Versioned<P>), Problem> {
    let mut reader = db.reader().await?;
    let found = rows::partner::by_id(&mut reader, Reach::of(ctx)?, tenant).await?;
    let found = found.ok_or_else(|| crate::partner::missing(ctx, tenant))?;
    let partner = allow::<PartnerProfileRead, _>(ctx, found)?.into_target();
    let profile = as_it_is(&mut reader, &partner).await?;
    Ok((partner, profile))
}

/// The profile as it is now.
pub(crate) async fn as_it_is<P: PartnerProfile>(
    on: &mut impl Connection,
    partner: &Partner,
) -> Result<Versioned<P>, Problem> {
    let stored = rows::partner_profile::find(on, partner.tenant, P::KIND).await?;
    let begun = || Versioned { profile: P::of(partner), version: 1 };
    Ok(stored.map_or_else(begun, |(profile, version)| Versioned { profile, version }))
}
