//! `POST /generatetoken`: the second leg of sign-in of clients of 2016 and before.
//!
//! They trade the directory's token for one of Partner Center and use that from then on. Ours is good for both, so
//! it goes back as it came; it is verified where it is used. The exact answer of the original is not known beyond
//! `access_token` (partner-center-v1.md 11), `expires_in` is what sign-in says.

use serde::Serialize;
use tenantry_core::{Problem, Reason};
use tenantry_directory::TOKEN_LIFETIME_SECONDS;
use tenantry_http::{Answer, Call, bearer, header};

#[derive(Serialize)]
struct Token<'a> {
    token_type: &'static str,
    expires_in: i64,
    access_token: &'a str,
}

pub(crate) async fn handle(call: Call) -> Result<Answer, Problem> {
    let form = call.form()?;
    let grant = form.get("grant_type").unwrap_or("jwt_token");
    if grant != "jwt_token" {
        let message = format!("grant_type: `{grant}` is not known here; send jwt_token");
        return Err(Problem::new(Reason::Unsupported, message).at("grant_type"));
    }
    let access_token = bearer(&call.headers)?;
    let token = Token { token_type: "Bearer", expires_in: TOKEN_LIFETIME_SECONDS, access_token };
    Ok(Answer::ok(&token)?.with(header::CACHE_CONTROL, "no-store"))
}
