//! The envelope of Microsoft Graph: what stands around things, pages and values, and on every answer's head.
//!
//! Source: directory.md 3.1.

use crate::odata::{self, Entity, Options, Page, Select};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use serde_json::Value;
use tenantry_core::Problem;
use tenantry_http::{Answer, Call, CallMeta, HeaderName, StatusCode, header};

/// What answers with a body are.
const CONTENT: &str =
    "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8";

/// What may stand in a query as it is. The dollar sign and quotes do, as links of the original have them.
const KEPT: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'$').remove(b'-').remove(b'_').remove(b'.').remove(b'~').remove(b'\'').remove(b',');

#[derive(Serialize)]
struct Collection<'a, T> {
    #[serde(rename = "@odata.context")]
    context: String,
    #[serde(rename = "@odata.count", skip_serializing_if = "Option::is_none")]
    count: Option<usize>,
    #[serde(rename = "@odata.nextLink", skip_serializing_if = "Option::is_none")]
    next: Option<String>,
    value: &'a [T],
}

/// Puts the heads on that every answer of this API has.
pub(crate) fn marked(mut answer: Answer, meta: &CallMeta) -> Answer {
    let json = answer.headers.get(header::CONTENT_TYPE).is_some_and(|known| known == tenantry_http::JSON);
    if json {
        answer = answer.with(header::CONTENT_TYPE, CONTENT);
    }
    let client = HeaderName::from_static("client-request-id");
    answer
        .with(HeaderName::from_static("request-id"), meta.request_id.to_string())
        .with(client, meta.correlation_id.to_string())
        .with(HeaderName::from_static("odata-version"), "4.0")
        .with(header::CACHE_CONTROL, "no-cache")
}

/// The address of the version the client called: `https://host/v1.0`.
fn root(call: &Call) -> String {
    let (version, _) = odata::paths::first(&call.meta.path);
    format!("{}/{}", call.world.settings().origin, version.to_ascii_lowercase())
}

/// The address of a place below it.
pub(crate) fn address(call: &Call, place: &str) -> String {
    format!("{}/{place}", root(call))
}

/// What `@odata.context` says of a set.
fn context(call: &Call, of: &str) -> String {
    format!("{}/$metadata#{of}", root(call))
}

/// A set with the properties asked for, as contexts write it: `users(displayName,id)`.
fn narrowed(call: &Call, set: &str) -> String {
    match call.query("$select").map(str::trim).filter(|text| !text.is_empty()) {
        Some(select) => format!("{set}({select})"),
        None => set.to_owned(),
    }
}

/// One thing with the properties asked for, or with those that are shown unasked.
pub(crate) fn selected(call: &Call, entity: Entity, unasked: &[&'static str]) -> Result<Entity, Problem> {
    odata::options::served(&call.query)?;
    let select = call.query("$select").map(str::trim).filter(|text| !text.is_empty());
    let select = match select {
        Some(text) => Select::parse(text)?,
        None => Select::of_names(unasked),
    };
    Ok(match select {
        Some(select) => select.of(entity),
        None => entity,
    })
}

/// 200 with one thing of a set.
pub(crate) fn entity(call: &Call, set: &str, entity: Entity) -> Result<Answer, Problem> {
    let context = context(call, &format!("{}/$entity", narrowed(call, set)));
    Answer::ok(&entity.headed("@odata.context", context))
}

/// 201 with a thing that was made, and where it is.
pub(crate) fn created(call: &Call, set: &str, place: &str, entity: Entity) -> Result<Answer, Problem> {
    let answer = Answer::created(&entity.headed("@odata.context", context(call, &format!("{set}/$entity"))))?;
    Ok(answer.with(header::LOCATION, address(call, place)))
}

/// 200 with a page of a set. The next link is absolute and keeps the question.
pub(crate) fn page(call: &Call, set: &str, page: &Page) -> Result<Answer, Problem> {
    let next = page.next.as_deref().map(|token| {
        let kept = call.query.pairs().filter(|(name, _)| !name.eq_ignore_ascii_case("$skiptoken"));
        let encode = |text: &str| utf8_percent_encode(text, KEPT).to_string();
        let pairs: Vec<String> = kept
            .chain([("$skiptoken", token)])
            .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
            .collect();
        format!("{}{}?{}", call.world.settings().origin, call.meta.path, pairs.join("&"))
    });
    Answer::ok(&Collection {
        context: context(call, &narrowed(call, set)),
        count: page.count,
        next,
        value: &page.items,
    })
}

/// 200 with all there is of a set.
pub(crate) fn all<T: Serialize>(call: &Call, set: &str, value: &[T]) -> Result<Answer, Problem> {
    Answer::ok(&Collection { context: context(call, set), count: None, next: None, value })
}

/// 200 with one thing that is in no set, such as `microsoft.graph.passwordCredential`.
pub(crate) fn one(call: &Call, of: &str, entity: Entity) -> Result<Answer, Problem> {
    Answer::ok(&entity.headed("@odata.context", context(call, of)))
}

/// 200 with a plain value, such as `Edm.Boolean`.
pub(crate) fn value(call: &Call, of: &str, value: impl Into<Value>) -> Result<Answer, Problem> {
    Answer::ok(&Entity::new().with("@odata.context", context(call, of)).with("value", value))
}

/// 204: done, nothing to tell.
pub(crate) fn done() -> Result<Answer, Problem> {
    Ok(Answer::empty(StatusCode::NO_CONTENT))
}

/// The options of a list. Conditions that the original answers only with `ConsistencyLevel: eventual` and `$count=true`
/// are refused without them here too: a client that works here shall work there.
pub(crate) fn options(
    call: &Call,
    shape: &odata::Shape,
    list: &str,
    unasked: &[&'static str],
) -> Result<Options, Problem> {
    let mut options = Options::read(&call.query, shape, list)?;
    let eventual = call.header("consistencylevel").is_some_and(|level| level.eq_ignore_ascii_case("eventual"));
    let advanced = options.filter.as_ref().is_some_and(odata::Filter::is_advanced);
    if advanced && !(eventual && options.count) && options.after.is_none() {
        let message = "$filter: ne, not and endswith need the header `ConsistencyLevel: eventual` and `$count=true`";
        return Err(Problem::new(tenantry_core::Reason::Unsupported, message).at("$filter"));
    }
    if options.select.is_none() && call.query("$select").is_none_or(|text| text.trim().is_empty()) {
        options.select = Select::of_names(unasked);
    }
    Ok(options)
}
