//! Groups, their members and owners.

use super::views::group as view;
use super::{links, members, objects, users, wire};
use crate::input::Members;
use crate::odata::{Options, Page, Shape};
use crate::{directory, who};
use tenantry_core::{Problem, Reason};
use tenantry_directory::{
    Group, GroupChange, NewGroup, group_change, group_create, group_delete, group_find, group_member_add,
    group_member_remove, group_members, group_owner_add, group_owner_remove, group_owners, group_page,
};
use tenantry_http::{Answer, Call};

const SHAPE: Shape = Shape::of(view::TYPE, view::FILTERS).ordered_by(&["displayName"]);
const AGAIN: &str = "directoryObjects/$/Microsoft.DirectoryServices.Group";
const SETTABLE: [&str; 5] = ["description", "displayName", "mailEnabled", "mailNickname", "securityEnabled"];

pub(super) async fn list(call: Call) -> Result<Answer, Problem> {
    let options = Options::read(&call.query, &SHAPE, "groups")?;
    let source = |after: Option<String>, limit| {
        let call = &call;
        async move {
            let (after, tenant) = (directory::id_after(after), who::tenant(call)?);
            let groups = group_page(&call.ctx, call.world.db(), tenant, after, limit).await?;
            Ok(groups.iter().map(|group| (group.id.to_string(), view::group(group))).collect())
        }
    };
    let page = Page::walk(&options, source).await?;
    wire::page(&call, wire::OBJECTS, AGAIN, &page)
}

async fn named(call: &Call) -> Result<Group, Problem> {
    group_find(&call.ctx, call.world.db(), who::tenant(call)?, directory::group_id(call)?).await
}

pub(super) async fn get(call: Call) -> Result<Answer, Problem> {
    let entity = view::group(&named(&call).await?);
    wire::object(&call, wire::OBJECTS, users::selected(&call, entity)?)
}

pub(super) async fn create(call: Call) -> Result<Answer, Problem> {
    let body = Members::of(&call)?;
    body.only(&SETTABLE)?;
    let new = NewGroup {
        display_name: body.text_required("displayName")?,
        mail_nickname: body.text_required("mailNickname")?,
        description: body.text("description")?,
        mail_enabled: body.flag("mailEnabled")?.ok_or_else(|| Problem::missing("mailEnabled"))?,
        security_enabled: body.flag("securityEnabled")?.ok_or_else(|| Problem::missing("securityEnabled"))?,
    };
    let made = group_create(&call.ctx, call.world.db(), who::tenant(&call)?, new).await?;
    wire::object_created(&call, view::group(&made))
}

pub(super) async fn change(call: Call) -> Result<Answer, Problem> {
    let body = Members::of(&call)?;
    body.only(&SETTABLE)?;
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
        new_members: Vec::new(),
    };
    if change != GroupChange::default() {
        group_change(&call.ctx, call.world.db(), who::tenant(&call)?, group.id, change).await?;
    }
    wire::done()
}

pub(super) async fn delete(call: Call) -> Result<Answer, Problem> {
    group_delete(&call.ctx, call.world.db(), who::tenant(&call)?, directory::group_id(&call)?).await?;
    wire::done()
}

pub(super) async fn members(call: Call) -> Result<Answer, Problem> {
    let id = directory::group_id(&call)?;
    let objects = group_members(&call.ctx, call.world.db(), who::tenant(&call)?, id).await?;
    members::page(&call, &format!("groups/{id}/members"), objects).await
}

pub(super) async fn owners(call: Call) -> Result<Answer, Problem> {
    let id = directory::group_id(&call)?;
    let objects = group_owners(&call.ctx, call.world.db(), who::tenant(&call)?, id).await?;
    members::page(&call, &format!("groups/{id}/owners"), objects).await
}

pub(super) async fn member_links(call: Call) -> Result<Answer, Problem> {
    let objects = group_members(&call.ctx, call.world.db(), who::tenant(&call)?, directory::group_id(&call)?).await?;
    let shown: Vec<_> = objects::shown(&call, objects).await?.into_iter().map(|(_, entity)| entity).collect();
    links::all(&call, "members", &shown)
}

pub(super) async fn owner_links(call: Call) -> Result<Answer, Problem> {
    let objects = group_owners(&call.ctx, call.world.db(), who::tenant(&call)?, directory::group_id(&call)?).await?;
    let shown: Vec<_> = objects::shown(&call, objects).await?.into_iter().map(|(_, entity)| entity).collect();
    links::all(&call, "owners", &shown)
}

pub(super) async fn member_add(call: Call) -> Result<Answer, Problem> {
    let member = links::read(&call)?;
    group_member_add(&call.ctx, call.world.db(), who::tenant(&call)?, directory::group_id(&call)?, member).await?;
    wire::done()
}

pub(super) async fn member_remove(call: Call) -> Result<Answer, Problem> {
    let member = directory::object_id(call.param("member")?)?;
    group_member_remove(&call.ctx, call.world.db(), who::tenant(&call)?, directory::group_id(&call)?, member).await?;
    wire::done()
}

pub(super) async fn owner_add(call: Call) -> Result<Answer, Problem> {
    let owner = links::read(&call)?;
    group_owner_add(&call.ctx, call.world.db(), who::tenant(&call)?, directory::group_id(&call)?, owner).await?;
    wire::done()
}

pub(super) async fn owner_remove(call: Call) -> Result<Answer, Problem> {
    let owner = directory::object_id(call.param("owner")?)?;
    group_owner_remove(&call.ctx, call.world.db(), who::tenant(&call)?, directory::group_id(&call)?, owner).await?;
    wire::done()
}
