//! Groups, members and owners as rows. A member is any principal of the tenant, so there is no table to refer to.

use crate::people::group::Group;
use tenantry_core::{ObjectId, Problem, Role, TenantId, TenantKind, Timestamp};
use tenantry_db::{Connection, Row, Tx, sql};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT g.id, g.tenant, g.display_name, g.mail_nickname, g.description, g.mail_enabled, ",
            "g.security_enabled, g.agents, g.created_at FROM directory_group g ",
            $rest
        )
    };
}

/// Everything a principal is in, through groups too. UNION and not UNION ALL, so that it ends even if a circle got in.
macro_rules! with_held {
    ($rest:literal) => {
        concat!(
            "WITH RECURSIVE held (id) AS (",
            "SELECT m.group_id FROM group_member m WHERE m.tenant = $1 AND m.principal = $2 ",
            "UNION SELECT m.group_id FROM held h JOIN group_member m ON m.tenant = $1 AND m.principal = h.id) ",
            $rest
        )
    };
}

fn group(row: &Row) -> Result<Group, Problem> {
    let agents = row.maybe_text("agents")?;
    let agents = agents.map(|name| {
        Role::from_name(&name).ok_or_else(|| Problem::corrupt(format!("column agents: `{name}` is no role")))
    });
    Ok(Group {
        id: row.parsed("id", ObjectId::parse)?,
        tenant: row.parsed("tenant", TenantId::parse)?,
        display_name: row.text("display_name")?,
        mail_nickname: row.text("mail_nickname")?,
        description: row.maybe_text("description")?,
        mail_enabled: row.flag("mail_enabled")?,
        security_enabled: row.flag("security_enabled")?,
        agents: agents.transpose()?,
        created_at: row.time("created_at")?,
    })
}

pub(crate) async fn by_id(on: &mut impl Connection, tenant: TenantId, id: ObjectId) -> Result<Option<Group>, Problem> {
    let row = sql(select!("WHERE g.tenant = $1 AND g.id = $2")).bind(tenant).bind(id).maybe(on).await?;
    row.as_ref().map(group).transpose()
}

/// A group of any partner's tenant. What a stranger may learn of it is the caller's to decide.
pub(crate) async fn of_any_partner(on: &mut impl Connection, id: ObjectId) -> Result<Option<Group>, Problem> {
    let row = sql(select!("JOIN tenant t ON t.id = g.tenant WHERE g.id = $1 AND t.kind = $2"));
    let row = row.bind(id).bind(TenantKind::Partner.name()).maybe(on).await?;
    row.as_ref().map(group).transpose()
}

/// The group of the tenant whose members have the role of the channel.
pub(crate) async fn of_agents(
    on: &mut impl Connection,
    tenant: TenantId,
    role: Role,
) -> Result<Option<Group>, Problem> {
    let row = sql(select!("WHERE g.tenant = $1 AND g.agents = $2")).bind(tenant).bind(role.name()).maybe(on).await?;
    row.as_ref().map(group).transpose()
}

/// In the order of ids, after one.
pub(crate) async fn page(
    on: &mut impl Connection,
    tenant: TenantId,
    after: Option<ObjectId>,
    limit: i64,
) -> Result<Vec<Group>, Problem> {
    let after = after.map(|id| id.to_string()).unwrap_or_default();
    let rows = sql(select!("WHERE g.tenant = $1 AND g.id > $2 ORDER BY g.id LIMIT $3"));
    rows.bind(tenant).bind(after).bind(limit).all(on).await?.iter().map(group).collect()
}

pub(crate) async fn insert(tx: &mut Tx, group: &Group) -> Result<(), Problem> {
    sql("INSERT INTO directory_group (id, tenant, display_name, mail_nickname, description, mail_enabled, \
         security_enabled, agents, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)")
    .bind(group.id)
    .bind(group.tenant)
    .bind(&group.display_name)
    .bind(&group.mail_nickname)
    .bind(group.description.clone())
    .bind(group.mail_enabled)
    .bind(group.security_enabled)
    .bind(group.agents.map(Role::name))
    .bind(group.created_at)
    .run(tx)
    .await?;
    Ok(())
}

pub(crate) async fn update(tx: &mut Tx, group: &Group) -> Result<(), Problem> {
    sql("UPDATE directory_group SET display_name = $3, mail_nickname = $4, description = $5 WHERE tenant = $1 AND id = $2")
        .bind(group.tenant)
        .bind(group.id)
        .bind(&group.display_name)
        .bind(&group.mail_nickname)
        .bind(group.description.clone())
        .run(tx)
        .await?;
    Ok(())
}

