//! Groups, their members and owners.

use super::views::group as view;
use super::{objects, references, wire};
use crate::input::Members;
use crate::odata::{Page, Shape};
use crate::{directory, who};
use tenantry_core::{ObjectId, Problem, Reason};
use tenantry_directory::{
    DirectoryObject, Group, GroupChange, GroupPeople, NewGroup, group_change, group_create_with, group_delete,
    group_find, group_member_add, group_member_remove, group_members, group_owner_add, group_owner_remove,
    group_owners, group_page,
};
use tenantry_http::{Answer, Call};

const SET: &str = "groups";
const SHAPE: Shape = Shape::of(view::TYPE, view::FILTERS).ordered_by(&["displayName"]);
const SETTABLE: [&str; 6] =
    ["description", "displayName", "groupTypes", "mailEnabled", "mailNickname", "securityEnabled"];

pub(super) async fn list(call: Call) -> Result<Answer, Problem> {
    let options = wire::options(&call, &SHAPE, SET, &[])?;
    let source = |after, limit| {
        let call = &call;
        async move {
            let (after, tenant) = (directory::id_after(after), who::tenant(call)?);
            let groups = group_page(&call.ctx, call.world.db(), tenant, after, limit).await?;
            Ok(groups.iter().map(|group| (group.id.to_string(), view::group(group))).collect())
        }
    };
    let page = Page::walk(&options, source).await?;
    wire::page(&call, SET, &page)
}

async fn named(call: &Call) -> Result<Group, Problem> {
    group_find(&call.ctx, call.world.db(), who::tenant(call)?, directory::group_id(call)?).await
}

pub(super) async fn get(call: Call) -> Result<Answer, Problem> {
    let group = named(&call).await?;
    wire::entity(&call, SET, wire::selected(&call, view::group(&group), &[])?)
}

/// Only security groups live here; those with a mailbox belong to the mail service.
fn security_only(body: &Members<'_>) -> Result<(), Problem> {
    if body.texts("groupTypes")?.is_some_and(|types| !types.is_empty()) {
        let message = "groupTypes: only security groups are served, which have no group type; send []";
        return Err(Problem::new(Reason::Unsupported, message).at("groupTypes"));
    }
    Ok(())
}

pub(super) async fn create(call: Call) -> Result<Answer, Problem> {
    let body = Members::of(&call)?;
    body.only(&SETTABLE)?;
    security_only(&body)?;
    let new = NewGroup {
        display_name: body.text_required("displayName")?,
        mail_nickname: body.text_required("mailNickname")?,
        description: body.text("description")?,
        mail_enabled: body.flag("mailEnabled")?.ok_or_else(|| Problem::missing("mailEnabled"))?,
        security_enabled: body.flag("securityEnabled")?.ok_or_else(|| Problem::missing("securityEnabled"))?,
    };
    let owners = references::bound(&call, &body, "owners").await?;
    let members = references::bound(&call, &body, "members").await?;
    let (db, tenant) = (call.world.db(), who::tenant(&call)?);
    let made = group_create_with(&call.ctx, db, tenant, new, GroupPeople { owners, members }).await?;
    wire::created(&call, SET, &format!("{SET}/{}", made.id), view::group(&made))
}

pub(super) async fn change(call: Call) -> Result<Answer, Problem> {
    let body = Members::of(&call)?;
    body.only(&SETTABLE)?;
    security_only(&body)?;
    let group = named(&call).await?;
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
        new_members: new_members(&call, &body, group.id).await?,
    };
    if change != GroupChange::default() {
        group_change(&call.ctx, call.world.db(), who::tenant(&call)?, group.id, change).await?;
    }
    wire::done()
}

/// The members a change adds. One that is a member already is refused as what this API calls a bad request.
async fn new_members(call: &Call, body: &Members<'_>, group: ObjectId) -> Result<Vec<ObjectId>, Problem> {
    let members = references::bound(call, body, "members").await?;
    if members.is_empty() {
        return Ok(members);
    }
    let present = group_members(&call.ctx, call.world.db(), who::tenant(call)?, group).await?;
    match present.iter().map(DirectoryObject::id).find(|id| members.contains(id)) {
        None => Ok(members),
        Some(id) => Err(Problem::invalid("members@odata.bind", format!("{id} is a member of the group already"))),
    }
}

pub(super) async fn delete(call: Call) -> Result<Answer, Problem> {
    group_delete(&call.ctx, call.world.db(), who::tenant(&call)?, directory::group_id(&call)?).await?;
    wire::done()
}

pub(super) async fn members(call: Call) -> Result<Answer, Problem> {
    let id = directory::group_id(&call)?;
    let objects = group_members(&call.ctx, call.world.db(), who::tenant(&call)?, id).await?;
    objects::page(&call, &format!("groups/{id}/members"), objects).await
}

pub(super) async fn owners(call: Call) -> Result<Answer, Problem> {
    let id = directory::group_id(&call)?;
    let objects = group_owners(&call.ctx, call.world.db(), who::tenant(&call)?, id).await?;
    objects::page(&call, &format!("groups/{id}/owners"), objects).await
}

pub(super) async fn member_add(call: Call) -> Result<Answer, Problem> {
    let member = references::read(&call)?;
    group_member_add(&call.ctx, call.world.db(), who::tenant(&call)?, directory::group_id(&call)?, member).await?;
    wire::done()
}

pub(super) async fn member_remove(call: Call) -> Result<Answer, Problem> {
    let member = directory::object_id(call.param("member")?)?;
    group_member_remove(&call.ctx, call.world.db(), who::tenant(&call)?, directory::group_id(&call)?, member).await?;
    wire::done()
}

pub(super) async fn owner_add(call: Call) -> Result<Answer, Problem> {
    let owner = references::read(&call)?;
    group_owner_add(&call.ctx, call.world.db(), who::tenant(&call)?, directory::group_id(&call)?, owner).await?;
    wire::done()
}

pub(super) async fn owner_remove(call: Call) -> Result<Answer, Problem> {
    let owner = directory::object_id(call.param("owner")?)?;
    group_owner_remove(&call.ctx, call.world.db(), who::tenant(&call)?, directory::group_id(&call)?, owner).await?;
    wire::done()
}
