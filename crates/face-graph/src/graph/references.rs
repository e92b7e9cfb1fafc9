//! References to directory objects: `{"@odata.id":"https://host/v1.0/directoryObjects/{id}"}`, and several at once as
//! `members@odata.bind`.

use crate::bodies;
use crate::input::Members;
use crate::{directory, who};
use tenantry_core::{ObjectId, Problem, Reason};
use tenantry_directory::{DirectoryObject, objects_by_ids};
use tenantry_http::Call;

/// The most references of one request (directory.md 3.1).
const MOST: usize = 20;

/// The object a body refers to.
pub(super) fn read(call: &Call) -> Result<ObjectId, Problem> {
    let url = Members::of(call)?.text_required("@odata.id")?;
    bodies::target(&url, "@odata.id")
}

/// The objects a member such as `members@odata.bind` refers to, all of which must be there.
pub(super) async fn bound(call: &Call, body: &Members<'_>, name: &str) -> Result<Vec<ObjectId>, Problem> {
    let name = format!("{name}@odata.bind");
    let urls = body.texts(&name)?.unwrap_or_default();
    if urls.len() > MOST {
        let message = format!("{name} has {} references; at most {MOST} are added at once", urls.len());
        return Err(Problem::new(Reason::TooLarge, message).at(&name));
    }
    let ids: Vec<ObjectId> = urls.iter().map(|url| bodies::target(url, &name)).collect::<Result<_, _>>()?;
    if ids.is_empty() {
        return Ok(ids);
    }
    let found = objects_by_ids(&call.ctx, call.world.db(), who::tenant(call)?, &ids).await?;
    let there: Vec<ObjectId> = found.iter().map(DirectoryObject::id).collect();
    match ids.iter().find(|id| !there.contains(id)) {
        None => Ok(ids),
        Some(id) => Err(directory::no_object(*id)),
    }
}
