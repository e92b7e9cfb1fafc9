//! Applications, and those that were deleted.

use super::credentials::NAMES;
use super::views::application as view;
use super::{members, users, wire};
use crate::input::Members;
use crate::odata::{Entity, Options, Page, Shape};
use crate::{apps, directory, who};
use tenantry_core::{AppId, Problem, Reason};
use tenantry_directory::{
    Application, ApplicationChange, NewApplication, application_change_with, application_create, application_delete,
    application_erase, application_find, application_page, application_restore, credentials_of,
    deleted_application_find,
};
use tenantry_http::{Answer, Call};

const SHAPE: Shape = Shape::of(view::TYPE, view::FILTERS).ordered_by(&["displayName"]);
const AGAIN: &str = "directoryObjects/$/Microsoft.DirectoryServices.Application";
const SETTABLE: [&str; 17] = [
    "appRoles",
    "availableToOtherTenants",
    "displayName",
    "groupMembershipClaims",
    "homepage",
    "identifierUris",
    view::KEYS,
    "knownClientApplications",
    "logoutUrl",
    "oauth2AllowImplicitFlow",
    "oauth2Permissions",
    view::SECRETS,
    "publicClient",
    "recordConsentConditions",
    "replyUrls",
    "requiredResourceAccess",
    "tags",
];

pub(super) async fn list(call: Call) -> Result<Answer, Problem> {
    let page = page_of(&call, "applications", false).await?;
    wire::page(&call, wire::OBJECTS, AGAIN, &page)
}

/// A page of applications, or of deleted ones. A condition that names one is one look-up. Credentials are looked up for
/// what is shown only, and deleted applications show none.
async fn page_of(call: &Call, list: &str, deleted: bool) -> Result<Page, Problem> {
    let options = Options::read(&call.query, &SHAPE, list)?;
    let (db, tenant) = (call.world.db(), who::tenant(call)?);
    let filter = options.filter.as_ref().filter(|_| !deleted);
    let pinned = filter.and_then(|filter| filter.pins("appId").or_else(|| filter.pins("objectId")));
    let mut page = if let Some(id) = pinned {
        let found = match application_find(&call.ctx, db, tenant, id).await {
            Ok(app) => vec![(app.id.to_string(), view::application(&app))],
            Err(problem) if problem.reason() == Reason::ApplicationNotFound => Vec::new(),
            Err(problem) => return Err(problem),
        };
        Page::whole(&options, found)?
    } else {
        let source = |after, limit| async move {
            let after = directory::id_after(after);
            let apps = application_page(&call.ctx, db, tenant, deleted, after, limit).await?;
            Ok(apps.iter().map(|app| (app.id.to_string(), view::application(app))).collect())
        };
        Page::walk(&options, source).await?
    };
    if !deleted {
        for item in &mut page.items {
            fill(call, item).await?;
        }
    }
    Ok(page)
}

/// Puts the credentials in, if they are to be shown and it is said whose they are.
async fn fill(call: &Call, item: &mut Entity) -> Result<(), Problem> {
    let asked = item.get(view::KEYS).is_some() || item.get(view::SECRETS).is_some();
    let id = [item.text("objectId"), item.text("appId")].into_iter().find(|id| !id.is_empty());
    let Some(id) = id.filter(|_| asked).map(str::to_owned) else { return Ok(()) };
    let credentials = credentials_of(&call.ctx, call.world.db(), who::tenant(call)?, &id).await?;
    item.put(view::KEYS, view::keys(&credentials.certificates));
    item.put(view::SECRETS, view::secrets(&credentials.secrets));
    Ok(())
}

/// One application with its credentials.
pub(super) async fn entity(call: &Call, app: &Application) -> Result<Entity, Problem> {
    let mut entity = view::application(app);
    fill(call, &mut entity).await?;
    Ok(entity)
}

pub(super) async fn get(call: Call) -> Result<Answer, Problem> {
    let app = application_find(&call.ctx, call.world.db(), who::tenant(&call)?, call.param("application")?).await?;
    let entity = entity(&call, &app).await?;
    wire::object(&call, wire::OBJECTS, users::selected(&call, entity)?)
}

pub(super) async fn create(call: Call) -> Result<Answer, Problem> {
    let body = Members::of(&call)?;
    let public = body.flag("publicClient")?.unwrap_or(false);
    let new = NewApplication {
        settings: settings(&body, public)?,
        secrets: apps::secrets(&body, view::SECRETS, NAMES)?.unwrap_or_default(),
        certificates: apps::certificates(&body, view::KEYS, NAMES)?.unwrap_or_default(),
    };
    let (app, _) = application_create(&call.ctx, call.world.db(), who::tenant(&call)?, new).await?;
    let entity = entity(&call, &app).await?;
    wire::object_created(&call, entity)
}

