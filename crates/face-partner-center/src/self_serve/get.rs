//! Reading and deleting policies: `/v1/SelfServePolicy` and `/v1/SelfServePolicy/{policy}`.

use crate::self_serve::wire::{SelfServePolicy, id};
use crate::wire::Collection;
use crate::wire::links::uri;
use tenantry_commerce::{self_serve_policy_get, self_serve_policy_list, self_serve_policy_remove};
use tenantry_core::{Problem, Reason, TenantId};
use tenantry_http::{Answer, Call, StatusCode};

/// The policies for a customer.
pub(crate) async fn list(call: Call) -> Result<Answer, Problem> {
    let entity = call.query("entity_id").map(str::trim).filter(|text| !text.is_empty());
    let entity = TenantId::parse(entity.ok_or_else(|| Problem::missing("entity_id"))?)
        .map_err(|error| Problem::new(Reason::CustomerNotFound, error.to_string()))?;
    let policies = self_serve_policy_list(&call.ctx, call.world.db(), entity).await?;
    let own = uri("/SelfServePolicy", [("entity_id", entity.to_string().as_str())]);
    Answer::ok(&Collection::whole(policies.into_iter().map(SelfServePolicy::of).collect(), own))
}

/// One policy.
pub(crate) async fn get(call: Call) -> Result<Answer, Problem> {
    let policy = self_serve_policy_get(&call.ctx, call.world.db(), id(call.param("policy")?)?).await?;
    Answer::ok(&SelfServePolicy::of(policy))
}

/// Takes a policy back.
pub(crate) async fn remove(call: Call) -> Result<Answer, Problem> {
    self_serve_policy_remove(&call.ctx, call.world.db(), id(call.param("policy")?)?).await?;
    Ok(Answer::empty(StatusCode::NO_CONTENT))
}
