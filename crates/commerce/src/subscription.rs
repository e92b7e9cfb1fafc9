//! A subscription and its life: active, suspended, deleted.
//!
//! Each state owns its facts, so a suspension without a reason cannot be written down. A transition consumes
//! the old state and may say no; deleted is final.

use crate::Offer;
use crate::offer::BillingCycle;
use serde::{Deserialize, Serialize};
use tenantry_access::Scoped;
use tenantry_core::{Day, OrderId, Problem, Reason, SubscriptionId, TenantId, Timestamp};

/// Why a subscription is suspended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum SuspensionReason {
    /// The partner or customer asked for it. The recorded wire name is `CustomerCancellation`.
    CustomerCancellation,
    /// A spending limit was reached. The platform stops it, and lets it go on when the limit is raised or over; nobody
    /// else can. The name is ours: no recorded client has seen one.
    SpendingLimit,
    /// Somebody who may not has got into it: an Azure subscription that was cancelled for that. The name is ours too.
    Compromised,
    /// Its term is over and was not to be renewed, or its trial is. The name is ours as well.
    TermEnded,
}

impl SuspensionReason {
    /// The stored name, which is also the wire's.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::CustomerCancellation => "CustomerCancellation",
            Self::SpendingLimit => "SpendingLimit",
            Self::Compromised => "Compromised",
            Self::TermEnded => "TermEnded",
        }
    }

    /// The reason of a stored name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::CustomerCancellation, Self::SpendingLimit, Self::Compromised, Self::TermEnded]
            .into_iter()
            .find(|reason| reason.name() == name)
    }
}

/// Where a subscription is in its life, with the facts of that state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum State {
    /// In use.
    Active {
        /// Since when.
        since: Timestamp,
    },
    /// Stopped: users have no access, nothing new can be made. It can be taken back into use.
    Suspended {
        /// Since when.
        since: Timestamp,
        /// Why.
        reason: SuspensionReason,
    },
    /// Gone, for good: cancelled so soon after the purchase that all of it was given back.
    Deleted {
        /// When.
        at: Timestamp,
    },
}

/// A state without its facts: what a client asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// In use.
    Active,
    /// Stopped.
    Suspended,
    /// Gone.
    Deleted,
}

impl Status {
    /// The name clients and the database use.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Deleted => "deleted",
        }
    }
}

impl State {
    /// The state without its facts.
    #[must_use]
    pub const fn status(self) -> Status {
        match self {
            Self::Active { .. } => Status::Active,
            Self::Suspended { .. } => Status::Suspended,
            Self::Deleted { .. } => Status::Deleted,
        }
    }

    /// When it began.
    #[must_use]
    pub const fn since(self) -> Timestamp {
        match self {
            Self::Active { since } | Self::Suspended { since, .. } => since,
            Self::Deleted { at } => at,
        }
    }

    /// Stops an active subscription.
    pub fn suspend(self, at: Timestamp, reason: SuspensionReason) -> Result<Self, Problem> {
        match self {
            Self::Active { .. } => Ok(Self::Suspended { since: at, reason }),
            Self::Suspended { .. } => Err(refused("the subscription is suspended already")),
            Self::Deleted { .. } => Err(deleted()),
        }
    }

    /// Of one that a spending limit stopped: it is to stay so, also when the limit holds it no more. Others are as they are.
    #[must_use]
    pub const fn held_down(self) -> Self {
        match self {
            Self::Suspended { since, reason: SuspensionReason::SpendingLimit } => {
                Self::Suspended { since, reason: SuspensionReason::CustomerCancellation }
            }
            other => other,
        }
    }

    /// Takes a suspended subscription back into use.
    pub fn reactivate(self, at: Timestamp) -> Result<Self, Problem> {
        match self {
            Self::Suspended { .. } => Ok(Self::Active { since: at }),
            Self::Active { .. } => Err(refused("the subscription is active already")),
            Self::Deleted { .. } => Err(deleted()),
        }
    }

    /// Ends a subscription for good.
    pub fn delete(self, at: Timestamp) -> Result<Self, Problem> {
        match self {
            Self::Active { .. } | Self::Suspended { .. } => Ok(Self::Deleted { at }),
            Self::Deleted { .. } => Err(deleted()),
        }
    }
}

