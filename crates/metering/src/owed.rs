//! What buyers owe, for the documents they got and for seats that are on none yet: told by billing, held against credit
//! limits.
//!
//! Billing keeps the ledger; the fold needs one figure of it, because a credit limit is reached by usage and has to be
//! decided in the batch that reaches it. Between a close and the figure that has its documents in it the fold counts
//! what the close billed from the usage itself, so nothing is missing in between and nothing counts twice.

use crate::engine::Metering;
use tenantry_access::{ChannelManage, WorldScope, allow};
use tenantry_core::{EdgeId, OpContext, Problem};
use tenantry_db::log::Span;
use tenantry_usage::{BudgetKind, Fold, Owed, Record};

impl Metering {
    /// Tells what the buyer on an edge owes now, and up to which close its documents are in the figure. To be called
    /// whenever documents are issued, paid or credited, and every day for the seats. The same figure again is no record.
    ///
    /// # Errors
    /// `Unsupported` for an edge that is not in the log.
    pub async fn tell_owed(&self, ctx: &OpContext, owed: Owed) -> Result<(), Problem> {
        allow::<ChannelManage, _>(ctx, WorldScope { sandbox: self.sandbox })?;
        self.follow(ctx).await?;
        let mut turn = self.turn().await?;
        if self.read_all(|fold| fold.budgets().owed(owed.edge) == Some(owed)).await {
            return Ok(());
        }
        turn.append(ctx.now(), Span::NONE, Record::Owed(owed)).await?;
        turn.commit().await?;
        self.settle(ctx).await?;
        self.lift(ctx).await
    }

    /// Whether a credit limit is held against what the buyer on an edge owes.
    pub async fn watches_credit(&self, edge: EdgeId) -> bool {
        let watches =
            |fold: &Fold| fold.budgets().all().any(|budget| budget.kind == BudgetKind::Credit && budget.edge == edge);
        self.read_all(watches).await
    }
}
