//! What a user, group or service principal is in: `memberOf`, `getMemberGroups` and their kind.

use super::{objects, wire};
use crate::input::Members;
use crate::odata::{Options, Page, Shape};
use crate::{directory, membership, who};
use tenantry_core::{ObjectId, Problem};
use tenantry_directory::{DirectoryObject, groups_owned, member_of};
use tenantry_http::{Answer, Call};

/// Lists of members and owners. Things of several kinds have little in common to be found by.
pub(super) const SHAPE: Shape = Shape::of("DirectoryObject", &["displayName", "objectId", "objectType"]);

/// A page of objects of mixed kinds; the list's own path is where it goes on.
pub(super) async fn page(call: &Call, list: &str, objects: Vec<DirectoryObject>) -> Result<Answer, Problem> {
    let options = Options::read(&call.query, &SHAPE, list)?;
    let page = Page::whole(&options, objects::shown(call, objects).await?)?;
    wire::page(call, wire::OBJECTS, list, &page)
}

pub(super) async fn of_user(call: Call) -> Result<Answer, Problem> {
    let user = directory::user(&call).await?;
    let objects = member_of(&call.ctx, call.world.db(), who::tenant(&call)?, user.id, false).await?;
    page(&call, &format!("users/{}/memberOf", user.id), objects).await
}

pub(super) async fn of_object(call: Call) -> Result<Answer, Problem> {
    let id = membership::principal(&call).await?;
    let set = call.meta.operation.and_then(|name| name.split('.').next()).unwrap_or_default();
    let set = if set == "groups" { "groups" } else { "servicePrincipals" };
    let objects = member_of(&call.ctx, call.world.db(), who::tenant(&call)?, id, false).await?;
    page(&call, &format!("{set}/{id}/memberOf"), objects).await
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

/// `isMemberOf`: whether a principal is in a group, directly or through groups.
pub(super) async fn is_member(call: Call) -> Result<Answer, Problem> {
    let body = Members::of(&call)?;
    let group = ObjectId::new(body.guid_required("groupId")?);
    let member = ObjectId::new(body.guid_required("memberId")?);
    let groups = directory::groups_of(&call, member, false).await?;
    wire::value(&call, "Edm.Boolean", groups.contains(&group))
}

/// What a user answers for: groups are all that has owners in this directory.
pub(super) async fn owned(call: Call) -> Result<Answer, Problem> {
    let user = directory::user(&call).await?;
    let owned = groups_owned(&call.ctx, call.world.db(), who::tenant(&call)?, user.id).await?;
    let objects = owned.into_iter().map(DirectoryObject::Group).collect();
    page(&call, &format!("users/{}/ownedObjects", user.id), objects).await
}
