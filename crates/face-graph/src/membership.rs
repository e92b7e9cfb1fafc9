//! `getMemberGroups` and its kind, which both APIs ask and answer alike but for the envelope: ids.

use crate::input::Members;
use crate::{bodies, directory, who};
use tenantry_core::{ObjectId, Problem};
use tenantry_directory::{DirectoryObject, member_of};
use tenantry_http::Call;

/// Whom the path names: `{user}`, or any principal as `{object}`.
pub(crate) async fn principal(call: &Call) -> Result<ObjectId, Problem> {
    match call.params.get("object") {
        Some(object) => directory::object_id(object),
        None => Ok(directory::user(call).await?.id),
    }
}

/// `getMemberGroups`: the groups the principal is in, through groups too.
pub(crate) async fn groups(call: &Call) -> Result<Vec<String>, Problem> {
    let security = Members::of(call)?.flag("securityEnabledOnly")?;
    let security = security.ok_or_else(|| Problem::missing("securityEnabledOnly"))?;
    Ok(texts(directory::groups_of(call, principal(call).await?, security).await?))
}

/// `getMemberObjects`: the same with directory roles.
pub(crate) async fn objects(call: &Call) -> Result<Vec<String>, Problem> {
    let security = Members::of(call)?.flag("securityEnabledOnly")?.unwrap_or(false);
    let of = principal(call).await?;
    let all = member_of(&call.ctx, call.world.db(), who::tenant(call)?, of, true).await?;
    let counts = |object: &DirectoryObject| match object {
        DirectoryObject::Group(group) => group.security_enabled || !security,
        _ => true,
    };
    Ok(texts(all.iter().filter(|object| counts(object)).map(DirectoryObject::id)))
}

/// `checkMemberGroups`: which of some groups the principal is in.
pub(crate) async fn checked(call: &Call) -> Result<Vec<String>, Problem> {
    let asked = bodies::group_ids(&Members::of(call)?)?;
    let groups = directory::groups_of(call, principal(call).await?, false).await?;
    Ok(texts(groups.into_iter().filter(|group| asked.contains(group))))
}

fn texts(ids: impl IntoIterator<Item = ObjectId>) -> Vec<String> {
    ids.into_iter().map(|id| id.to_string()).collect()
}
