//! Giving roles of a relationship to a group of the partner, changing them, and taking them away.

use crate::people::group_by_id;
use crate::relationships::access_assignment::{AccessAssignment, AccessStatus, OperationStatus, RelationshipOperation};
use crate::relationships::reach::{current, of_partner, stale};
use crate::relationships::relationship::{roles_checked, roles_text};
use crate::relationships::relationship_create::clip;
use crate::relationships::relationship_find::not_there;
use crate::relationships::{Relationship, access_rows};
use tenantry_access::{RelationshipManage, RelationshipRead};
use tenantry_core::{DirectoryRole, ObjectId, OpContext, Problem, Reason, TenantId};
use tenantry_db::{Connection, Db, audit};
use uuid::Uuid;

/// What came of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessChanged {
    /// The assignment as it is now.
    pub assignment: AccessAssignment,
    /// What a client waits for; none if there was nothing to change.
    pub operation: Option<RelationshipOperation>,
}

/// Gives roles of an active relationship to a group of the partner `tenant`. Its members hold them at once.
///
/// # Errors
/// `RelationshipNotFound`, `Forbidden`; `RelationshipStateRefused` unless the relationship is active; `InvalidField` on
/// `accessContainer.accessContainerId` for a group the partner does not have (it is what was sent that is wrong, not the
/// address); `MissingField` or `InvalidField` on `accessDetails.unifiedRoles` for roles it does not have;
/// `AlreadyExists` if the group has an assignment already.
pub async fn access_assignment_create(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    relationship: &str,
    group: ObjectId,
    roles: &[Uuid],
) -> Result<AccessAssignment, Problem> {
    let line = audit::open(ctx, db, "access-assignment-create", &format!("{} {group}", clip(relationship))).await?;
    let outcome = create(ctx, db, tenant, relationship, (group, roles)).await;
    line.close(ctx, db, outcome).await
}

async fn create(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    relationship: &str,
    (group, roles): (ObjectId, &[Uuid]),
) -> Result<AccessAssignment, Problem> {
    let mut tx = db.begin().await?;
    let relationship = of_partner::<RelationshipManage>(ctx, &mut tx, tenant, relationship).await?;
    active(&relationship)?;
    let roles = subset(&relationship, roles)?;
    check_group(&mut tx, tenant, group).await?;
    let at = ctx.now();
    let assignment = AccessAssignment {
        id: ctx.chance.guid(),
        relationship: relationship.id,
        group,
        roles,
        status: AccessStatus::Active,
        created_at: at,
        changed_at: at,
        version: 1,
    };
    if !access_rows::insert(&mut tx, tenant, &assignment).await? {
        let message = format!("group {group} has an access assignment of this relationship already; change that one");
        return Err(Problem::new(Reason::AlreadyExists, message));
    }
    tx.changes_access();
    tx.commit().await?;
    Ok(assignment)
}

/// Gives the group other roles. `seen` is the version the caller read.
///
/// # Errors
/// As [`access_assignment_create`]; `RelationshipNotFound` also for an unknown assignment; `Stale`;
/// `RelationshipStateRefused` also if it is deleted.
pub async fn access_assignment_change(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    relationship: &str,
    id: Uuid,
    seen: i64,
    roles: &[Uuid],
) -> Result<AccessChanged, Problem> {
    let line = audit::open(ctx, db, "access-assignment-change", &id.to_string()).await?;
    let outcome = change(ctx, db, tenant, relationship, (id, seen), roles).await;
    line.close(ctx, db, outcome).await
}

async fn change(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    relationship: &str,
    (id, seen): (Uuid, i64),
    roles: &[Uuid],
) -> Result<AccessChanged, Problem> {
    let mut tx = db.begin().await?;
    let relationship = of_partner::<RelationshipManage>(ctx, &mut tx, tenant, relationship).await?;
    let mut assignment = one(&mut tx, tenant, &relationship.id, id).await?;
    current(seen, assignment.version, WHAT)?;
    active(&relationship)?;
    alive(&assignment)?;
    let roles = subset(&relationship, roles)?;
    if roles == assignment.roles {
        return Ok(AccessChanged { assignment, operation: None });
    }
    let at = ctx.now();
    (assignment.roles, assignment.changed_at) = (roles, at);
    assignment.version += 1;
    let operation = RelationshipOperation {
        id: ctx.chance.guid(),
        relationship: relationship.id,
        data: format!("{{\"accessAssignmentId\":\"{id}\",\"roles\":\"{}\"}}", roles_text(&assignment.roles)),
        status: OperationStatus::Succeeded,
        created_at: at,
        changed_at: at,
    };
    if !access_rows::update(&mut tx, tenant, &assignment).await? {
        return Err(stale(WHAT));
    }
    access_rows::operation_insert(&mut tx, tenant, &operation).await?;
    tx.changes_access();
    tx.commit().await?;
    Ok(AccessChanged { assignment, operation: Some(operation) })
}

