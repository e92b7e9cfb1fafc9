//! Who is in a group and who answers for it.
//!
//! Groups may stand in groups, but never in themselves. Agent groups are more than groups: who is in one may act for
//! the partner in every customer's tenant. So their members are users and service principals only, and changing them
//! needs the right to manage roles, not just groups. The same right is needed for groups that hold roles at customers by
//! a granular relationship, and for groups inside them.

use crate::organization::group_licences_follow;
use crate::people::group::{Group, no_group};
use crate::people::guard::{may, may_change_who_is_in};
use crate::people::object::{DirectoryObject, Kind, kind_of, no_object, objects};
use crate::people::rows;
use crate::people::rows::group::List;
use tenantry_access::{DirectoryRead, GroupManage};
use tenantry_core::{ObjectId, OpContext, Problem, Reason, TenantId};
use tenantry_db::{Connection, Db, Tx, audit};

/// The members of a group, not those of groups in it, in the order of ids.
///
/// # Errors
/// `GroupNotFound`.
pub async fn group_members(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    group: ObjectId,
) -> Result<Vec<DirectoryObject>, Problem> {
    listed(ctx, db, List::Members, tenant, group).await
}

/// The owners of a group, in the order of ids.
///
/// # Errors
/// `GroupNotFound`.
pub async fn group_owners(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    group: ObjectId,
) -> Result<Vec<DirectoryObject>, Problem> {
    listed(ctx, db, List::Owners, tenant, group).await
}

async fn listed(
    ctx: &OpContext,
    db: &Db,
    list: List,
    tenant: TenantId,
    group: ObjectId,
) -> Result<Vec<DirectoryObject>, Problem> {
    may::<DirectoryRead>(ctx, tenant)?;
    let mut reader = db.reader().await?;
    present(&mut reader, tenant, group).await?;
    let ids = rows::group::listed(&mut reader, list, tenant, group).await?;
    objects(&mut reader, tenant, &ids).await
}

/// Puts a user, group or service principal of the tenant into a group.
///
/// # Errors
/// `GroupNotFound`, `ObjectNotFound`; `AlreadyExists` for a member; `GroupCircular` if the group would be in itself;
/// `InvalidField` for what cannot be a member.
pub async fn group_member_add(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    group: ObjectId,
    principal: ObjectId,
) -> Result<(), Problem> {
    let line = audit::open(ctx, db, "group-member-add", &format!("{principal} to {group}")).await?;
    let outcome = add(ctx, db, List::Members, (tenant, group), principal).await;
    line.close(ctx, db, outcome).await
}

/// Takes a member out.
///
/// # Errors
/// `GroupNotFound`; `ObjectNotFound` for what is no member.
pub async fn group_member_remove(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    group: ObjectId,
    principal: ObjectId,
) -> Result<(), Problem> {
    let line = audit::open(ctx, db, "group-member-remove", &format!("{principal} from {group}")).await?;
    let outcome = remove(ctx, db, List::Members, (tenant, group), principal).await;
    line.close(ctx, db, outcome).await
}

/// Makes a user or service principal of the tenant an owner.
///
/// # Errors
/// As `group_member_add`; groups own none.
pub async fn group_owner_add(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    group: ObjectId,
    principal: ObjectId,
) -> Result<(), Problem> {
    let line = audit::open(ctx, db, "group-owner-add", &format!("{principal} to {group}")).await?;
    let outcome = add(ctx, db, List::Owners, (tenant, group), principal).await;
    line.close(ctx, db, outcome).await
}

/// Takes an owner away.
///
/// # Errors
/// `GroupNotFound`; `ObjectNotFound` for who is no owner.
pub async fn group_owner_remove(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    group: ObjectId,
    principal: ObjectId,
) -> Result<(), Problem> {
    let line = audit::open(ctx, db, "group-owner-remove", &format!("{principal} from {group}")).await?;
    let outcome = remove(ctx, db, List::Owners, (tenant, group), principal).await;
    line.close(ctx, db, outcome).await
}

