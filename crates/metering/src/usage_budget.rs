//! The usage budget of a customer, as the field has it: one amount for each month, of which the partner is told and which
//! stops nothing (partner-center-v1.md 4.6).
//!
//! It is a budget like all others, monthly, over the customer, on the edge its partner buys on. What makes it the one
//! that is meant is its id, which is made from partner and customer: so two who set it at once set the same one, and
//! budgets that the partner put under ids of its own are left alone. It can be read and changed under its id as well;
//! an action chosen there stays when only the amount is set here.

use crate::budget::{BudgetStatus, PutBudget, WantedScope};
use crate::engine::Metering;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use tenantry_access::{Action, BudgetManage, BudgetRead, PartnerScope, allow};
use tenantry_commerce::customer_ref;
use tenantry_core::{Amount, Money, Month, OpContext, Problem, Quantity, Reason, Rounding, TenantId};
use tenantry_db::audit;
use tenantry_usage::{BudgetAction, BudgetBook, BudgetId, BudgetKind, BudgetScope, BudgetTerms};

/// Percent of the budget from which on a customer is about to exceed it: where the field sends its mail.
const NEAR_PERCENT: u16 = 80;
/// Ids that the budget of a customer may have. Ids of budgets are chosen by callers, so the first may be taken.
const CANDIDATES: u8 = 4;

/// What a partner plans for a customer's usage in a month, and how it stands in the running one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsageBudget {
    /// For each month, in the currency of the prices the partner buys at.
    pub amount: Money,
    /// What the running month comes to so far, exact.
    pub spent: Amount,
    near: Amount,
}

impl UsageBudget {
    fn of(status: &BudgetStatus) -> Self {
        Self { amount: status.terms.limit, spent: status.spent, near: status.terms.bound(NEAR_PERCENT) }
    }

    /// Percent of it that the running month has used, rounded down to hundredths.
    #[must_use]
    pub fn percent_used(&self) -> Quantity {
        const HUNDREDTH: i128 = Quantity::ONE.units() / 100;
        let spent = self.spent.round(self.amount.currency(), Rounding::Floor).minor();
        let hundredths = spent.saturating_mul(10_000).checked_div_euclid(self.amount.minor()).unwrap_or_default();
        Quantity::from_units(hundredths.saturating_mul(HUNDREDTH))
    }

    /// Whether the running month has used all of it, or more.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.spent >= Amount::of(self.amount)
    }

    /// Whether the running month has used 80 % of it or more, and not all.
    #[must_use]
    pub fn is_near(&self) -> bool {
        self.spent >= self.near && !self.is_over()
    }
}

impl Metering {
    /// The caller's usage budget of a customer; `None` if it has set none.
    ///
    /// # Errors
    /// `CustomerNotFound` for one that is not the caller's; `Forbidden`.
    pub async fn usage_budget(&self, ctx: &OpContext, customer: TenantId) -> Result<Option<UsageBudget>, Problem> {
        let owner = self.budgeted_by::<BudgetRead>(ctx, customer).await?;
        self.follow(ctx).await?;
        let month = Month::of(ctx.now().day());
        let fold = self.fold.read().await;
        let book = fold.budgets();
        let terms = known(book, owner, customer);
        Ok(terms.map(|terms| UsageBudget::of(&BudgetStatus::of(book, terms, month))))
    }

    /// The caller's usage budgets, by customer.
    ///
    /// # Errors
    /// `Forbidden`.
    pub async fn usage_budgets(&self, ctx: &OpContext) -> Result<BTreeMap<TenantId, UsageBudget>, Problem> {
        let owner = allow::<BudgetRead, _>(ctx, PartnerScope(caller(ctx)?))?.into_target().0;
        self.follow(ctx).await?;
        let month = Month::of(ctx.now().day());
        let fold = self.fold.read().await;
        let book = fold.budgets();
        let own = book.all().filter(|terms| terms.owner == owner).filter_map(|terms| {
            let BudgetScope::Customer(customer) = terms.scope else { return None };
            let meant = known(book, owner, customer).is_some_and(|meant| meant.id == terms.id);
            meant.then(|| (customer, UsageBudget::of(&BudgetStatus::of(book, terms, month))))
        });
        Ok(own.collect())
    }

    /// Sets the caller's usage budget of a customer: `amount` is decimal text for each month, `None` takes it away. What
    /// the month has used already counts at once. Says how it stands.
    ///
    /// # Errors
    /// `CustomerNotFound` for one that is not the caller's; `Forbidden`; `InvalidField` on `amount`; what putting any
    /// budget may say.
    pub async fn usage_budget_set(
        &self,
        ctx: &OpContext,
        customer: TenantId,
        amount: Option<String>,
    ) -> Result<Option<UsageBudget>, Problem> {
        let line = audit::open_about(ctx, &self.db, "usage-budget-set", &customer.to_string(), customer).await?;
        let outcome = self.set_usage_budget(ctx, customer, amount).await;
        line.close(ctx, &self.db, outcome).await
    }

