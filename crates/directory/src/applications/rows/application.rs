//! Applications. What nobody searches for stands in one column as JSON.

use crate::applications::{AppRole, Application, RequiredAccess, Scope};
use serde::{Deserialize, Serialize};
use tenantry_core::{AppId, ObjectId, Problem, TenantId, Timestamp};
use tenantry_db::{Connection, Row, Tx, sql};

/// The column `details`. A member that an older row lacks is empty.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Details {
    identifier_uris: Vec<String>,
    homepage: Option<String>,
    logout_url: Option<String>,
    reply_urls: Vec<String>,
    public_reply_urls: Vec<String>,
    implicit_flow: bool,
    group_membership_claims: Option<String>,
    app_roles: Vec<AppRole>,
    scopes: Vec<Scope>,
    required_access: Vec<RequiredAccess>,
    known_clients: Vec<AppId>,
    tags: Vec<String>,
}

pub(super) fn application(row: &Row) -> Result<Application, Problem> {
    let details: Details = row.parsed("details", |text| serde_json::from_str(text))?;
    Ok(Application {
        id: row.parsed("object_id", ObjectId::parse)?,
        app: row.parsed("app", AppId::parse)?,
        tenant: row.parsed("tenant", TenantId::parse)?,
        name: row.text("name")?,
        identifier_uris: details.identifier_uris,
        homepage: details.homepage,
        logout_url: details.logout_url,
        reply_urls: details.reply_urls,
        public_reply_urls: details.public_reply_urls,
        multi_tenant: row.flag("multi_tenant")?,
        public_client: row.flag("public_client")?,
        silent_consent_for_partner_managed_app: row.flag("silent_consent")?,
        implicit_flow: details.implicit_flow,
        group_membership_claims: details.group_membership_claims,
        app_roles: details.app_roles,
        scopes: details.scopes,
        required_access: details.required_access,
        known_clients: details.known_clients,
        tags: details.tags,
        created_at: row.time("created_at")?,
        deleted_at: row.maybe_time("deleted_at")?,
        disabled: row.maybe_time("disabled_at")?.is_some(),
    })
}

fn details(of: &Application) -> Result<String, Problem> {
    let details = Details {
        identifier_uris: of.identifier_uris.clone(),
        homepage: of.homepage.clone(),
        logout_url: of.logout_url.clone(),
        reply_urls: of.reply_urls.clone(),
        public_reply_urls: of.public_reply_urls.clone(),
        implicit_flow: of.implicit_flow,
        group_membership_claims: of.group_membership_claims.clone(),
        app_roles: of.app_roles.clone(),
        scopes: of.scopes.clone(),
        required_access: of.required_access.clone(),
        known_clients: of.known_clients.clone(),
        tags: of.tags.clone(),
    };
    serde_json::to_string(&details).map_err(Problem::internal)
}

pub(crate) async fn insert(tx: &mut Tx, new: &Application) -> Result<(), Problem> {
    sql("INSERT INTO application \
         (id, tenant, object_id, name, created_at, details, multi_tenant, public_client, silent_consent) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)")
    .bind(new.app)
    .bind(new.tenant)
    .bind(new.id)
    .bind(&new.name)
    .bind(new.created_at)
    .bind(details(new)?)
    .bind(new.multi_tenant)
    .bind(new.public_client)
    .bind(new.silent_consent_for_partner_managed_app)
    .run(tx)
    .await?;
    Ok(())
}

pub(crate) async fn update(tx: &mut Tx, changed: &Application) -> Result<(), Problem> {
    sql("UPDATE application SET name = $2, details = $3, multi_tenant = $4, public_client = $5, silent_consent = $6, \
         deleted_at = $7 WHERE id = $1")
    .bind(changed.app)
    .bind(&changed.name)
    .bind(details(changed)?)
    .bind(changed.multi_tenant)
    .bind(changed.public_client)
    .bind(changed.silent_consent_for_partner_managed_app)
    .bind(changed.deleted_at)
    .run(tx)
    .await?;
    Ok(())
}

/// By its client id, wherever it was registered, deleted or not.
pub(crate) async fn by_app(on: &mut impl Connection, app: AppId) -> Result<Option<Application>, Problem> {
    let row = sql("SELECT id AS app, tenant, object_id, name, details, multi_tenant, public_client, silent_consent, \
         created_at, deleted_at, disabled_at FROM application WHERE id = $1")
    .bind(app)
    .maybe(on)
    .await?;
    row.as_ref().map(application).transpose()
}

