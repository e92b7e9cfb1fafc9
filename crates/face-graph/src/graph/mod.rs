//! Microsoft Graph v1.0: the part of it that is about directories and delegated administration.
//!
//! Source: directory.md part 3.

mod app_roles;
mod applications;
mod batch;
mod deleted;
mod document;
mod domains;
mod errors;
mod gdap;
mod grants;
mod groups;
mod licences;
mod members;
mod objects;
mod organization;
mod references;
mod roles;
mod routes;
mod service_principals;
mod users;
mod views;
mod wire;

pub use document::text as openapi_text;

use crate::odata::paths;
use crate::who::ME;
use std::borrow::Cow;
use tenantry_directory::MICROSOFT_GRAPH;
use tenantry_http::Face;

/// What some clients write in place of `/me`.
const ME_PLACEHOLDER: &str = "me-token-to-replace";

/// The face of Microsoft Graph of the world that is reached at `origin`.
#[must_use]
pub fn face(origin: &str) -> Face {
    Face::new("graph")
        .audiences([MICROSOFT_GRAPH, origin])
        .owns("/v1.0")
        .owns("/beta")
        .reads_paths(read_path)
        .renders(errors::render)
        .routes(routes::all())
}

/// Paths as the routes know them: `/beta` answers as `/v1.0` does, keys are segments, and `/me` is the user `me`.
fn read_path(path: &str) -> Option<Cow<'_, str>> {
    let (version, rest) = paths::first(path);
    if !["v1.0", "beta"].iter().any(|known| known.eq_ignore_ascii_case(version)) {
        return None;
    }
    let (second, below) = paths::first(rest);
    let path = if second.eq_ignore_ascii_case(ME) {
        format!("/v1.0/users/{ME}{below}")
    } else {
        let (third, after) = paths::first(below);
        let users = second.eq_ignore_ascii_case("users");
        let me = third.eq_ignore_ascii_case(ME_PLACEHOLDER) || third.eq_ignore_ascii_case(ME);
        if users && me { format!("/v1.0/users/{ME}{after}") } else { format!("/v1.0{rest}") }
    };
    Some(paths::plain(&path).into_owned().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_write_a_path_leads_to_one() {
        for (path, expected) in [
            ("/v1.0/users", Some("/v1.0/users")),
            ("/BETA/users('a@b.test')", Some("/v1.0/users/a@b.test")),
            ("/v1.0/me", Some("/v1.0/users/me")),
            ("/v1.0/Me/memberOf", Some("/v1.0/users/me/memberOf")),
            ("/v1.0/users/me-token-to-replace", Some("/v1.0/users/me")),
            ("/v1.0/users/me-token-to-replace/memberOf", Some("/v1.0/users/me/memberOf")),
            (
                "/v1.0/directoryRoles(roleTemplateId='62e9')/members/$ref",
                Some("/v1.0/directoryRoles/roleTemplateId=62e9/members/$ref"),
            ),
            ("/v1.0/$batch", Some("/v1.0/$batch")),
            ("/v1.0", Some("/v1.0")),
            ("/v1/customers", None),
            ("/contoso.test/users", None),
            ("/", None),
        ] {
            assert_eq!(read_path(path).as_deref(), expected, "{path}");
        }
    }
}
