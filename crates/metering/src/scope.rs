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
    /// Whether the customer pays for it itself, if that was looked up: then its administrators see what it uses.
    is_billed: bool,
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
        let (partner, customer) = (terms.partner, terms.customer);
        Ok(Self { subscription, partner, upstream: None, customer, is_billed: false, sandbox })
    }

    /// The usage of a subscription, for all who sell it on the way to the customer, and for the customer if it is billed.
    ///
    /// # Errors
    /// As [`UsageScope::new`].
    pub fn along(fold: &Fold, subscription: SubscriptionId, sandbox: bool) -> Result<Self, Problem> {
        let terms = fold.subscription(subscription);
        let edges = || terms.iter().flat_map(|terms| &terms.channel).filter_map(|id| fold.edge(*id));
        let scope = Self::new(subscription, terms, sandbox)?;
        let upstream = edges().find(|edge| edge.buyer == scope.partner).map(|edge| edge.seller);
        let is_billed = edges().any(|edge| edge.buyer == scope.customer);
        Ok(Self { upstream, is_billed, ..scope })
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

    fn billed_to(&self) -> Option<TenantId> {
        self.is_billed.then_some(self.customer)
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
    /// Whether the buyer is the seller's customer: then it is between these two alone.
    pub to_customer: bool,
}

impl EdgeScope {
    /// What is owed on an edge.
    #[must_use]
    pub fn of(fold: &Fold, terms: &EdgeTerms) -> Self {
        let to_customer = fold.is_to_customer(terms).unwrap_or_default();
        Self { edge: terms.id, buyer: terms.buyer, seller: terms.seller, to_customer }
    }
}

impl Scoped for EdgeScope {
    fn partner(&self) -> Option<TenantId> {
        Some(if self.to_customer { self.seller } else { self.buyer })
    }

    fn upstream(&self) -> Option<TenantId> {
        (!self.to_customer).then_some(self.seller)
    }

    fn customer(&self) -> Option<TenantId> {
        self.to_customer.then_some(self.buyer)
    }

    fn billed_to(&self) -> Option<TenantId> {
        self.customer()
    }

    fn is_private(&self) -> bool {
        self.to_customer
    }

    fn hidden(&self) -> Problem {
        Problem::new(Reason::TenantNotFound, format!("there is no channel edge {}", self.edge))
    }
}