/// Removes a group, its members and owners, and its own memberships.
pub(crate) async fn delete(tx: &mut Tx, tenant: TenantId, id: ObjectId) -> Result<(), Problem> {
    for text in [
        "DELETE FROM group_member WHERE tenant = $1 AND (group_id = $2 OR principal = $2)",
        "DELETE FROM group_owner WHERE tenant = $1 AND group_id = $2",
        "DELETE FROM directory_group WHERE tenant = $1 AND id = $2",
    ] {
        sql(text).bind(tenant).bind(id).run(tx).await?;
    }
    Ok(())
}

/// A list that stands beside a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum List {
    /// Who is in it.
    Members,
    /// Who answers for it.
    Owners,
}

/// In the order of ids.
pub(crate) async fn listed(
    on: &mut impl Connection,
    list: List,
    tenant: TenantId,
    group: ObjectId,
) -> Result<Vec<ObjectId>, Problem> {
    let text = match list {
        List::Members => "SELECT principal FROM group_member WHERE tenant = $1 AND group_id = $2 ORDER BY principal",
        List::Owners => "SELECT principal FROM group_owner WHERE tenant = $1 AND group_id = $2 ORDER BY principal",
    };
    let rows = sql(text).bind(tenant).bind(group).all(on).await?;
    rows.iter().map(|row| row.parsed("principal", ObjectId::parse)).collect()
}

/// `false` if the principal is on it already.
pub(crate) async fn list_add(
    tx: &mut Tx,
    list: List,
    (tenant, group): (TenantId, ObjectId),
    principal: ObjectId,
    at: Timestamp,
) -> Result<bool, Problem> {
    let text = match list {
        List::Members => {
            "INSERT INTO group_member (group_id, principal, tenant, created_at) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (group_id, principal) DO NOTHING"
        }
        List::Owners => {
            "INSERT INTO group_owner (group_id, principal, tenant, created_at) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (group_id, principal) DO NOTHING"
        }
    };
    Ok(sql(text).bind(group).bind(principal).bind(tenant).bind(at).run(tx).await? == 1)
}

/// `false` if the principal is not on it.
pub(crate) async fn list_remove(
    tx: &mut Tx,
    list: List,
    (tenant, group): (TenantId, ObjectId),
    principal: ObjectId,
) -> Result<bool, Problem> {
    let text = match list {
        List::Members => "DELETE FROM group_member WHERE group_id = $1 AND principal = $2 AND tenant = $3",
        List::Owners => "DELETE FROM group_owner WHERE group_id = $1 AND principal = $2 AND tenant = $3",
    };
    Ok(sql(text).bind(group).bind(principal).bind(tenant).run(tx).await? == 1)
}

/// The groups a principal is in itself, in the order of ids.
pub(crate) async fn direct(
    on: &mut impl Connection,
    tenant: TenantId,
    principal: ObjectId,
) -> Result<Vec<Group>, Problem> {
    let rows =
        sql(select!("JOIN group_member m ON m.group_id = g.id WHERE m.tenant = $1 AND m.principal = $2 ORDER BY g.id"));
    rows.bind(tenant).bind(principal).all(on).await?.iter().map(group).collect()
}

/// The groups that have the principal among their owners, in the order of ids.
pub(crate) async fn owned(
    on: &mut impl Connection,
    tenant: TenantId,
    principal: ObjectId,
) -> Result<Vec<Group>, Problem> {
    let rows =
        sql(select!("JOIN group_owner o ON o.group_id = g.id WHERE o.tenant = $1 AND o.principal = $2 ORDER BY g.id"));
    rows.bind(tenant).bind(principal).all(on).await?.iter().map(group).collect()
}

/// The groups a principal is in, through groups too, in the order of ids.
pub(crate) async fn transitive(
    on: &mut impl Connection,
    tenant: TenantId,
    principal: ObjectId,
) -> Result<Vec<Group>, Problem> {
    let rows = sql(with_held!(
        "SELECT g.id, g.tenant, g.display_name, g.mail_nickname, g.description, g.mail_enabled, g.security_enabled, \
         g.agents, g.created_at FROM held JOIN directory_group g ON g.id = held.id WHERE g.tenant = $1 ORDER BY g.id"
    ));
    rows.bind(tenant).bind(principal).all(on).await?.iter().map(group).collect()
}
