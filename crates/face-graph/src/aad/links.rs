//! `$links`: references to directory objects, written `{"url":"https://host/tenant/directoryObjects/{id}"}`.

use super::wire;
use crate::bodies;
use crate::input::Members;
use crate::odata::Entity;
use tenantry_core::{ObjectId, Problem};
use tenantry_http::{Answer, Call};

/// The object a body refers to.
pub(super) fn read(call: &Call) -> Result<ObjectId, Problem> {
    let url = Members::of(call)?.text_required("url")?;
    bodies::target(&url, "url")
}

/// The address of an object.
pub(super) fn url(call: &Call, id: &str, of: &str) -> Result<String, Problem> {
    Ok(format!("{}/{}/directoryObjects/{id}/{of}", call.world.settings().origin, call.param("tenant")?))
}

/// 200 with one link.
pub(super) fn one(call: &Call, property: &str, id: ObjectId, of: &str) -> Result<Answer, Problem> {
    let url = url(call, &id.to_string(), of)?;
    wire::object(call, &format!("directoryObjects/$links/{property}"), Entity::new().with("url", url))
}

/// 200 with the links to some objects.
pub(super) fn all(call: &Call, property: &str, objects: &[Entity]) -> Result<Answer, Problem> {
    let link = |object: &Entity| {
        let url = url(call, object.text("objectId"), object.text("odata.type"))?;
        Ok(Entity::new().with("url", url))
    };
    let links: Vec<Entity> = objects.iter().map(link).collect::<Result<_, Problem>>()?;
    wire::all(call, &format!("directoryObjects/$links/{property}"), &links)
}
