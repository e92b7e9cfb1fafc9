//! A transfer: subscriptions of a customer that one of its partners offers to another.
//!
//! The one that sells them asks, the other accepts; nobody else has to agree. On acceptance they are sold by the other
//! from that instant on, exactly as when a reseller changes (see [`crate::subscription_change_reseller`]): usage before it
//! is billed along the old channel, however late it is reported, usage after it along the new one. So only what is billed
//! by usage can be transferred; seats are paid for their term.
//!
//! Source: partner-center-v1.md 2.14, 3.17, 4.14. Neither says how long an offer stands.

use crate::{Status, Subscription};
use tenantry_access::Scoped;
use tenantry_core::{Caller, OfferId, OpContext, Problem, Reason, SubscriptionId, TenantId, Timestamp};
use uuid::Uuid;

/// How long an offer stands.
pub(crate) const STANDS_SECONDS: i64 = 30 * 86_400;
/// Subscriptions in one transfer, at most.
pub(crate) const LINES_MAX: usize = 100;

/// Where a transfer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TransferState {
    /// Offered; the other partner may accept.
    Active,
    /// Accepted: the subscriptions are the other's.
    Completed,
    /// The other partner does not want them.
    Rejected,
    /// Who offered took it back.
    Withdrawn,
    /// Nobody answered in time.
    Expired,
}

impl TransferState {
    /// The stored name. That an offer expired is not stored: time says it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Completed => "completed",
            Self::Rejected => "rejected",
            Self::Withdrawn => "withdrawn",
            Self::Expired => "expired",
        }
    }

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        let stored = [Self::Active, Self::Completed, Self::Rejected, Self::Withdrawn];
        stored.into_iter().find(|state| state.name() == name)
    }
}

/// A subscription that is offered, as it was that day: who it is offered to does not see it yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransferLine {
    /// Which.
    pub subscription: SubscriptionId,
    /// What was ordered.
    pub offer: OfferId,
    /// The name people gave it.
    pub friendly_name: String,
}

/// A transfer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transfer {
    /// Names it.
    pub id: Uuid,
    /// Whose subscriptions.
    pub customer: TenantId,
    /// What the partner that offers calls the customer.
    pub customer_name: String,
    /// The partner that offers.
    pub source: TenantId,
    /// Its name of that day.
    pub source_name: String,
    /// The partner they are offered to.
    pub target: TenantId,
    /// Its name of that day.
    pub target_name: String,
    /// What is offered, in the order it was named.
    pub lines: Vec<TransferLine>,
    /// What somebody did.
    pub(crate) done: TransferState,
    /// When it was offered.
    pub created_at: Timestamp,
    /// When somebody did something about it last.
    pub changed_at: Timestamp,
    /// Who did: the object id of a person or an application.
    pub changed_by: String,
    /// Until when the other may accept.
    pub expires_at: Timestamp,
}

impl Transfer {
    /// Where it is at an instant.
    #[must_use]
    pub fn state(&self, now: Timestamp) -> TransferState {
        match self.done {
            TransferState::Active if now >= self.expires_at => TransferState::Expired,
            done => done,
        }
    }

    /// Refuses what can be done with an open transfer only.
    pub(crate) fn must_be_open(&self, now: Timestamp) -> Result<(), Problem> {
        match self.state(now) {
            TransferState::Active => Ok(()),
            over => {
                let message =
                    format!("status: the transfer is {} and cannot change any more; ask for a new one", over.name());
                Err(Problem::new(Reason::StatusChangeRefused, message).at("status"))
            }
        }
    }
}

/// Whether a subscription can be transferred now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransferEligibility {
    /// Which.
    pub subscription: SubscriptionId,
    /// Why not; `None` if it can be.
    pub obstacle: Option<&'static str>,
}

/// Why a subscription cannot be offered. `offered` says that it is in a transfer that is open.
pub(crate) fn obstacle(subscription: &Subscription, offered: bool) -> Option<&'static str> {
    match subscription.state.status() {
        Status::Deleted => Some("it is deleted"),
        Status::Suspended => Some("it is suspended; reactivate it first"),
        Status::Active if !subscription.offer.is_usage_based() => Some(
            "it is sold by the seat and paid for its term; order it anew from the other partner when the term is over",
        ),
        Status::Active if subscription.offer.is_under_azure_plan() => {
            Some("it goes with its Azure plan; transfer that")
        }
        Status::Active if offered => Some("it is in another transfer that is open"),
        Status::Active => None,
    }
}

/// A transfer that is not there, or not this caller's.
pub(crate) fn no_transfer(id: Uuid) -> Problem {
    let message = format!("the customer has no transfer {id}; check the id in the customer's list of transfers");
    Problem::new(Reason::ObjectNotFound, message).at("transfer")
}

/// Who acts, as a transfer names it.
pub(crate) fn actor(ctx: &OpContext) -> String {
    match &ctx.caller {
        Caller::SignedIn(identity) => identity.principal.to_string(),
        Caller::System(job) => (*job).to_owned(),
        Caller::Nobody => String::new(),
    }
}

/// One end of a transfer, for the policy: the customer as that partner's, whether or not it is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TransferEnd {
    pub(crate) partner: TenantId,
    pub(crate) indirect_provider: Option<TenantId>,
    pub(crate) customer: TenantId,
}

impl Scoped for TransferEnd {
    fn partner(&self) -> Option<TenantId> {
        Some(self.partner)
    }

    fn upstream(&self) -> Option<TenantId> {
        self.indirect_provider
    }

    fn customer(&self) -> Option<TenantId> {
        Some(self.customer)
    }

    /// Asked for only of a transfer the caller sees: it stands at the other end.
    fn hidden(&self) -> Problem {
        let message = "the partner that offers withdraws a transfer, the one it is offered to accepts or rejects it";
        Problem::new(Reason::Forbidden, message)
    }
}
