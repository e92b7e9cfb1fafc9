//! What callers may see of usage and of what it costs them. Every answer passes the policy first.

use crate::engine::Metering;
use crate::scope::{EdgeScope, UsageScope};
use tenantry_access::{InvoiceRead, UsageRead, allow};
use tenantry_core::{EdgeId, Month, OpContext, Period, Problem, Reason, SubscriptionId};
use tenantry_usage::{Bucket, Granularity, Line};

impl Metering {
    /// Usage of a subscription in buckets that begin within a period.
    pub async fn usage_buckets(
        &self,
        ctx: &OpContext,
        subscription: SubscriptionId,
        within: Period,
        granularity: Granularity,
    ) -> Result<Vec<Bucket>, Problem> {
        self.follow(ctx).await?;
        let fold = self.fold.read().await;
        allow::<UsageRead, _>(ctx, UsageScope::new(subscription, fold.subscription(subscription), self.sandbox)?)?;
        Ok(fold.buckets(subscription, within, granularity))
    }

    /// What an edge owes and no document shows yet, for usage up to and including a month.
    pub async fn unbilled(&self, ctx: &OpContext, edge: EdgeId, through: Month) -> Result<Vec<Line>, Problem> {
        self.follow(ctx).await?;
        let fold = self.fold.read().await;
        let scope = fold
            .edge(edge)
            .map(EdgeScope::from)
            .ok_or_else(|| Problem::new(Reason::TenantNotFound, format!("there is no channel edge {edge}")))?;
        allow::<InvoiceRead, _>(ctx, scope)?;
        Ok(fold.unbilled(edge, through))
    }
}
