//! Asking before anything about Azure access is read or changed: first whether the scope is there for the caller, then
//! whether a role allows the action, then whether a lock forbids it.

use crate::azure::access_map::{Loaded, load, unknown_subscription};
use crate::azure::asking::Asking;
use crate::azure::subscription_rows;
use crate::azure::visible::Sight;
use tenantry_access::azure::ArmScope;
use tenantry_core::{Caller, ObjectId, OpContext, Problem, Reason, TenantId};
use tenantry_db::Connection;

/// Who asks, and what the tenant's access is: loaded once for an act, within its transaction.
pub(crate) struct Guard {
    tenant: TenantId,
    pub(crate) asking: Asking,
    pub(crate) loaded: Loaded,
    sight: Sight,
}

impl Guard {
    pub(crate) async fn of(ctx: &OpContext, on: &mut impl Connection, tenant: TenantId) -> Result<Self, Problem> {
        let asking = Asking::of(ctx, on, tenant).await?;
        let loaded = load(on, tenant, ctx.now()).await?;
        let sight = Sight::of(ctx, on, tenant, &asking, &loaded).await?;
        Ok(Self { tenant, asking, loaded, sight })
    }

    /// The scope must be there for the caller: in a subscription it sees, or above the subscriptions of a tenant it
    /// has to do with.
    ///
    /// # Errors
    /// `SubscriptionNotFound`, `TenantNotFound`.
    pub(crate) async fn visible(
        &self,
        ctx: &OpContext,
        on: &mut impl Connection,
        scope: &ArmScope,
    ) -> Result<(), Problem> {
        match scope.subscription_id() {
            Some(id) => {
                let found = subscription_rows::by_id(on, id).await?;
                let seen = found.filter(|found| found.tenant == self.tenant && self.sight.sees(found));
                seen.map(|_| ()).ok_or_else(|| unknown_subscription(id))
            }
            None if ctx.tenant().is_none_or(|tenant| tenant == self.tenant) => Ok(()),
            None if self.asking == Asking::Everything || self.holds_something() => Ok(()),
            None => {
                let message = format!("there is no tenant {}; check the tenant id", self.tenant);
                Err(Problem::new(Reason::TenantNotFound, message))
            }
        }
    }

    fn holds_something(&self) -> bool {
        let principals = self.asking.principals();
        self.loaded.assignments.iter().any(|assignment| principals.contains(&assignment.principal))
    }

    /// The scope must be visible, a role allow the action there, and no lock forbid it.
    ///
    /// # Errors
    /// `SubscriptionNotFound`, `TenantNotFound`, `Forbidden`, `ScopeLocked`.
    pub(crate) async fn require(
        &self,
        ctx: &OpContext,
        on: &mut impl Connection,
        action: &str,
        scope: &ArmScope,
    ) -> Result<(), Problem> {
        self.visible(ctx, on, scope).await?;
        self.asking.decide(&self.loaded.map, action, scope).require()
    }
}

/// Who writes something down.
pub(crate) fn writer(ctx: &OpContext) -> Option<ObjectId> {
    match &ctx.caller {
        Caller::SignedIn(identity) => Some(identity.principal),
        Caller::System(_) | Caller::Nobody => None,
    }
}
