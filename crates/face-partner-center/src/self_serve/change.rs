//! `PUT /v1/SelfServePolicy` and `PUT /v1/SelfServePolicy/{policy}`: one client family names the policy in the path, the
//! documentation in the body alone (partner-center-v1.md 2.13 row 169).

use crate::params;
use crate::self_serve::wire::{SelfServePolicy, id, incorrect, parties, permissions, version};
use crate::wire::etag;
use crate::wire::input::{Body, Fields};
use tenantry_commerce::{ChangeSelfServePolicy, SelfServePolicyId, self_serve_policy_change};
use tenantry_core::Problem;
use tenantry_http::{Answer, Call};

/// The policy that the body names.
pub(crate) async fn change(call: Call) -> Result<Answer, Problem> {
    save(call, None).await
}

/// The policy that the path names; the body may name no other.
pub(crate) async fn change_by_id(call: Call) -> Result<Answer, Problem> {
    let id = id(call.param("policy")?)?;
    save(call, Some(id)).await
}

async fn save(call: Call, named: Option<SelfServePolicyId>) -> Result<Answer, Problem> {
    let body = Body::of(&call)?;
    let fields = body.fields()?;
    let id = policy(&call, &fields, named)?;
    // The header counts if there is one, then the body; without either the last write wins (1.3).
    let carried = fields.object_or_empty("attributes")?.text("etag")?.filter(|etag| !etag.trim().is_empty());
    let etag = etag::if_match(&call).map(str::to_owned).or(carried);
    let change = ChangeSelfServePolicy {
        id,
        permissions: permissions(&fields)?,
        etag: etag.map(|etag| version(&etag)).transpose()?,
    };
    Answer::ok(&SelfServePolicy::of(self_serve_policy_change(&call.ctx, call.world.db(), change).await?))
}

/// The one policy that path, `id` and parties of a request name.
fn policy(call: &Call, fields: &Fields<'_>, named: Option<SelfServePolicyId>) -> Result<SelfServePolicyId, Problem> {
    let said = fields.text("id")?.filter(|text| !text.trim().is_empty()).map(|text| id(&text)).transpose()?;
    let spelled = match fields.object("selfServeEntity")? {
        Some(_) => Some(parties(fields, params::partner(call)?)?),
        None => None,
    };
    let all: Vec<_> = [named, said, spelled].into_iter().flatten().collect();
    let Some(first) = all.first().copied() else { return Err(Problem::missing("id")) };
    match all.iter().find(|other| **other != first) {
        Some(other) => Err(incorrect(format!("the request names two policies, {first} and {other}; name one"))),
        None => Ok(first),
    }
}
