//! Whose usage and whose charges: the targets that `access` decides about.

use tenantry_access::Scoped;
use tenantry_core::{EdgeId, Problem, Reason, SubscriptionId, TenantId};
use tenantry_usage::{EdgeTerms, SubscriptionTerms};

/// Usage of one subscription.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UsageScope {
    subscription: SubscriptionId,
    owner: Option<(TenantId, TenantId)>,
    sandbox: bool,
}

impl UsageScope {
    /// The usage of a subscription; `None` for one that is not known, which nobody may see.
    #[must_use]
    pub fn new(subscription: SubscriptionId, terms: Option<&SubscriptionTerms>, sandbox: bool) -> Self {
        Self { subscription, owner: terms.map(|terms| (terms.partner, terms.customer)), sandbox }
    }
}

impl Scoped for UsageScope {
    fn partner(&self) -> Option<TenantId> {
        self.owner.map(|(partner, _)| partner)
    }

    fn customer(&self) -> Option<TenantId> {
        self.owner.map(|(_, customer)| customer)
    }

    fn hidden(&self) -> Problem {
        Problem::new(
            Reason::SubscriptionNotFound,
            format!("there is no subscription {}; check the id and the tenant", self.subscription),
        )
        .at("subscription")
    }

    fn sandbox(&self) -> bool {
        self.sandbox
    }
}

/// What is owed on one edge of the channel. It is the buyer's to see, and the provider's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EdgeScope {
    /// The edge.
    pub edge: EdgeId,
    /// Who pays on it.
    pub buyer: TenantId,
}

impl From<&EdgeTerms> for EdgeScope {
    fn from(terms: &EdgeTerms) -> Self {
        Self { edge: terms.id, buyer: terms.buyer }
    }
}

impl Scoped for EdgeScope {
    fn partner(&self) -> Option<TenantId> {
        Some(self.buyer)
    }

    fn customer(&self) -> Option<TenantId> {
        None
    }

    fn hidden(&self) -> Problem {
        Problem::new(Reason::TenantNotFound, format!("there is no channel edge {}", self.edge))
    }
}
