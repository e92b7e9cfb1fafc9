//! Deciding about one Azure action: for the caller, or for anybody somebody asks about.

use crate::azure::access_map::{load, within};
use crate::azure::asking::Asking;
use crate::relationships::may_ask;
use tenantry_access::azure::{ArmScope, AzureDecision};
use tenantry_core::{Caller, ObjectId, OpContext, Problem, Reason, TenantId};
use tenantry_db::Db;

/// What Azure's roles and locks say about an action of the caller at a scope of the tenant, seen or not. The provider
/// and the platform are Owner of everything. This looks everything up anew; [`crate::AccessMaps::decide`] remembers.
///
/// # Errors
/// `TokenMissing`; `SubscriptionNotFound` if the scope lies in no subscription of the tenant.
pub async fn azure_decide(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    action: &str,
    scope: &ArmScope,
) -> Result<AzureDecision, Problem> {
    let mut reader = db.reader().await?;
    let asking = Asking::of(ctx, &mut reader, tenant).await?;
    let loaded = load(&mut reader, tenant, ctx.now()).await?;
    within(&loaded.subscriptions, scope)?;
    Ok(asking.decide(&loaded.map, action, scope))
}

/// What Azure's roles and locks say about an action of any principal of the world at a scope of the tenant. Asked by
/// the principal itself, by who may read access in the tenant, or in the principal's own. What a partner's group holds
/// while the partner has no relationship with the tenant is among the misses.
///
/// # Errors
/// `ObjectNotFound` if there is no such principal, or the caller has nothing to do with it; otherwise as
/// [`azure_decide`].
pub async fn azure_decide_for(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    principal: ObjectId,
    action: &str,
    scope: &ArmScope,
) -> Result<AzureDecision, Problem> {
    if matches!(ctx.caller, Caller::Nobody) {
        return Err(Problem::new(Reason::TokenMissing, "this needs a bearer token; get one at the token endpoint"));
    }
    let mut reader = db.reader().await?;
    let unknown =
        || Problem::new(Reason::ObjectNotFound, format!("there is no principal {principal}; check the object id"));
    let (home, asking) = Asking::of_principal(&mut reader, tenant, principal).await?.ok_or_else(unknown)?;
    if !may_ask(ctx, tenant, home, principal) {
        return Err(unknown());
    }
    let loaded = load(&mut reader, tenant, ctx.now()).await?;
    within(&loaded.subscriptions, scope)?;
    let decision = asking.decide(&loaded.map, action, scope);
    Ok(decision.with_resting(loaded.resting_paths(&asking, action, scope)))
}

/// What [`azure_decide`] says about one action at many scopes, looked up once: whether each is allowed, in the order of
/// the scopes.
///
/// # Errors
/// As [`azure_decide`].
pub async fn azure_allowed_at(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    action: &str,
    scopes: &[ArmScope],
) -> Result<Vec<bool>, Problem> {
    let mut reader = db.reader().await?;
    let asking = Asking::of(ctx, &mut reader, tenant).await?;
    let loaded = load(&mut reader, tenant, ctx.now()).await?;
    let allowed = |scope: &ArmScope| {
        within(&loaded.subscriptions, scope)?;
        Ok(asking.allows(&loaded.map, action, scope))
    };
    scopes.iter().map(allowed).collect()
}
