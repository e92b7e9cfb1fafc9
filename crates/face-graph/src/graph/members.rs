//! What a user, group or service principal is in: `memberOf`, `getMemberGroups` and their kind.

use super::{objects, wire};
use crate::{membership, who};
use tenantry_core::Problem;
use tenantry_directory::member_of;
use tenantry_http::{Answer, Call};

pub(super) async fn direct(call: Call) -> Result<Answer, Problem> {
    list(&call, false).await
}

pub(super) async fn transitive(call: Call) -> Result<Answer, Problem> {
    list(&call, true).await
}

async fn list(call: &Call, transitive: bool) -> Result<Answer, Problem> {
    let id = membership::principal(call).await?;
    let objects = member_of(&call.ctx, call.world.db(), who::tenant(call)?, id, transitive).await?;
    let name = if transitive { "transitiveMemberOf" } else { "memberOf" };
    objects::page(call, &format!("{id}/{name}"), objects).await
}

pub(super) async fn groups(call: Call) -> Result<Answer, Problem> {
    wire::all(&call, IDS, &membership::groups(&call).await?)
}

pub(super) async fn objects(call: Call) -> Result<Answer, Problem> {
    wire::all(&call, IDS, &membership::objects(&call).await?)
}

pub(super) async fn check(call: Call) -> Result<Answer, Problem> {
    wire::all(&call, IDS, &membership::checked(&call).await?)
}

const IDS: &str = "Collection(Edm.String)";
