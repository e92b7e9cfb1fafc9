//! Groups: what both APIs do to them in the same way.

use crate::input::Members;
use crate::odata::list::Keyed;
use crate::odata::{Entity, Options, Page};
use crate::{directory, who};
use tenantry_core::{ObjectId, Problem, Reason};
use tenantry_directory::{
    Group, GroupChange, NewGroup, group_change, group_delete, group_find, group_member_add, group_member_remove,
    group_owner_add, group_owner_remove, group_page,
};
use tenantry_http::Call;

/// A page of groups.
pub(crate) async fn page(call: &Call, options: &Options, view: fn(&Group) -> Entity) -> Result<Page, Problem> {
    let source = |after, limit| async move {
        let (after, tenant) = (directory::id_after(after), who::tenant(call)?);
        let groups = group_page(&call.ctx, call.world.db(), tenant, after, limit).await?;
        Ok(groups.iter().map(|group| (group.id.to_string(), view(group))).collect::<Vec<Keyed>>())
    };
    Page::walk(options, source).await
}

/// The group of the path.
pub(crate) async fn named(call: &Call) -> Result<Group, Problem> {
    group_find(&call.ctx, call.world.db(), who::tenant(call)?, directory::group_id(call)?).await
}

/// The group a body describes.
pub(crate) fn described(body: &Members<'_>) -> Result<NewGroup, Problem> {
    Ok(NewGroup {
        display_name: body.text_required("displayName")?,
        mail_nickname: body.text_required("mailNickname")?,
        description: body.text("description")?,
        mail_enabled: body.flag("mailEnabled")?.ok_or_else(|| Problem::missing("mailEnabled"))?,
        security_enabled: body.flag("securityEnabled")?.ok_or_else(|| Problem::missing("securityEnabled"))?,
    })
}

/// Changes a group as a body says, and adds members to it.
pub(crate) async fn change(
    call: &Call,
    group: &Group,
    body: &Members<'_>,
    new_members: Vec<ObjectId>,
) -> Result<(), Problem> {
    for (name, now) in [("mailEnabled", group.mail_enabled), ("securityEnabled", group.security_enabled)] {
        if body.flag(name)?.is_some_and(|wanted| wanted != now) {
            let message = format!("{name}: what kind a group is was decided when it was made; make another");
            return Err(Problem::new(Reason::Unsupported, message).at(name));
        }
    }
    let change = GroupChange {
        display_name: body.text("displayName")?,
        mail_nickname: body.text("mailNickname")?,
        description: body.text_sent("description")?,
        new_members,
    };
    if change != GroupChange::default() {
        group_change(&call.ctx, call.world.db(), who::tenant(call)?, group.id, change).await?;
    }
    Ok(())
}

/// Deletes the group of the path.
pub(crate) async fn delete(call: &Call) -> Result<(), Problem> {
    group_delete(&call.ctx, call.world.db(), who::tenant(call)?, directory::group_id(call)?).await
}

/// Adds a member to the group of the path.
pub(crate) async fn member_add(call: &Call, member: ObjectId) -> Result<(), Problem> {
    group_member_add(&call.ctx, call.world.db(), who::tenant(call)?, directory::group_id(call)?, member).await
}

/// Takes the member of the path out of the group of the path.
pub(crate) async fn member_remove(call: &Call) -> Result<(), Problem> {
    let member = directory::object_id(call.param("member")?)?;
    group_member_remove(&call.ctx, call.world.db(), who::tenant(call)?, directory::group_id(call)?, member).await
}

/// Adds an owner to the group of the path.
pub(crate) async fn owner_add(call: &Call, owner: ObjectId) -> Result<(), Problem> {
    group_owner_add(&call.ctx, call.world.db(), who::tenant(call)?, directory::group_id(call)?, owner).await
}

/// Takes the owner of the path off the group of the path.
pub(crate) async fn owner_remove(call: &Call) -> Result<(), Problem> {
    let owner = directory::object_id(call.param("owner")?)?;
    group_owner_remove(&call.ctx, call.world.db(), who::tenant(call)?, directory::group_id(call)?, owner).await
}
