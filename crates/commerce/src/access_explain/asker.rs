//! Who asks, and whom and what they may name.

use super::place::Place;
use crate::reach::Reach;
use crate::rows;
use std::collections::BTreeSet;
use tenantry_access::{AccessRead, TenantScope, allow, is_provider};
use tenantry_core::{Caller, Identity, ObjectId, OpContext, Problem, Role, TenantId, TenantKind};
use tenantry_db::Db;
use tenantry_directory::{NamedPrincipal, contract_list, contracts_with, visible_subscriptions};

/// Who asks.
pub(super) struct Asker {
    /// `None` for the provider and the platform, who may ask about everybody.
    limits: Option<Limits>,
}

struct Limits {
    /// The one who asks.
    itself: ObjectId,
    /// The tenants about whose people it may ask.
    tenants: BTreeSet<TenantId>,
    /// The tenants it acts in or belongs to.
    own: [TenantId; 2],
    /// Whether it reads who has access in the tenant it acts in.
    reads_access: bool,
}

impl Asker {
    /// The caller, asking about a place in a tenant.
    pub(super) async fn of(ctx: &OpContext, db: &Db, tenant: Option<TenantId>) -> Result<Self, Problem> {
        // Refuses nobody.
        Reach::of(ctx)?;
        let Caller::SignedIn(identity) = &ctx.caller else { return Ok(Self { limits: None }) };
        // Working for the provider is not being it.
        if is_provider(identity) {
            return Ok(Self { limits: None });
        }
        let own = identity.tenant;
        let mut tenants = BTreeSet::new();
        let reads_access = allow::<AccessRead, _>(ctx, TenantScope(own)).is_ok();
        if reads_access {
            tenants.insert(own);
            // What a tenant's partners may do in it is its own business.
            if tenant == Some(own) && identity.tenant_kind == TenantKind::Customer {
                tenants.extend(partners_of(ctx, db, own).await?);
            }
        }
        if administers_customers(identity) {
            tenants.insert(own);
            let contracts = contract_list(&super::platform(ctx), db, own).await?;
            let administered = contracts.into_iter().filter(|contract| contract.delegated_admin);
            tenants.extend(administered.map(|contract| contract.customer));
        }
        let limits = Limits { itself: identity.principal, tenants, own: [own, identity.home()], reads_access };
        Ok(Self { limits: Some(limits) })
    }

    /// Whether the caller may ask about this principal.
    pub(super) fn may_ask_about(&self, named: &NamedPrincipal) -> bool {
        let Some(limits) = &self.limits else { return true };
        limits.itself == named.id || limits.tenants.contains(&named.home)
    }

    /// Whether the place is there for the caller.
    pub(super) async fn may_name(&self, ctx: &OpContext, db: &Db, place: &Place) -> Result<bool, Problem> {
        let Some(limits) = &self.limits else { return Ok(true) };
        let Some(tenant) = place.tenant() else { return Ok(true) };
        let Some(scope) = place.arm().filter(|scope| scope.subscription_id().is_some()) else {
            let own = limits.own.contains(&tenant);
            return Ok(own || rows::customer::is_of(&mut db.reader().await?, tenant, limits.own[0]).await?);
        };
        // The tenant's own people who read access see every scope in it. A partner's person does not: that would show
        // what another partner sold.
        let own = limits.reads_access && limits.own == [tenant, tenant];
        let seen = visible_subscriptions(ctx, db, tenant).await?;
        Ok(own || seen.iter().any(|seen| Some(seen.subscription.id) == scope.subscription_id()))
    }
}

/// Whether the caller looks after the partner's customers: who does sees what its people may do for them.
fn administers_customers(identity: &Identity) -> bool {
    identity.tenant_kind == TenantKind::Partner
        && [Role::AdminAgent, Role::GlobalAdmin].iter().any(|role| identity.roles.contains(role))
}

async fn partners_of(ctx: &OpContext, db: &Db, tenant: TenantId) -> Result<Vec<TenantId>, Problem> {
    let contracts = contracts_with(&super::platform(ctx), db, tenant).await?;
    Ok(contracts.into_iter().map(|contract| contract.partner).collect())
}
