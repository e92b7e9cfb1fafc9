//! Groups, their members and owners.

use super::views::group as view;
use super::{objects, references, wire};
use crate::input::Members;
use crate::odata::Shape;
use crate::{directory, groups, who};
use tenantry_core::{ObjectId, Problem, Reason};
use tenantry_directory::{DirectoryObject, GroupPeople, group_create_with, group_members, group_owners};
use tenantry_http::{Answer, Call};

const SET: &str = "groups";
const SHAPE: Shape = Shape::of(view::TYPE, view::FILTERS).ordered_by(&["displayName"]);
const SETTABLE: [&str; 6] =
    ["description", "displayName", "groupTypes", "mailEnabled", "mailNickname", "securityEnabled"];

pub(super) async fn list(call: Call) -> Result<Answer, Problem> {
    let options = wire::options(&call, &SHAPE, SET, &[])?;
    let page = groups::page(&call, &options, view::group).await?;
    wire::page(&call, SET, &page)
}

pub(super) async fn get(call: Call) -> Result<Answer, Problem> {
    let group = groups::named(&call).await?;
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
    let new = groups::described(&body)?;
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
    let group = groups::named(&call).await?;
    let new_members = new_members(&call, &body, group.id).await?;
    groups::change(&call, &group, &body, new_members).await?;
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
    groups::delete(&call).await?;
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
    groups::member_add(&call, references::read(&call)?).await?;
    wire::done()
}

pub(super) async fn member_remove(call: Call) -> Result<Answer, Problem> {
    groups::member_remove(&call).await?;
    wire::done()
}

pub(super) async fn owner_add(call: Call) -> Result<Answer, Problem> {
    groups::owner_add(&call, references::read(&call)?).await?;
    wire::done()
}

pub(super) async fn owner_remove(call: Call) -> Result<Answer, Problem> {
    groups::owner_remove(&call).await?;
    wire::done()
}
