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

#[cfg(test)]
mod tests {
    use crate::testing::{AZURE, House};
    use tenantry_access::{UsageReport, allow};
    use tenantry_core::{Reason, Role};

    #[tokio::test]
    async fn partners_report_usage_of_their_own_customers_in_sandboxes() {
        let house = House::open().await;
        let (contoso, fabrikam) = (house.partner("contoso").await, house.partner("fabrikam").await);
        let customer = house.customer(&contoso, "Northwind").await;
        let azure = house.subscription(&customer, AZURE, 1).await;
        let own = house.by(&contoso, &[Role::AdminAgent]);
        let stranger = house.by(&fabrikam, &Role::ALL);
        let reason = |ctx, sandbox| allow::<UsageReport, _>(ctx, azure.scope(sandbox)).err().map(|p| p.reason());
        assert_eq!(reason(&own, true), None);
        assert_eq!(reason(&own, false), Some(Reason::Forbidden));
        assert_eq!(reason(&stranger, true), Some(Reason::SubscriptionNotFound));
        let hidden = allow::<UsageReport, _>(&stranger, customer.scope(true)).err().map(|p| p.reason());
        assert_eq!(hidden, Some(Reason::CustomerNotFound));
    }
}
