//! What all faces share: from bytes on a socket to a routed, authenticated call, and back.
//!
//! A face is a table of [`Route`]s with handlers `async fn(Call) -> Result<Answer, Problem>` and a function that
//! renders a [`Problem`](tenantry_core::Problem) its way. Everything else is done here, once: TLS, limits,
//! tokens, ids, repeated writes, one log line per request.
//!
//! ```text
//! server -> Site -> (route) -> Authenticate -> body -> replay -> handler -> Answer
//!                                   refusals, anywhere -> Face::render_problem -> Answer
//! ```

mod answer;
mod authority;
#[cfg(test)]
mod bench;
mod body;
mod call;
mod caller;
mod compress;
mod cookie;
mod directory;
mod face;
mod ground;
mod json;
mod log;
pub mod openapi;
pub mod page;
pub mod problem;
mod protocol;
mod query;
mod replay;
mod room;
mod route;
mod router;
mod server;
mod site;

pub use answer::{Answer, JSON};
pub use authority::{Authority, trust_hints};
pub use call::Call;
pub use caller::{Authenticate, CLIENT_REQUEST_ID, CORRELATION_ID, CallMeta, REQUEST_ID, bearer};
pub use cookie::HOST_PREFIX;
pub use directory::ByDirectory;
pub use face::{Face, ReadPath, RenderProblem};
pub use ground::Ground;
pub use json::{nearest, raw_json, read_json, read_part};
pub use query::Query;
pub use replay::{LARGEST_KEPT, REPLAYED, Replay};
pub use room::BODY_BYTES_MAX;
pub use route::{BeforeBody, Boxed, DEFAULT_BODY_LIMIT, Handler, Route};
pub use router::{Found, Normal, Params, Router};
pub use server::{bind, serve};
pub use site::Site;

// What handlers need of the crates below, so that a face depends on this one alone for HTTP.
pub use bytes::Bytes;
pub use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
