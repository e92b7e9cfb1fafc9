//! Roles of APIs as rows of the directory (`appRoleAssignments`). One given to a service principal is consent to an
//! application permission, so all of them take the right to consent.
//!
//! Source: directory.md 2.2 (appRoleAssignments), 3.2.

use super::consent_of::PublishedApi;
use super::guard::{may, may_empower};
use super::permission_grants::principal;
use super::rows::consent::{self as rows, KeptAssignment};
use super::service_principals::by_id;
use super::{AccessKind, AppRoleAssignment, AssigneeKind};
use crate::people::{group_by_id, user_by_id};
use tenantry_access::{ApplicationRead, ConsentManage};
use tenantry_core::{ObjectId, OpContext, Problem, Reason, TenantId};
use tenantry_db::{Connection, Db, audit};
use uuid::Uuid;

/// Whose assignments are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AssignmentsOf {
    /// The roles a user, group or service principal has.
    Principal(ObjectId),
    /// Who has roles of the API of a service principal.
    Resource(ObjectId),
}

/// Assignments in the order of their ids.
///
/// # Errors
/// `ObjectNotFound` for a resource that is no service principal of the tenant.
pub async fn app_role_assignment_list(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    of: AssignmentsOf,
) -> Result<Vec<AppRoleAssignment>, Problem> {
    may::<ApplicationRead>(ctx, tenant)?;
    let mut reader = db.reader().await?;
    let kept = match of {
        AssignmentsOf::Principal(principal) => rows::assignments_of(&mut reader, tenant, principal).await?,
        AssignmentsOf::Resource(resource) => {
            let api = principal(&mut reader, tenant, resource).await?.app;
            rows::assignments_to(&mut reader, tenant, api).await?
        }
    };
    let mut listed = Vec::new();
    for kept in kept {
        let resource = by_id(&mut reader, tenant, ObjectId::new(kept.api.guid())).await?;
        listed.extend(resource.map(|resource| kept.with_resource(resource.id)));
    }
    Ok(listed)
}

/// Gives a user, group or service principal a role of an API. The nil role lets in, where the API has no roles.
///
/// # Errors
/// `ObjectNotFound` for a principal or API that is not in the tenant; `InvalidField` for a role the API does not have for
/// principals of that kind; `AlreadyExists`.
pub async fn app_role_assignment_create(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    assignee: ObjectId,
    resource: ObjectId,
    role: Uuid,
) -> Result<AppRoleAssignment, Problem> {
    let line = audit::open(ctx, db, "app-role-assignment-create", &assignee.to_string()).await?;
    let outcome = create(ctx, db, tenant, (assignee, resource, role)).await;
    line.close(ctx, db, outcome).await
}

async fn create(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    (assignee, resource, role): (ObjectId, ObjectId, Uuid),
) -> Result<AppRoleAssignment, Problem> {
    may::<ConsentManage>(ctx, tenant)?;
    let mut tx = db.begin().await?;
    let kind = match by_id(&mut tx, tenant, assignee).await?.filter(|found| found.id == assignee) {
        Some(_) => AssigneeKind::ServicePrincipal,
        None => user_or_group(&mut tx, tenant, assignee).await?,
    };
    let resource = principal(&mut tx, tenant, resource).await?;
    if kind == AssigneeKind::ServicePrincipal {
        may_empower(ctx, tenant, resource.app)?;
    }
    role_of(&PublishedApi::of(&resource), role, kind)?;
    let (id, created_at) = (ctx.chance.guid(), ctx.now());
    let new = KeptAssignment { id, tenant, principal: assignee, kind, api: resource.app, role, created_at };
    if !rows::assignment_insert(&mut tx, &new).await? {
        let message = format!("{assignee} has the role {role} of {} already", resource.name);
        return Err(Problem::new(Reason::AlreadyExists, message));
    }
    tx.changes_access();
    tx.commit().await?;
    Ok(new.with_resource(resource.id))
}

fn role_of(api: &PublishedApi, role: Uuid, kind: AssigneeKind) -> Result<(), Problem> {
    let mut roles = api.of_kind(AccessKind::Role).filter(|found| match kind {
        AssigneeKind::ServicePrincipal => found.for_applications,
        AssigneeKind::User | AssigneeKind::Group => found.for_users,
    });
    let is_default = role.is_nil() && kind != AssigneeKind::ServicePrincipal;
    if is_default || roles.any(|found| found.id == role) {
        return Ok(());
    }
    let message =
        format!("{role} is no role of the API {} that a {kind} can have; its service principal lists them", api.app);
    Err(Problem::invalid("appRoleId", message))
}

/// Takes a role of an API away.
///
/// # Errors
/// `ObjectNotFound`.
pub async fn app_role_assignment_delete(ctx: &OpContext, db: &Db, tenant: TenantId, id: Uuid) -> Result<(), Problem> {
    let line = audit::open(ctx, db, "app-role-assignment-delete", &id.to_string()).await?;
    let outcome = delete(ctx, db, tenant, id).await;
    line.close(ctx, db, outcome).await
}

async fn delete(ctx: &OpContext, db: &Db, tenant: TenantId, id: Uuid) -> Result<(), Problem> {
    may::<ConsentManage>(ctx, tenant)?;
    let mut tx = db.begin().await?;
    if !rows::assignment_delete(&mut tx, tenant, id).await? {
        let message = format!("there is no app role assignment {id} in this tenant; check the id");
        return Err(Problem::new(Reason::ObjectNotFound, message));
    }
    tx.changes_access();
    tx.commit().await
}

/// Whether the id is a user's or a group's.
///
/// # Errors
/// `ObjectNotFound` if it is neither.
pub(crate) async fn user_or_group(
    on: &mut impl Connection,
    tenant: TenantId,
    id: ObjectId,
) -> Result<AssigneeKind, Problem> {
    if user_by_id(on, tenant, id).await?.is_some_and(|user| user.deleted_at.is_none()) {
        return Ok(AssigneeKind::User);
    }
    if group_by_id(on, tenant, id).await?.is_some() {
        return Ok(AssigneeKind::Group);
    }
    Err(Problem::new(Reason::ObjectNotFound, format!("there is no user, group or application {id} in this tenant")))
}
