//! Registering an application, with its service principal, its first secret and its roles.

use crate::{SECRET_LIFETIME_SECONDS, role_assign, rows, secret_add};
use tenantry_core::{AppId, ObjectId, OpContext, Problem, Reason, Role, Secret, TenantId};
use tenantry_db::Tx;

/// A registered application.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Registered {
    /// Its client id.
    pub app: AppId,
    /// Its service principal in the tenant.
    pub principal: ObjectId,
}

/// Registers an application in a tenant. The secret is shown here and never again.
///
/// # Errors
/// `TenantNotFound`; `MissingField` without a name; `InvalidField` for roles outside a partner tenant.
pub async fn application_register(
    ctx: &OpContext,
    tx: &mut Tx,
    tenant: TenantId,
    name: &str,
    roles: &[Role],
) -> Result<(Registered, Secret), Problem> {
    let name = name.trim();
    if name.is_empty() {
        return Err(Problem::missing("name"));
    }
    if rows::tenant_by_id(tx, tenant).await?.is_none() {
        return Err(Problem::new(Reason::TenantNotFound, format!("there is no tenant {tenant}; check the tenant id")));
    }
    let app = AppId::new(ctx.chance.guid());
    let object = ObjectId::new(ctx.chance.guid());
    let principal = ObjectId::new(ctx.chance.guid());
    rows::application_insert(tx, (app, object, principal), tenant, name, ctx.now()).await?;
    for role in roles {
        role_assign(ctx, tx, tenant, principal, *role).await?;
    }
    let (_, secret) = secret_add(ctx, tx, tenant, app, SECRET_LIFETIME_SECONDS).await?;
    Ok((Registered { app, principal }, secret))
}
