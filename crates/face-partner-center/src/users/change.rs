//! `GET`, `PATCH` and `DELETE /v1/customers/{customer}/users/{user}`, and `PATCH .../resetpassword`.
//!
//! Clients send the whole user back, with what they read: only what differs from what is there is a change.

use super::wire::{CustomerUser, STATES, State, read_password, read_profile};
use crate::users::{self, There};
use crate::wire::input::{Body, Fields};
use tenantry_core::{ObjectId, Problem};
use tenantry_directory::{NewPassword, User, UserChange, user_change, user_delete, user_find, user_restore};
use tenantry_http::header::CACHE_CONTROL;
use tenantry_http::{Answer, Call, StatusCode};

pub(crate) async fn get(call: Call) -> Result<Answer, Problem> {
    let (_, user) = named(&call).await?;
    Answer::ok(&CustomerUser::of(user))
}

pub(crate) async fn change(call: Call) -> Result<Answer, Problem> {
    let (there, user) = named(&call).await?;
    let body = Body::of(&call)?;
    let fields = body.fields()?;
    let user = match fields.word("state", &STATES)? {
        Some(State::Active) if user.deleted_at.is_some() => {
            user_restore(&there.ctx, call.world.db(), there.tenant, user.id).await?
        }
        Some(State::Inactive) if user.deleted_at.is_none() => {
            let message = "`inactive` is what a deleted user is; delete it instead";
            return Err(Problem::invalid("state", message));
        }
        _ => user,
    };
    changed(&call, &there, user, &fields).await
}

pub(crate) async fn reset_password(call: Call) -> Result<Answer, Problem> {
    let (there, user) = named(&call).await?;
    let body = Body::of(&call)?;
    let fields = body.fields()?;
    let password = read_password(&fields)?.ok_or_else(|| Problem::missing("passwordProfile.password"))?;
    with(&call, &there, user.id, UserChange { password: Some(password), ..UserChange::default() }).await
}

pub(crate) async fn delete(call: Call) -> Result<Answer, Problem> {
    let (there, user) = named(&call).await?;
    user_delete(&there.ctx, call.world.db(), there.tenant, user.id).await?;
    Ok(Answer::empty(StatusCode::NO_CONTENT))
}

async fn named(call: &Call) -> Result<(There, User), Problem> {
    let there = users::there(call).await?;
    let user = user_find(&there.ctx, call.world.db(), there.tenant, &users::user(call)?.to_string()).await?;
    Ok((there, user))
}

async fn changed(call: &Call, there: &There, user: User, fields: &Fields<'_>) -> Result<Answer, Problem> {
    let name = fields.text("userPrincipalName")?.filter(|name| !name.eq_ignore_ascii_case(&user.name));
    let mut profile = read_profile(fields)?;
    profile.display_name = profile.display_name.filter(|sent| *sent != user.profile.display_name);
    let password = read_password(fields)?;
    let change = UserChange { name, profile, password, ..UserChange::default() };
    if user.profile.clone().changed(change.profile.clone()) == user.profile
        && change.name.is_none()
        && change.password.is_none()
    {
        return Answer::ok(&CustomerUser::of(user));
    }
    with(call, there, user.id, change).await
}

async fn with(call: &Call, there: &There, id: ObjectId, change: UserChange) -> Result<Answer, Problem> {
    let password: Option<NewPassword> = change.password.clone();
    let user = user_change(&there.ctx, call.world.db(), there.tenant, id, change).await?;
    match password {
        None => Answer::ok(&CustomerUser::of(user)),
        Some(password) => {
            Ok(Answer::ok(&CustomerUser::with_password(user, &password))?.with(CACHE_CONTROL, "no-store"))
        }
    }
}
