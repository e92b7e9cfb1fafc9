//! What a budget is: a limit on what one edge of the channel charges, for everything or for a part of it.
//!
//! A budget watches the charges of **one** edge, in that edge's prices. Each tier therefore budgets in its own money:
//! a provider's limit on a partner counts what the partner pays, the partner's limit on its customer what the next
//! edge charges, and neither learns the other's figures.

use crate::record::{EdgeTerms, SubscriptionTerms};
use serde::{Deserialize, Serialize};
use std::fmt;
use tenantry_core::{Amount, EdgeId, Factor, Money, Month, SubscriptionId, TenantId};
use uuid::Uuid;

/// Names a budget. Whoever makes one chooses the GUID, so that sending it twice makes one budget.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct BudgetId(Uuid);

impl BudgetId {
    /// Wraps a GUID.
    #[must_use]
    pub const fn new(guid: Uuid) -> Self {
        Self(guid)
    }

    /// Reads a GUID in any letter case.
    ///
    /// # Errors
    /// A sentence that names what was seen.
    pub fn parse(text: &str) -> Result<Self, String> {
        let seen = || text.chars().take(60).collect::<String>();
        let message =
            || format!("`{}` is not a budget id (a GUID such as 1f0c2b9e-4a57-4d0b-9a38-5c2f6f1b7a10)", seen());
        Uuid::try_parse(text).map(Self).map_err(|_| message())
    }
}

impl fmt::Display for BudgetId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.as_hyphenated().fmt(f)
    }
}

impl fmt::Debug for BudgetId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.as_hyphenated().fmt(f)
    }
}

/// What a budget covers.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum BudgetScope {
    /// Everything that is sold over an edge of the channel.
    Channel(EdgeId),
    /// Everything that a partner sells to its customers, or buys to sell on.
    Partner(TenantId),
    /// All subscriptions of a customer.
    Customer(TenantId),
    /// One subscription.
    Subscription(SubscriptionId),
    /// The resources of one group in a subscription.
    ResourceGroup {
        /// The subscription.
        subscription: SubscriptionId,
        /// The group's name in lower case.
        group: String,
    },
}

impl BudgetScope {
    /// A resource group; its name is compared without case.
    #[must_use]
    pub fn resource_group(subscription: SubscriptionId, group: &str) -> Self {
        Self::ResourceGroup { subscription, group: group.to_ascii_lowercase() }
    }

    /// Whether a subscription lies within it, as its channel is now.
    #[must_use]
    pub fn covers<'a>(&self, terms: &SubscriptionTerms, edge: impl Fn(EdgeId) -> Option<&'a EdgeTerms>) -> bool {
        match self {
            Self::Channel(id) => terms.channel.contains(id),
            Self::Partner(partner) => {
                let buys = |id: &EdgeId| edge(*id).is_some_and(|edge| edge.buyer == *partner);
                terms.partner == *partner || terms.channel.iter().any(buys)
            }
            Self::Customer(customer) => terms.customer == *customer,
            Self::Subscription(id) | Self::ResourceGroup { subscription: id, .. } => terms.id == *id,
        }
    }
}

/// What happens when a limit is reached. Notices are given at every threshold in any case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum BudgetAction {
    /// People are told, and nothing is stopped.
    Notify,
    /// New or larger resources are refused; what runs goes on.
    Throttle,
    /// The subscriptions in scope are suspended.
    Cap,
}

impl BudgetAction {
    /// The name on the wire and in the database.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Notify => "notify",
            Self::Throttle => "throttle",
            Self::Cap => "cap",
        }
    }

    /// The action of a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Notify, Self::Throttle, Self::Cap].into_iter().find(|action| action.name() == name)
    }
}

/// What is held against the limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum BudgetKind {
    /// The charges of the usage of one calendar month, billed or not; each month begins at nothing. Late usage counts
    /// in the month it happened in.
    Monthly,
    /// What the buyer owes: unpaid documents and everything that is not billed yet. For a whole edge only.
    Credit,
}

/// The threshold at which the action is taken, in percent of the limit.
pub const ACTION_PERCENT: u16 = 100;

/// A budget as it was put.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BudgetTerms {
    /// Names it.
    pub id: BudgetId,
    /// Who made it and may see and change it.
    pub owner: TenantId,
    /// What people call it.
    pub name: String,
    /// What it covers.
    pub scope: BudgetScope,
    /// The edge whose charges count.
    pub edge: EdgeId,
    /// What is held against the limit.
    pub kind: BudgetKind,
    /// The limit, in the currency of the edge. Above zero.
    pub limit: Money,
    /// Percent of the limit at which people are told, rising, each once. [`ACTION_PERCENT`] is among them.
    pub thresholds: Vec<u16>,
    /// What happens at [`ACTION_PERCENT`].
    pub action: BudgetAction,
    /// What happens to a subscription in scope when unusual spending is found on it.
    pub on_anomaly: BudgetAction,
}

impl BudgetTerms {
    /// The amount at which a threshold is reached, exact.
    #[must_use]
    pub fn bound(&self, percent: u16) -> Amount {
        let hundredfold = self.limit.minor().saturating_mul(i128::from(percent));
        let hundredfold = Amount::of(Money::from_minor(hundredfold, self.limit.currency()));
        // A sum of money has at most four digits of fraction, so a hundredth of it is exact.
        Factor::parse("0.01").ok().and_then(|hundredth| hundredfold.times(hundredth)).unwrap_or(hundredfold)
    }
}

/// What a buyer owes: for the documents it got, and for seats that are on none yet. Told by billing whenever a document is
/// issued, paid or credited, and every day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owed {
    /// The edge whose buyer owes.
    pub edge: EdgeId,
    /// How much is unpaid; below zero for what was paid in advance.
    pub amount: Money,
    /// The last close whose documents are in it. What later closes billed is still counted from the usage itself, so
    /// nothing is missing between a close and its documents.
    pub through_close: u32,
}

/// A threshold was reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Crossing {
    /// Counts all crossings of the log from 1.
    pub number: u64,
    /// The record that crossed: a batch of usage, a price sheet, or the budget itself.
    pub at_record: i64,
    /// Which budget.
    pub budget: BudgetId,
    /// In which month; `None` for a credit limit.
    pub month: Option<Month>,
    /// Percent of the limit.
    pub threshold: u16,
    /// What is to be done: the budget's action at 100 %, otherwise only a notice.
    pub action: BudgetAction,
    /// What counted before that record...
    pub before: Amount,
    /// ...and with it.
    pub spent: Amount,
    /// The limit.
    pub limit: Money,
}

impl Crossing {
    /// How far beyond the limit the record went; never more than what the record itself came to, unless the budget was
    /// put when more was spent already.
    #[must_use]
    pub fn overshoot(&self) -> Amount {
        let over = self.spent - Amount::of(self.limit);
        if over > Amount::ZERO { over } else { Amount::ZERO }
    }
}