async fn add(
    ctx: &OpContext,
    db: &Db,
    list: List,
    (tenant, id): (TenantId, ObjectId),
    principal: ObjectId,
) -> Result<(), Problem> {
    may::<GroupManage>(ctx, tenant)?;
    let mut tx = db.begin().await?;
    rows::lock(&mut tx, tenant).await?;
    let group = present(&mut tx, tenant, id).await?;
    add_all(ctx, &mut tx, list, &group, &[principal]).await?;
    tx.commit().await
}

/// Puts principals on a list of a group, within the transaction of an act that asked, and locked the tenant. One that
/// is refused refuses them all.
pub(crate) async fn add_all(
    ctx: &OpContext,
    tx: &mut Tx,
    list: List,
    group: &Group,
    principals: &[ObjectId],
) -> Result<(), Problem> {
    if principals.is_empty() {
        return Ok(());
    }
    may_change_who_is_in(ctx, tx, group).await?;
    for principal in principals.iter().copied() {
        match kind_of(tx, group.tenant, principal).await? {
            Some(Kind::User | Kind::ServicePrincipal) => {}
            Some(Kind::Group) if list == List::Members && group.agents.is_none() => {
                no_circle(tx, group, principal).await?;
            }
            None => return Err(no_object(principal)),
            Some(Kind::Group | Kind::Role | Kind::Application) => return Err(unfit(list, group, principal)),
        }
        if !rows::group::list_add(tx, list, (group.tenant, group.id), principal, ctx.now()).await? {
            let message = format!("{principal} is on this list of the group {} already", group.display_name);
            return Err(Problem::new(Reason::AlreadyExists, message));
        }
    }
    follow(ctx, tx, group.tenant, principals).await
}

async fn remove(
    ctx: &OpContext,
    db: &Db,
    list: List,
    (tenant, id): (TenantId, ObjectId),
    principal: ObjectId,
) -> Result<(), Problem> {
    may::<GroupManage>(ctx, tenant)?;
    let mut tx = db.begin().await?;
    rows::lock(&mut tx, tenant).await?;
    let group = present(&mut tx, tenant, id).await?;
    may_change_who_is_in(ctx, &mut tx, &group).await?;
    if !rows::group::list_remove(&mut tx, list, (tenant, id), principal).await? {
        let message = format!("{principal} is not on this list of the group {}", group.display_name);
        return Err(Problem::new(Reason::ObjectNotFound, message));
    }
    follow(ctx, &mut tx, tenant, &[principal]).await?;
    tx.commit().await
}

/// Who is in a group decides rights, and licences that the group gives.
async fn follow(ctx: &OpContext, tx: &mut Tx, tenant: TenantId, principals: &[ObjectId]) -> Result<(), Problem> {
    group_licences_follow(ctx, tx, tenant, principals).await?;
    tx.changes_access();
    Ok(())
}

/// The group must not be what it is about to contain, nor be in it.
async fn no_circle(tx: &mut Tx, group: &Group, member: ObjectId) -> Result<(), Problem> {
    let above = rows::group::transitive(tx, group.tenant, group.id).await?;
    if member != group.id && above.iter().all(|above| above.id != member) {
        return Ok(());
    }
    let message =
        format!("the group {} would contain itself through {member}; take it out there first", group.display_name);
    Err(Problem::new(Reason::GroupCircular, message))
}

fn unfit(list: List, group: &Group, principal: ObjectId) -> Problem {
    let fit = match list {
        List::Members if group.agents.is_none() => "users, groups and service principals",
        List::Members | List::Owners => "users and service principals",
    };
    Problem::invalid("member", format!("{principal} cannot be on this list of {}; {fit} can", group.display_name))
}

/// The group.
///
/// # Errors
/// `GroupNotFound`.
pub(crate) async fn present(on: &mut impl Connection, tenant: TenantId, id: ObjectId) -> Result<Group, Problem> {
    rows::group::by_id(on, tenant, id).await?.ok_or_else(|| no_group(&id.to_string()))
}
