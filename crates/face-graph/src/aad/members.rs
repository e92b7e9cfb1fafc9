//! What a user, group or service principal is in: `memberOf`, `getMemberGroups` and their kind.

use super::{objects, wire};
use crate::bodies;
use crate::input::Members;
use crate::odata::{Options, Page, Shape};
use crate::{directory, who};
use tenantry_core::{ObjectId, Problem};
use tenantry_directory::{DirectoryObject, group_owners, group_page, member_of};
use tenantry_http::{Answer, Call};

/// Lists of members and owners. Things of several kinds have little in common to be found by.
pub(super) const SHAPE: Shape = Shape::of("DirectoryObject", &["displayName", "objectId", "objectType"]);

/// A page of objects of mixed kinds; the list's own path is where it goes on.
pub(super) async fn page(call: &Call, list: &str, objects: Vec<DirectoryObject>) -> Result<Answer, Problem> {
    let options = Options::read(&call.query, &SHAPE, list)?;
    let page = Page::whole(&options, objects::shown(call, objects).await?)?;
    wire::page(call, wire::OBJECTS, list, &page)
}

/// Whom the path names: `{user}`, or any principal as `{object}`.
async fn principal(call: &Call) -> Result<ObjectId, Problem> {
    match call.params.get("object") {
        Some(object) => directory::object_id(object),
        None => Ok(directory::user(call).await?.id),
    }
}

pub(super) async fn of_user(call: Call) -> Result<Answer, Problem> {
    let user = directory::user(&call).await?;
    let objects = member_of(&call.ctx, call.world.db(), who::tenant(&call)?, user.id, false).await?;
    page(&call, &format!("users/{}/memberOf", user.id), objects).await
}

pub(super) async fn of_object(call: Call) -> Result<Answer, Problem> {
    let id = principal(&call).await?;
    let set = call.meta.operation.and_then(|name| name.split('.').next()).unwrap_or_default();
    let set = if set == "groups" { "groups" } else { "servicePrincipals" };
    let objects = member_of(&call.ctx, call.world.db(), who::tenant(&call)?, id, false).await?;
    page(&call, &format!("{set}/{id}/memberOf"), objects).await
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

/// `isMemberOf`: whether a principal is in a group, directly or through groups.
pub(super) async fn is_member(call: Call) -> Result<Answer, Problem> {
    let body = Members::of(&call)?;
    let group = ObjectId::new(body.guid_required("groupId")?);
    let member = ObjectId::new(body.guid_required("memberId")?);
    let groups = directory::groups_of(&call, member, false).await?;
    wire::value(&call, "Edm.Boolean", groups.contains(&group))
}

fn ids(call: &Call, ids: &[ObjectId]) -> Result<Answer, Problem> {
    let texts: Vec<String> = ids.iter().map(ToString::to_string).collect();
    wire::all(call, "Collection(Edm.String)", &texts)
}

/// What a user answers for. Groups are all that has owners in this directory, and few have any, so all are asked.
pub(super) async fn owned(call: Call) -> Result<Answer, Problem> {
    let user = directory::user(&call).await?;
    let (db, tenant) = (call.world.db(), who::tenant(&call)?);
    let mut owned = Vec::new();
    let mut after = None;
    loop {
        let groups = group_page(&call.ctx, db, tenant, after, STRIDE).await?;
        let complete = groups.len() < STRIDE;
        after = groups.last().map(|group| group.id);
        for group in groups {
            let owners = group_owners(&call.ctx, db, tenant, group.id).await?;
            if owners.iter().any(|owner| owner.id() == user.id) {
                owned.push(DirectoryObject::Group(group));
            }
        }
        if complete {
            return page(&call, &format!("users/{}/ownedObjects", user.id), owned).await;
        }
    }
}

/// Groups looked at at once.
const STRIDE: usize = 500;
