//! `POST /v1/customers/{customer}/users`.
//!
//! The answer repeats the password, as documented, so it is not kept for repeated requests (`Replay::Off`). A
//! repetition makes no second user: the name is taken.

use super::wire::{CustomerUser, read_password, read_profile};
use crate::users;
use crate::wire::input::Body;
use tenantry_core::Problem;
use tenantry_directory::{NewUser, Profile, UserKind, user_create};
use tenantry_http::header::CACHE_CONTROL;
use tenantry_http::{Answer, Call};

pub(crate) async fn create(call: Call) -> Result<Answer, Problem> {
    let there = users::there(&call).await?;
    let body = Body::of(&call)?;
    let fields = body.fields()?;
    let name = fields.text_or_empty("userPrincipalName")?;
    let password = read_password(&fields)?.ok_or_else(|| Problem::missing("passwordProfile.password"))?;
    let profile = Profile::default().changed(read_profile(&fields)?);
    let new = NewUser {
        // The API has no word for it: the mail name is what stands before the `@`.
        profile: Profile { mail_nickname: name.split('@').next().unwrap_or_default().trim().to_owned(), ..profile },
        name,
        kind: UserKind::Member,
        enabled: true,
        password: password.password.clone(),
        change_password: password.change_at_sign_in,
    };
    let user = user_create(&there.ctx, call.world.db(), there.tenant, new).await?;
    Ok(Answer::created(&CustomerUser::with_password(user, &password))?.with(CACHE_CONTROL, "no-store"))
}
