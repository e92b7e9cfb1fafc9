//! The envelope of Azure AD Graph: what stands around objects, pages, values and refusals, and on every answer's head.
//!
//! Source: directory.md 2.1.

use crate::odata::{Entity, Page, options};
use serde::Serialize;
use serde_json::Value;
use tenantry_core::Problem;
use tenantry_http::{Answer, Call, CallMeta, HeaderName, StatusCode, header};

/// What answers with a body are.
const CONTENT: &str = "application/json;odata=minimalmetadata;streaming=true;charset=utf-8";

/// Most things live in one set.
pub(crate) const OBJECTS: &str = "directoryObjects";

#[derive(Serialize)]
pub(crate) struct Refusal<'a> {
    #[serde(rename = "odata.error")]
    pub(crate) error: Error<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Error<'a> {
    pub(crate) code: &'static str,
    pub(crate) message: Message<'a>,
    pub(crate) request_id: String,
    pub(crate) date: String,
    pub(crate) values: Value,
}

#[derive(Serialize)]
pub(crate) struct Message<'a> {
    pub(crate) lang: &'static str,
    pub(crate) value: &'a str,
}

#[derive(Serialize)]
struct Collection<'a, T> {
    #[serde(rename = "odata.metadata")]
    metadata: String,
    #[serde(rename = "odata.nextLink", skip_serializing_if = "Option::is_none")]
    next: Option<String>,
    value: &'a [T],
}

/// Puts the heads on that every answer of this API has.
pub(crate) fn marked(mut answer: Answer, meta: &CallMeta) -> Answer {
    if !answer.body.is_empty()
        && answer.headers.get(header::CONTENT_TYPE).is_some_and(|known| known == tenantry_http::JSON)
    {
        answer = answer.with(header::CONTENT_TYPE, CONTENT);
    }
    answer
        .with(HeaderName::from_static("request-id"), meta.request_id.to_string())
        .with(HeaderName::from_static("dataserviceversion"), "3.0;")
        .with(header::CACHE_CONTROL, "no-cache")
}

/// The address of the tenant as the client named it: `https://host/contoso.example`.
fn root(call: &Call) -> Result<String, Problem> {
    Ok(format!("{}/{}", call.world.settings().origin, call.param("tenant")?))
}

/// What `odata.metadata` says of a set or type.
fn metadata(call: &Call, of: &str) -> Result<String, Problem> {
    Ok(format!("{}/$metadata#{of}", root(call)?))
}

/// 200 with one thing of a set.
pub(crate) fn object(call: &Call, set: &str, entity: Entity) -> Result<Answer, Problem> {
    Answer::ok(&entity.headed("odata.metadata", metadata(call, &format!("{set}/@Element"))?))
}

/// 201 with a thing that was made, and where it is.
pub(crate) fn created(call: &Call, set: &str, place: &str, entity: Entity) -> Result<Answer, Problem> {
    let location = format!("{}/{place}", root(call)?);
    let answer = Answer::created(&entity.headed("odata.metadata", metadata(call, &format!("{set}/@Element"))?))?;
    Ok(answer.with(header::LOCATION, location))
}

/// 201 with a directory object that was made.
pub(crate) fn object_created(call: &Call, entity: Entity) -> Result<Answer, Problem> {
    let place = format!("{OBJECTS}/{}/{}", entity.text("objectId"), entity.text("odata.type"));
    created(call, OBJECTS, &place, entity)
}

/// 200 with a page of a set. `again` is the path that goes on, without tenant and version: clients put both in front and
/// behind by themselves.
pub(crate) fn page(call: &Call, set: &str, again: &str, page: &Page) -> Result<Answer, Problem> {
    let next = page.next.as_deref().map(|token| format!("{again}?$skiptoken={}", options::binary(token)));
    Answer::ok(&Collection { metadata: metadata(call, set)?, next, value: &page.items })
}

/// 200 with all there is of a set.
pub(crate) fn all<T: Serialize>(call: &Call, set: &str, value: &[T]) -> Result<Answer, Problem> {
    Answer::ok(&Collection { metadata: metadata(call, set)?, next: None, value })
}

/// 200 with a plain value, such as `Edm.Boolean`.
pub(crate) fn value(call: &Call, of: &str, value: impl Into<Value>) -> Result<Answer, Problem> {
    Answer::ok(&Entity::new().with("odata.metadata", metadata(call, of)?).with("value", value))
}

/// 204: done, nothing to tell.
pub(crate) fn done() -> Result<Answer, Problem> {
    Ok(Answer::empty(StatusCode::NO_CONTENT))
}