/// Takes the roles away from the group. The assignment stays to be seen, as `deleted`. Possible also after the
/// relationship has ended.
///
/// # Errors
/// `RelationshipNotFound` (relationship or assignment), `Forbidden`, `Stale`; `RelationshipStateRefused` if it is
/// deleted already.
pub async fn access_assignment_delete(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    relationship: &str,
    id: Uuid,
    seen: i64,
) -> Result<(), Problem> {
    let line = audit::open(ctx, db, "access-assignment-delete", &id.to_string()).await?;
    let outcome = delete(ctx, db, tenant, relationship, (id, seen)).await;
    line.close(ctx, db, outcome).await
}

async fn delete(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    relationship: &str,
    (id, seen): (Uuid, i64),
) -> Result<(), Problem> {
    let mut tx = db.begin().await?;
    let relationship = of_partner::<RelationshipManage>(ctx, &mut tx, tenant, relationship).await?;
    let mut assignment = one(&mut tx, tenant, &relationship.id, id).await?;
    current(seen, assignment.version, WHAT)?;
    alive(&assignment)?;
    (assignment.status, assignment.changed_at) = (AccessStatus::Deleted, ctx.now());
    assignment.version += 1;
    if !access_rows::update(&mut tx, tenant, &assignment).await? {
        return Err(stale(WHAT));
    }
    tx.changes_access();
    tx.commit().await
}

/// The access assignments of a relationship of the partner `tenant`, deleted ones too, in the order of their ids.
///
/// # Errors
/// `RelationshipNotFound`, `Forbidden`.
pub async fn access_assignment_list(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    relationship: &str,
) -> Result<Vec<AccessAssignment>, Problem> {
    let mut reader = db.reader().await?;
    let relationship = of_partner::<RelationshipRead>(ctx, &mut reader, tenant, relationship).await?;
    access_rows::all(&mut reader, tenant, &relationship.id).await
}

/// One of them.
///
/// # Errors
/// As [`access_assignment_list`]; `RelationshipNotFound` also for an unknown assignment.
pub async fn access_assignment_find(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    relationship: &str,
    id: Uuid,
) -> Result<AccessAssignment, Problem> {
    let mut reader = db.reader().await?;
    let relationship = of_partner::<RelationshipRead>(ctx, &mut reader, tenant, relationship).await?;
    one(&mut reader, tenant, &relationship.id, id).await
}

const WHAT: &str = "the access assignment";

async fn one(
    on: &mut impl Connection,
    tenant: TenantId,
    relationship: &str,
    id: Uuid,
) -> Result<AccessAssignment, Problem> {
    let all = access_rows::all(on, tenant, relationship).await?;
    all.into_iter().find(|known| known.id == id).ok_or_else(|| not_there("access assignment", id))
}

async fn check_group(on: &mut impl Connection, tenant: TenantId, id: ObjectId) -> Result<(), Problem> {
    const FIELD: &str = "accessContainer.accessContainerId";
    if group_by_id(on, tenant, id).await?.is_some() {
        return Ok(());
    }
    let message = format!("{FIELD}: the partner has no group {id}; check the id");
    Err(Problem::new(Reason::InvalidField, message).at(FIELD))
}

fn active(relationship: &Relationship) -> Result<(), Problem> {
    if relationship.is_active() {
        return Ok(());
    }
    let status = relationship.status.name();
    let message = format!("the relationship is `{status}`; roles can be given only while it is `active`");
    Err(Problem::new(Reason::RelationshipStateRefused, message))
}

fn alive(assignment: &AccessAssignment) -> Result<(), Problem> {
    if assignment.status == AccessStatus::Active {
        return Ok(());
    }
    let status = assignment.status.name();
    Err(Problem::new(Reason::RelationshipStateRefused, format!("the access assignment is `{status}`; create another")))
}

fn subset(relationship: &Relationship, roles: &[Uuid]) -> Result<Vec<DirectoryRole>, Problem> {
    let roles = roles_checked(roles)?;
    match roles.iter().find(|role| !relationship.roles.contains(role)) {
        None => Ok(roles),
        Some(role) => {
            let message = format!("{role} is not among the roles of the relationship; give some of these only");
            Err(Problem::invalid("accessDetails.unifiedRoles", message))
        }
    }
}
