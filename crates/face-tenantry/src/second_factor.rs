//! `/api/v1/second-factor`: the codes of an authenticator beside the password. Each person sets up its own; who has one
//! shows it at every sign-in. An administrator takes it off for somebody who lost the authenticator.

use crate::asked;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tenantry_core::{Caller, Problem, Reason};
use tenantry_directory::{
    User, second_factor_begin, second_factor_confirm, second_factor_of, second_factor_remove, user_find,
};
use tenantry_http::header::CACHE_CONTROL;
use tenantry_http::{Answer, Call, Replay, Route, StatusCode};

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get("/api/v1/second-factor", "second-factor.get", "Whether you have a second factor", get),
        Route::post("/api/v1/second-factor", "second-factor.begin", "Begin setting up your second factor", begin)
            // The answer holds a secret, and secrets are not stored.
            .replay(Replay::Off)
            .answers(StatusCode::CREATED),
        Route::post(
            "/api/v1/second-factor/confirm",
            "second-factor.confirm",
            "Put your second factor in force, by its first code",
            confirm,
        ),
        Route::delete("/api/v1/second-factor", "second-factor.remove", "Take a second factor off", remove)
            .answers(StatusCode::NO_CONTENT),
    ]
}

#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StateView {
    user: String,
    /// Whether one is in force.
    second_factor: bool,
}

#[derive(JsonSchema, Serialize)]
pub(crate) struct BegunView<'a> {
    /// For people who type it. Shown here and never again.
    secret: &'a str,
    /// For the picture that authenticators read.
    address: &'a str,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConfirmBody {
    #[schemars(required)]
    code: Option<String>,
}

/// Whether the caller has one.
pub(crate) async fn get(call: Call) -> Result<Answer, Problem> {
    state(&call, &own(&call).await?).await
}

/// Begins setting one up. Nothing changes before its first code is shown.
pub(crate) async fn begin(call: Call) -> Result<Answer, Problem> {
    let begun = second_factor_begin(&call.ctx, call.world.db(), &own(&call).await?).await?;
    let view = BegunView { secret: begun.secret.reveal(), address: begun.address.reveal() };
    Ok(Answer::created(&view)?.with(CACHE_CONTROL, "no-store"))
}

/// The first code: from now on it is asked for.
pub(crate) async fn confirm(call: Call) -> Result<Answer, Problem> {
    let code = call.json::<ConfirmBody>()?.code.ok_or_else(|| Problem::missing("code"))?;
    let user = own(&call).await?;
    second_factor_confirm(&call.ctx, call.world.db(), &user, &code).await?;
    state(&call, &user).await
}

/// Takes it off: the caller's own, or with `?user=` that of somebody in the tenant acted in.
pub(crate) async fn remove(call: Call) -> Result<Answer, Problem> {
    let user = match (asked::optional(&call, "user"), call.ctx.tenant()) {
        (Some(named), Some(tenant)) => user_find(&call.ctx, call.world.db(), tenant, named).await?,
        _ => own(&call).await?,
    };
    second_factor_remove(&call.ctx, call.world.db(), user.tenant, user.id).await?;
    Ok(Answer::empty(StatusCode::NO_CONTENT))
}

async fn state(call: &Call, user: &User) -> Result<Answer, Problem> {
    let second_factor = second_factor_of(call.world.db(), user).await?;
    Answer::ok(&StateView { user: user.name.clone(), second_factor })
}

/// The person who calls, at home: a partner's person has its factor there, and none in a customer's tenant.
async fn own(call: &Call) -> Result<User, Problem> {
    let person = match &call.ctx.caller {
        Caller::SignedIn(identity) if identity.user.is_some() && identity.home() == identity.tenant => identity,
        _ => {
            let message = "a second factor is a person's own; sign in as that person, in its own tenant";
            return Err(Problem::new(Reason::Forbidden, message));
        }
    };
    user_find(&call.ctx, call.world.db(), person.tenant, &person.principal.to_string()).await
}
