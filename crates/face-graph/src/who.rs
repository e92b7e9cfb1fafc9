//! Who asks, and whom a path names.

use tenantry_core::{Caller, Identity, ObjectId, Problem, TenantId};
use tenantry_http::Call;

/// The word that stands for the signed-in user where a path names a user.
pub(crate) const ME: &str = "me";

/// The tenant all of this is about: the caller's.
pub(crate) fn tenant(call: &Call) -> Result<TenantId, Problem> {
    Ok(identity(call)?.tenant)
}

/// Who signed in.
pub(crate) fn identity(call: &Call) -> Result<&Identity, Problem> {
    match &call.ctx.caller {
        Caller::SignedIn(identity) => Ok(identity),
        Caller::System(_) | Caller::Nobody => Err(Problem::internal("a route without a token asked who calls")),
    }
}

/// The signed-in user. An application that acts for itself is nobody's `me`.
pub(crate) fn me(call: &Call) -> Result<ObjectId, Problem> {
    let identity = identity(call)?;
    if identity.user.is_some() {
        return Ok(identity.principal);
    }
    let message = "/me is the signed-in user, and this token is an application's own; sign a user in, or name a user";
    Err(Problem::new(tenantry_core::Reason::InvalidField, message))
}

/// The user of `{user}`: an object id, a user principal name, or `me`.
pub(crate) fn user(call: &Call) -> Result<String, Problem> {
    let named = call.param("user")?;
    if named == ME { me(call).map(|id| id.to_string()) } else { Ok(named.to_owned()) }
}
