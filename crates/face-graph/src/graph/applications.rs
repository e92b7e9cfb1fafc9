//! Applications and their credentials.

use super::views::application as view;
use super::wire;
use crate::apps::{self, Names};
use crate::input::Members;
use crate::odata::{Entity, Page, Shape, paths};
use crate::{directory, who};
use serde_json::Value;
use tenantry_core::{AppId, Problem, Reason};
use tenantry_directory::{
    Application, ApplicationChange, NewApplication, application_change_with, application_create, application_delete,
    application_find, application_page, credential_add_secret, credential_remove, credentials_of,
};
use tenantry_http::{Answer, Call};

const SET: &str = "applications";
const SHAPE: Shape = Shape::of(view::TYPE, view::FILTERS).ordered_by(&["displayName"]);
const SETTABLE: [&str; 13] = [
    "api",
    "appRoles",
    "displayName",
    "groupMembershipClaims",
    "identifierUris",
    "isFallbackPublicClient",
    view::KEYS,
    view::SECRETS,
    "publicClient",
    "requiredResourceAccess",
    "signInAudience",
    "tags",
    "web",
];

/// How this API calls the members of a credential.
const NAMES: Names = Names { secret: "secretText", certificate: "key", start: "startDateTime", end: "endDateTime" };

pub(super) async fn list(call: Call) -> Result<Answer, Problem> {
    let options = wire::options(&call, &SHAPE, SET, &[])?;
    let (db, tenant, ctx) = (call.world.db(), who::tenant(&call)?, &call.ctx);
    let filter = options.filter.as_ref();
    let mut page = if let Some(id) = filter.and_then(|filter| filter.pins("appId").or_else(|| filter.pins("id"))) {
        let found = match application_find(ctx, db, tenant, id).await {
            Ok(app) => vec![(app.id.to_string(), view::application(&app))],
            Err(problem) if problem.reason() == Reason::ApplicationNotFound => Vec::new(),
            Err(problem) => return Err(problem),
        };
        Page::whole(&options, found)?
    } else {
        let source = |after, limit| async move {
            let apps = application_page(ctx, db, tenant, false, directory::id_after(after), limit).await?;
            Ok(apps.iter().map(|app| (app.id.to_string(), view::application(app))).collect())
        };
        Page::walk(&options, source).await?
    };
    for item in &mut page.items {
        fill(&call, item).await?;
    }
    wire::page(&call, SET, &page)
}

/// Puts the credentials in, if they are to be shown and it is said whose they are.
async fn fill(call: &Call, item: &mut Entity) -> Result<(), Problem> {
    let asked = item.get(view::KEYS).is_some() || item.get(view::SECRETS).is_some();
    let id = [item.text("id"), item.text("appId")].into_iter().find(|id| !id.is_empty());
    let Some(id) = id.filter(|_| asked).map(str::to_owned) else { return Ok(()) };
    let credentials = credentials_of(&call.ctx, call.world.db(), who::tenant(call)?, &id).await?;
    item.put(view::KEYS, view::keys(&credentials.certificates));
    let secrets: Vec<Value> = credentials.secrets.iter().map(|secret| view::secret(secret, None)).collect();
    item.put(view::SECRETS, secrets);
    Ok(())
}

/// One application with its credentials.
pub(super) async fn whole(call: &Call, app: &Application) -> Result<Entity, Problem> {
    let mut entity = view::application(app);
    fill(call, &mut entity).await?;
    Ok(entity)
}

/// The key of `{application}`: an object id, or the client id as `appId=..`.
fn key(call: &Call) -> Result<&str, Problem> {
    let key = call.param("application")?;
    Ok(paths::named(key, "appId").unwrap_or(key))
}

pub(super) async fn get(call: Call) -> Result<Answer, Problem> {
    let app = application_find(&call.ctx, call.world.db(), who::tenant(&call)?, key(&call)?).await?;
    let entity = whole(&call, &app).await?;
    wire::entity(&call, SET, wire::selected(&call, entity, &[])?)
}

pub(super) async fn create(call: Call) -> Result<Answer, Problem> {
    let body = Members::of(&call)?;
    let new = NewApplication {
        settings: settings(&body)?,
        secrets: apps::secrets(&body, view::SECRETS, NAMES)?.unwrap_or_default(),
        certificates: apps::certificates(&body, view::KEYS, NAMES)?.unwrap_or_default(),
    };
    let (app, written) = application_create(&call.ctx, call.world.db(), who::tenant(&call)?, new).await?;
    let mut entity = whole(&call, &app).await?;
    // Secrets that were made for it are told here and never again.
    let told: Vec<Value> = written.secrets.iter().map(|(secret, text)| view::secret(secret, text.as_ref())).collect();
    entity.put(view::SECRETS, told);
    wire::created(&call, SET, &format!("{SET}/{}", app.id), entity)
}

