//! The agreement between a customer and the platform. Nothing is sold to a customer that has not agreed.
//!
//! There are two ways to have agreed. The customer signs itself: that is what its administrator does by accepting a
//! partner's invitation. Or the partner confirms that a person of the customer agreed, and names that person; the partner
//! answers for it. Either holds between one partner and one customer, as all that is sold does.
//!
//! Source: partner-center-v1.md 3.15, 4.11. The ids of the templates are those clients of the field have in their samples.

use crate::{Customer, customer_review, rows, text};
use serde::{Deserialize, Serialize};
use tenantry_core::{ObjectId, Problem, Reason, TenantId, Timestamp};
use tenantry_db::Connection;
use uuid::{Uuid, uuid};

/// Which agreement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AgreementKind {
    /// The older one, about cloud services. Clients that name none mean this one.
    Cloud,
    /// The one that took its place, about all that is sold.
    Customer,
}

/// An agreement that customers can agree to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AgreementTemplate {
    /// Names it.
    pub id: Uuid,
    /// Which agreement it is of.
    pub kind: AgreementKind,
    /// Of two templates of one kind, the one to be shown has the higher rank.
    pub version_rank: i64,
    /// What it says, in English.
    pub text: &'static str,
}

/// All templates. Each is in one language and holds in every country.
pub const AGREEMENT_TEMPLATES: [AgreementTemplate; 2] = [
    AgreementTemplate {
        id: uuid!("998b88de-aa99-4388-a42c-1b3517d49490"),
        kind: AgreementKind::Cloud,
        version_rank: 1,
        text: include_str!("agreement_cloud.txt"),
    },
    AgreementTemplate {
        id: uuid!("117a77b0-9360-443b-8795-c6dedc750cf9"),
        kind: AgreementKind::Customer,
        version_rank: 1,
        text: include_str!("agreement_customer.txt"),
    },
];

impl AgreementTemplate {
    /// The template of an id.
    #[must_use]
    pub fn find(id: Uuid) -> Option<Self> {
        AGREEMENT_TEMPLATES.into_iter().find(|template| template.id == id)
    }
}

/// The person of the customer who agreed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgreementContact {
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// E-mail address.
    pub email: String,
    /// Phone number, if given.
    pub phone_number: Option<String>,
}

impl AgreementContact {
    /// The contact as it is kept.
    ///
    /// # Errors
    /// `MissingField`, `InvalidField`, on `primaryContact.firstName` and its like.
    pub(crate) fn checked(self) -> Result<Self, Problem> {
        Ok(Self {
            first_name: text::required("primaryContact.firstName", &self.first_name, 50)?,
            last_name: text::required("primaryContact.lastName", &self.last_name, 50)?,
            email: text::email("primaryContact.email", &self.email)?,
            phone_number: text::optional("primaryContact.phoneNumber", self.phone_number.as_deref(), 50)?,
        })
    }

    /// The same for all spellings of one person.
    pub(crate) fn key(&self) -> String {
        let phone = self.phone_number.as_deref().unwrap_or_default();
        [&self.first_name, &self.last_name, &self.email, phone].join("\n").to_lowercase()
    }
}

/// A confirmation that a customer agreed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreement {
    /// The customer.
    pub customer: TenantId,
    /// The partner it is about selling by.
    pub partner: TenantId,
    /// To what.
    pub template: AgreementTemplate,
    /// Who agreed.
    pub contact: AgreementContact,
    /// When that person agreed, as the partner says.
    pub agreed_at: Timestamp,
    /// Who of the partner confirmed it.
    pub confirmed_by: ObjectId,
    /// When it was confirmed, in world time.
    pub confirmed_at: Timestamp,
}

/// Refuses what would be sold to a customer that has not agreed, or that the provider has not let through. Whatever sells
/// asks this, behind the lock of the customer's row.
pub(crate) async fn check_sold_to(on: &mut impl Connection, customer: &Customer) -> Result<(), Problem> {
    check_agreed(on, customer).await?;
    customer_review::check_cleared(on, customer).await
}

async fn check_agreed(on: &mut impl Connection, customer: &Customer) -> Result<(), Problem> {
    if rows::agreement::agreed(on, customer.id, customer.partner).await? {
        return Ok(());
    }
    let message = format!(
        "{} has not agreed to the customer agreement, and nothing is sold before; let somebody there agree and confirm it, \
         or let its administrator accept the partner's invitation",
        customer.company_name
    );
    Err(Problem::new(Reason::OfferNotPurchasable, message).at("customerAgreement"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_template_says_something_and_is_found_by_its_id() {
        for template in AGREEMENT_TEMPLATES {
            assert_eq!(AgreementTemplate::find(template.id), Some(template));
            assert!(template.text.lines().count() > 5, "{:?}", template.kind);
        }
        assert_eq!(AgreementTemplate::find(Uuid::nil()), None);
    }

    #[test]
    fn one_person_is_one_however_the_names_are_written() {
        let contact = |first: &str, phone: Option<&str>| AgreementContact {
            first_name: first.to_owned(),
            last_name: "Desk".to_owned(),
            email: "ops@northwind.test".to_owned(),
            phone_number: phone.map(str::to_owned),
        };
        assert_eq!(contact("Billing", None).key(), contact("BILLING", None).key());
        assert_ne!(contact("Billing", None).key(), contact("Billing", Some("1")).key());
    }
}
