//! An HTTP client without a socket: requests go straight into a [`Site`], so a test of a face is fast and sees
//! what a client would see.
//!
//! ```no_run
//! # async fn example(channel: &tenantry_testkit::Channel, face: tenantry_http::Face) {
//! # use tenantry_directory::PARTNER_CENTER;
//! let client = tenantry_testkit::Client::of(channel.world(), [face]);
//! let token = channel.token(&channel.partner_app, PARTNER_CENTER).await;
//! let reply = client.get("/v1/customers?size=10").token(&token).send().await;
//! assert_eq!(reply.status, 200);
//! assert_eq!(reply.json()["totalCount"], 0);
//! # }
//! ```

use http::Request;
use http_body_util::{BodyExt, Full};
use serde_json::Value;
use std::sync::Arc;
use tenantry_core::Identity;
use tenantry_core::{OpContext, Problem};
use tenantry_directory::token_verify;
use tenantry_http::{Authenticate, Boxed, Bytes, Face, HeaderMap, Site};
use tenantry_worlds::World;

/// A client of some faces of a world.
#[derive(Debug, Clone)]
pub struct Client {
    site: Arc<Site>,
}

/// A request being put together.
#[derive(Debug)]
#[must_use = "a request does nothing until it is sent"]
pub struct Sending {
    site: Arc<Site>,
    request: http::request::Builder,
    body: Vec<u8>,
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Reply {
    /// Status.
    pub status: u16,
    /// Headers.
    pub headers: HeaderMap,
    /// Body.
    pub body: Bytes,
}

/// Tokens are those of the directory, as in the real program.
struct Directory;

impl Authenticate for Directory {
    fn authenticate<'a>(
        &'a self,
        world: &'a Arc<World>,
        ctx: &'a OpContext,
        bearer: &'a str,
        audiences: &'a [&'a str],
    ) -> Boxed<'a, Result<Identity, Problem>> {
        Box::pin(token_verify(ctx, world.db(), world.keys(), bearer, audiences))
    }
}

impl Client {
    /// Puts faces behind one origin and gives a client of it.
    #[must_use]
    pub fn of(world: &Arc<World>, faces: impl IntoIterator<Item = Face>) -> Self {
        Self::new(Arc::new(Site::new(Arc::clone(world), Arc::new(Directory), faces).unwrap()))
    }

    /// A client of a site that is there already.
    #[must_use]
    pub const fn new(site: Arc<Site>) -> Self {
        Self { site }
    }

    /// A GET.
    pub fn get(&self, path: &str) -> Sending {
        self.request("GET", path)
    }

    /// A POST.
    pub fn post(&self, path: &str) -> Sending {
        self.request("POST", path)
    }

    /// A PUT.
    pub fn put(&self, path: &str) -> Sending {
        self.request("PUT", path)
    }

    /// A PATCH.
    pub fn patch(&self, path: &str) -> Sending {
        self.request("PATCH", path)
    }

    /// A DELETE.
    pub fn delete(&self, path: &str) -> Sending {
        self.request("DELETE", path)
    }

    /// Any method.
    pub fn request(&self, method: &str, path: &str) -> Sending {
        let request = Request::builder().method(method).uri(path);
        Sending { site: Arc::clone(&self.site), request, body: Vec::new() }
    }
}

impl Sending {
    /// Sends a bearer token.
    pub fn token(self, token: &str) -> Self {
        self.header("authorization", &format!("Bearer {token}"))
    }

    /// Adds a header.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.request = self.request.header(name, value);
        self
    }

    /// Sends JSON.
    pub fn json(self, body: &Value) -> Self {
        self.header("content-type", "application/json").body(body.to_string())
    }

    /// Sends a form: `a=1&b=2`, already encoded.
    pub fn form(self, body: &str) -> Self {
        self.header("content-type", "application/x-www-form-urlencoded").body(body)
    }

    /// Sends bytes.
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    /// Sends it.
    pub async fn send(self) -> Reply {
        let request = self.request.header("content-length", self.body.len());
        let response = self.site.respond(request.body(Full::new(Bytes::from(self.body))).unwrap()).await;
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        Reply { status: parts.status.as_u16(), headers: parts.headers, body }
    }
}

impl Reply {
    /// The body as JSON.
    ///
    /// # Panics
    /// When it is none, with what it is.
    #[must_use]
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("no JSON ({error}): {self}"))
    }

    /// The body as text.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// A header; empty if absent.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The reply itself, if it has this status.
    ///
    /// # Panics
    /// When it has another, with the whole answer.
    #[must_use]
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{self}");
        self
    }
}

/// As on the wire: status, headers, body.
impl std::fmt::Display for Reply {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "{}", self.status)?;
        for (name, value) in &self.headers {
            writeln!(f, "{name}: {}", String::from_utf8_lossy(value.as_bytes()))?;
        }
        write!(f, "\n{}", self.text())
    }
}
