//! Where a role of the channel lives: as membership of an agent group, or as a directory role. Giving one and taking
//! it away act at once, also on tokens that are out already.
//!
//! Source: DESIGN section 8; directory.md part 4 (groups) and 3.4 (template ids).

use crate::people::group::Group;
use crate::people::rows;
use crate::people::rows::group::List;
use crate::rows::tenant_by_id;
use tenantry_core::{DirectoryRole, ObjectId, OpContext, Problem, Role, TenantId, TenantKind};
use tenantry_db::Tx;

/// The place of a role in a partner tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// The agent group of this role.
    Group,
    /// A directory role.
    DirectoryRole(DirectoryRole),
}

const fn place(role: Role) -> Place {
    match role {
        Role::AdminAgent | Role::SalesAgent | Role::HelpdeskAgent => Place::Group,
        Role::GlobalAdmin => Place::DirectoryRole(DirectoryRole::GlobalAdmin),
        Role::UserAdmin => Place::DirectoryRole(DirectoryRole::UserAdmin),
        Role::BillingAdmin => Place::DirectoryRole(DirectoryRole::BillingAdmin),
    }
}

/// What a new tenant begins with: the role of global administrator, and in a partner's the three agent groups.
pub(crate) async fn roles_begin(
    ctx: &OpContext,
    tx: &mut Tx,
    tenant: TenantId,
    kind: TenantKind,
) -> Result<(), Problem> {
    rows::role::activate(tx, tenant, DirectoryRole::GlobalAdmin, ctx.now()).await?;
    if kind != TenantKind::Partner {
        return Ok(());
    }
    for role in Role::ALL.into_iter().filter(|role| place(*role) == Place::Group) {
        let group = Group {
            id: ObjectId::new(ctx.chance.guid()),
            tenant,
            display_name: role.name().to_owned(),
            mail_nickname: role.name().to_owned(),
            description: Some(purpose(role).to_owned()),
            mail_enabled: false,
            security_enabled: true,
            created_at: ctx.now(),
            agents: Some(role),
        };
        rows::group::insert(tx, &group).await?;
    }
    Ok(())
}

const fn purpose(role: Role) -> &'static str {
    match role {
        Role::SalesAgent => "Sell to customers: orders and subscriptions.",
        Role::HelpdeskAgent => "Help the users of customers.",
        Role::AdminAgent | Role::GlobalAdmin | Role::UserAdmin | Role::BillingAdmin => "Administer customers.",
    }
}

/// Puts the principal into the role's group, or assigns the directory role. Twice is once.
///
/// # Errors
/// `InvalidField` if the tenant is not a partner's: only these have a place in the channel's sales.
pub async fn role_assign(
    ctx: &OpContext,
    tx: &mut Tx,
    tenant: TenantId,
    principal: ObjectId,
    role: Role,
) -> Result<(), Problem> {
    let found = tenant_by_id(tx, tenant).await?;
    if found.is_none_or(|tenant| tenant.kind != TenantKind::Partner) {
        return Err(Problem::invalid("roles", format!("{role} exists in partner tenants only; give none here")));
    }
    match place(role) {
        Place::Group => {
            let group = agent_group(tx, tenant, role).await?;
            rows::group::list_add(tx, List::Members, (tenant, group), principal, ctx.now()).await?;
        }
        Place::DirectoryRole(role) => {
            rows::role::assign(tx, tenant, role, principal, ctx.now()).await?;
        }
    }
    tx.changes_access();
    Ok(())
}

/// Makes a principal of the tenant a global administrator. Twice is once.
///
/// Asks no policy: for acts that make a tenant's first administrators.
///
/// # Errors
/// Those of the database.
pub(crate) async fn global_admin_assign(
    ctx: &OpContext,
    tx: &mut Tx,
    tenant: TenantId,
    principal: ObjectId,
) -> Result<(), Problem> {
    rows::role::assign(tx, tenant, DirectoryRole::GlobalAdmin, principal, ctx.now()).await?;
    tx.changes_access();
    Ok(())
}

async fn agent_group(tx: &mut Tx, tenant: TenantId, role: Role) -> Result<ObjectId, Problem> {
    let group = rows::group::of_agents(tx, tenant, role).await?;
    group.map(|group| group.id).ok_or_else(|| Problem::corrupt(format!("tenant {tenant} has no group {role}")))
}
