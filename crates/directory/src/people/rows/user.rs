//! Users as rows.

use crate::people::lockout::Failures;
use crate::people::user::{User, UserKind, UserName};
use tenantry_core::{ObjectId, Problem, TenantId, Timestamp};
use tenantry_db::{Connection, Row, Tx, sql};

/// The columns of a user, and those a sign-in looks at.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, tenant, name, kind, enabled, profile, password, password_change_due, tokens_valid_from, ",
            "failures, locked_until, created_at, deleted_at FROM directory_user ",
            $rest
        )
    };
}

fn user(row: &Row) -> Result<User, Problem> {
    let kind = |name: &str| UserKind::from_name(name).ok_or_else(|| format!("`{name}` is no kind of user"));
    Ok(User {
        id: row.parsed("id", ObjectId::parse)?,
        tenant: row.parsed("tenant", TenantId::parse)?,
        name: row.text("name")?,
        profile: row.parsed("profile", |text| serde_json::from_str(text))?,
        kind: row.parsed("kind", kind)?,
        enabled: row.flag("enabled")?,
        password_change_due: row.flag("password_change_due")?,
        created_at: row.time("created_at")?,
        deleted_at: row.maybe_time("deleted_at")?,
        tokens_valid_from: row.time("tokens_valid_from")?,
    })
}

/// A user as sign-in needs it.
#[derive(Debug)]
pub(crate) struct SigningIn {
    pub(crate) user: User,
    /// The hash.
    pub(crate) password: String,
    pub(crate) failures: Failures,
}

fn signing_in(row: &Row) -> Result<SigningIn, Problem> {
    Ok(SigningIn {
        user: user(row)?,
        password: row.text("password")?,
        failures: Failures { count: row.integer("failures")?, locked_until: row.maybe_time("locked_until")? },
    })
}

/// A user of the tenant, deleted or not.
pub(crate) async fn by_id(on: &mut impl Connection, tenant: TenantId, id: ObjectId) -> Result<Option<User>, Problem> {
    let row = sql(select!("WHERE tenant = $1 AND id = $2")).bind(tenant).bind(id).maybe(on).await?;
    row.as_ref().map(user).transpose()
}

/// A user that is not deleted, by its name in lower case.
pub(crate) async fn by_name(on: &mut impl Connection, tenant: TenantId, key: &str) -> Result<Option<User>, Problem> {
    let row = sql(select!("WHERE tenant = $1 AND name_key = $2 AND deleted_at IS NULL")).bind(tenant).bind(key);
    row.maybe(on).await?.as_ref().map(user).transpose()
}

/// Of any tenant: names are unique in a world, and whoever signs in need not know its tenant.
pub(crate) async fn signing_in_by_name(on: &mut impl Connection, key: &str) -> Result<Option<SigningIn>, Problem> {
    let row = sql(select!("WHERE name_key = $1 AND deleted_at IS NULL")).bind(key).maybe(on).await?;
    row.as_ref().map(signing_in).transpose()
}

pub(crate) async fn signing_in_by_id(
    on: &mut impl Connection,
    tenant: TenantId,
    id: ObjectId,
) -> Result<Option<SigningIn>, Problem> {
    let row = sql(select!("WHERE tenant = $1 AND id = $2 AND deleted_at IS NULL")).bind(tenant).bind(id);
    row.maybe(on).await?.as_ref().map(signing_in).transpose()
}

/// In the order of ids, after one.
pub(crate) async fn page(
    on: &mut impl Connection,
    tenant: TenantId,
    deleted: bool,
    after: Option<ObjectId>,
    limit: i64,
) -> Result<Vec<User>, Problem> {
    let text = if deleted {
        select!("WHERE tenant = $1 AND id > $2 AND deleted_at IS NOT NULL ORDER BY id LIMIT $3")
    } else {
        select!("WHERE tenant = $1 AND id > $2 AND deleted_at IS NULL ORDER BY id LIMIT $3")
    };
    let after = after.map(|id| id.to_string()).unwrap_or_default();
    let rows = sql(text).bind(tenant).bind(after).bind(limit).all(on).await?;
    rows.iter().map(user).collect()
}

