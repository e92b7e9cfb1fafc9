//! Deciding about one Azure action: for the caller, or for anybody somebody asks about.

use crate::azure::access_map::{load, within};
use crate::azure::asking::Asking;
use crate::relationships::may_ask;
use tenantry_access::azure::{ArmScope, AzureDecision, AzurePath};
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
/// the principal itself, by who may read access in the tenant, or in the principal's own.
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
    Ok(asking.decide(&loaded.map, action, scope))
}

/// The roles the caller holds at a scope, its own and inherited ones. Source: arm.md 11.3 (`permissions`).
///
/// # Errors
/// As [`azure_decide`].
pub async fn azure_roles_held(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    scope: &ArmScope,
) -> Result<Vec<AzurePath>, Problem> {
    let mut reader = db.reader().await?;
    let asking = Asking::of(ctx, &mut reader, tenant).await?;
    let loaded = load(&mut reader, tenant, ctx.now()).await?;
    within(&loaded.subscriptions, scope)?;
    Ok(match asking {
        // Whatever it asks for: the one path of the provider's standing.
        Asking::Everything => asking.decide(&loaded.map, "*/read", scope).paths,
        Asking::As(principals) => loaded.map.held_at(&principals, scope),
    })
}
