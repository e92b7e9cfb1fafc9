//! `/healthz` and `/readyz`: for those who watch the process. They say nothing about the world's content.

use schemars::JsonSchema;
use serde::Serialize;
use tenantry_core::{Problem, Reason};
use tenantry_directory::provider_find;
use tenantry_http::{Answer, Call};

#[derive(JsonSchema, Serialize)]
pub(crate) struct HealthView {
    status: &'static str,
}

/// The process runs and answers.
pub(crate) async fn live(_: Call) -> Result<Answer, Problem> {
    Answer::ok(&HealthView { status: "ok" })
}

/// The database answers too, and the world is set up: requests will find what they need.
pub(crate) async fn ready(call: Call) -> Result<Answer, Problem> {
    let provider = provider_find(call.world.db()).await?;
    if provider.is_none() {
        let message = "this world has no provider yet; create it before the first request";
        return Err(Problem::new(Reason::Unavailable, message));
    }
    Answer::ok(&HealthView { status: "ready" })
}
