//! Taking a budget away. What it stopped goes on, unless something else stops it too.

use crate::budget::{BudgetScopeRef, BudgetStatus, no_budget};
use crate::engine::Metering;
use tenantry_access::{BudgetManage, allow};
use tenantry_core::{Month, OpContext, Problem};
use tenantry_db::audit;
use tenantry_db::log::Span;
use tenantry_usage::{BudgetId, Record};

impl Metering {
    /// Removes a budget and gives it as it was.
    pub async fn budget_remove(&self, ctx: &OpContext, id: BudgetId) -> Result<BudgetStatus, Problem> {
        let line = audit::open(ctx, &self.db, "budget-remove", &id.to_string()).await?;
        let outcome = self.remove_budget(ctx, id).await;
        line.close(ctx, &self.db, outcome).await
    }

    pub(crate) async fn remove_budget(&self, ctx: &OpContext, id: BudgetId) -> Result<BudgetStatus, Problem> {
        self.follow(ctx).await?;
        let mut turn = self.turn().await?;
        let month = Month::of(ctx.now().day());
        let sandbox = self.sandbox;
        let known = self
            .read_all(|fold| {
                let terms = fold.budgets().get(id).ok_or_else(|| no_budget(id))?;
                allow::<BudgetManage, _>(ctx, BudgetScopeRef { id, owner: terms.owner, sandbox })?;
                Ok::<_, Problem>(BudgetStatus::of(fold.budgets(), terms, month))
            })
            .await?;
        turn.append(ctx.now(), Span::NONE, Record::BudgetRemoved(id)).await?;
        turn.commit().await?;
        self.lift(ctx).await?;
        Ok(known)
    }
}
