//! The OpenAPI document of this face: what the route table cannot say, which is the form of a token request, the
//! query of instance discovery and the body of refusals.
//!
//! Source: directory.md 1.5 (fields), 1.8 (refusals).

use serde_json::{Map, Value, json};
use tenantry_http::Face;
use tenantry_http::openapi::{Info, document};

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

/// A field of a form or query.
struct Field {
    name: &'static str,
    required: bool,
    says: &'static str,
}

const fn field(name: &'static str, required: bool, says: &'static str) -> Field {
    Field { name, required, says }
}

const GRANT: Field = field("grant_type", true, "`client_credentials`");
const CLIENT: Field =
    field("client_id", false, "Id of the application; may come by HTTP Basic instead, with the secret");
const SECRET: Field = field("client_secret", false, "Secret of the application");

/// The forms, by operation.
const FORMS: [(&str, [Field; 4]); 2] = [
    ("tokens.issue_v1", [GRANT, CLIENT, SECRET, field("resource", true, "The API the token is for, by its URI")]),
    (
        "tokens.issue_v2",
        [GRANT, CLIENT, SECRET, field("scope", true, "URI of the API the token is for, then `/.default`")],
    ),
];

/// The queries, by operation.
const QUERIES: [(&str, Field); 1] = [(
    "discovery.get_instance",
    field("authorization_endpoint", true, "Address a client was told to sign in at, `https://host/{tenant}/..`"),
)];

/// The document as it is committed: indented, with a newline at the end.
#[must_use]
pub fn text(face: &Face) -> String {
    let info = Info { title: "Tenantry sign-in", version: "v1 and v2", error_schema: error_schema() };
    let mut document = document(face, &info);
    for route in &face.routes {
        let method = route.method.as_str().to_ascii_lowercase();
        if let Some(operation) = document["paths"][route.pattern].get_mut(&method) {
            describe(operation, route.operation, route.success.as_str());
        }
    }
    format!("{document:#}\n")
}

fn describe(operation: &mut Value, name: &str, success: &str) {
    operation["responses"][success]["content"] = json!({ JSON: {} });
    if let Some((_, fields)) = FORMS.iter().find(|(known, _)| *known == name) {
        let required: Vec<_> = fields.iter().filter(|field| field.required).map(|field| field.name).collect();
        let properties: Map<_, _> = fields.iter().map(|field| (field.name.to_owned(), text_that(field.says))).collect();
        let schema = json!({"type": "object", "required": required, "properties": properties});
        operation["requestBody"] = json!({"required": true, "content": {FORM: {"schema": schema}}});
    }
    if let Some((_, Field { name, required, says })) = QUERIES.iter().find(|(known, _)| *known == name) {
        let mut parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
        let schema = json!({"type": "string"});
        parameters
            .push(json!({"name": name, "in": "query", "required": required, "description": says, "schema": schema}));
        operation["parameters"] = Value::Array(parameters);
    }
}

fn text_that(says: &str) -> Value {
    json!({"type": "string", "description": says})
}

/// The body of `wire.rs`. `timestamp` is absent where the frame refuses.
fn error_schema() -> Value {
    json!({
        "type": "object",
        "required": ["error", "error_description", "error_codes", "trace_id", "correlation_id", "error_uri"],
        "properties": {
            "error": {"type": "string"},
            "error_description": {"type": "string"},
            "error_codes": {"type": "array", "items": {"type": "integer"}},
            "timestamp": {"type": "string"},
            "trace_id": {"type": "string", "format": "uuid"},
            "correlation_id": {"type": "string", "format": "uuid"},
            "error_uri": {"type": "string", "format": "uri"},
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_and_query_belongs_to_a_route() {
        let face = crate::face();
        for name in FORMS.iter().map(|(name, _)| name).chain(QUERIES.iter().map(|(name, _)| name)) {
            assert!(face.routes.iter().any(|route| route.operation == *name), "{name}");
        }
    }
}
