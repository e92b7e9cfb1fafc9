//! The OpenAPI document of Microsoft Graph.

use crate::document::{self, Rules};
use serde_json::json;
use tenantry_http::Face;
use tenantry_http::openapi::Info;

/// The document as it is committed.
#[must_use]
pub fn text(face: &Face) -> String {
    document::text(face, &rules())
}

fn rules() -> Rules {
    Rules {
        info: Info {
            title: "Microsoft Graph",
            version: "v1.0",
            error_schema: json!({
                "type": "object",
                "required": ["error"],
                "properties": {"error": {
                    "type": "object",
                    "required": ["code", "message", "innerError"],
                    "properties": {
                        "code": {"type": "string"},
                        "message": {"type": "string"},
                        "target": {"type": "string"},
                        "innerError": {
                            "type": "object",
                            "required": ["date", "request-id", "client-request-id"],
                            "properties": {
                                "date": {"type": "string"},
                                "request-id": {"type": "string", "format": "uuid"},
                                "client-request-id": {"type": "string", "format": "uuid"},
                            },
                        },
                    },
                }},
            }),
        },
        everywhere: &[],
        lists: &[
            "users.list",
            "users.reports",
            "users.member-of",
            "users.transitive-member-of",
            "groups.list",
            "groups.members.list",
            "groups.owners.list",
            "groups.member-of",
            "directory-roles.list",
            "directory-roles.members.list",
            "role-definitions.list",
            "contracts.list",
            "deleted-items.list",
            "applications.list",
            "service-principals.list",
            "service-principals.member-of",
            "permission-grants.list",
            "relationships.list",
            "relationships.requests.list",
            "relationships.access.list",
            "relationships.operations.list",
            "delegated-customers.list",
        ],
        bodiless: &["users.revoke-sessions", "domains.verify", "deleted-items.restore"],
        media: &[],
        others: &[
            ("relationships.change", "If-Match", "header", "The `@odata.etag` that was read; 412 without it"),
            ("relationships.delete", "If-Match", "header", "The `@odata.etag` that was read; 412 without it"),
            ("relationships.access.change", "If-Match", "header", "The `@odata.etag` that was read; 412 without it"),
            ("relationships.access.delete", "If-Match", "header", "The `@odata.etag` that was read; 412 without it"),
            ("users.list", "ConsistencyLevel", "header", "`eventual`, with `$count=true`, allows ne, not and endswith"),
            ("users.list", "$count", "query", "`true` tells how many there are in all"),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rules_are_about_routes_there_are() {
        assert_eq!(document::strays(&crate::graph::face("https://localhost"), &rules()), Vec::<&str>::new());
    }
}
