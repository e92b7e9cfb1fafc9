//! Service principals: applications as members of the tenant.

use super::views::service_principal as view;
use super::wire;
use crate::input::Members;
use crate::odata::{Entity, Page, Shape, paths};
use crate::{directory, who};
use tenantry_core::{AppId, Problem, Reason};
use tenantry_directory::{
    ServicePrincipal, ServicePrincipalChange, service_principal_change, service_principal_create,
    service_principal_delete, service_principal_find, service_principal_page,
};
use tenantry_http::{Answer, Call};

const SET: &str = "servicePrincipals";
const SHAPE: Shape = Shape::of(view::TYPE, view::FILTERS).ordered_by(&["displayName"]);
const SETTABLE: [&str; 4] = ["accountEnabled", "appRoleAssignmentRequired", "displayName", "tags"];

pub(super) async fn list(call: Call) -> Result<Answer, Problem> {
    let options = wire::options(&call, &SHAPE, SET, &[])?;
    let (db, tenant, ctx) = (call.world.db(), who::tenant(&call)?, &call.ctx);
    let filter = options.filter.as_ref();
    let page = if let Some(id) = filter.and_then(|filter| filter.pins("appId").or_else(|| filter.pins("id"))) {
        let found = match service_principal_find(ctx, db, tenant, id).await {
            Ok(found) => vec![(found.id.to_string(), view::service_principal(&found))],
            Err(problem) if problem.reason() == Reason::ObjectNotFound => Vec::new(),
            Err(problem) => return Err(problem),
        };
        Page::whole(&options, found)?
    } else {
        let source = |after, limit| async move {
            let principals = service_principal_page(ctx, db, tenant, directory::id_after(after), limit).await?;
            Ok(principals.iter().map(|of| (of.id.to_string(), view::service_principal(of))).collect())
        };
        Page::walk(&options, source).await?
    };
    wire::page(&call, SET, &page)
}

/// The key of `{principal}`: an object id, or the client id as `appId=..`.
fn key(call: &Call) -> Result<&str, Problem> {
    let key = call.param("principal")?;
    Ok(paths::named(key, "appId").unwrap_or(key))
}

pub(super) async fn named(call: &Call) -> Result<ServicePrincipal, Problem> {
    service_principal_find(&call.ctx, call.world.db(), who::tenant(call)?, key(call)?).await
}

pub(super) async fn get(call: Call) -> Result<Answer, Problem> {
    let found = named(&call).await?;
    wire::entity(&call, SET, wire::selected(&call, view::service_principal(&found), &[])?)
}

pub(super) async fn create(call: Call) -> Result<Answer, Problem> {
    let body = Members::of(&call)?;
    body.only(&["appId", "accountEnabled", "appRoleAssignmentRequired", "tags", "displayName"])?;
    let app = AppId::new(body.guid_required("appId")?);
    let settings = settings(&body)?;
    let made = service_principal_create(&call.ctx, call.world.db(), who::tenant(&call)?, app, settings).await?;
    wire::created(&call, SET, &format!("{SET}/{}", made.id), view::service_principal(&made))
}

pub(super) async fn change(call: Call) -> Result<Answer, Problem> {
    let body = Members::of(&call)?;
    body.only(&SETTABLE)?;
    let (db, tenant) = (call.world.db(), who::tenant(&call)?);
    service_principal_change(&call.ctx, db, tenant, key(&call)?, settings(&body)?).await?;
    wire::done()
}

fn settings(body: &Members<'_>) -> Result<ServicePrincipalChange, Problem> {
    Ok(ServicePrincipalChange {
        name: body.text("displayName")?,
        enabled: body.flag("accountEnabled")?,
        assignment_required: body.flag("appRoleAssignmentRequired")?,
        tags: body.texts("tags")?,
    })
}

pub(super) async fn delete(call: Call) -> Result<Answer, Problem> {
    service_principal_delete(&call.ctx, call.world.db(), who::tenant(&call)?, key(&call)?).await?;
    wire::done()
}

/// This directory keeps no owners of service principals: who may manage them is decided by roles.
pub(super) async fn owners(call: Call) -> Result<Answer, Problem> {
    named(&call).await?;
    wire::all(&call, "directoryObjects", &Vec::<Entity>::new())
}
