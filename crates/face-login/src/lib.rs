//! Sign-in: the OAuth 2.0 token endpoints and the documents by which clients find them.
//!
//! Served today: client credentials with a secret, at the version 1 and version 2 endpoints. The documents name
//! what is served and nothing else, except `authorization_endpoint`: client libraries do not start without it
//! (directory.md 1.3).
//!
//! Everything is open to everybody. Secrets come in as form fields or HTTP Basic, become a `Secret` at once, and
//! never go into an answer, an error text or a log.

mod client;
mod discovery;
mod document;
mod instance;
mod key_list;
mod token;
mod wire;

pub use document::text as openapi_text;

use tenantry_directory::Endpoint;
use tenantry_http::{Face, Replay, Route};

/// The most a token request may hold: a thousand times what clients send.
const FORM_LIMIT: usize = 64 << 10;

/// The face, ready for a site.
#[must_use]
pub fn face() -> Face {
    Face::new("login").routes(routes()).renders(wire::render)
}

fn routes() -> Vec<Route> {
    let routes = vec![
        Route::post("/{tenant}/oauth2/token", "tokens.issue_v1", "Get a token for a resource", |call| {
            token::issue(call, Endpoint::V1)
        }),
        Route::post("/{tenant}/oauth2/v2.0/token", "tokens.issue_v2", "Get a token for a scope", |call| {
            token::issue(call, Endpoint::V2)
        }),
        Route::get(
            "/{tenant}/.well-known/openid-configuration",
            "discovery.get_v1",
            "Where the version 1 endpoints of a tenant are",
            |call| discovery::get(call, Endpoint::V1),
        ),
        Route::get(
            "/{tenant}/v2.0/.well-known/openid-configuration",
            "discovery.get_v2",
            "Where the version 2 endpoints of a tenant are",
            |call| discovery::get(call, Endpoint::V2),
        ),
        Route::get(
            "/common/discovery/instance",
            "discovery.get_instance",
            "Whether a host is this server",
            instance::get,
        ),
        // `common` is a tenant like any other here, so two patterns are all four paths of directory.md 1.1.
        Route::get("/{tenant}/discovery/keys", "keys.list_v1", "The keys that sign version 1 tokens", |call| {
            key_list::get(call, Endpoint::V1)
        }),
        Route::get("/{tenant}/discovery/v2.0/keys", "keys.list_v2", "The keys that sign version 2 tokens", |call| {
            key_list::get(call, Endpoint::V2)
        }),
    ];
    routes.into_iter().map(|route| route.open().replay(Replay::Off).body_limit(FORM_LIMIT)).collect()
}
