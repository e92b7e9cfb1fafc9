//! Who holds a directory role. Users and service principals do; groups do not, or whoever manages a group could make
//! administrators.

use crate::people::guard::may;
use crate::people::object::{DirectoryObject, Kind, kind_of, no_object, objects};
use crate::people::{last_admin, rows};
use tenantry_access::{DirectoryRead, DirectoryRoleManage};
use tenantry_core::{DirectoryRole, ObjectId, OpContext, Problem, Reason, TenantId};
use tenantry_db::{Db, audit};

/// The holders of a role, in the order of ids.
///
/// # Errors
/// `TenantNotFound`, `Forbidden`.
pub async fn directory_role_members(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    role: DirectoryRole,
) -> Result<Vec<DirectoryObject>, Problem> {
    may::<DirectoryRead>(ctx, tenant)?;
    let mut reader = db.reader().await?;
    let members = rows::role::members(&mut reader, tenant, role).await?;
    objects(&mut reader, tenant, &members).await
}

/// Gives a user or service principal of the tenant the role. The role is activated if need be.
///
/// # Errors
/// `ObjectNotFound`; `InvalidField` for what is neither; `AlreadyExists` if it holds the role.
pub async fn directory_role_member_add(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    role: DirectoryRole,
    principal: ObjectId,
) -> Result<(), Problem> {
    let line = audit::open(ctx, db, "directory-role-member-add", &format!("{principal} to {role}")).await?;
    let outcome = add(ctx, db, tenant, role, principal).await;
    line.close(ctx, db, outcome).await
}

async fn add(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    role: DirectoryRole,
    principal: ObjectId,
) -> Result<(), Problem> {
    may::<DirectoryRoleManage>(ctx, tenant)?;
    let mut tx = db.begin().await?;
    rows::lock(&mut tx, tenant).await?;
    match kind_of(&mut tx, tenant, principal).await? {
        Some(Kind::User | Kind::ServicePrincipal) => {}
        None => return Err(no_object(principal)),
        Some(Kind::Group | Kind::Role | Kind::Application) => {
            let message = format!("{principal} is neither a user nor a service principal; only these hold roles");
            return Err(Problem::invalid("member", message));
        }
    }
    if !rows::role::assign(&mut tx, tenant, role, principal, ctx.now()).await? {
        return Err(Problem::new(Reason::AlreadyExists, format!("{principal} has the role {role} already")));
    }
    tx.changes_access();
    tx.commit().await
}

/// Takes the role away.
///
/// # Errors
/// `ObjectNotFound` if it does not hold the role; `LastGlobalAdmin`.
pub async fn directory_role_member_remove(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    role: DirectoryRole,
    principal: ObjectId,
) -> Result<(), Problem> {
    let line = audit::open(ctx, db, "directory-role-member-remove", &format!("{principal} from {role}")).await?;
    let outcome = remove(ctx, db, tenant, role, principal).await;
    line.close(ctx, db, outcome).await
}

async fn remove(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    role: DirectoryRole,
    principal: ObjectId,
) -> Result<(), Problem> {
    may::<DirectoryRoleManage>(ctx, tenant)?;
    let mut tx = db.begin().await?;
    rows::lock(&mut tx, tenant).await?;
    if role == DirectoryRole::GlobalAdmin {
        last_admin::may_go(&mut tx, tenant, principal).await?;
    }
    if !rows::role::unassign(&mut tx, tenant, role, principal).await? {
        let message = format!("{principal} does not have the role {role}; list its members");
        return Err(Problem::new(Reason::ObjectNotFound, message));
    }
    tx.changes_access();
    tx.commit().await
}
