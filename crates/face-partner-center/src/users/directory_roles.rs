//! `/v1/customers/{customer}/directoryroles` and who holds them.
//!
//! The directory shows a role as an object once it was activated; this API has no word for that, so it lists all of
//! them and a first member activates one.

use super::wire::{Role, UserMember, below};
use crate::users;
use crate::wire::input::Body;
use crate::wire::{Collection, paging, seek};
use serde::{Deserialize, Serialize};
use tenantry_core::{DirectoryRole, ObjectId, Problem, Reason};
use tenantry_directory::{
    DirectoryObject, User, directory_role_list, directory_role_member_add, directory_role_member_remove,
    directory_role_members, member_of, user_find,
};
use tenantry_http::{Answer, Call, StatusCode};
use uuid::Uuid;

/// Members on a page at most; unsure, the documents name no limit.
const PAGE_MAX: usize = 500;

/// Where a list of members goes on.
#[derive(Debug, Serialize, Deserialize)]
struct Position {
    size: usize,
    after: Option<ObjectId>,
}

pub(crate) async fn list(call: Call) -> Result<Answer, Problem> {
    let there = users::there(&call).await?;
    // Asked for its permission: which roles there are is the same everywhere.
    directory_role_list(&there.ctx, call.world.db(), there.tenant).await?;
    let roles = DirectoryRole::ALL.into_iter().map(Role::of).collect();
    Answer::ok(&Collection::whole(roles, below(there.tenant, "directoryroles")))
}

pub(crate) async fn held_by_user(call: Call) -> Result<Answer, Problem> {
    let (there, user) = (users::there(&call).await?, users::user(&call)?);
    let user = user_find(&there.ctx, call.world.db(), there.tenant, &user.to_string()).await?;
    let held = member_of(&there.ctx, call.world.db(), there.tenant, user.id, false).await?;
    let roles = held.into_iter().filter_map(|object| match object {
        DirectoryObject::Role(role) => Some(Role::of(role.role)),
        _ => None,
    });
    Answer::ok(&Collection::whole(roles.collect(), below(there.tenant, &format!("users/{}/directoryroles", user.id))))
}

pub(crate) async fn members(call: Call) -> Result<Answer, Problem> {
    let (there, role) = (users::there(&call).await?, role(&call)?);
    let path = below(there.tenant, &format!("directoryroles/{}/usermembers", role.template()));
    let position = match seek::state(&call, &path)? {
        Some(position) => position,
        None => Position { size: paging::size(&call, PAGE_MAX, PAGE_MAX)?, after: None },
    };
    let holders = directory_role_members(&there.ctx, call.world.db(), there.tenant, role).await?;
    let mut holders: Vec<User> = holders.into_iter().filter_map(person).collect();
    holders.retain(|user| position.after.is_none_or(|after| user.id > after));
    let more = holders.len() > position.size;
    holders.truncate(position.size);
    let next = holders.last().filter(|_| more).map(|user| Position { after: Some(user.id), ..position });
    let items = holders.into_iter().map(|user| UserMember::of(user, role)).collect();
    Answer::ok(&seek::page(&call, seek::CAMEL, (&path, &path), items, next.as_ref())?)
}

pub(crate) async fn add_member(call: Call) -> Result<Answer, Problem> {
    let (there, role) = (users::there(&call).await?, role(&call)?);
    let body = Body::of(&call)?;
    let id = body.fields()?.text("id")?.ok_or_else(|| Problem::missing("id"))?;
    let user = user_find(&there.ctx, call.world.db(), there.tenant, id.trim()).await?;
    directory_role_member_add(&there.ctx, call.world.db(), there.tenant, role, user.id).await?;
    Answer::created(&UserMember::of(user, role))
}

pub(crate) async fn remove_member(call: Call) -> Result<Answer, Problem> {
    let (there, role, user) = (users::there(&call).await?, role(&call)?, users::user(&call)?);
    directory_role_member_remove(&there.ctx, call.world.db(), there.tenant, role, user).await?;
    Ok(Answer::empty(StatusCode::NO_CONTENT))
}

/// Applications hold roles too; this API knows people only.
fn person(holder: DirectoryObject) -> Option<User> {
    match holder {
        DirectoryObject::User(user) => Some(user),
        _ => None,
    }
}

/// The role of `{role}`.
fn role(call: &Call) -> Result<DirectoryRole, Problem> {
    let named = call.param("role")?;
    let found = Uuid::try_parse(named.trim()).ok().and_then(DirectoryRole::from_template);
    found.ok_or_else(|| {
        let seen: String = named.chars().take(40).collect();
        Problem::new(Reason::ObjectNotFound, format!("there is no directory role `{seen}`; list the directory roles"))
    })
}
