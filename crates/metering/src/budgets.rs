//! Reading budgets, and asking what they mean for a subscription.

use crate::budget::{BudgetScopeRef, BudgetStatus, no_budget};
use crate::engine::Metering;
use tenantry_access::{BudgetRead, PartnerScope, WorldScope, allow};
use tenantry_core::{Month, OpContext, Problem, SubscriptionId};
use tenantry_usage::{BudgetAction, BudgetId, Crossing};

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

    /// Thresholds that were crossed after a number, as far as they are the caller's to know: what an answer to a batch
    /// may say. Take [`Metering::crossings_counted`] before the batch.
    pub async fn crossings_after(&self, ctx: &OpContext, number: u64) -> Vec<Crossing> {
        let fold = self.fold.read().await;
        let book = fold.budgets();
        let seen = |crossing: &&Crossing| {
            let terms = book.get(crossing.budget);
            terms.is_some_and(|terms| {
                let scope = BudgetScopeRef { id: terms.id, owner: terms.owner, sandbox: self.sandbox };
                allow::<BudgetRead, _>(ctx, scope).is_ok()
            })
        };
        book.crossings_after(number).filter(seen).cloned().collect()
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
