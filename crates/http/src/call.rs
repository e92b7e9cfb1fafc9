//! What a handler is given.

use crate::json::{raw_json, read_json};
use crate::{CallMeta, Params, Query};
use bytes::Bytes;
use http::HeaderMap;
use http::header::AsHeaderName;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use std::sync::Arc;
use tenantry_core::{OpContext, Problem, Reason};
use tenantry_worlds::World;

/// A request that was routed, whose caller is known, and whose body is read.
#[derive(Debug)]
pub struct Call<W = World> {
    /// The world it is for.
    pub world: Arc<W>,
    /// Who acts, what for, when.
    pub ctx: OpContext,
    /// Method, path and ids.
    pub meta: CallMeta,
    /// The parameters of the path.
    pub params: Params,
    /// The query.
    pub query: Query,
    /// The headers. Routes with a token never see it: `Authorization` is taken out once it is verified.
    pub headers: HeaderMap,
    /// The body, inflated.
    pub body: Bytes,
}

impl<W> Call<W> {
    /// The parameter `{name}` of the route's own pattern, decoded, in the client's spelling.
    ///
    /// A name the pattern does not have is a mistake in the face, and answered as our fault.
    pub fn param(&self, name: &str) -> Result<&str, Problem> {
        self.params
            .get(name)
            .ok_or_else(|| Problem::internal(format!("{:?} has no path parameter {name}", self.meta.operation)))
    }

    /// The first value of a query parameter, by name in any letter case.
    #[must_use]
    pub fn query(&self, name: &str) -> Option<&str> {
        self.query.get(name)
    }

    /// A header as text; `None` when absent or not text.
    #[must_use]
    pub fn header(&self, name: impl AsHeaderName) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The body as JSON; a refusal names the member.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        read_json(&self.body)
    }

    /// The body as JSON text, for faces whose clients write one thing in many ways.
    pub fn raw_json(&self) -> Result<&RawValue, Problem> {
        raw_json(&self.body)
    }

    /// The body as a form (`application/x-www-form-urlencoded`).
    pub fn form(&self) -> Result<Query, Problem> {
        let text = std::str::from_utf8(&self.body)
            .map_err(|error| Problem::new(Reason::MalformedBody, "the form body is not UTF-8").because(error))?;
        Query::parse(text)
    }
}
