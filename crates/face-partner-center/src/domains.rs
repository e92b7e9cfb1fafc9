//! Whether a domain is in use: `HEAD /v1/domains/{domain}` and
//! `GET /v1/validations/checkdomainavailability/{prefix}`.
//!
//! Any signed-in caller may ask: that a domain is taken is no secret, its owner is.

use tenantry_core::Problem;
use tenantry_directory::{domain_check, domain_exists};
use tenantry_http::{Answer, Call, StatusCode};

/// 200 if the domain is in use, 404 if it is free; no body in either case.
pub(crate) async fn exists(call: Call) -> Result<Answer, Problem> {
    let taken = domain_exists(call.world.db(), call.param("domain")?).await?;
    Ok(Answer::empty(if taken { StatusCode::OK } else { StatusCode::NOT_FOUND }))
}

/// A bare `true` if the prefix can be had under this world's suffix. A prefix that is no prefix cannot.
pub(crate) async fn available(call: Call) -> Result<Answer, Problem> {
    let suffix = &call.world.settings().domain_suffix;
    let free = match domain_check(suffix, &format!("{}.{suffix}", call.param("prefix")?)) {
        Ok(domain) => !domain_exists(call.world.db(), &domain).await?,
        Err(_) => false,
    };
    Answer::ok(&free)
}
