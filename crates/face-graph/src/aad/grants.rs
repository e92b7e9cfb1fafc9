//! Consent: `oauth2PermissionGrants`, and application roles that were given to somebody.

use super::views::service_principal as view;
use super::wire;
use crate::input::Members;
use crate::odata::{Options, Page, Shape};
use crate::{directory, grants, who};
use tenantry_core::{ObjectId, Problem};
use tenantry_directory::{
    AssignmentsOf, app_role_assignment_list, permission_grant_change, permission_grant_create, permission_grant_delete,
    permission_grant_find, permission_grant_list, service_principal_find,
};
use tenantry_http::{Answer, Call};
use uuid::Uuid;

const SET: &str = "oauth2PermissionGrants";
const SHAPE: Shape = Shape::of("OAuth2PermissionGrant", view::GRANT_FILTERS);
const SETTABLE: [&str; 7] =
    ["clientId", "consentType", "principalId", "resourceId", "scope", "startTime", "expiryTime"];

pub(super) async fn list(call: Call) -> Result<Answer, Problem> {
    let options = Options::read(&call.query, &SHAPE, SET)?;
    let (db, tenant, ctx) = (call.world.db(), who::tenant(&call)?, &call.ctx);
    let client = options.filter.as_ref().and_then(|filter| filter.pins("clientId"));
    let client = client.and_then(|id| ObjectId::parse(id).ok());
    let source = |after: Option<String>, limit| async move {
        let after = after.and_then(|key| Uuid::try_parse(&key).ok());
        let listed = permission_grant_list(ctx, db, tenant, client, after, limit).await?;
        Ok(listed.iter().map(|grant| (grant.id.to_string(), view::grant(grant))).collect())
    };
    let page = Page::walk(&options, source).await?;
    wire::page(&call, SET, SET, &page)
}

pub(super) async fn get(call: Call) -> Result<Answer, Problem> {
    let grant = permission_grant_find(&call.ctx, call.world.db(), who::tenant(&call)?, grants::id(&call)?).await?;
    wire::object(&call, SET, view::grant(&grant))
}

pub(super) async fn create(call: Call) -> Result<Answer, Problem> {
    let body = Members::of(&call)?;
    body.only(&SETTABLE)?;
    let grant = permission_grant_create(&call.ctx, call.world.db(), who::tenant(&call)?, grants::read(&body)?).await?;
    wire::created(&call, SET, &format!("{SET}/{}", grant.id), view::grant(&grant))
}

pub(super) async fn change(call: Call) -> Result<Answer, Problem> {
    let body = Members::of(&call)?;
    body.only(&["scope", "startTime", "expiryTime"])?;
    let (db, tenant, id) = (call.world.db(), who::tenant(&call)?, grants::id(&call)?);
    match body.text("scope")? {
        Some(scope) => permission_grant_change(&call.ctx, db, tenant, id, grants::scopes(&scope)).await?,
        None => permission_grant_find(&call.ctx, db, tenant, id).await?,
    };
    wire::done()
}

pub(super) async fn delete(call: Call) -> Result<Answer, Problem> {
    permission_grant_delete(&call.ctx, call.world.db(), who::tenant(&call)?, grants::id(&call)?).await?;
    wire::done()
}

pub(super) async fn roles_of_user(call: Call) -> Result<Answer, Problem> {
    let user = directory::user(&call).await?;
    roles(&call, user.id, &user.profile.display_name).await
}

pub(super) async fn roles_of_principal(call: Call) -> Result<Answer, Problem> {
    let (db, tenant) = (call.world.db(), who::tenant(&call)?);
    let principal = service_principal_find(&call.ctx, db, tenant, call.param("principal")?).await?;
    roles(&call, principal.id, &principal.name).await
}

async fn roles(call: &Call, of: ObjectId, name: &str) -> Result<Answer, Problem> {
    let (db, tenant) = (call.world.db(), who::tenant(call)?);
    let assignments = app_role_assignment_list(&call.ctx, db, tenant, AssignmentsOf::Principal(of)).await?;
    let mut shown = Vec::with_capacity(assignments.len());
    for assignment in &assignments {
        let api = grants::api_name(call, assignment).await?;
        shown.push(view::role_assignment(assignment, name, &api));
    }
    wire::all(call, wire::OBJECTS, &shown)
}