/// The people who are members of a group themselves, in the order of their ids.
pub(crate) async fn members(on: &mut impl Connection, tenant: TenantId, group: ObjectId) -> Result<Vec<User>, Problem> {
    let rows = sql(select!(
        "WHERE tenant = $1 AND deleted_at IS NULL AND id IN \
         (SELECT principal FROM group_member WHERE tenant = $1 AND group_id = $2) ORDER BY id"
    ));
    rows.bind(tenant).bind(group).all(on).await?.iter().map(user).collect()
}

/// The users of the tenant that name this one as their manager.
pub(crate) async fn managed_by(
    on: &mut impl Connection,
    tenant: TenantId,
    manager: ObjectId,
) -> Result<Vec<User>, Problem> {
    let rows = sql(select!("WHERE tenant = $1 AND manager = $2 AND deleted_at IS NULL ORDER BY id"));
    rows.bind(tenant).bind(manager).all(on).await?.iter().map(user).collect()
}

/// The manager's id, if one is set.
pub(crate) async fn manager_of(
    on: &mut impl Connection,
    tenant: TenantId,
    id: ObjectId,
) -> Result<Option<ObjectId>, Problem> {
    let row = sql("SELECT m.id FROM directory_user u JOIN directory_user m ON m.id = u.manager \
         WHERE u.tenant = $1 AND u.id = $2 AND m.deleted_at IS NULL")
    .bind(tenant)
    .bind(id)
    .maybe(on)
    .await?;
    row.map(|row| row.parsed("id", ObjectId::parse)).transpose()
}

pub(crate) async fn manager_update(
    tx: &mut Tx,
    tenant: TenantId,
    id: ObjectId,
    manager: Option<ObjectId>,
) -> Result<(), Problem> {
    sql("UPDATE directory_user SET manager = $3 WHERE tenant = $1 AND id = $2")
        .bind(tenant)
        .bind(id)
        .bind(manager)
        .run(tx)
        .await?;
    Ok(())
}

/// Whether another user has the name.
pub(crate) async fn name_taken(on: &mut impl Connection, key: &str, but: Option<ObjectId>) -> Result<bool, Problem> {
    let row = sql("SELECT id FROM directory_user WHERE name_key = $1 AND deleted_at IS NULL").bind(key);
    let id = row.maybe(on).await?.map(|row| row.parsed("id", ObjectId::parse)).transpose()?;
    Ok(id.is_some() && id != but)
}

/// `false` if another user has the name.
pub(crate) async fn insert(tx: &mut Tx, user: &User, name: &UserName, password: &str) -> Result<bool, Problem> {
    let profile = serde_json::to_string(&user.profile).map_err(Problem::internal)?;
    let changed =
        sql("INSERT INTO directory_user (id, tenant, name, name_key, domain, kind, enabled, profile, password, \
         password_change_due, tokens_valid_from, failures, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, $12) ON CONFLICT DO NOTHING")
        .bind(user.id)
        .bind(user.tenant)
        .bind(&name.typed)
        .bind(&name.key)
        .bind(&name.domain)
        .bind(user.kind.name())
        .bind(user.enabled)
        .bind(profile)
        .bind(password)
        .bind(user.password_change_due)
        .bind(user.tokens_valid_from)
        .bind(user.created_at)
        .run(tx)
        .await?;
    Ok(changed == 1)
}

/// Writes what an administrator says of a user. The password, whether it must be changed, and what its sign-ins are
/// worth have acts of their own, which must not be undone by somebody who read the user before.
pub(crate) async fn update(tx: &mut Tx, user: &User, name: &UserName) -> Result<(), Problem> {
    let profile = serde_json::to_string(&user.profile).map_err(Problem::internal)?;
    sql("UPDATE directory_user SET name = $3, name_key = $4, domain = $5, kind = $6, enabled = $7, profile = $8, \
         deleted_at = $9 WHERE tenant = $1 AND id = $2")
    .bind(user.tenant)
    .bind(user.id)
    .bind(&name.typed)
    .bind(&name.key)
    .bind(&name.domain)
    .bind(user.kind.name())
    .bind(user.enabled)
    .bind(profile)
    .bind(user.deleted_at)
    .run_one(tx, || Problem::corrupt(format!("user {} vanished while it was changed", user.id)))
    .await
}

