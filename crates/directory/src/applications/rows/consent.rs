//! Permission grants and app role assignments.

use crate::applications::{AppRoleAssignment, AssigneeKind, GivenTo, PermissionGrant};
use std::collections::BTreeSet;
use tenantry_core::{AppId, ObjectId, Problem, TenantId, Timestamp};
use tenantry_db::{Connection, Row, Tx, sql};
use uuid::Uuid;

/// A grant as stored: the API by its client id, since the field's own are no rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KeptGrant {
    pub(crate) id: Uuid,
    pub(crate) tenant: TenantId,
    pub(crate) client: ObjectId,
    pub(crate) api: AppId,
    pub(crate) given_to: GivenTo,
    pub(crate) scopes: BTreeSet<String>,
    pub(crate) created_at: Timestamp,
}

impl KeptGrant {
    pub(crate) fn with_resource(self, resource: ObjectId) -> PermissionGrant {
        let Self { id, tenant, client, api, given_to, scopes, created_at } = self;
        PermissionGrant { id, tenant, client, given_to, resource, api, scopes, created_at }
    }
}

fn grant(row: &Row) -> Result<KeptGrant, Problem> {
    let given_to = |text: &str| match text {
        "" => Ok(GivenTo::Everybody),
        user => ObjectId::parse(user).map(GivenTo::User),
    };
    Ok(KeptGrant {
        id: row.parsed("id", Uuid::try_parse)?,
        tenant: row.parsed("tenant", TenantId::parse)?,
        client: row.parsed("client", ObjectId::parse)?,
        api: row.parsed("api", AppId::parse)?,
        given_to: row.parsed("user_id", given_to)?,
        scopes: row.text("scopes")?.split_whitespace().map(str::to_owned).collect(),
        created_at: row.time("created_at")?,
    })
}

fn user_id(given_to: GivenTo) -> String {
    given_to.user().map(|user| user.to_string()).unwrap_or_default()
}

fn listed(scopes: &BTreeSet<String>) -> String {
    scopes.iter().map(String::as_str).collect::<Vec<_>>().join(" ")
}

/// Writes a grant; one of the same client, API and user gets these scopes instead of its own.
pub(crate) async fn grant_put(tx: &mut Tx, new: &KeptGrant) -> Result<KeptGrant, Problem> {
    let row = sql("INSERT INTO permission_grant (id, tenant, client, api, user_id, scopes, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (client, api, user_id) DO UPDATE SET scopes = excluded.scopes \
         RETURNING id, tenant, client, api, user_id, scopes, created_at")
    .bind(new.id)
    .bind(new.tenant)
    .bind(new.client)
    .bind(new.api)
    .bind(user_id(new.given_to))
    .bind(listed(&new.scopes))
    .bind(new.created_at)
    .one(tx)
    .await?;
    grant(&row)
}

/// The grant of exactly these three.
pub(crate) async fn grant_between(
    on: &mut impl Connection,
    client: ObjectId,
    api: AppId,
    given_to: GivenTo,
) -> Result<Option<KeptGrant>, Problem> {
    let row = sql("SELECT id, tenant, client, api, user_id, scopes, created_at FROM permission_grant \
         WHERE client = $1 AND api = $2 AND user_id = $3")
    .bind(client)
    .bind(api)
    .bind(user_id(given_to))
    .maybe(on)
    .await?;
    row.as_ref().map(grant).transpose()
}

/// The grants that count for a user: everybody's and the user's own. Without a user, everybody's alone.
pub(crate) async fn grants_for(
    on: &mut impl Connection,
    client: ObjectId,
    api: AppId,
    user: Option<ObjectId>,
) -> Result<Vec<KeptGrant>, Problem> {
    let rows = sql("SELECT id, tenant, client, api, user_id, scopes, created_at FROM permission_grant \
         WHERE client = $1 AND api = $2 AND (user_id = '' OR user_id = $3)")
    .bind(client)
    .bind(api)
    .bind(user.map(|user| user.to_string()).unwrap_or_default())
    .all(on)
    .await?;
    rows.iter().map(grant).collect()
}

pub(crate) async fn grant_by_id(
    on: &mut impl Connection,
    tenant: TenantId,
    id: Uuid,
) -> Result<Option<KeptGrant>, Problem> {
    let row = sql("SELECT id, tenant, client, api, user_id, scopes, created_at FROM permission_grant \
         WHERE tenant = $1 AND id = $2")
    .bind(tenant)
    .bind(id)
    .maybe(on)
    .await?;
    row.as_ref().map(grant).transpose()
}