pub(super) async fn change(call: Call) -> Result<Answer, Problem> {
    let body = Members::of(&call)?;
    let (db, tenant, id) = (call.world.db(), who::tenant(&call)?, call.param("application")?);
    let app = application_find(&call.ctx, db, tenant, id).await?;
    let public = body.flag("publicClient")?.unwrap_or(app.public_client);
    let change = settings(&body, public)?;
    let credentials = apps::credentials(&body, (view::SECRETS, view::KEYS), NAMES)?;
    if change != ApplicationChange::default() || !credentials.is_empty() {
        application_change_with(&call.ctx, db, tenant, id, change, credentials).await?;
    }
    wire::done()
}

/// What a body says of an application. There is one list of reply addresses here: a public client's, or the other kind.
fn settings(body: &Members<'_>, public: bool) -> Result<ApplicationChange, Problem> {
    body.only(&SETTABLE)?;
    let replies = body.texts("replyUrls")?;
    let (public_reply_urls, reply_urls) = match replies {
        Some(replies) if public => (Some(replies), Some(Vec::new())),
        Some(replies) => (Some(Vec::new()), Some(replies)),
        None => (None, None),
    };
    Ok(ApplicationChange {
        name: body.text("displayName")?,
        identifier_uris: body.texts("identifierUris")?,
        homepage: body.text_sent("homepage")?,
        logout_url: body.text_sent("logoutUrl")?,
        reply_urls,
        public_reply_urls,
        multi_tenant: body.flag("availableToOtherTenants")?,
        public_client: body.flag("publicClient")?,
        silent_consent_for_partner_managed_app: silent(body)?,
        implicit_flow: body.flag("oauth2AllowImplicitFlow")?,
        group_membership_claims: body.text_sent("groupMembershipClaims")?,
        app_roles: body.typed("appRoles")?,
        scopes: body.typed("oauth2Permissions")?,
        required_access: apps::required(body)?,
        known_clients: clients(body)?,
        tags: body.texts("tags")?,
    })
}

fn silent(body: &Members<'_>) -> Result<Option<bool>, Problem> {
    match body.text_sent("recordConsentConditions")? {
        None => Ok(None),
        Some(None) => Ok(Some(false)),
        Some(Some(word)) if word == view::SILENT => Ok(Some(true)),
        Some(Some(_)) => Err(Problem::invalid("recordConsentConditions", format!("is null or `{}`", view::SILENT))),
    }
}

fn clients(body: &Members<'_>) -> Result<Option<Vec<AppId>>, Problem> {
    let clients = body.guids("knownClientApplications")?;
    Ok(clients.map(|clients| clients.into_iter().map(AppId::new).collect()))
}

pub(super) async fn remove(call: &Call, id: &str) -> Result<(), Problem> {
    application_delete(&call.ctx, call.world.db(), who::tenant(call)?, id).await
}

pub(super) async fn delete(call: Call) -> Result<Answer, Problem> {
    remove(&call, call.param("application")?).await?;
    wire::done()
}

/// This directory keeps no owners of applications: who may manage them is decided by roles.
pub(super) async fn owners(call: Call) -> Result<Answer, Problem> {
    let app = application_find(&call.ctx, call.world.db(), who::tenant(&call)?, call.param("application")?).await?;
    members::page(&call, &format!("applications/{}/owners", app.id), Vec::new()).await
}

pub(super) async fn deleted_list(call: Call) -> Result<Answer, Problem> {
    let page = page_of(&call, "deletedApplications", true).await?;
    wire::page(&call, wire::OBJECTS, "deletedApplications", &page)
}

pub(super) async fn deleted_get(call: Call) -> Result<Answer, Problem> {
    let (db, tenant, id) = (call.world.db(), who::tenant(&call)?, call.param("application")?);
    let app = deleted_application_find(&call.ctx, db, tenant, id).await?;
    wire::object(&call, wire::OBJECTS, view::application(&app))
}

/// `identifierUris` in the body replaces names that somebody else has taken meanwhile; the body may be left away.
pub(super) async fn deleted_restore(call: Call) -> Result<Answer, Problem> {
    let uris = if call.body.is_empty() { None } else { Members::of(&call)?.texts("identifierUris")? };
    let (db, tenant, id) = (call.world.db(), who::tenant(&call)?, call.param("application")?);
    let app = application_restore(&call.ctx, db, tenant, id, uris.filter(|uris| !uris.is_empty())).await?;
    let entity = entity(&call, &app).await?;
    wire::object(&call, wire::OBJECTS, entity)
}

pub(super) async fn deleted_erase(call: Call) -> Result<Answer, Problem> {
    application_erase(&call.ctx, call.world.db(), who::tenant(&call)?, call.param("application")?).await?;
    wire::done()
}
