//! What a user, group or service principal is in: `memberOf`, `getMemberGroups` and their kind.

use super::{objects, wire};
use crate::bodies;
use crate::input::Members;
use crate::{directory, who};
use tenantry_core::{ObjectId, Problem};
use tenantry_directory::{DirectoryObject, member_of};
use tenantry_http::{Answer, Call};

/// Whom the path names: `{user}`, or any principal as `{object}`.
async fn principal(call: &Call) -> Result<ObjectId, Problem> {
    match call.params.get("object") {
        Some(object) => directory::object_id(object),
        None => Ok(directory::user(call).await?.id),
    }
}

pub(super) async fn direct(call: Call) -> Result<Answer, Problem> {
    list(&call, false).await
}

pub(super) async fn transitive(call: Call) -> Result<Answer, Problem> {
    list(&call, true).await
}

async fn list(call: &Call, transitive: bool) -> Result<Answer, Problem> {
    let id = principal(call).await?;
    let objects = member_of(&call.ctx, call.world.db(), who::tenant(call)?, id, transitive).await?;
    let name = if transitive { "transitiveMemberOf" } else { "memberOf" };
    objects::page(call, &format!("{id}/{name}"), objects).await
}

/// `getMemberGroups`: ids of groups, transitive.
pub(super) async fn groups(call: Call) -> Result<Answer, Problem> {
    let security = Members::of(&call)?.flag("securityEnabledOnly")?;
    let security = security.ok_or_else(|| Problem::missing("securityEnabledOnly"))?;
    let of = principal(&call).await?;
    ids(&call, &directory::groups_of(&call, of, security).await?)
}

/// `getMemberObjects`: the same with directory roles.
pub(super) async fn objects(call: Call) -> Result<Answer, Problem> {
    let security = Members::of(&call)?.flag("securityEnabledOnly")?.unwrap_or(false);
    let of = principal(&call).await?;
    let all = member_of(&call.ctx, call.world.db(), who::tenant(&call)?, of, true).await?;
    let counts = |object: &DirectoryObject| match object {
        DirectoryObject::Group(group) => group.security_enabled || !security,
        _ => true,
    };
    ids(&call, &all.iter().filter(|object| counts(object)).map(DirectoryObject::id).collect::<Vec<_>>())
}

/// `checkMemberGroups`: which of some groups the principal is in.
pub(super) async fn check(call: Call) -> Result<Answer, Problem> {
    let asked = bodies::group_ids(&Members::of(&call)?)?;
    let of = principal(&call).await?;
    let groups = directory::groups_of(&call, of, false).await?;
    ids(&call, &groups.into_iter().filter(|group| asked.contains(group)).collect::<Vec<_>>())
}

fn ids(call: &Call, ids: &[ObjectId]) -> Result<Answer, Problem> {
    let texts: Vec<String> = ids.iter().map(ToString::to_string).collect();
    wire::all(call, "Collection(Edm.String)", &texts)
}
