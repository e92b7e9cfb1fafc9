//! Sign-in: the OAuth 2.0 and OpenID Connect endpoints, their pages, and the documents by which clients find them.
//!
//! The face translates: forms, queries and cookies into calls of the directory, and what the directory says into
//! JSON, redirects and pages. Rules about who may sign in to what are the directory's.
//!
//! Everything is open to everybody. Secrets come in as form fields, cookies or HTTP Basic, become a `Secret` at
//! once, and never go into an answer (but the new ones), an error text or a log.

mod authorize;
mod browser;
mod client;
mod device;
mod device_start;
mod discovery;
mod document;
mod instance;
mod key_list;
mod logout;
mod pages;
mod sent;
mod token;
mod user_info;
mod user_realm;
mod visit;
mod wire;

pub use document::text as openapi_text;

use authorize::Errand;
use tenantry_directory::{Endpoint, SignInRules};
use tenantry_http::{Face, Replay, Route};

/// The most a form may hold: a hundred times what clients send.
const FORM_LIMIT: usize = 64 << 10;

/// The face of a world that keeps to today's rules, ready for a site.
#[must_use]
pub fn face() -> Face {
    face_with(SignInRules::default())
}

/// The face of a world whose operator decided about its sign-in.
#[must_use]
pub fn face_with(rules: SignInRules) -> Face {
    let routes = [token_routes(rules), person_routes(), document_routes(rules)];
    let routes = routes.into_iter().flatten();
    Face::new("login")
        .routes(routes.map(|route| route.open().replay(Replay::Off).body_limit(FORM_LIMIT)))
        .renders(wire::render)
}

/// What programs call.
fn token_routes(rules: SignInRules) -> Vec<Route> {
    vec![
        Route::post("/{tenant}/oauth2/token", "tokens.issue_v1", "Get a token for a resource", move |call| {
            token::issue(call, Endpoint::V1, rules)
        }),
        Route::post("/{tenant}/oauth2/v2.0/token", "tokens.issue_v2", "Get a token for a scope", move |call| {
            token::issue(call, Endpoint::V2, rules)
        }),
        Route::post("/{tenant}/oauth2/devicecode", "devices.start_v1", "Get a code for a person to type", |call| {
            device_start::post(call, Endpoint::V1)
        }),
        Route::post(
            "/{tenant}/oauth2/v2.0/devicecode",
            "devices.start_v2",
            "Get a code for a person to type",
            |call| device_start::post(call, Endpoint::V2),
        ),
        Route::get("/oidc/userinfo", "users.get_info", "Who the user of the token is", user_info::get),
        Route::post("/oidc/userinfo", "users.post_info", "Who the user of the token is", user_info::get),
    ]
}

/// What people see.
fn person_routes() -> Vec<Route> {
    let (v1, v2) = (Errand::Authorize(Endpoint::V1), Errand::Authorize(Endpoint::V2));
    let (admin_v1, admin_v2) = (Errand::AdminConsent(Endpoint::V1), Errand::AdminConsent(Endpoint::V2));
    let mut routes = Vec::new();
    for (path, errand, shown, sent, says) in [
        ("/{tenant}/oauth2/authorize", v1, "authorize.show_v1", "authorize.send_v1", "Sign in to an application"),
        ("/{tenant}/oauth2/v2.0/authorize", v2, "authorize.show_v2", "authorize.send_v2", "Sign in to an application"),
        ("/{tenant}/adminconsent", admin_v1, "consent.show_v1", "consent.send_v1", "Allow an application for all"),
        ("/{tenant}/v2.0/adminconsent", admin_v2, "consent.show_v2", "consent.send_v2", "Allow an application for all"),
    ] {
        routes.push(Route::get(path, shown, says, move |call| authorize::get(call, errand)));
        routes.push(Route::post(path, sent, says, move |call| authorize::post(call, errand)));
    }
    // Devices show the short address to people, libraries know the long one.
    for (path, shown, sent) in
        [(device::PAGE, "devices.show", "devices.send"), ("/devicelogin", "devices.show_short", "devices.send_short")]
    {
        routes.push(Route::get(path, shown, "Type the code of a device", device::get));
        routes.push(Route::post(path, sent, "Say that a device is one's own", device::post));
    }
    for (path, operation) in
        [("/{tenant}/oauth2/logout", "sessions.end_v1"), ("/{tenant}/oauth2/v2.0/logout", "sessions.end_v2")]
    {
        routes.push(Route::get(path, operation, "Sign out", logout::get));
    }
    routes
}

/// What tells clients where everything is.
fn document_routes(rules: SignInRules) -> Vec<Route> {
    vec![
        Route::get(
            "/{tenant}/.well-known/openid-configuration",
            "discovery.get_v1",
            "Where the version 1 endpoints of a tenant are",
            move |call| discovery::get(call, Endpoint::V1, rules),
        ),
        Route::get(
            "/{tenant}/v2.0/.well-known/openid-configuration",
            "discovery.get_v2",
            "Where the version 2 endpoints of a tenant are",
            move |call| discovery::get(call, Endpoint::V2, rules),
        ),
        Route::get(
            "/common/discovery/instance",
            "discovery.get_instance",
            "Whether a host is this server",
            instance::get,
        ),
        Route::get(
            "/common/userrealm/{user}",
            "discovery.get_realm",
            "Whether users of a domain sign in here",
            user_realm::get,
        ),
        // `common` is a tenant like any other here, so two patterns are all four paths of directory.md 1.1.
        Route::get("/{tenant}/discovery/keys", "keys.list_v1", "The keys that sign version 1 tokens", |call| {
            key_list::get(call, Endpoint::V1)
        }),
        Route::get("/{tenant}/discovery/v2.0/keys", "keys.list_v2", "The keys that sign version 2 tokens", |call| {
            key_list::get(call, Endpoint::V2)
        }),
    ]
}