/// Whether the next sign-in must set another password.
pub(crate) async fn change_due_update(
    tx: &mut Tx,
    (tenant, id): (TenantId, ObjectId),
    change_due: bool,
) -> Result<(), Problem> {
    sql("UPDATE directory_user SET password_change_due = $3 WHERE tenant = $1 AND id = $2")
        .bind(tenant)
        .bind(id)
        .bind(change_due)
        .run(tx)
        .await?;
    Ok(())
}

/// Ends what the user is signed in to. `ended` is what [`User::ended`] says of the user as it is under the lock.
pub(crate) async fn sign_ins_end(
    tx: &mut Tx,
    (tenant, id): (TenantId, ObjectId),
    ended: Timestamp,
) -> Result<(), Problem> {
    sql("UPDATE directory_user SET tokens_valid_from = $3 WHERE tenant = $1 AND id = $2")
        .bind(tenant)
        .bind(id)
        .bind(ended)
        .run(tx)
        .await?;
    Ok(())
}

/// Another password; failures are forgotten with the old one, and what was signed in with it ends: see
/// [`sign_ins_end`]. `false` if there is no such user.
pub(crate) async fn password_update(
    tx: &mut Tx,
    (tenant, id): (TenantId, ObjectId),
    password: &str,
    change_due: bool,
    ended: Timestamp,
) -> Result<bool, Problem> {
    let changed = sql("UPDATE directory_user SET password = $3, password_change_due = $4, \
         tokens_valid_from = $5, failures = 0, locked_until = NULL WHERE tenant = $1 AND id = $2 AND deleted_at IS NULL")
    .bind(tenant)
    .bind(id)
    .bind(password)
    .bind(change_due)
    .bind(ended)
    .run(tx)
    .await?;
    Ok(changed == 1)
}

/// What sign-in counts.
pub(crate) async fn failures_update(
    tx: &mut Tx,
    (tenant, id): (TenantId, ObjectId),
    failures: Failures,
) -> Result<(), Problem> {
    sql("UPDATE directory_user SET failures = $3, locked_until = $4 WHERE tenant = $1 AND id = $2")
        .bind(tenant)
        .bind(id)
        .bind(failures.count)
        .bind(failures.locked_until)
        .run(tx)
        .await?;
    Ok(())
}

/// The tenant of a user that was deleted at this instant and still is.
pub(crate) async fn deleted_at(
    on: &mut impl Connection,
    id: ObjectId,
    at: Timestamp,
) -> Result<Option<TenantId>, Problem> {
    let row = sql("SELECT tenant FROM directory_user WHERE id = $1 AND deleted_at = $2").bind(id).bind(at);
    row.maybe(on).await?.map(|row| row.parsed("tenant", TenantId::parse)).transpose()
}

/// Removes a user for good, with all that this folder keeps of it.
pub(crate) async fn erase(tx: &mut Tx, tenant: TenantId, id: ObjectId) -> Result<(), Problem> {
    for text in [
        "DELETE FROM group_member WHERE tenant = $1 AND principal = $2",
        "DELETE FROM group_owner WHERE tenant = $1 AND principal = $2",
        "DELETE FROM role_assignment WHERE tenant = $1 AND principal = $2",
        "DELETE FROM second_factor WHERE tenant = $1 AND user_id = $2",
        "UPDATE directory_user SET manager = NULL WHERE tenant = $1 AND manager = $2",
        "DELETE FROM directory_user WHERE tenant = $1 AND id = $2",
    ] {
        sql(text).bind(tenant).bind(id).run(tx).await?;
    }
    Ok(())
}
