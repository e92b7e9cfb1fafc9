//! `/v1/customers/{customer}/directoryroles` and who holds them.
//!
//! The directory shows a role as an object once it was activated; this API has no word for that, so it lists all of
//! them and a first member activates one.

use super::member_page::MemberPage;
use super::wire::{Role, UserMember, below};
use crate::users;
use crate::wire::Collection;
use crate::wire::input::Body;
use tenantry_core::{DirectoryRole, Problem, Reason};
use tenantry_directory::{
    DirectoryObject, directory_role_list, directory_role_member_add, directory_role_member_remove,
    directory_role_members, member_of, user_find,
};
use tenantry_http::{Answer, Call, StatusCode};
use uuid::Uuid;

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
    let page = MemberPage::of(&call, &path)?;
    let holders = directory_role_members(&there.ctx, call.world.db(), there.tenant, role).await?;
    page.answer(&call, holders, |user| UserMember::of(user, role.template()))
}

pub(crate) async fn add_member(call: Call) -> Result<Answer, Problem> {
    let (there, role) = (users::there(&call).await?, role(&call)?);
    let body = Body::of(&call)?;
    let id = body.fields()?.text("id")?.ok_or_else(|| Problem::missing("id"))?;
    let user = user_find(&there.ctx, call.world.db(), there.tenant, id.trim()).await?;
    directory_role_member_add(&there.ctx, call.world.db(), there.tenant, role, user.id).await?;
    Answer::created(&UserMember::of(user, role.template()))
}

pub(crate) async fn remove_member(call: Call) -> Result<Answer, Problem> {
    let (there, role, user) = (users::there(&call).await?, role(&call)?, users::user(&call)?);
    directory_role_member_remove(&there.ctx, call.world.db(), there.tenant, role, user).await?;
    Ok(Answer::empty(StatusCode::NO_CONTENT))
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
