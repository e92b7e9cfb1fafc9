//! What callers may see of usage and of what it costs them. Every answer passes the policy first.

use crate::engine::Metering;
use crate::scope::{EdgeScope, UsageScope};
use std::collections::BTreeSet;
use tenantry_access::{ChannelManage, InvoiceRead, PriceRead, UsageRead, WorldScope, allow};
use tenantry_core::{Day, EdgeId, MeterId, Month, OpContext, Period, Problem, Reason, SubscriptionId, TenantId};
use tenantry_rating::{MeterPrice, PriceBook};
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
        allow::<UsageRead, _>(ctx, UsageScope::along(&fold, subscription, self.sandbox)?)?;
        Ok(fold.buckets(subscription, within, granularity))
    }

    /// What an edge owes and no document shows yet, for usage up to and including a month.
    pub async fn unbilled(&self, ctx: &OpContext, edge: EdgeId, through: Month) -> Result<Vec<Line>, Problem> {
        self.follow(ctx).await?;
        let fold = self.fold.read().await;
        let scope = fold
            .edge(edge)
            .map(|terms| EdgeScope::of(&fold, terms))
            .ok_or_else(|| Problem::new(Reason::TenantNotFound, format!("there is no channel edge {edge}")))?;
        allow::<InvoiceRead, _>(ctx, scope)?;
        Ok(fold.unbilled(edge, through))
    }

    /// Asks something of the list prices in force: those that usage is rated with.
    pub async fn prices<T>(&self, ctx: &OpContext, question: impl FnOnce(&PriceBook) -> T) -> Result<T, Problem> {
        allow::<PriceRead, _>(ctx, WorldScope { sandbox: self.sandbox })?;
        self.follow(ctx).await?;
        Ok(question(self.fold.read().await.book()))
    }

    /// What meters of a subscription are called on days: by the sheet in force that day, or else by the newest one
    /// that knows them; `None` for a meter in no sheet.
    pub async fn meters_of(
        &self,
        ctx: &OpContext,
        subscription: SubscriptionId,
        wanted: &[(MeterId, Day)],
    ) -> Result<Vec<Option<MeterPrice>>, Problem> {
        if wanted.is_empty() {
            return Ok(Vec::new());
        }
        let fold = self.fold.read().await;
        let terms = fold.subscription(subscription);
        allow::<UsageRead, _>(ctx, UsageScope::along(&fold, subscription, self.sandbox)?)?;
        let describe = |(meter, day): &(MeterId, Day)| {
            let priced = terms.and_then(|terms| fold.book().price(&terms.market, terms.currency, *meter, *day));
            priced.map(|(price, _)| price).or_else(|| fold.book().describe(*meter)).cloned()
        };
        Ok(wanted.iter().map(describe).collect())
    }

    /// Every partner that pays for something on an edge of the channel. The provider's to know; not so who pays a partner.
    pub async fn buyers(&self, ctx: &OpContext) -> Result<Vec<TenantId>, Problem> {
        allow::<ChannelManage, _>(ctx, WorldScope { sandbox: self.sandbox })?;
        self.follow(ctx).await?;
        let fold = self.fold.read().await;
        let sold = fold.edges().filter(|edge| fold.is_to_customer(edge) == Some(false));
        let buyers: BTreeSet<_> = sold.map(|edge| edge.buyer).collect();
        Ok(buyers.into_iter().collect())
    }

    /// The last month that was closed. No secret: it stands on everybody's documents.
    pub async fn last_closed_month(&self) -> Option<Month> {
        self.fold.read().await.closes().last().map(|close| close.month)
    }
}