    async fn set_usage_budget(
        &self,
        ctx: &OpContext,
        customer: TenantId,
        amount: Option<String>,
    ) -> Result<Option<UsageBudget>, Problem> {
        let owner = self.budgeted_by::<BudgetManage>(ctx, customer).await?;
        self.follow(ctx).await?;
        let terms = self.read_all(|fold| known(fold.budgets(), owner, customer).cloned()).await;
        let Some(limit) = amount else {
            if let Some(terms) = terms {
                self.remove_budget(ctx, terms.id).await?;
            }
            return Ok(None);
        };
        let put = match terms {
            Some(terms) => PutBudget { limit, ..as_it_is(terms, customer) },
            None => {
                let id = self.read_all(|fold| free(fold.budgets(), owner, customer)).await?;
                PutBudget { limit, ..new(id, customer) }
            }
        };
        let (status, _) = self.put_budget(ctx, put).await.map_err(in_words_of_an_amount)?;
        Ok(Some(UsageBudget::of(&status)))
    }

    /// The caller, if it may do that with budgets of the customer.
    async fn budgeted_by<A: Action>(&self, ctx: &OpContext, customer: TenantId) -> Result<TenantId, Problem> {
        allow::<A, _>(ctx, customer_ref(ctx, &self.db, customer, self.sandbox).await?)?;
        caller(ctx)
    }
}

fn caller(ctx: &OpContext) -> Result<TenantId, Problem> {
    let message = "a usage budget is a partner's; get a token of the partner at the token endpoint";
    ctx.tenant().ok_or_else(|| Problem::new(Reason::TokenMissing, message))
}

/// The ids that the budget may have, in the order they are tried.
fn candidates(owner: TenantId, customer: TenantId) -> impl Iterator<Item = BudgetId> {
    (0..CANDIDATES).map(move |number| {
        let name = format!("usage budget of {owner} for {customer} {number}");
        let digest = Sha256::digest(name.as_bytes());
        let mut bytes = [0; 16];
        bytes.iter_mut().zip(digest).for_each(|(byte, of)| *byte = of);
        // Made from a name, by a way of our own: version 8 of RFC 9562.
        BudgetId::new(uuid::Builder::from_custom_bytes(bytes).into_uuid())
    })
}

/// The owner's budget for the customer.
fn known(book: &BudgetBook, owner: TenantId, customer: TenantId) -> Option<&BudgetTerms> {
    let own = |terms: &&BudgetTerms| terms.owner == owner && terms.scope == BudgetScope::Customer(customer);
    candidates(owner, customer).filter_map(|id| book.get(id)).find(own)
}

/// The id of a new one.
fn free(book: &BudgetBook, owner: TenantId, customer: TenantId) -> Result<BudgetId, Problem> {
    let found = candidates(owner, customer).find(|id| book.get(*id).is_none());
    found.ok_or_else(|| {
        let message = "other budgets have the ids of this customer's; remove one of them, or put a budget with an id of \
                       your own over the customer";
        Problem::new(Reason::AlreadyExists, message)
    })
}

fn new(id: BudgetId, customer: TenantId) -> PutBudget {
    PutBudget {
        id,
        name: "Usage budget of the customer".to_owned(),
        scope: WantedScope::Customer(customer),
        edge: None,
        kind: BudgetKind::Monthly,
        limit: String::new(),
        thresholds: vec![NEAR_PERCENT],
        action: BudgetAction::Notify,
        on_anomaly: BudgetAction::Notify,
    }
}

fn as_it_is(terms: BudgetTerms, customer: TenantId) -> PutBudget {
    PutBudget {
        id: terms.id,
        name: terms.name,
        scope: WantedScope::Customer(customer),
        edge: Some(terms.edge),
        kind: terms.kind,
        limit: terms.limit.to_string(),
        thresholds: terms.thresholds,
        action: terms.action,
        on_anomaly: terms.on_anomaly,
    }
}

/// What a budget calls its limit is the amount here.
fn in_words_of_an_amount(problem: Problem) -> Problem {
    match problem.field() {
        Some("limit") => {
            let said = problem.message().strip_prefix("limit: ").unwrap_or(problem.message()).to_owned();
            Problem::invalid("amount", format!("{said}; leave it out or send null to have no budget"))
        }
        _ => problem,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tenantry_core::Currency;
    use uuid::Uuid;

    fn budget(amount: i128, spent: &str) -> UsageBudget {
        let amount = Money::from_minor(amount, Currency::USD);
        let near =
            Amount::parse_exact(&format!("{}", Quantity::from_units(amount.minor() * 8 * 10_i128.pow(15)))).unwrap();
        UsageBudget { amount, spent: Amount::parse_exact(spent).unwrap(), near }
    }

    #[test]
    fn percent_is_rounded_down_and_reaches_a_hundred_with_the_budget() {
        for (amount, spent, percent, near, over) in [
            (5_000, "61.25", "122.5", false, true),
            (5_000, "50", "100", false, true),
            (5_000, "49.9999999", "99.98", true, false),
            (5_000, "40", "80", true, false),
            (5_000, "39.99", "79.98", false, false),
            (5_000, "0", "0", false, false),
            (5_000, "-0.005", "-0.02", false, false),
            (300, "1", "33.33", false, false),
        ] {
            let budget = budget(amount, spent);
            let seen = (budget.percent_used().to_string(), budget.is_near(), budget.is_over());
            assert_eq!(seen, (percent.to_owned(), near, over), "{spent} of {amount}");
        }
    }

    #[test]
    fn every_pair_of_partner_and_customer_has_ids_of_its_own() {
        let tenant = |number| TenantId::new(Uuid::from_u128(number));
        let mut seen = std::collections::BTreeSet::new();
        for (owner, customer) in [(1, 2), (2, 1), (1, 3), (12, 2), (1, 22)] {
            seen.extend(candidates(tenant(owner), tenant(customer)));
        }
        assert_eq!(seen.len(), 5 * usize::from(CANDIDATES));
    }
}
