//! Directory roles: only activated ones are objects; a template is activated by its id.

use super::views::group as view;
use super::{links, members, objects, users, wire};
use crate::input::Members;
use crate::odata::{Options, Page, Shape};
use crate::{directory, who};
use tenantry_core::{DirectoryRole, Problem};
use tenantry_directory::{
    ActivatedRole, directory_role_activate, directory_role_find, directory_role_list, directory_role_member_add,
    directory_role_member_remove, directory_role_members,
};
use tenantry_http::{Answer, Call};

const SHAPE: Shape = Shape::of(view::ROLE, &["displayName", "objectId", "roleTemplateId"]);
const AGAIN: &str = "directoryObjects/$/Microsoft.DirectoryServices.DirectoryRole";

pub(super) async fn list(call: Call) -> Result<Answer, Problem> {
    let options = Options::read(&call.query, &SHAPE, "directoryRoles")?;
    let roles = directory_role_list(&call.ctx, call.world.db(), who::tenant(&call)?).await?;
    let shown = roles.iter().map(|role| (role.id.to_string(), view::role(role.id, role.role))).collect();
    wire::page(&call, wire::OBJECTS, AGAIN, &Page::whole(&options, shown)?)
}

async fn named(call: &Call) -> Result<ActivatedRole, Problem> {
    directory_role_find(&call.ctx, call.world.db(), who::tenant(call)?, call.param("role")?).await
}

pub(super) async fn get(call: Call) -> Result<Answer, Problem> {
    let role = named(&call).await?;
    wire::object(&call, wire::OBJECTS, users::selected(&call, view::role(role.id, role.role))?)
}

pub(super) async fn activate(call: Call) -> Result<Answer, Problem> {
    let template = Members::of(&call)?.guid_required("roleTemplateId")?;
    let role = directory_role_activate(&call.ctx, call.world.db(), who::tenant(&call)?, template).await?;
    wire::object_created(&call, view::role(role.id, role.role))
}

pub(super) async fn members(call: Call) -> Result<Answer, Problem> {
    let role = named(&call).await?;
    let objects = directory_role_members(&call.ctx, call.world.db(), who::tenant(&call)?, role.role).await?;
    members::page(&call, &format!("directoryRoles/{}/members", role.id), objects).await
}

pub(super) async fn member_links(call: Call) -> Result<Answer, Problem> {
    let role = named(&call).await?;
    let objects = directory_role_members(&call.ctx, call.world.db(), who::tenant(&call)?, role.role).await?;
    let shown: Vec<_> = objects::shown(&call, objects).await?.into_iter().map(|(_, entity)| entity).collect();
    links::all(&call, "members", &shown)
}

pub(super) async fn member_add(call: Call) -> Result<Answer, Problem> {
    let member = links::read(&call)?;
    let role = named(&call).await?;
    directory_role_member_add(&call.ctx, call.world.db(), who::tenant(&call)?, role.role, member).await?;
    wire::done()
}

pub(super) async fn member_remove(call: Call) -> Result<Answer, Problem> {
    let member = directory::object_id(call.param("member")?)?;
    let role = named(&call).await?;
    directory_role_member_remove(&call.ctx, call.world.db(), who::tenant(&call)?, role.role, member).await?;
    wire::done()
}

/// The templates are the same in every tenant.
pub(super) async fn templates(call: Call) -> Result<Answer, Problem> {
    let templates: Vec<_> = DirectoryRole::ALL.into_iter().map(view::template).collect();
    wire::all(&call, wire::OBJECTS, &templates)
}
