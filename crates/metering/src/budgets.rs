//! Reading budgets, and asking what they mean for a subscription.

use crate::budget::{BudgetScopeRef, BudgetStatus, no_budget};
use crate::engine::Metering;
use tenantry_access::{BudgetRead, PartnerScope, WorldScope, allow};
use tenantry_core::{Month, OpContext, Problem, SubscriptionId};
use tenantry_usage::{BudgetAction, BudgetId, BudgetTerms, Crossing};

impl Metering {
    /// The caller's budgets, or everybody's for the provider, by id, with the figures of a month that is not closed.
    pub async fn budget_list(&self, ctx: &OpContext, month: Option<Month>) -> Result<Vec<BudgetStatus>, Problem> {
        let own = ctx.confined_to();
        match own {
            Some(own) => allow::<BudgetRead, _>(ctx, PartnerScope(own)).map(drop)?,
            None => allow::<BudgetRead, _>(ctx, WorldScope { sandbox: self.sandbox }).map(drop)?,
        }
        self.follow(ctx).await?;
        let month = month.unwrap_or_else(|| Month::of(ctx.now().day()));
        let fold = self.fold.read().await;
        let book = fold.budgets();
        let seen = book.all().filter(|terms| own.is_none_or(|own| own == terms.owner));
        Ok(seen.map(|terms| BudgetStatus::of(book, terms, month)).collect())
    }

    /// A budget with the figures of a month that is not closed; the current one by default.
    pub async fn budget_get(
        &self,
        ctx: &OpContext,
        id: BudgetId,
        month: Option<Month>,
    ) -> Result<BudgetStatus, Problem> {
        self.follow(ctx).await?;
        let month = month.unwrap_or_else(|| Month::of(ctx.now().day()));
        let fold = self.fold.read().await;
        let terms = fold.budgets().get(id).ok_or_else(|| no_budget(id))?;
        allow::<BudgetRead, _>(ctx, BudgetScopeRef { id, owner: terms.owner, sandbox: self.sandbox })?;
        Ok(BudgetStatus::of(fold.budgets(), terms, month))
    }

    /// Thresholds that were crossed after a number up to and including another, as far as they are the caller's to know
    /// (law 7: a budget is in its owner's prices), with the terms they were crossed in. What an answer to a batch may say
    /// ([`crate::Taken::crossed`]).
    pub async fn crossings_between(
        &self,
        ctx: &OpContext,
        (after, through): (u64, u64),
    ) -> Vec<(BudgetTerms, Crossing)> {
        if through <= after {
            return Vec::new();
        }
        let fold = self.fold.read().await;
        let book = fold.budgets();
        let seen = |crossing: &Crossing| {
            let terms = book.get(crossing.budget).filter(|_| crossing.number <= through)?;
            let scope = BudgetScopeRef { id: terms.id, owner: terms.owner, sandbox: self.sandbox };
            allow::<BudgetRead, _>(ctx, scope).ok().map(|_| (terms.clone(), crossing.clone()))
        };
        book.crossings_after(after).filter_map(seen).collect()
    }

    /// The number of the newest crossing; 0 before the first.
    pub async fn crossings_counted(&self) -> u64 {
        self.fold.read().await.budgets().crossings_counted()
    }

    /// Whether a budget says that nothing new or larger may be made in a subscription. For the rooms that make things;
    /// what runs goes on.
    pub async fn throttled(&self, ctx: &OpContext, subscription: SubscriptionId) -> bool {
        let month = Month::of(ctx.now().day());
        let fold = self.fold.read().await;
        fold.limits_on(subscription, month, BudgetAction::Throttle).next().is_some()
    }
}
