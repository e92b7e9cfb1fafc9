//! Who the user of a token is, for applications that would rather ask than read the ID token.
//!
//! Source: directory.md 1.1; OpenID Connect Core 5.3. The token is one for Microsoft Graph, as in the original: that
//! is what a client gets that asks for `openid` alone.

use crate::wire;
use tenantry_core::Problem;
use tenantry_directory::user_info;
use tenantry_http::{Answer, Call, bearer};

/// `GET` or `POST /oidc/userinfo`. The directory reads the token itself: what it says depends on the application
/// that the token was made for.
pub(crate) async fn get(call: Call) -> Result<Answer, Problem> {
    let token = bearer(&call.headers)?;
    let user = user_info(&call.ctx, call.world.db(), call.world.keys(), token).await?;
    Ok(wire::secret(Answer::ok(&user)?, call.ctx.request_id))
}
