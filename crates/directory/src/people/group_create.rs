//! Making, changing and deleting groups. The agent groups of a partner come with its tenant and stay as they are.

use crate::applications::consent_forget;
use crate::organization::group_licences_release;
use crate::people::group::{Group, GroupChange, GroupPeople, NewGroup, agent_name_taken};
use crate::people::group_members::{add_all, present};
use crate::people::guard::{may, may_change_who_is_in};
use crate::people::rows::group::List;
use crate::people::{rows, text};
use tenantry_access::GroupManage;
use tenantry_core::{ObjectId, OpContext, Problem, Reason, Role, TenantId};
use tenantry_db::{Connection, Db, Tx, audit};

/// Makes a group.
///
/// # Errors
/// `MissingField`, `InvalidField`; `Unsupported` for groups with mail; `AlreadyExists` for the name of an agent group.
pub async fn group_create(ctx: &OpContext, db: &Db, tenant: TenantId, new: NewGroup) -> Result<Group, Problem> {
    group_create_with(ctx, db, tenant, new, GroupPeople::default()).await
}

/// Makes a group with its first owners and members: all of them, or there is no group.
///
/// # Errors
/// As [`group_create`], and as for adding each of them.
pub async fn group_create_with(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    new: NewGroup,
    people: GroupPeople,
) -> Result<Group, Problem> {
    let line = audit::open(ctx, db, "group-create", &text::shown(&new.display_name)).await?;
    let outcome = create(ctx, db, tenant, new, people).await;
    line.close(ctx, db, outcome).await
}

async fn create(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    new: NewGroup,
    people: GroupPeople,
) -> Result<Group, Problem> {
    may::<GroupManage>(ctx, tenant)?;
    let new = new.checked()?;
    let group = Group {
        id: ObjectId::new(ctx.chance.guid()),
        tenant,
        display_name: new.display_name,
        mail_nickname: new.mail_nickname,
        description: new.description,
        mail_enabled: new.mail_enabled,
        security_enabled: new.security_enabled,
        created_at: ctx.now(),
        agents: None,
    };
    let mut tx = db.begin().await?;
    rows::lock(&mut tx, tenant).await?;
    name_is_free(&mut tx, tenant, &group.display_name).await?;
    rows::group::insert(&mut tx, &group).await?;
    add_all(ctx, &mut tx, List::Owners, &group, &people.owners).await?;
    add_all(ctx, &mut tx, List::Members, &group, &people.members).await?;
    tx.commit().await?;
    Ok(group)
}

async fn name_is_free(on: &mut impl Connection, tenant: TenantId, name: &str) -> Result<(), Problem> {
    let Some(role) = Role::ALL.into_iter().find(|role| role.name().eq_ignore_ascii_case(name)) else { return Ok(()) };
    match rows::group::of_agents(on, tenant, role).await? {
        Some(_) => Err(agent_name_taken(role.name())),
        None => Ok(()),
    }
}

/// Changes a group and adds members to it.
///
/// # Errors
/// `GroupNotFound`; as `group_create` for the values, and as for adding each member; `Forbidden` for the texts of an
/// agent group.
pub async fn group_change(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    id: ObjectId,
    change: GroupChange,
) -> Result<Group, Problem> {
    let line = audit::open(ctx, db, "group-change", &id.to_string()).await?;
    let outcome = changed(ctx, db, tenant, id, change).await;
    line.close(ctx, db, outcome).await
}

async fn changed(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    id: ObjectId,
    mut change: GroupChange,
) -> Result<Group, Problem> {
    may::<GroupManage>(ctx, tenant)?;
    let mut tx = db.begin().await?;
    rows::lock(&mut tx, tenant).await?;
    let new_members = std::mem::take(&mut change.new_members);
    let group = if new_members.is_empty() || change != GroupChange::default() {
        let before = ordinary(&mut tx, tenant, id).await?;
        texts_change(&mut tx, before, change).await?
    } else {
        present(&mut tx, tenant, id).await?
    };
    add_all(ctx, &mut tx, List::Members, &group, &new_members).await?;
    tx.commit().await?;
    Ok(group)
}

async fn texts_change(tx: &mut Tx, before: Group, change: GroupChange) -> Result<Group, Problem> {
    let wanted = NewGroup {
        display_name: change.display_name.unwrap_or_else(|| before.display_name.clone()),
        mail_nickname: change.mail_nickname.unwrap_or_else(|| before.mail_nickname.clone()),
        description: change.description.unwrap_or_else(|| before.description.clone()),
        mail_enabled: before.mail_enabled,
        security_enabled: before.security_enabled,
    };
    let wanted = wanted.checked()?;
    name_is_free(tx, before.tenant, &wanted.display_name).await?;
    let after = Group {
        display_name: wanted.display_name,
        mail_nickname: wanted.mail_nickname,
        description: wanted.description,
        ..before
    };
    rows::group::update(tx, &after).await?;
    Ok(after)
}

/// Deletes a group at once: groups for rights are not kept.
///
/// # Errors
/// `GroupNotFound`; `Forbidden` for an agent group, and without the right to give roles for a group that holds roles at
/// customers.
pub async fn group_delete(ctx: &OpContext, db: &Db, tenant: TenantId, id: ObjectId) -> Result<(), Problem> {
    let line = audit::open(ctx, db, "group-delete", &id.to_string()).await?;
    let outcome = delete(ctx, db, tenant, id).await;
    line.close(ctx, db, outcome).await
}

async fn delete(ctx: &OpContext, db: &Db, tenant: TenantId, id: ObjectId) -> Result<(), Problem> {
    may::<GroupManage>(ctx, tenant)?;
    let mut tx = db.begin().await?;
    rows::lock(&mut tx, tenant).await?;
    let group = ordinary(&mut tx, tenant, id).await?;
    may_change_who_is_in(ctx, &mut tx, &group).await?;
    group_licences_release(ctx, &mut tx, tenant, id).await?;
    consent_forget(&mut tx, tenant, id).await?;
    rows::group::delete(&mut tx, tenant, id).await?;
    tx.changes_access();
    tx.commit().await
}

/// A group that may be changed.
async fn ordinary(on: &mut impl Connection, tenant: TenantId, id: ObjectId) -> Result<Group, Problem> {
    let group = present(on, tenant, id).await?;
    match group.agents {
        None => Ok(group),
        Some(role) => {
            let message =
                format!("{role} is an agent group; it is neither renamed nor deleted, only its members change");
            Err(Problem::new(Reason::Forbidden, message))
        }
    }
}