/// By its object id or client id, in the tenant it was registered in, deleted or not.
pub(crate) async fn in_tenant(
    on: &mut impl Connection,
    tenant: TenantId,
    id: ObjectId,
) -> Result<Option<Application>, Problem> {
    let row = sql("SELECT id AS app, tenant, object_id, name, details, multi_tenant, public_client, silent_consent, \
         created_at, deleted_at, disabled_at FROM application WHERE tenant = $1 AND (object_id = $2 OR id = $2)")
    .bind(tenant)
    .bind(id)
    .maybe(on)
    .await?;
    row.as_ref().map(application).transpose()
}

/// Those of a tenant in the order of their object ids.
pub(crate) async fn page(
    on: &mut impl Connection,
    tenant: TenantId,
    deleted: bool,
    after: Option<ObjectId>,
    limit: i64,
) -> Result<Vec<Application>, Problem> {
    let rows = sql("SELECT id AS app, tenant, object_id, name, details, multi_tenant, public_client, silent_consent, \
         created_at, deleted_at, disabled_at FROM application \
         WHERE tenant = $1 AND (deleted_at IS NOT NULL) = ($2 = 1) AND object_id > $3 ORDER BY object_id LIMIT $4")
    .bind(tenant)
    .bind(deleted)
    .bind(after.map(|id| id.to_string()).unwrap_or_default())
    .bind(limit)
    .all(on)
    .await?;
    rows.iter().map(application).collect()
}

/// The tenant an application was registered in; `None` also once it is deleted.
pub(crate) async fn home(on: &mut impl Connection, app: AppId) -> Result<Option<TenantId>, Problem> {
    let row = sql("SELECT tenant FROM application WHERE id = $1 AND deleted_at IS NULL").bind(app).maybe(on).await?;
    row.map(|row| row.parsed("tenant", TenantId::parse)).transpose()
}

/// `false` if the tenant has no such application.
pub(crate) async fn disable(tx: &mut Tx, tenant: TenantId, app: AppId, at: Timestamp) -> Result<bool, Problem> {
    let changed = sql("UPDATE application SET disabled_at = COALESCE(disabled_at, $3) \
         WHERE tenant = $1 AND id = $2 AND deleted_at IS NULL")
    .bind(tenant)
    .bind(app)
    .bind(at)
    .run(tx)
    .await?;
    Ok(changed == 1)
}

/// Makes the names of an application's API these. Gives back the first that another application has.
pub(crate) async fn uris_set(
    tx: &mut Tx,
    tenant: TenantId,
    app: AppId,
    uris: &[String],
) -> Result<Option<String>, Problem> {
    sql("DELETE FROM application_uri WHERE app = $1").bind(app).run(tx).await?;
    for uri in uris {
        let taken =
            sql("INSERT INTO application_uri (uri, tenant, app) VALUES ($1, $2, $3) ON CONFLICT (uri) DO NOTHING")
                .bind(uri.to_ascii_lowercase())
                .bind(tenant)
                .bind(app)
                .run(tx)
                .await?
                == 0;
        if taken {
            return Ok(Some(uri.clone()));
        }
    }
    Ok(None)
}

/// The application whose API has the name, in any letter case.
pub(crate) async fn of_uri(on: &mut impl Connection, uri: &str) -> Result<Option<AppId>, Problem> {
    let row = sql("SELECT app FROM application_uri WHERE uri = $1").bind(uri.to_ascii_lowercase()).maybe(on).await?;
    row.map(|row| row.parsed("app", AppId::parse)).transpose()
}

/// Removes the row and all that refers to it, in every tenant.
pub(crate) async fn erase(tx: &mut Tx, app: AppId) -> Result<(), Problem> {
    for text in [
        "DELETE FROM permission_grant WHERE api = $1 OR client IN (SELECT id FROM service_principal WHERE app = $1)",
        "DELETE FROM app_role_assignment WHERE api = $1 \
         OR principal IN (SELECT id FROM service_principal WHERE app = $1)",
        "DELETE FROM group_member WHERE principal IN (SELECT id FROM service_principal WHERE app = $1)",
        "DELETE FROM group_owner WHERE principal IN (SELECT id FROM service_principal WHERE app = $1)",
        "DELETE FROM role_assignment WHERE principal IN (SELECT id FROM service_principal WHERE app = $1)",
        "DELETE FROM service_principal WHERE app = $1",
        "DELETE FROM application_certificate WHERE app = $1",
        "DELETE FROM application_secret WHERE app = $1",
        "DELETE FROM application_uri WHERE app = $1",
        "DELETE FROM application WHERE id = $1",
    ] {
        sql(text).bind(app).run(tx).await?;
    }
    Ok(())
}
