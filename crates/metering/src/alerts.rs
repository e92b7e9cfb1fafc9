//! Reading alerts and dealing with them.

use crate::alert::{Alert, AlertScope, no_alert};
use crate::alert_rows::{self, Which};
use crate::engine::Metering;
use tenantry_access::{BudgetManage, BudgetRead, PartnerScope, WorldScope, allow};
use tenantry_core::{Caller, OpContext, Problem, SubscriptionId};
use tenantry_db::audit;
use tenantry_usage::BudgetId;
use uuid::Uuid;

/// Alerts of one list, at most.
pub const ALERTS_MAX: usize = 500;

/// Which alerts are wanted: all that match what is named.
#[derive(Debug, Clone, Default)]
pub struct AlertFilter {
    /// Of a budget.
    pub budget: Option<BudgetId>,
    /// About a subscription.
    pub subscription: Option<SubscriptionId>,
    /// Only those nobody dealt with.
    pub open: bool,
}

impl Metering {
    /// The caller's alerts, or everybody's for the provider: the newest [`ALERTS_MAX`], newest first.
    pub async fn alert_list(&self, ctx: &OpContext, filter: AlertFilter) -> Result<Vec<Alert>, Problem> {
        let own = ctx.confined_to();
        match own {
            Some(own) => allow::<BudgetRead, _>(ctx, PartnerScope(own)).map(drop)?,
            None => allow::<BudgetRead, _>(ctx, WorldScope { sandbox: self.sandbox }).map(drop)?,
        }
        let AlertFilter { budget, subscription, open } = filter;
        let which = Which { owner: own, budget, subscription, open };
        let limit = i64::try_from(ALERTS_MAX).map_err(Problem::internal)?;
        alert_rows::list(&mut self.db.reader().await?, &which, limit).await
    }

    /// Marks an alert as dealt with; resolving it again changes nothing. What it had stopped goes on, unless something
    /// else stops it too. (What a budget stopped goes on when the budget is raised or removed.)
    pub async fn alert_resolve(&self, ctx: &OpContext, id: Uuid) -> Result<Alert, Problem> {
        let line = audit::open(ctx, &self.db, "alert-resolve", &id.to_string()).await?;
        let outcome = self.resolve(ctx, id).await;
        line.close(ctx, &self.db, outcome).await
    }

    async fn resolve(&self, ctx: &OpContext, id: Uuid) -> Result<Alert, Problem> {
        let seen = async || alert_rows::by_id(&mut self.db.reader().await?, id).await?.ok_or_else(|| no_alert(id));
        let alert = seen().await?;
        allow::<BudgetManage, _>(ctx, AlertScope { id, owner: alert.owner, sandbox: self.sandbox })?;
        let mut tx = self.db.begin().await?;
        alert_rows::resolve(&mut tx, id, ctx.now(), &who(ctx)).await?;
        tx.commit().await?;
        self.lift(ctx).await?;
        seen().await
    }
}

/// Who dealt with it, for the people who read it later.
fn who(ctx: &OpContext) -> String {
    match &ctx.caller {
        Caller::System(job) => format!("system:{job}"),
        Caller::SignedIn(identity) => match &identity.user {
            Some(user) => user.name.clone(),
            None => format!("app:{}", identity.app),
        },
        Caller::Nobody => "nobody".to_owned(),
    }
}