pub(super) async fn change(call: Call) -> Result<Answer, Problem> {
    let body = Members::of(&call)?;
    let (db, tenant, id) = (call.world.db(), who::tenant(&call)?, key(&call)?);
    let change = settings(&body)?;
    let credentials = apps::credentials(&body, (view::SECRETS, view::KEYS), NAMES)?;
    if change == ApplicationChange::default() && credentials.is_empty() {
        application_find(&call.ctx, db, tenant, id).await?;
    } else {
        application_change_with(&call.ctx, db, tenant, id, change, credentials).await?;
    }
    wire::done()
}

/// What a body says of an application.
fn settings(body: &Members<'_>) -> Result<ApplicationChange, Problem> {
    body.only(&SETTABLE)?;
    let mut change = ApplicationChange {
        name: body.text("displayName")?,
        identifier_uris: body.texts("identifierUris")?,
        multi_tenant: audience(body)?,
        public_client: body.flag("isFallbackPublicClient")?,
        group_membership_claims: body.text_sent("groupMembershipClaims")?,
        app_roles: body.typed("appRoles")?,
        required_access: apps::required(body)?,
        tags: body.texts("tags")?,
        ..ApplicationChange::default()
    };
    if let Some(web) = body.object("web")? {
        change.homepage = web.text_sent("homePageUrl")?;
        change.logout_url = web.text_sent("logoutUrl")?;
        change.reply_urls = web.texts("redirectUris")?;
        if let Some(implicit) = web.object("implicitGrantSettings")? {
            change.implicit_flow =
                implicit.flag("enableIdTokenIssuance")?.or(implicit.flag("enableAccessTokenIssuance")?);
        }
    }
    if let Some(public) = body.object("publicClient")? {
        change.public_reply_urls = public.texts("redirectUris")?;
    }
    if let Some(api) = body.object("api")? {
        change.scopes = api.typed("oauth2PermissionScopes")?;
        let known = api.guids("knownClientApplications")?;
        change.known_clients = known.map(|known| known.into_iter().map(AppId::new).collect());
    }
    Ok(change)
}

/// Whether other tenants may use it, as this API says it. Personal accounts do not exist here.
fn audience(body: &Members<'_>) -> Result<Option<bool>, Problem> {
    let Some(sent) = body.text("signInAudience")? else { return Ok(None) };
    match view::AUDIENCES.iter().position(|known| *known == sent) {
        Some(place) => Ok(Some(place == 0)),
        None => Err(Problem::invalid("signInAudience", format!("is one of {}", view::AUDIENCES.join(", ")))),
    }
}

pub(super) async fn delete(call: Call) -> Result<Answer, Problem> {
    application_delete(&call.ctx, call.world.db(), who::tenant(&call)?, key(&call)?).await?;
    wire::done()
}

/// `addPassword`: a secret, whose text is told here and never again.
pub(super) async fn add_password(call: Call) -> Result<Answer, Problem> {
    let new = match Members::of(&call)?.object("passwordCredential")? {
        Some(entry) => {
            entry.only(&["displayName", "endDateTime", "startDateTime"])?;
            apps::secret(&entry, NAMES)?
        }
        None => tenantry_directory::NewSecret::default(),
    };
    let (db, tenant) = (call.world.db(), who::tenant(&call)?);
    let (secret, text) = credential_add_secret(&call.ctx, db, tenant, key(&call)?, new).await?;
    let Value::Object(members) = view::secret(&secret, text.as_ref()) else {
        return Err(Problem::internal("a secret is no object"));
    };
    let entity = members.into_iter().fold(Entity::new(), |entity, (name, value)| entity.with(name, value));
    wire::one(&call, "microsoft.graph.passwordCredential", entity)
}

pub(super) async fn remove_password(call: Call) -> Result<Answer, Problem> {
    let named = Members::of(&call)?.guid_required("keyId")?;
    credential_remove(&call.ctx, call.world.db(), who::tenant(&call)?, key(&call)?, named).await?;
    wire::done()
}

/// This directory keeps no owners of applications: who may manage them is decided by roles.
pub(super) async fn owners(call: Call) -> Result<Answer, Problem> {
    application_find(&call.ctx, call.world.db(), who::tenant(&call)?, key(&call)?).await?;
    wire::all(&call, "directoryObjects", &Vec::<Entity>::new())
}
