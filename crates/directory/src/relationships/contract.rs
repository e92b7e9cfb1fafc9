//! What a contract is: the mark a partner's relationship with a customer leaves in the partner's directory, and with
//! it delegated administration (DAP), which is all or nothing.
//!
//! Source: directory.md 2.2 (contract), 3.2, part 4.

use tenantry_core::{Problem, Reason, TenantId, Timestamp};
use uuid::Uuid;

/// A contract of a partner with a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contract {
    /// Its object id in the partner's directory.
    pub id: Uuid,
    /// Whose it is.
    pub partner: TenantId,
    /// With whom.
    pub customer: TenantId,
    /// The customer's name when the contract began. Later changes do not show here.
    pub display_name: String,
    /// The customer's default domain when the contract began.
    pub default_domain: String,
    /// Whether the partner's agent groups administer the customer's tenant.
    pub delegated_admin: bool,
    /// When it began.
    pub created_at: Timestamp,
}

impl Contract {
    /// What the directories call the kind of all contracts here (directory.md 2.2).
    pub const KIND: &'static str = "ResellerPartner";
}

pub(crate) fn no_relationship(partner: TenantId, customer: TenantId) -> Problem {
    let message = format!("partner {partner} has no relationship with tenant {customer}; check the tenant ids");
    Problem::new(Reason::RelationshipNotFound, message)
}
