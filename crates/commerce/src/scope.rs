//! Who a customer or subscription belongs to, without the thing itself: what rooms that keep only ids (usage,
//! invoices) ask the policy with.

use crate::customer::{Customer, no_customer};
use crate::partner::{missing, no_partner};
use crate::reach::Reach;
use crate::rows;
use crate::subscription::{Subscription, no_subscription};
use std::collections::BTreeMap;
use tenantry_access::Scoped;
use tenantry_core::{Currency, EdgeId, OpContext, Problem, Reason, SubscriptionId, TenantId};
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
    /// Whether the buyer is the seller's customer: then it is between these two alone.
    pub to_customer: bool,
}

/// The edge on which a partner buys, or a customer that is billed here; of a customer with several sellers that of the
/// caller, or the oldest. For rooms that ask the policy about it: it allows nobody anything by itself.
///
/// # Errors
/// `TenantNotFound` if there is none that the caller may know of.
pub async fn edge_ref(ctx: &OpContext, db: &Db, buyer: TenantId) -> Result<EdgeRef, Problem> {
    let mut reader = db.reader().await?;
    if let Some(seller) = rows::edge::seller(&mut reader, buyer).await? {
        return Ok(EdgeRef { seller, buyer, to_customer: false });
    }
    let seller = rows::customer_edge::sellers(&mut reader, Reach::of(ctx)?, buyer).await?.into_iter().next();
    seller.map(|seller| EdgeRef { seller, buyer, to_customer: true }).ok_or_else(|| missing(ctx, buyer))
}

/// The edge between two, as [`edge_ref`] finds it. Who is not on it is not told that there is one with somebody else: the
/// caller may be the seller that it names, and of the buyer's own seller it would learn where that one sells, and in which
/// currency.
///
/// # Errors
/// `TenantNotFound` if the one does not buy of the other, as far as the caller may know.
pub async fn edge_between(ctx: &OpContext, db: &Db, seller: TenantId, buyer: TenantId) -> Result<EdgeRef, Problem> {
    let mut reader = db.reader().await?;
    if let Some(own) = rows::edge::seller(&mut reader, buyer).await? {
        let known = (own == seller).then_some(EdgeRef { seller, buyer, to_customer: false });
        return known.ok_or_else(|| missing(ctx, buyer));
    }
    let sellers = rows::customer_edge::sellers(&mut reader, Reach::of(ctx)?, buyer).await?;
    let known = sellers.contains(&seller).then_some(EdgeRef { seller, buyer, to_customer: true });
    known.ok_or_else(|| missing(ctx, buyer))
}

/// In which currency each edge is billed, for rooms that write documents. It answers nobody by itself.
pub async fn edge_currencies(db: &Db) -> Result<BTreeMap<EdgeId, Currency>, Problem> {
    rows::edge::currencies(&mut db.reader().await?).await
}

impl Customer {
    /// Whose it is, for the policy.
    #[must_use]
    pub const fn scope(&self, sandbox: bool) -> CustomerRef {
        CustomerRef { partner: self.partner, indirect_provider: self.indirect_provider, customer: self.id, sandbox }
    }

    /// What it pays, for the policy: its seller's to say.
    pub(crate) const fn price_scope(&self) -> CustomerPriceScope {
        CustomerPriceScope { seller: self.partner, customer: self.id }
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

/// Between partners it is its buyer's and its seller's, and the provider sees it. What a partner bills its customer is
/// theirs alone.
impl Scoped for EdgeRef {
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
        no_partner(self.buyer)
    }
}

/// The price list of a customer, which only its seller makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct CustomerPriceScope {
    pub(crate) seller: TenantId,
    pub(crate) customer: TenantId,
}

impl Scoped for CustomerPriceScope {
    fn partner(&self) -> Option<TenantId> {
        Some(self.seller)
    }

    fn customer(&self) -> Option<TenantId> {
        Some(self.customer)
    }

    fn is_private(&self) -> bool {
        true
    }

    /// Asked for only where the customer itself was found, so there is nothing to hide: it is somebody above that asks.
    fn hidden(&self) -> Problem {
        let message = "what a customer pays is between it and the partner that sells to it; ask that partner";
        Problem::new(Reason::Forbidden, message)
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
