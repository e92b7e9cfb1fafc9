//! Registering an application with all that a party of the channel needs: its service principal, its first secret, its
//! roles, and consent in its own tenant.
//!
//! What it is configured with is what control panels of the field ask for. In its own tenant it is granted less: a
//! program that sells must not be able to make itself an administrator there. So for itself it only sees the directory,
//! unless it holds the role of a global administrator, which says as much. For users it is granted all of it, since
//! what it does then is bounded by what they may.
//!
//! In the provider's tenant it is one of the operator's own programs. It speaks for the provider, and what says so is
//! the role of a global administrator, which it gets here. Other applications of that tenant are given no such thing.
//!
//! One that holds AdminAgents is registered for many tenants. Being in that group makes it partner-managed, so it is
//! consented in the tenants of the partner's customers (`consent_of.rs`).

use super::consent_keep::{member_ensure, permissions_keep, scopes_keep};
use super::permission_grant::GivenTo;
use super::rows::application as rows;
use super::{AccessKind, Application, RequiredAccess, SECRET_LIFETIME_SECONDS, api_permissions, secret_add};
use crate::people::global_admin_assign;
use crate::role_assign;
use tenantry_core::{AppId, ObjectId, OpContext, Problem, Reason, Role, Secret, TenantId, TenantKind};
use tenantry_db::Tx;
use uuid::Uuid;

/// A registered application.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Registered {
    /// Its client id.
    pub app: AppId,
    /// Its service principal in the tenant.
    pub principal: ObjectId,
}

/// What it is configured with, at each API that has the permission.
const SCOPES: [&str; 4] = ["Directory.AccessAsUser.All", "Directory.Read.All", "User.Read", "user_impersonation"];
const ROLES: [&str; 5] = [
    "Directory.Read.All",
    "Directory.ReadWrite.All",
    "Domain.ReadWrite.All",
    "Group.ReadWrite.All",
    "User.ReadWrite.All",
];
/// What it may do for itself at home, unless it is a global administrator.
const AT_HOME: &str = "Directory.Read.All";

/// Registers an application in a tenant. The secret is shown here and never again.
///
/// Asks no policy and writes no audit line: for acts that have done both, such as signing up a partner. Faces call
/// [`crate::application_create`].
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
    let Some(home) = crate::rows::tenant_by_id(tx, tenant).await? else {
        return Err(Problem::new(Reason::TenantNotFound, format!("there is no tenant {tenant}; check the tenant id")));
    };
    let (app, object) = (AppId::new(ctx.chance.guid()), ObjectId::new(ctx.chance.guid()));
    let bare = Application::bare((object, app, tenant), name.to_owned(), ctx.now());
    let multi_tenant = roles.contains(&Role::AdminAgent);
    let application = Application { multi_tenant, required_access: configured(), ..bare };
    rows::insert(tx, &application).await?;
    let principal = member_ensure(ctx, tx, tenant, &application).await?;
    for role in roles {
        role_assign(ctx, tx, tenant, principal, *role).await?;
    }
    let operators = home.kind == TenantKind::Provider;
    if operators {
        global_admin_assign(ctx, tx, tenant, principal).await?;
    }
    let is_admin = operators || roles.contains(&Role::GlobalAdmin);
    consent_at_home(ctx, tx, (tenant, principal), is_admin).await?;
    let (_, secret) = secret_add(ctx, tx, tenant, app, SECRET_LIFETIME_SECONDS).await?;
    tx.changes_access();
    Ok((Registered { app, principal }, secret))
}

fn configured() -> Vec<RequiredAccess> {
    let wanted = |permission: &api_permissions::Permission| match permission.kind {
        AccessKind::Scope => SCOPES.contains(&permission.name),
        AccessKind::Role => ROLES.contains(&permission.name),
    };
    let of = |api: &api_permissions::Api| RequiredAccess {
        api: api.app,
        access: api.permissions().filter(wanted).map(|permission| (permission.id, permission.kind)).collect(),
    };
    api_permissions::APIS.iter().map(of).collect()
}

async fn consent_at_home(
    ctx: &OpContext,
    tx: &mut Tx,
    client: (TenantId, ObjectId),
    is_admin: bool,
) -> Result<(), Problem> {
    for api in &api_permissions::APIS {
        let of_kind = |kind| api.permissions().filter(move |permission| permission.kind == kind);
        let scopes = of_kind(AccessKind::Scope).filter(|scope| SCOPES.contains(&scope.name));
        let scopes = scopes.map(|scope| scope.name.to_owned()).collect();
        scopes_keep(ctx, tx, client, api.app, GivenTo::Everybody, scopes).await?;
        let may = |name: &str| name == AT_HOME || is_admin && ROLES.contains(&name);
        let roles: Vec<Uuid> = of_kind(AccessKind::Role).filter(|role| may(role.name)).map(|role| role.id).collect();
        permissions_keep(ctx, tx, client, api.app, roles).await?;
    }
    Ok(())
}
