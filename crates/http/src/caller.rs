//! Which request this is, and who sends it.
//!
//! `MS-RequestId` names a request and stays the same when a client repeats it; `MS-CorrelationId` names the
//! logical call it belongs to (partner-center-v1.md 1.3). Both are echoed as they came. Clients that send none
//! get ids drawn from the world's chance, so that a log line can always be found.

use crate::{Boxed, Ground};
use http::header::{ACCEPT, AUTHORIZATION};
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use std::sync::Arc;
use tenantry_core::Identity;
use tenantry_core::{Caller, Chance, OpContext, Problem, Reason, Timestamp};
use tenantry_worlds::World;
use uuid::Uuid;

/// Names a request; the idempotency key of writes.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("ms-requestid");
/// Names a logical call.
pub const CORRELATION_ID: HeaderName = HeaderName::from_static("ms-correlationid");
/// What sign-in libraries send instead.
pub const CLIENT_REQUEST_ID: HeaderName = HeaderName::from_static("client-request-id");

/// Turns a bearer token into the application that holds it.
///
/// [`ByDirectory`](crate::ByDirectory) is the one to use; tests of the frame bring one that needs no keys.
pub trait Authenticate<W = World>: Send + Sync + 'static {
    /// The application, or why the token is refused. `audiences` are those of the face that is called.
    fn authenticate<'a>(
        &'a self,
        world: &'a Arc<W>,
        ctx: &'a OpContext,
        bearer: &'a str,
        audiences: &'a [&'a str],
    ) -> Boxed<'a, Result<Identity, Problem>>;
}

/// What is known of a request before anything is decided: enough to render a refusal and to write a log line.
#[derive(Debug, Clone)]
pub struct CallMeta {
    /// The method.
    pub method: Method,
    /// The path as sent, without the query.
    pub path: String,
    /// The operation, once a route is found.
    pub operation: Option<&'static str>,
    /// Names the request.
    pub request_id: Uuid,
    /// Names the logical call.
    pub correlation_id: Uuid,
    /// Whether the client itself named the request; only then can it be a repetition.
    pub named_by_client: bool,
    /// What the client would like to get, as sent.
    pub accept: Option<String>,
    /// When it came, in world time: some refusals carry a date.
    pub at: Timestamp,
    echo: Vec<(HeaderName, HeaderValue)>,
}

impl CallMeta {
    /// Reads the ids, drawing those that are not there.
    ///
    /// The problem beside it says that the `MS-RequestId` of a write is no GUID. Passing over it would be worse
    /// than a refusal: the client relies on it to be acted on once. Of a read it is passed over.
    pub fn read(parts: &Parts, chance: &Chance) -> (Self, Option<Problem>) {
        let sent = |name: &HeaderName| parts.headers.get(name);
        let guid =
            |name: &HeaderName| sent(name).and_then(|v| v.to_str().ok()).and_then(|v| Uuid::try_parse(v.trim()).ok());
        let named = guid(&REQUEST_ID);
        let client = guid(&CLIENT_REQUEST_ID);
        let request_id = named.or(client).unwrap_or_else(|| chance.guid());
        let correlation_id = guid(&CORRELATION_ID).or(client).unwrap_or_else(|| chance.guid());
        let unreadable = sent(&REQUEST_ID).is_some() && named.is_none();
        let refused = (unreadable && is_write(&parts.method)).then(|| {
            Problem::invalid("MS-RequestId", "not a GUID; send a new GUID with each new request, or leave it away")
        });
        let written = |name: HeaderName, known: Option<Uuid>, id: Uuid| {
            let as_sent = known.and(sent(&name)).cloned();
            let value = as_sent.unwrap_or_else(|| crate::answer::header_value(&id.to_string()));
            (name, value)
        };
        let mut echo = vec![
            written(REQUEST_ID, named, request_id),
            written(CORRELATION_ID, guid(&CORRELATION_ID), correlation_id),
        ];
        if let (Some(_), Some(value)) = (client, sent(&CLIENT_REQUEST_ID)) {
            echo.push((CLIENT_REQUEST_ID, value.clone()));
        }
        let meta = Self {
            method: parts.method.clone(),
            path: parts.uri.path().to_owned(),
            operation: None,
            request_id,
            correlation_id,
            named_by_client: named.is_some(),
            accept: sent(&ACCEPT).and_then(|v| v.to_str().ok()).map(str::to_owned),
            at: Timestamp::default(),
            echo,
        };
        (meta, refused)
    }

    /// Puts the ids on an answer.
    pub(crate) fn mark(&self, headers: &mut HeaderMap) {
        for (name, value) in &self.echo {
            headers.insert(name.clone(), value.clone());
        }
    }

    /// The context of the operation, with nobody signed in yet.
    pub(crate) fn context(&self, world: &impl Ground) -> OpContext {
        OpContext {
            caller: Caller::Nobody,
            request_id: self.request_id,
            correlation_id: self.correlation_id,
            clock: Arc::clone(world.clock()),
            chance: Arc::clone(world.chance()),
        }
    }
}

