//! `GET /api/v1/access/explain`: may this principal do that, there? By which paths; or why not, and what would do.
//!
//! The answer is made from the decision that the act itself would meet. Who may ask about whom is
//! `tenantry_commerce::access_explain`'s business: to everybody else there is no such principal, or no such place.

use crate::asked;
use schemars::JsonSchema;
use serde::Serialize;
use tenantry_commerce::access_explain;
use tenantry_core::Problem;
use tenantry_http::{Answer, Call};

#[derive(JsonSchema, Serialize)]
pub(crate) struct ExplainedView<'a> {
    allowed: bool,
    principal: &'a str,
    action: &'a str,
    scope: &'a str,
    /// Each by itself allows it: role, scope, relationship, expiry.
    paths: Vec<String>,
    /// If it is refused: why.
    reasons: Vec<String>,
    /// If it is refused: each by itself would do.
    would: Vec<String>,
}

/// Explains.
pub(crate) async fn get(call: Call) -> Result<Answer, Problem> {
    let asked = |name: &'static str| asked::optional(&call, name).ok_or_else(|| Problem::missing(name));
    let (principal, action, scope) = (asked("principal")?, asked("action")?, asked("scope")?);
    let (db, sandbox) = (call.world.db(), call.world.settings().sandbox);
    let explained = access_explain(&call.ctx, db, principal, action, scope, sandbox).await?;
    Answer::ok(&ExplainedView {
        allowed: explained.allowed,
        principal,
        action,
        scope,
        paths: explained.paths,
        reasons: explained.reasons,
        would: explained.would,
    })
}
