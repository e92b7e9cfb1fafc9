//! Azure AD Graph 1.5 and 1.6: the directory as azure-graphrbac, console samples and CREST tools know it.
//!
//! Source: directory.md part 2.

mod applications;
mod batch;
mod contracts;
mod credentials;
mod deleted;
mod document;
mod domains;
mod errors;
mod grants;
mod groups;
mod licences;
mod links;
mod members;
mod metadata;
mod objects;
mod organization;
mod roles;
mod routes;
mod service_principals;
mod users;
mod version;
mod views;
mod wire;

pub use document::text as openapi_text;

use crate::odata::paths;
use std::borrow::Cow;
use tenantry_directory::{DIRECTORY_GRAPH, MANAGEMENT, MANAGEMENT_CLASSIC};
use tenantry_http::Face;

/// First segments that belong to other APIs. Everything else may be the name of a tenant.
const NO_TENANTS: [&str; 7] = ["v1", "v1.0", "beta", "api", "common", "organizations", "consumers"];

/// The face of Azure AD Graph of the world that is reached at `origin`.
///
/// It takes management tokens too: one client family of the channel has no others (directory.md 2.1).
#[must_use]
pub fn face(origin: &str) -> Face {
    Face::new("directory-graph")
        .audiences([DIRECTORY_GRAPH, MANAGEMENT, MANAGEMENT_CLASSIC, origin])
        .owns("/myorganization")
        .owns("/me")
        .takes_bare_tokens()
        .reads_paths(read_path)
        .renders(errors::render)
        .routes(routes::all())
}

/// Paths as the routes know them: keys as segments, `/me` as the user `me`, and a tenant always in front.
fn read_path(path: &str) -> Option<Cow<'_, str>> {
    let (tenant, rest) = paths::first(path);
    if NO_TENANTS.iter().any(|other| other.eq_ignore_ascii_case(tenant)) {
        return None;
    }
    if is_me(tenant) {
        return Some(paths::plain(&format!("/myorganization/users/me{rest}")).into_owned().into());
    }
    let (second, below) = paths::first(rest);
    if is_me(second) {
        return Some(paths::plain(&format!("/{tenant}/users/me{below}")).into_owned().into());
    }
    Some(paths::plain(path))
}

fn is_me(segment: &str) -> bool {
    segment.eq_ignore_ascii_case(crate::who::ME)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_have_a_tenant_in_front_and_keys_between_slashes() {
        for (path, expected) in [
            ("/contoso.test/users", Some("/contoso.test/users")),
            ("/contoso.test/users('a@b.test')/memberOf", Some("/contoso.test/users/a@b.test/memberOf")),
            ("/me", Some("/myorganization/users/me")),
            ("/me/memberOf", Some("/myorganization/users/me/memberOf")),
            ("/contoso.test/ME/memberOf", Some("/contoso.test/users/me/memberOf")),
            ("//contoso.test//me", Some("/contoso.test/users/me")),
            ("/contoso.test/members", Some("/contoso.test/members")),
            ("/v1/domains/x", None),
            ("/V1.0/users", None),
            ("/api/v1/me", None),
            ("/common/oauth2/token", None),
            ("/", Some("/")),
        ] {
            assert_eq!(read_path(path).as_deref(), expected, "{path}");
        }
    }
}
