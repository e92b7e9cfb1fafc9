//! Budgets as callers see them: whose they are, and how far they are used up.

use tenantry_access::Scoped;
use tenantry_core::{Amount, EdgeId, Money, Month, Problem, Reason, Rounding, SubscriptionId, TenantId};
use tenantry_usage::{BudgetAction, BudgetBook, BudgetId, BudgetKind, BudgetTerms};

/// What is to be limited, in the words of whoever asks for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WantedScope {
    /// Everything on the edge that is watched.
    Channel,
    /// What a partner sells, or buys to sell on.
    Partner(TenantId),
    /// All subscriptions of a customer.
    Customer(TenantId),
    /// One subscription.
    Subscription(SubscriptionId),
    /// A resource group of a subscription, by its name in any letter case.
    ResourceGroup(SubscriptionId, String),
}

/// A budget that is to be.
#[derive(Debug, Clone)]
pub struct PutBudget {
    /// Names it; chosen by the caller. One of that name is changed.
    pub id: BudgetId,
    /// What people call it.
    pub name: String,
    /// What it covers.
    pub scope: WantedScope,
    /// The edge whose charges count. By default the one the caller buys on; for the provider the one it sells on.
    pub edge: Option<EdgeId>,
    /// What is held against the limit.
    pub kind: BudgetKind,
    /// The limit as decimal text, in the currency of the edge.
    pub limit: String,
    /// Percent of the limit at which people are told; the limit itself is added.
    pub thresholds: Vec<u16>,
    /// What happens when the limit is reached.
    pub action: BudgetAction,
    /// What happens to a subscription with unusual spending.
    pub on_anomaly: BudgetAction,
}

/// A budget and how far it is used up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BudgetStatus {
    /// As it was put.
    pub terms: BudgetTerms,
    /// The month of the figures.
    pub month: Month,
    /// What counts against it, exact.
    pub spent: Amount,
    /// Whole percent of the limit, rounded down.
    pub percent: i128,
    /// What was spent beyond the limit so far.
    pub overshoot: Amount,
    /// Whether the limit was reached; see [`BudgetBook::reached`] for how long that holds.
    pub reached: bool,
}

impl BudgetStatus {
    pub(crate) fn of(book: &BudgetBook, terms: &BudgetTerms, month: Month) -> Self {
        let spent = book.spent(terms.id, month);
        let over = spent - Amount::of(terms.limit);
        Self {
            month,
            spent,
            percent: percent(spent, terms.limit),
            overshoot: if over > Amount::ZERO { over } else { Amount::ZERO },
            reached: book.reached(terms.id, month),
            terms: terms.clone(),
        }
    }
}

/// Whole percent of a limit, rounded down. For people; whether a threshold is reached is decided exactly.
fn percent(spent: Amount, limit: Money) -> i128 {
    let spent = spent.round(limit.currency(), Rounding::Floor).minor();
    spent.saturating_mul(100).checked_div(limit.minor()).unwrap_or_default()
}

/// Whose a budget is. Nobody else on the channel sees it: it is in its owner's prices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BudgetScopeRef {
    pub(crate) id: BudgetId,
    pub(crate) owner: TenantId,
    pub(crate) sandbox: bool,
}

impl Scoped for BudgetScopeRef {
    fn partner(&self) -> Option<TenantId> {
        Some(self.owner)
    }

    fn customer(&self) -> Option<TenantId> {
        None
    }

    fn hidden(&self) -> Problem {
        no_budget(self.id)
    }

    fn sandbox(&self) -> bool {
        self.sandbox
    }
}

/// There is none, for this caller.
pub(crate) fn no_budget(id: BudgetId) -> Problem {
    Problem::new(Reason::ObjectNotFound, format!("there is no budget {id}; check the id in the list of budgets"))
}