pub(crate) fn deleted() -> Problem {
    Problem::new(
        Reason::SubscriptionDeleted,
        "the subscription is deleted and nothing about it can change; order a new one",
    )
}

fn refused(why: &str) -> Problem {
    Problem::new(Reason::StatusChangeRefused, format!("status: {why}")).at("status")
}

/// What an order created.
///
/// Source: partner-center-v1.md 3.5, 4.2.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    /// Names it. Printed upper-case on the wire.
    pub id: SubscriptionId,
    /// The partner that sold it.
    pub partner: TenantId,
    /// The indirect provider that partner buys from, if it is a reseller: it may do what the reseller may.
    pub indirect_provider: Option<TenantId>,
    /// The customer that has it.
    pub customer: TenantId,
    /// Counts the customer's subscriptions from 1.
    pub number: i64,
    /// The order that created it.
    pub order: OrderId,
    /// The subscription it goes with, if it is an add-on.
    pub parent: Option<SubscriptionId>,
    /// What was ordered.
    pub offer: &'static Offer,
    /// The name people gave it.
    pub friendly_name: String,
    /// Seats; 1 if usage is billed.
    pub quantity: i64,
    /// How often it is billed.
    pub billing_cycle: BillingCycle,
    /// Whether it goes on after the commitment.
    pub auto_renew: bool,
    /// Where it is in its life.
    pub state: State,
    /// When it was ordered, in world time.
    pub created_at: Timestamp,
    /// Its first day.
    pub starts_on: Day,
    /// The day the commitment ends; `None` if there is none.
    pub commitment_ends_on: Option<Day>,
    /// The seats that the next term begins with; `None`: those it has then.
    pub next_term_quantity: Option<i64>,
    /// Counts changes from 1: the ETag.
    pub version: i64,
    /// Since when its partner sells it: its order, or the last change of its reseller.
    pub sold_since: Timestamp,
    /// The indirect reseller on its record: the one that sells it, or the one its indirect provider named.
    pub on_record: Option<OnRecord>,
    /// The subscription of the old catalogue that it goes on from, if it was migrated.
    pub migrated_from: Option<SubscriptionId>,
}

/// An indirect reseller as the record of a subscription names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnRecord {
    /// Which.
    pub partner: TenantId,
    /// Its number in the partner network.
    pub mpn_id: String,
}

/// The refusal for a subscription that is not there, or not this caller's.
pub(crate) fn no_subscription(id: SubscriptionId) -> Problem {
    Problem::new(
        Reason::SubscriptionNotFound,
        format!("the customer has no subscription {id}; check the id in the customer's list of subscriptions"),
    )
}

impl Scoped for Subscription {
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
        no_subscription(self.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REASON: SuspensionReason = SuspensionReason::CustomerCancellation;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_seconds(seconds)
    }

    #[test]
    fn every_transition_is_decided() {
        let active = State::Active { since: at(1) };
        let suspended = State::Suspended { since: at(2), reason: REASON };
        let deleted = State::Deleted { at: at(3) };
        type Transition = fn(State) -> Result<State, Problem>;
        let suspend: Transition = |state| state.suspend(at(9), REASON);
        let reactivate: Transition = |state| state.reactivate(at(9));
        let delete: Transition = |state| state.delete(at(9));
        let (no, final_) = (Err(Reason::StatusChangeRefused), Err(Reason::SubscriptionDeleted));
        for (from, transition, to) in [
            (active, suspend, Ok(State::Suspended { since: at(9), reason: REASON })),
            (active, reactivate, no),
            (suspended, suspend, no),
            (suspended, reactivate, Ok(State::Active { since: at(9) })),
            (deleted, suspend, final_),
            (deleted, reactivate, final_),
            (active, delete, Ok(State::Deleted { at: at(9) })),
            (suspended, delete, Ok(State::Deleted { at: at(9) })),
            (deleted, delete, final_),
        ] {
            assert_eq!(transition(from).map_err(|p| p.reason()), to, "{from:?}");
        }
    }
}