/// Those of a tenant, or of one client in it, in the order of their ids.
pub(crate) async fn grant_page(
    on: &mut impl Connection,
    tenant: TenantId,
    client: Option<ObjectId>,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<KeptGrant>, Problem> {
    let rows = sql("SELECT id, tenant, client, api, user_id, scopes, created_at FROM permission_grant \
         WHERE tenant = $1 AND client = COALESCE($2, client) AND id > $3 ORDER BY id LIMIT $4")
    .bind(tenant)
    .bind(client)
    .bind(after.map(|id| id.to_string()).unwrap_or_default())
    .bind(limit)
    .all(on)
    .await?;
    rows.iter().map(grant).collect()
}

/// `false` if the tenant has no such grant.
pub(crate) async fn grant_delete(tx: &mut Tx, tenant: TenantId, id: Uuid) -> Result<bool, Problem> {
    let changed =
        sql("DELETE FROM permission_grant WHERE tenant = $1 AND id = $2").bind(tenant).bind(id).run(tx).await?;
    Ok(changed == 1)
}

/// An assignment as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KeptAssignment {
    pub(crate) id: Uuid,
    pub(crate) tenant: TenantId,
    pub(crate) principal: ObjectId,
    pub(crate) kind: AssigneeKind,
    pub(crate) api: AppId,
    pub(crate) role: Uuid,
    pub(crate) created_at: Timestamp,
}

impl KeptAssignment {
    pub(crate) fn with_resource(self, resource: ObjectId) -> AppRoleAssignment {
        let Self { id, tenant, principal, kind, api, role, created_at } = self;
        AppRoleAssignment { id, tenant, principal, kind, resource, api, role, created_at }
    }
}

fn assignment(row: &Row) -> Result<KeptAssignment, Problem> {
    let kind = |name: &str| {
        AssigneeKind::ALL.into_iter().find(|kind| kind.name() == name).ok_or_else(|| format!("`{name}` has no roles"))
    };
    Ok(KeptAssignment {
        id: row.parsed("id", Uuid::try_parse)?,
        tenant: row.parsed("tenant", TenantId::parse)?,
        principal: row.parsed("principal", ObjectId::parse)?,
        kind: row.parsed("kind", kind)?,
        api: row.parsed("api", AppId::parse)?,
        role: row.parsed("role", Uuid::try_parse)?,
        created_at: row.time("created_at")?,
    })
}

/// `false` if the principal has the role already.
pub(crate) async fn assignment_insert(tx: &mut Tx, new: &KeptAssignment) -> Result<bool, Problem> {
    let changed = sql("INSERT INTO app_role_assignment (id, tenant, principal, kind, api, role, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (tenant, principal, api, role) DO NOTHING")
    .bind(new.id)
    .bind(new.tenant)
    .bind(new.principal)
    .bind(new.kind.name())
    .bind(new.api)
    .bind(new.role)
    .bind(new.created_at)
    .run(tx)
    .await?;
    Ok(changed == 1)
}

/// What a principal has itself.
pub(crate) async fn assignments_of(
    on: &mut impl Connection,
    tenant: TenantId,
    principal: ObjectId,
) -> Result<Vec<KeptAssignment>, Problem> {
    let rows = sql("SELECT id, tenant, principal, kind, api, role, created_at FROM app_role_assignment \
         WHERE tenant = $1 AND principal = $2 ORDER BY id")
    .bind(tenant)
    .bind(principal)
    .all(on)
    .await?;
    rows.iter().map(assignment).collect()
}

/// Who has roles of an API.
pub(crate) async fn assignments_to(
    on: &mut impl Connection,
    tenant: TenantId,
    api: AppId,
) -> Result<Vec<KeptAssignment>, Problem> {
    let rows = sql("SELECT id, tenant, principal, kind, api, role, created_at FROM app_role_assignment \
         WHERE tenant = $1 AND api = $2 ORDER BY id")
    .bind(tenant)
    .bind(api)
    .all(on)
    .await?;
    rows.iter().map(assignment).collect()
}

/// `false` if the tenant has no such assignment.
pub(crate) async fn assignment_delete(tx: &mut Tx, tenant: TenantId, id: Uuid) -> Result<bool, Problem> {
    let changed =
        sql("DELETE FROM app_role_assignment WHERE tenant = $1 AND id = $2").bind(tenant).bind(id).run(tx).await?;
    Ok(changed == 1)
}

/// Forgets what a principal was given or consented to.
pub(crate) async fn forget(tx: &mut Tx, tenant: TenantId, principal: ObjectId) -> Result<(), Problem> {
    for text in [
        "DELETE FROM permission_grant WHERE tenant = $1 AND user_id = $2",
        "DELETE FROM app_role_assignment WHERE tenant = $1 AND principal = $2",
    ] {
        sql(text).bind(tenant).bind(principal).run(tx).await?;
    }
    Ok(())
}
