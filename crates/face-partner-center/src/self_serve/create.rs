//! `POST /v1/SelfServePolicy`.

use crate::params;
use crate::self_serve::wire::{SelfServePolicy, parties, permissions};
use crate::wire::input::Body;
use tenantry_commerce::self_serve_policy_create;
use tenantry_core::Problem;
use tenantry_http::{Answer, Call};

pub(crate) async fn create(call: Call) -> Result<Answer, Problem> {
    let body = Body::of(&call)?;
    let fields = body.fields()?;
    let (id, wanted) = (parties(&fields, params::partner(&call)?)?, permissions(&fields)?);
    let policy = self_serve_policy_create(&call.ctx, call.world.db(), id, wanted).await?;
    Answer::created(&SelfServePolicy::of(policy))
}
