//! An order: what a customer bought at one moment. It is completed when it is placed. Add-ons to what it bought come in
//! lines of their own; what is cancelled stays as a line that says so.

use crate::offer::BillingCycle;
use tenantry_access::Scoped;
use tenantry_core::{Currency, OfferId, OrderId, Problem, Reason, SubscriptionId, TenantId, Timestamp};

/// An order.
///
/// Source: partner-center-v1.md 3.3.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// Names it.
    pub id: OrderId,
    /// The partner that placed it.
    pub partner: TenantId,
    /// The indirect provider that partner buys from, if it is a reseller: it may do what the reseller may.
    pub indirect_provider: Option<TenantId>,
    /// The customer it is for.
    pub customer: TenantId,
    /// Counts the customer's orders from 1.
    pub number: i64,
    /// The currency the partner buys in.
    pub currency: Currency,
    /// How often its subscriptions are billed.
    pub billing_cycle: BillingCycle,
    /// What was ordered, by line number.
    pub lines: Vec<OrderLine>,
    /// When, in world time.
    pub placed_at: Timestamp,
    /// Counts changes from 1: the ETag.
    pub version: i64,
}

/// One line of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderLine {
    /// Its number, from 0.
    pub number: i64,
    /// What was ordered.
    pub offer: OfferId,
    /// The subscription it created.
    pub subscription: SubscriptionId,
    /// The subscription it is an add-on to.
    pub parent: Option<SubscriptionId>,
    /// The name given to it.
    pub friendly_name: String,
    /// Seats; 1 if usage is billed.
    pub quantity: i64,
    /// Whether it was cancelled since.
    pub cancelled: bool,
}

impl Order {
    /// Whether all of it was cancelled.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.lines.iter().all(|line| line.cancelled)
    }
}

/// The refusal for an order that is not there, or not this caller's.
pub(crate) fn no_order(id: OrderId) -> Problem {
    Problem::new(
        Reason::OrderNotFound,
        format!("the customer has no order {id}; check the id in the customer's list of orders"),
    )
}

impl Scoped for Order {
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
        no_order(self.id)
    }
}
