//! What both APIs ask of the directory in the same way.

use crate::who;
use std::collections::BTreeMap;
use tenantry_core::{ObjectId, Problem, Reason};
use tenantry_directory::{
    AssignedLicence, DirectoryObject, User, licences_of, licences_of_users, member_of, user_find, user_page,
};
use tenantry_http::Call;

use crate::odata::Options;

/// The licences of users, by user.
pub(crate) type Licences = BTreeMap<ObjectId, Vec<AssignedLicence>>;

/// The licences of some users. Of one they are looked up, which everybody may do for themselves; of several all of the
/// tenant's are.
pub(crate) async fn licences(call: &Call, users: &[ObjectId]) -> Result<Licences, Problem> {
    let (db, tenant) = (call.world.db(), who::tenant(call)?);
    match users {
        [] => Ok(BTreeMap::new()),
        [user] => Ok(BTreeMap::from([(*user, licences_of(&call.ctx, db, tenant, *user).await?)])),
        _ => licences_of_users(&call.ctx, db, tenant).await,
    }
}

/// The users among some objects.
pub(crate) fn users_of(objects: &[DirectoryObject]) -> Vec<ObjectId> {
    let users = objects.iter().filter(|object| matches!(object, DirectoryObject::User(_)));
    users.map(DirectoryObject::id).collect()
}

/// The licences of one of them.
pub(crate) fn held(licences: &Licences, user: ObjectId) -> &[AssignedLicence] {
    licences.get(&user).map(Vec::as_slice).unwrap_or_default()
}

/// The user of `{user}` that is not deleted.
pub(crate) async fn user(call: &Call) -> Result<User, Problem> {
    let user = user_find(&call.ctx, call.world.db(), who::tenant(call)?, &who::user(call)?).await?;
    if user.deleted_at.is_some() {
        let message = format!("the user {} is deleted; it is among the deleted users", user.id);
        return Err(Problem::new(Reason::UserNotFound, message));
    }
    Ok(user)
}

/// The deleted user of an id.
pub(crate) async fn deleted_user(call: &Call, named: &str) -> Result<User, Problem> {
    let shown: String = named.chars().take(80).collect();
    let missing = || Problem::new(Reason::UserNotFound, format!("there is no deleted user `{shown}`; check the id"));
    ObjectId::parse(named).map_err(|_| missing())?;
    let user = user_find(&call.ctx, call.world.db(), who::tenant(call)?, named).await?;
    if user.deleted_at.is_some() { Ok(user) } else { Err(missing()) }
}

/// The one user a condition names, if it names one by one of these properties: a list is then one look-up.
pub(crate) async fn pinned(call: &Call, options: &Options, by: &[&str]) -> Result<Option<Vec<User>>, Problem> {
    let filter = options.filter.as_ref();
    let Some(name) = filter.and_then(|filter| by.iter().find_map(|property| filter.pins(property))) else {
        return Ok(None);
    };
    match user_find(&call.ctx, call.world.db(), who::tenant(call)?, name).await {
        Ok(user) if user.deleted_at.is_none() => Ok(Some(vec![user])),
        Ok(_) => Ok(Some(Vec::new())),
        Err(problem) if problem.reason() == Reason::UserNotFound => Ok(Some(Vec::new())),
        Err(problem) => Err(problem),
    }
}

/// Users behind a key, for lists.
pub(crate) async fn users_after(
    call: &Call,
    deleted: bool,
    after: Option<String>,
    limit: usize,
) -> Result<Vec<User>, Problem> {
    user_page(&call.ctx, call.world.db(), who::tenant(call)?, deleted, id_after(after), limit).await
}

/// The id a list goes on behind.
pub(crate) fn id_after(after: Option<String>) -> Option<ObjectId> {
    after.and_then(|key| ObjectId::parse(&key).ok())
}

/// The groups a principal is in, directly or through groups. `security` leaves out those that rights cannot be given to.
pub(crate) async fn groups_of(call: &Call, of: ObjectId, security: bool) -> Result<Vec<ObjectId>, Problem> {
    let all = member_of(&call.ctx, call.world.db(), who::tenant(call)?, of, true).await?;
    let group = |object| match object {
        DirectoryObject::Group(group) if group.security_enabled || !security => Some(group.id),
        _ => None,
    };
    Ok(all.into_iter().filter_map(group).collect())
}

/// An object id in a path. What cannot be one names nothing.
pub(crate) fn object_id(text: &str) -> Result<ObjectId, Problem> {
    ObjectId::parse(text).map_err(|error| Problem::new(Reason::ObjectNotFound, error.to_string()))
}

/// The id of the group in `{group}`.
pub(crate) fn group_id(call: &Call) -> Result<ObjectId, Problem> {
    ObjectId::parse(call.param("group")?).map_err(|error| Problem::new(Reason::GroupNotFound, error.to_string()))
}

/// The refusal for an object that is not in the tenant.
pub(crate) fn no_object(id: ObjectId) -> Problem {
    Problem::new(Reason::ObjectNotFound, format!("there is no object {id} in this tenant; check the id"))
}