/// Whether a method changes things, and so must not run twice for one request.
pub(crate) fn is_write(method: &Method) -> bool {
    [Method::POST, Method::PUT, Method::PATCH, Method::DELETE].contains(method)
}

/// The token of `Authorization: Bearer ..`.
pub fn bearer(headers: &HeaderMap) -> Result<&str, Problem> {
    let text = authorization(headers)?;
    match text.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") && !token.trim().is_empty() => Ok(token.trim()),
        _ => Err(missing("the Authorization header is not of the form `Bearer <token>`")),
    }
}

/// The token of `Authorization: Bearer ..`, or of `Authorization: ..` with nothing but the token.
pub(crate) fn bearer_or_bare(headers: &HeaderMap) -> Result<&str, Problem> {
    let text = authorization(headers)?;
    let bare = !text.is_empty() && !text.contains(' ') && !text.eq_ignore_ascii_case("bearer");
    if bare { Ok(text) } else { bearer(headers) }
}

fn missing(message: &str) -> Problem {
    Problem::new(Reason::TokenMissing, message).at("Authorization")
}

/// The one Authorization header there may be.
fn authorization(headers: &HeaderMap) -> Result<&str, Problem> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let Some(value) = values.next() else {
        return Err(missing("this operation needs a token: send the header `Authorization: Bearer <token>`"));
    };
    if values.next().is_some() {
        return Err(Problem::new(Reason::TokenInvalid, "there is more than one Authorization header; send one")
            .at("Authorization"));
    }
    let text = value.to_str().map_err(|_| {
        Problem::new(Reason::TokenInvalid, "the Authorization header holds characters that no token has")
            .at("Authorization")
    })?;
    Ok(text.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(method: Method, headers: &[(HeaderName, &str)]) -> (CallMeta, Option<Problem>) {
        let mut request = http::Request::builder().method(method).uri("/v1/customers?size=1");
        for (name, value) in headers {
            request = request.header(name, *value);
        }
        CallMeta::read(&request.body(()).unwrap().into_parts().0, &Chance::from_seed(1))
    }

    #[test]
    fn ids_of_the_client_are_taken_and_echoed_as_they_came() {
        let id = "AAAAAAAA-0000-4000-8000-00000000000F";
        let other = "bbbbbbbb-0000-4000-8000-000000000001";
        let (meta, refused) = read(Method::POST, &[(REQUEST_ID, id), (CLIENT_REQUEST_ID, other)]);
        assert!(refused.is_none() && meta.named_by_client);
        assert_eq!((meta.request_id, meta.correlation_id), (id.parse().unwrap(), other.parse().unwrap()));
        let mut headers = HeaderMap::new();
        meta.mark(&mut headers);
        assert_eq!(headers[REQUEST_ID], id);
        assert_eq!(headers[CORRELATION_ID], other);
        assert_eq!(headers[CLIENT_REQUEST_ID], other);
        assert_eq!(meta.path, "/v1/customers");
    }

    #[test]
    fn missing_ids_are_drawn_and_unreadable_ones_are_named() {
        let (meta, refused) = read(Method::POST, &[]);
        assert!(refused.is_none() && !meta.named_by_client);
        assert_ne!(meta.request_id, meta.correlation_id);
        let (meta, refused) = read(Method::POST, &[(REQUEST_ID, "first"), (CORRELATION_ID, "also none")]);
        assert_eq!(refused.unwrap().field(), Some("MS-RequestId"));
        let mut headers = HeaderMap::new();
        meta.mark(&mut headers);
        assert_eq!(headers[REQUEST_ID], meta.request_id.to_string());
        assert!(read(Method::GET, &[(REQUEST_ID, "first")]).1.is_none());
    }

    #[test]
    fn the_token_is_found_or_asked_for() {
        let missing = Err(Reason::TokenMissing);
        for (values, expected, bare) in [
            (vec!["Bearer abc.def"], Ok("abc.def"), Ok("abc.def")),
            (vec!["bEARER  abc "], Ok("abc"), Ok("abc")),
            (vec![], missing, missing),
            (vec!["Bearer "], missing, missing),
            (vec!["abc"], missing, Ok("abc")),
            (vec![""], missing, missing),
            (vec!["Basic YTpi"], missing, missing),
            (vec!["Bearer a", "Bearer b"], Err(Reason::TokenInvalid), Err(Reason::TokenInvalid)),
        ] {
            let headers = values.iter().map(|v| (AUTHORIZATION, HeaderValue::from_static(v))).collect::<Vec<_>>();
            let mut map = HeaderMap::new();
            headers.into_iter().for_each(|(name, value)| {
                map.append(name, value);
            });
            assert_eq!(bearer(&map).map_err(|p| p.reason()), expected, "{values:?}");
            assert_eq!(bearer_or_bare(&map).map_err(|p| p.reason()), bare, "{values:?}, bare tokens taken");
        }
    }
}
