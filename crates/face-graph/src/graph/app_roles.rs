//! Application roles that were given to somebody: `appRoleAssignments` of a principal, `appRoleAssignedTo` of an API.

use super::views::service_principal as view;
use super::{service_principals, wire};
use crate::input::Members;
use crate::odata::Entity;
use crate::{directory, grants, who};
use tenantry_core::{ObjectId, Problem, Reason};
use tenantry_directory::{
    AppRoleAssignment, AssignmentsOf, DirectoryObject, app_role_assignment_create, app_role_assignment_delete,
    app_role_assignment_list, object_find,
};
use tenantry_http::{Answer, Call};

const SET: &str = "appRoleAssignments";

/// Whose roles the path names: `{user}`'s, `{group}`'s or `{principal}`'s.
async fn principal(call: &Call) -> Result<ObjectId, Problem> {
    if call.params.get("user").is_some() {
        return Ok(directory::user(call).await?.id);
    }
    if call.params.get("group").is_some() {
        return directory::group_id(call);
    }
    Ok(service_principals::named(call).await?.id)
}

pub(super) async fn of_principal(call: Call) -> Result<Answer, Problem> {
    let of = AssignmentsOf::Principal(principal(&call).await?);
    list(&call, of).await
}

/// Who has roles of the API.
pub(super) async fn of_resource(call: Call) -> Result<Answer, Problem> {
    let of = AssignmentsOf::Resource(service_principals::named(&call).await?.id);
    list(&call, of).await
}

async fn list(call: &Call, of: AssignmentsOf) -> Result<Answer, Problem> {
    let assignments = app_role_assignment_list(&call.ctx, call.world.db(), who::tenant(call)?, of).await?;
    let mut shown = Vec::with_capacity(assignments.len());
    for assignment in &assignments {
        shown.push(entity(call, assignment).await?);
    }
    wire::all(call, SET, &shown)
}

async fn entity(call: &Call, of: &AppRoleAssignment) -> Result<Entity, Problem> {
    let holder = object_find(&call.ctx, call.world.db(), who::tenant(call)?, of.principal).await;
    let name = match &holder {
        Ok(DirectoryObject::User(user)) => user.profile.display_name.as_str(),
        Ok(DirectoryObject::Group(group)) => &group.display_name,
        Ok(DirectoryObject::ServicePrincipal(principal)) => &principal.name,
        _ => "",
    };
    Ok(view::role_assignment(of, name, &grants::api_name(call, of).await?))
}

pub(super) async fn create(call: Call) -> Result<Answer, Problem> {
    let body = Members::of(&call)?;
    body.only(&["principalId", "resourceId", "appRoleId"])?;
    let holder = ObjectId::new(body.guid_required("principalId")?);
    let resource = ObjectId::new(body.guid_required("resourceId")?);
    let role = body.guid_required("appRoleId")?;
    let named = principal(&call).await?;
    if named != holder && named != resource {
        let message = format!("{holder} is not {named}, which the path names; send the same in both");
        return Err(Problem::invalid("principalId", message));
    }
    let (db, tenant) = (call.world.db(), who::tenant(&call)?);
    let made = app_role_assignment_create(&call.ctx, db, tenant, holder, resource, role).await?;
    let place = format!("servicePrincipals/{resource}/appRoleAssignedTo/{}", made.id);
    let entity = entity(&call, &made).await?;
    wire::created(&call, SET, &place, entity)
}

pub(super) async fn delete(call: Call) -> Result<Answer, Problem> {
    let named = principal(&call).await?;
    let id = directory::object_id(call.param("assignment")?)?.guid();
    let (db, tenant) = (call.world.db(), who::tenant(&call)?);
    let held = app_role_assignment_list(&call.ctx, db, tenant, AssignmentsOf::Principal(named)).await?;
    let mut is_of_named = held.iter().any(|assignment| assignment.id == id);
    if !is_of_named && call.params.get("principal").is_some() {
        let given = app_role_assignment_list(&call.ctx, db, tenant, AssignmentsOf::Resource(named)).await?;
        is_of_named = given.iter().any(|assignment| assignment.id == id);
    }
    if !is_of_named {
        return Err(Problem::new(
            Reason::ObjectNotFound,
            format!("{named} has no role assignment {id}; list them first"),
        ));
    }
    app_role_assignment_delete(&call.ctx, db, tenant, id).await?;
    wire::done()
}
