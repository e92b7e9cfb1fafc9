//! Groups, their members and owners.

use super::views::group as view;
use super::{links, members, objects, users, wire};
use crate::input::Members;
use crate::odata::{Options, Shape};
use crate::{directory, groups, who};
use tenantry_core::Problem;
use tenantry_directory::{group_create, group_members, group_owners};
use tenantry_http::{Answer, Call};

const SHAPE: Shape = Shape::of(view::TYPE, view::FILTERS).ordered_by(&["displayName"]);
const AGAIN: &str = "directoryObjects/$/Microsoft.DirectoryServices.Group";
const SETTABLE: [&str; 5] = ["description", "displayName", "mailEnabled", "mailNickname", "securityEnabled"];

pub(super) async fn list(call: Call) -> Result<Answer, Problem> {
    let options = Options::read(&call.query, &SHAPE, "groups")?;
    let page = groups::page(&call, &options, view::group).await?;
    wire::page(&call, wire::OBJECTS, AGAIN, &page)
}

pub(super) async fn get(call: Call) -> Result<Answer, Problem> {
    let entity = view::group(&groups::named(&call).await?);
    wire::object(&call, wire::OBJECTS, users::selected(&call, entity)?)
}

pub(super) async fn create(call: Call) -> Result<Answer, Problem> {
    let body = Members::of(&call)?;
    body.only(&SETTABLE)?;
    let new = groups::described(&body)?;
    let made = group_create(&call.ctx, call.world.db(), who::tenant(&call)?, new).await?;
    wire::object_created(&call, view::group(&made))
}

pub(super) async fn change(call: Call) -> Result<Answer, Problem> {
    let body = Members::of(&call)?;
    body.only(&SETTABLE)?;
    let group = groups::named(&call).await?;
    groups::change(&call, &group, &body, Vec::new()).await?;
    wire::done()
}

pub(super) async fn delete(call: Call) -> Result<Answer, Problem> {
    groups::delete(&call).await?;
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
    groups::member_add(&call, links::read(&call)?).await?;
    wire::done()
}

pub(super) async fn member_remove(call: Call) -> Result<Answer, Problem> {
    groups::member_remove(&call).await?;
    wire::done()
}

pub(super) async fn owner_add(call: Call) -> Result<Answer, Problem> {
    groups::owner_add(&call, links::read(&call)?).await?;
    wire::done()
}

pub(super) async fn owner_remove(call: Call) -> Result<Answer, Problem> {
    groups::owner_remove(&call).await?;
    wire::done()
}
