//! Whose usage and whose charges: the targets that `access` decides about.

use tenantry_access::Scoped;
use tenantry_core::{EdgeId, Problem, Reason, SubscriptionId, TenantId};
use tenantry_usage::{EdgeTerms, Fold, SubscriptionTerms};

/// Usage of one subscription.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UsageScope {
    subscription: SubscriptionId,
    partner: TenantId,
    /// Who sells to that partner, if it was looked up: an indirect provider sees what its resellers' customers use.
    upstream: Option<TenantId>,
    customer: TenantId,
    sandbox: bool,
}

impl UsageScope {
    /// The usage of a subscription.
    ///
    /// # Errors
    /// Without terms there is no such subscription: what everybody hears about one out of their reach, too.
    pub fn new(
        subscription: SubscriptionId,
        terms: Option<&SubscriptionTerms>,
        sandbox: bool,
    ) -> Result<Self, Problem> {
        let terms = terms.ok_or_else(|| no_subscription(subscription))?;
        Ok(Self { subscription, partner: terms.partner, upstream: None, customer: terms.customer, sandbox })
    }

    /// The usage of a subscription, for all who sell it on the way to the customer.
    ///
    /// # Errors
    /// As [`UsageScope::new`].
    pub fn along(fold: &Fold, subscription: SubscriptionId, sandbox: bool) -> Result<Self, Problem> {
        let terms = fold.subscription(subscription);
        let mut edges = terms.iter().flat_map(|terms| &terms.channel).filter_map(|id| fold.edge(*id));
        let scope = Self::new(subscription, terms, sandbox)?;
        let upstream = edges.find(|edge| edge.buyer == scope.partner).map(|edge| edge.seller);
        Ok(Self { upstream, ..scope })
    }
}

impl Scoped for UsageScope {
    fn partner(&self) -> Option<TenantId> {
        Some(self.partner)
    }

    fn upstream(&self) -> Option<TenantId> {
        self.upstream
    }

    fn customer(&self) -> Option<TenantId> {
        Some(self.customer)
    }

    fn hidden(&self) -> Problem {
        no_subscription(self.subscription)
    }

    fn sandbox(&self) -> bool {
        self.sandbox
    }
}

fn no_subscription(id: SubscriptionId) -> Problem {
    let message = format!("there is no subscription {id}; check the id and the tenant");
    Problem::new(Reason::SubscriptionNotFound, message).at("subscription")
}

/// What is owed on one edge of the channel. It is the buyer's to see, and the seller's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EdgeScope {
    /// The edge.
    pub edge: EdgeId,
    /// Who pays on it.
    pub buyer: TenantId,
    /// Who is paid.
    pub seller: TenantId,
}

impl From<&EdgeTerms> for EdgeScope {
    fn from(terms: &EdgeTerms) -> Self {
        Self { edge: terms.id, buyer: terms.buyer, seller: terms.seller }
    }
}

impl Scoped for EdgeScope {
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
        Problem::new(Reason::TenantNotFound, format!("there is no channel edge {}", self.edge))
    }
}
