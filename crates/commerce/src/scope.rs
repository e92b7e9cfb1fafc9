//! Who a customer or subscription belongs to, without the thing itself: what rooms that keep only ids (usage,
//! invoices) ask the policy with.

use crate::customer::{Customer, no_customer};
use crate::subscription::{Subscription, no_subscription};
use tenantry_access::Scoped;
use tenantry_core::{Problem, SubscriptionId, TenantId};

/// A customer of a partner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CustomerRef {
    /// The partner that sells to it.
    pub partner: TenantId,
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

impl Customer {
    /// Whose it is, for the policy.
    #[must_use]
    pub const fn scope(&self, sandbox: bool) -> CustomerRef {
        CustomerRef { partner: self.partner, customer: self.id, sandbox }
    }
}

impl Subscription {
    /// Whose it is, for the policy.
    #[must_use]
    pub const fn scope(&self, sandbox: bool) -> SubscriptionRef {
        let owner = CustomerRef { partner: self.partner, customer: self.customer, sandbox };
        SubscriptionRef { owner, subscription: self.id }
    }
}

impl Scoped for CustomerRef {
    fn partner(&self) -> Option<TenantId> {
        Some(self.partner)
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
