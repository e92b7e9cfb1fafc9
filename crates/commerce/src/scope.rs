//! Who a customer or subscription belongs to, without the thing itself: what rooms that keep only ids (usage,
//! invoices) ask the policy with.

use crate::customer::{Customer, no_customer};
use crate::partner::no_partner;
use crate::rows;
use crate::subscription::{Subscription, no_subscription};
use tenantry_access::Scoped;
use tenantry_core::{Problem, SubscriptionId, TenantId};
use tenantry_db::Db;

/// A customer of a partner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CustomerRef {
    /// The partner that sells to it.
    pub partner: TenantId,
    /// The indirect provider that partner buys from, if it is a reseller.
    pub indirect_provider: Option<TenantId>,
    /// The customer.
    pub customer: TenantId,
    /// Whether the world is a sandbox.
    pub sandbox: bool,
}

/// A subscription of a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SubscriptionRef {
    /// Whose it is.
    pub owner: CustomerRef,
    /// The subscription.
    pub subscription: SubscriptionId,
}

/// An edge of the channel: what is billed on it is its buyer's and its seller's to see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EdgeRef {
    /// Who sells.
    pub seller: TenantId,
    /// Who buys.
    pub buyer: TenantId,
}

/// The edge a partner buys on, for rooms that ask the policy about it. It answers nobody by itself.
///
/// # Errors
/// `TenantNotFound` if there is no such partner.
pub async fn edge_ref(db: &Db, buyer: TenantId) -> Result<EdgeRef, Problem> {
    let found = rows::edge::seller(&mut db.reader().await?, buyer).await?;
    found.map(|seller| EdgeRef { seller, buyer }).ok_or_else(|| no_partner(buyer))
}

impl Customer {
    /// Whose it is, for the policy.
    #[must_use]
    pub const fn scope(&self, sandbox: bool) -> CustomerRef {
        CustomerRef { partner: self.partner, indirect_provider: self.indirect_provider, customer: self.id, sandbox }
    }
}

impl Subscription {
    /// Whose it is, for the policy.
    #[must_use]
    pub const fn scope(&self, sandbox: bool) -> SubscriptionRef {
        let owner = CustomerRef {
            partner: self.partner,
            indirect_provider: self.indirect_provider,
            customer: self.customer,
            sandbox,
        };
        SubscriptionRef { owner, subscription: self.id }
    }
}

impl Scoped for EdgeRef {
    fn partner(&self) -> Option<TenantId> {
        Some(self.buyer)
    }

    fn upstream(&self) -> Option<TenantId> {
        Some(self.seller)
    }

    fn customer(&self) -> Option<TenantId> {
        None
    }

    fn hidden(&self) -> Problem {
        no_partner(self.buyer)
    }
}

impl Scoped for CustomerRef {
    fn partner(&self) -> Option<TenantId> {
        Some(self.partner)
    }

    fn upstream(&self) -> Option<TenantId> {
        self.indirect_provider
    }

    fn customer(&self) -> Option<TenantId> {
        Some(self.customer)
    }

    fn hidden(&self) -> Problem {
        no_customer(self.customer)
    }

    fn sandbox(&self) -> bool {
        self.sandbox
    }
}

impl Scoped for SubscriptionRef {
    fn partner(&self) -> Option<TenantId> {
        Some(self.owner.partner)
    }

    fn upstream(&self) -> Option<TenantId> {
        self.owner.indirect_provider
    }

    fn customer(&self) -> Option<TenantId> {
        Some(self.owner.customer)
    }

    fn hidden(&self) -> Problem {
        no_subscription(self.subscription)
    }

    fn sandbox(&self) -> bool {
        self.owner.sandbox
    }
}
