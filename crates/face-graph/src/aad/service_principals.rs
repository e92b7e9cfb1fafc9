//! Service principals: applications as members of the tenant.

use super::views::service_principal as view;
use super::{members, users, wire};
use crate::input::Members;
use crate::odata::{Entity, Options, Page, Shape};
use crate::{directory, who};
use tenantry_core::{AppId, Problem, Reason};
use tenantry_directory::{
    ServicePrincipal, ServicePrincipalChange, service_principal_change, service_principal_create,
    service_principal_delete, service_principal_find, service_principal_page,
};
use tenantry_http::{Answer, Call};

const SHAPE: Shape = Shape::of(view::TYPE, view::FILTERS).ordered_by(&["displayName"]);
const AGAIN: &str = "directoryObjects/$/Microsoft.DirectoryServices.ServicePrincipal";
const SETTABLE: [&str; 4] = ["accountEnabled", "appRoleAssignmentRequired", "displayName", "tags"];

pub(super) async fn list(call: Call) -> Result<Answer, Problem> {
    let options = Options::read(&call.query, &SHAPE, "servicePrincipals")?;
    let (db, tenant, ctx) = (call.world.db(), who::tenant(&call)?, &call.ctx);
    let filter = options.filter.as_ref();
    let pinned = filter.and_then(|filter| filter.pins("appId").or_else(|| filter.pins("objectId")));
    let page = if let Some(id) = pinned {
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
    wire::page(&call, wire::OBJECTS, AGAIN, &page)
}

pub(super) async fn entity(_: &Call, of: &ServicePrincipal) -> Result<Entity, Problem> {
    Ok(view::service_principal(of))
}

async fn named(call: &Call) -> Result<ServicePrincipal, Problem> {
    service_principal_find(&call.ctx, call.world.db(), who::tenant(call)?, call.param("principal")?).await
}

pub(super) async fn get(call: Call) -> Result<Answer, Problem> {
    let found = named(&call).await?;
    wire::object(&call, wire::OBJECTS, users::selected(&call, view::service_principal(&found))?)
}

pub(super) async fn create(call: Call) -> Result<Answer, Problem> {
    let body = Members::of(&call)?;
    body.only(&["appId", "accountEnabled", "appRoleAssignmentRequired", "tags", "displayName"])?;
    let app = AppId::new(body.guid_required("appId")?);
    let settings = settings(&body)?;
    let made = service_principal_create(&call.ctx, call.world.db(), who::tenant(&call)?, app, settings).await?;
    wire::object_created(&call, view::service_principal(&made))
}

pub(super) async fn change(call: Call) -> Result<Answer, Problem> {
    let body = Members::of(&call)?;
    body.only(&SETTABLE)?;
    let (db, tenant, id) = (call.world.db(), who::tenant(&call)?, call.param("principal")?);
    service_principal_change(&call.ctx, db, tenant, id, settings(&body)?).await?;
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

pub(super) async fn remove(call: &Call, id: &str) -> Result<(), Problem> {
    service_principal_delete(&call.ctx, call.world.db(), who::tenant(call)?, id).await
}

pub(super) async fn delete(call: Call) -> Result<Answer, Problem> {
    remove(&call, call.param("principal")?).await?;
    wire::done()
}

/// This directory keeps no owners of service principals: who may manage them is decided by roles.
pub(super) async fn owners(call: Call) -> Result<Answer, Problem> {
    let found = named(&call).await?;
    members::page(&call, &format!("servicePrincipals/{}/owners", found.id), Vec::new()).await
}

/// `servicePrincipalsByAppId/{app}/objectId`: the id alone.
pub(super) async fn by_app(call: Call) -> Result<Answer, Problem> {
    let named = call.param("app")?;
    AppId::parse(named).map_err(|error| Problem::new(Reason::ObjectNotFound, error.to_string()))?;
    let found = service_principal_find(&call.ctx, call.world.db(), who::tenant(&call)?, named).await?;
    wire::value(&call, "Edm.String", found.id.to_string())
}
