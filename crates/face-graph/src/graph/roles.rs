//! Directory roles: activated ones as objects, their templates, and the definitions of role management.

use super::views::group as view;
use super::{objects, references, wire};
use crate::input::Members;
use crate::odata::{Entity, Page, Shape, paths};
use crate::{directory, who};
use tenantry_core::{DirectoryRole, Problem, Reason};
use tenantry_directory::{
    ActivatedRole, directory_role_activate, directory_role_find, directory_role_list, directory_role_member_add,
    directory_role_member_remove, directory_role_members,
};
use tenantry_http::{Answer, Call};
use uuid::Uuid;

const SET: &str = "directoryRoles";
const SHAPE: Shape = Shape::of(view::ROLE, &["displayName", "id", "roleTemplateId"]);
const DEFINITIONS: Shape = Shape::of("unifiedRoleDefinition", &["displayName", "id", "isBuiltIn", "templateId"]);

pub(super) async fn list(call: Call) -> Result<Answer, Problem> {
    let options = wire::options(&call, &SHAPE, SET, &[])?;
    let roles = directory_role_list(&call.ctx, call.world.db(), who::tenant(&call)?).await?;
    let shown = roles.iter().map(|role| (role.id.to_string(), view::role(role))).collect();
    wire::page(&call, SET, &Page::whole(&options, shown)?)
}

/// The role of `{role}`: its id, or its template's as `roleTemplateId=..`.
async fn named(call: &Call) -> Result<ActivatedRole, Problem> {
    let key = call.param("role")?;
    let id = paths::named(key, "roleTemplateId").unwrap_or(key);
    directory_role_find(&call.ctx, call.world.db(), who::tenant(call)?, id).await
}

pub(super) async fn get(call: Call) -> Result<Answer, Problem> {
    let role = named(&call).await?;
    wire::entity(&call, SET, wire::selected(&call, view::role(&role), &[])?)
}

pub(super) async fn activate(call: Call) -> Result<Answer, Problem> {
    let template = Members::of(&call)?.guid_required("roleTemplateId")?;
    let role = directory_role_activate(&call.ctx, call.world.db(), who::tenant(&call)?, template).await?;
    wire::created(&call, SET, &format!("{SET}/{}", role.id), view::role(&role))
}

pub(super) async fn members(call: Call) -> Result<Answer, Problem> {
    let role = named(&call).await?;
    let holders = directory_role_members(&call.ctx, call.world.db(), who::tenant(&call)?, role.role).await?;
    objects::page(&call, &format!("{SET}/{}/members", role.id), holders).await
}

pub(super) async fn member_add(call: Call) -> Result<Answer, Problem> {
    let member = references::read(&call)?;
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
    let templates: Vec<Entity> = DirectoryRole::ALL.into_iter().map(view::template).collect();
    wire::all(&call, "directoryRoleTemplates", &templates)
}

/// `{template}`, of a list that is the same in every tenant.
fn template_of(call: &Call) -> Result<DirectoryRole, Problem> {
    let named = call.param("template")?;
    let found = Uuid::try_parse(named).ok().and_then(DirectoryRole::from_template);
    let shown: String = named.chars().take(80).collect();
    let missing =
        || Problem::new(Reason::ObjectNotFound, format!("`{shown}` is not the template id of a directory role"));
    found.ok_or_else(missing)
}

pub(super) async fn template(call: Call) -> Result<Answer, Problem> {
    wire::entity(&call, "directoryRoleTemplates", view::template(template_of(&call)?))
}

pub(super) async fn definitions(call: Call) -> Result<Answer, Problem> {
    let options = wire::options(&call, &DEFINITIONS, "roleManagement/directory/roleDefinitions", &[])?;
    let shown = DirectoryRole::ALL.map(|role| (role.template().to_string(), view::definition(role)));
    wire::page(&call, "roleManagement/directory/roleDefinitions", &Page::whole(&options, shown.into())?)
}

pub(super) async fn definition(call: Call) -> Result<Answer, Problem> {
    wire::entity(&call, "roleManagement/directory/roleDefinitions", view::definition(template_of(&call)?))
}
