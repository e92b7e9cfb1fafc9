//! Directory roles and who holds them, as rows. A role is named by its template; its id in the tenant follows from
//! both (`directory_role.rs`).

use std::collections::BTreeMap;
use tenantry_core::{DirectoryRole, ObjectId, Problem, TenantId, Timestamp};
use tenantry_db::{Connection, Row, Tx, sql};
use uuid::Uuid;

fn role(row: &Row) -> Result<DirectoryRole, Problem> {
    row.parsed("template", |text| {
        let template = Uuid::try_parse(text).ok().and_then(DirectoryRole::from_template);
        template.ok_or_else(|| format!("`{text}` is no role template"))
    })
}

/// The roles that are activated in the tenant, and since when.
pub(crate) async fn activated(
    on: &mut impl Connection,
    tenant: TenantId,
) -> Result<BTreeMap<DirectoryRole, Timestamp>, Problem> {
    let rows = sql("SELECT template, activated_at FROM directory_role WHERE tenant = $1").bind(tenant).all(on).await?;
    rows.iter().map(|row| Ok((role(row)?, row.time("activated_at")?))).collect()
}

/// `false` if it was activated before.
pub(crate) async fn activate(
    tx: &mut Tx,
    tenant: TenantId,
    role: DirectoryRole,
    at: Timestamp,
) -> Result<bool, Problem> {
    let changed = sql("INSERT INTO directory_role (tenant, template, activated_at) VALUES ($1, $2, $3) \
         ON CONFLICT (tenant, template) DO NOTHING")
    .bind(tenant)
    .bind(role.template())
    .bind(at)
    .run(tx)
    .await?;
    Ok(changed == 1)
}

/// Assigns the role, which is activated if need be. `false` if the principal had it.
pub(crate) async fn assign(
    tx: &mut Tx,
    tenant: TenantId,
    role: DirectoryRole,
    principal: ObjectId,
    at: Timestamp,
) -> Result<bool, Problem> {
    activate(tx, tenant, role, at).await?;
    let changed = sql("INSERT INTO role_assignment (tenant, template, principal, created_at) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (tenant, template, principal) DO NOTHING")
    .bind(tenant)
    .bind(role.template())
    .bind(principal)
    .bind(at)
    .run(tx)
    .await?;
    Ok(changed == 1)
}

/// `false` if the principal had it not.
pub(crate) async fn unassign(
    tx: &mut Tx,
    tenant: TenantId,
    role: DirectoryRole,
    principal: ObjectId,
) -> Result<bool, Problem> {
    let changed = sql("DELETE FROM role_assignment WHERE tenant = $1 AND template = $2 AND principal = $3")
        .bind(tenant)
        .bind(role.template())
        .bind(principal)
        .run(tx)
        .await?;
    Ok(changed == 1)
}

/// The roles of a principal, in the order of the role list.
pub(crate) async fn of_principal(
    on: &mut impl Connection,
    tenant: TenantId,
    principal: ObjectId,
) -> Result<Vec<DirectoryRole>, Problem> {
    let rows = sql("SELECT template FROM role_assignment WHERE tenant = $1 AND principal = $2")
        .bind(tenant)
        .bind(principal)
        .all(on)
        .await?;
    let mut roles = rows.iter().map(role).collect::<Result<Vec<_>, _>>()?;
    roles.sort_unstable();
    Ok(roles)
}

/// Everybody who has the role, deleted users too, in the order of ids.
pub(crate) async fn members(
    on: &mut impl Connection,
    tenant: TenantId,
    role: DirectoryRole,
) -> Result<Vec<ObjectId>, Problem> {
    let rows = sql("SELECT principal FROM role_assignment WHERE tenant = $1 AND template = $2 ORDER BY principal")
        .bind(tenant)
        .bind(role.template())
        .all(on)
        .await?;
    rows.iter().map(|row| row.parsed("principal", ObjectId::parse)).collect()
}

/// The users who have the role and may sign in.
pub(crate) async fn able_users(
    on: &mut impl Connection,
    tenant: TenantId,
    role: DirectoryRole,
) -> Result<Vec<ObjectId>, Problem> {
    let rows =
        sql("SELECT u.id FROM role_assignment a JOIN directory_user u ON u.id = a.principal AND u.tenant = a.tenant \
         WHERE a.tenant = $1 AND a.template = $2 AND u.enabled = 1 AND u.deleted_at IS NULL ORDER BY u.id")
        .bind(tenant)
        .bind(role.template())
        .all(on)
        .await?;
    rows.iter().map(|row| row.parsed("id", ObjectId::parse)).collect()
}
