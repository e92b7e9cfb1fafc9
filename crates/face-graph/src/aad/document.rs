//! The OpenAPI document of Azure AD Graph.

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
            title: "Azure AD Graph",
            version: "1.6",
            error_schema: json!({
                "type": "object",
                "required": ["odata.error"],
                "properties": {"odata.error": {
                    "type": "object",
                    "required": ["code", "message", "requestId", "date"],
                    "properties": {
                        "code": {"type": "string"},
                        "message": {
                            "type": "object",
                            "required": ["lang", "value"],
                            "properties": {"lang": {"type": "string"}, "value": {"type": "string"}},
                        },
                        "requestId": {"type": "string", "format": "uuid"},
                        "date": {"type": "string", "format": "date-time"},
                        "values": {"type": ["array", "null"], "items": {"type": "object"}},
                    },
                }},
            }),
        },
        everywhere: &[("api-version", "query", "`1.6`, `1.5`, `2013-11-08`, `2013-04-05` or `beta`", true)],
        lists: &[
            "users.list",
            "deleted-users.list",
            "users.member-of",
            "users.reports",
            "users.owned-objects",
            "groups.list",
            "groups.members.list",
            "groups.owners.list",
            "groups.member-of",
            "directory-roles.list",
            "directory-roles.members.list",
            "contracts.list",
            "applications.list",
            "deleted-applications.list",
            "service-principals.list",
            "service-principals.member-of",
            "permission-grants.list",
            "directory-objects.list",
        ],
        bodiless: &["deleted-users.restore", "users.invalidate-tokens", "domains.verify"],
        media: &[("metadata.get", "application/xml"), ("batch.post", "multipart/mixed")],
        others: &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rules_are_about_routes_there_are() {
        assert_eq!(document::strays(&crate::aad::face("https://localhost"), &rules()), Vec::<&str>::new());
    }
}
