//! Prints a face's route table as an OpenAPI 3.1 document, so that the table is the only place a route is named.
//!
//! Keys come out sorted, always in the same order: the documents are committed, and a change is a diff that
//! someone can read.

use crate::{Face, Method, Route};
use serde_json::{Map, Value, json};

/// What a document says besides the routes.
#[derive(Debug, Clone)]
pub struct Info {
    /// Its title.
    pub title: &'static str,
    /// The version of the API, not of the program.
    pub version: &'static str,
    /// The JSON schema of the face's error body; [`error_schema`] unless the face renders its own.
    pub error_schema: Value,
}

/// The schema of [`crate::problem::render`].
#[must_use]
pub fn error_schema() -> Value {
    json!({
        "type": "object",
        "required": ["error"],
        "properties": {"error": {
            "type": "object",
            "required": ["code", "message", "requestId"],
            "properties": {
                "code": {"type": "string"},
                "message": {"type": "string"},
                "field": {"type": "string"},
                "retryAfterSeconds": {"type": "integer"},
                "requestId": {"type": "string", "format": "uuid"},
            },
        }},
    })
}

/// The document of a face.
#[must_use]
pub fn document<W>(face: &Face<W>, info: &Info) -> Value {
    let mut paths: Map<String, Value> = Map::new();
    for route in &face.routes {
        let path = route.pattern.replace("{*", "{");
        let item = paths.entry(path).or_insert_with(|| json!({}));
        item[route.method.as_str().to_ascii_lowercase()] = operation(route);
    }
    let mut components = json!({"schemas": {"Error": info.error_schema}});
    // A face that asks nobody for a token has no scheme: who reads the document would look for one in vain.
    if face.routes.iter().any(|route| route.authenticated) {
        let bearer = json!({"type": "http", "scheme": "bearer", "bearerFormat": "JWT"});
        components["securitySchemes"] = json!({ "bearer": bearer });
    }
    json!({
        "openapi": "3.1.0",
        "info": {"title": info.title, "version": info.version},
        "paths": paths,
        "components": components,
    })
}

/// The document as it is committed: indented, with a newline at the end.
#[must_use]
pub fn text<W>(face: &Face<W>, info: &Info) -> String {
    format!("{:#}\n", document(face, info))
}

fn operation<W>(route: &Route<W>) -> Value {
    let parameters: Vec<Value> = names(route.pattern)
        .map(|name| json!({"name": name, "in": "path", "required": true, "schema": {"type": "string"}}))
        .collect();
    let tag = route.operation.split_once('.').map_or(route.operation, |(tag, _)| tag);
    let mut responses = Map::new();
    responses.insert(
        route.success.as_str().to_owned(),
        json!({"description": route.success.canonical_reason().unwrap_or("Success")}),
    );
    let mut refusal = json!({"description": "What was refused or failed, and why"});
    // The answer to a HEAD never has a body.
    if route.method != Method::HEAD {
        refusal["content"] = json!({"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}});
    }
    responses.insert("default".to_owned(), refusal);
    let mut operation = json!({
        "operationId": route.operation,
        "summary": route.summary,
        "tags": [tag],
        "responses": responses,
        "security": if route.authenticated { json!([{"bearer": []}]) } else { json!([]) },
    });
    if !parameters.is_empty() {
        operation["parameters"] = Value::Array(parameters);
    }
    operation
}

/// The names in braces, in order.
fn names(pattern: &str) -> impl Iterator<Item = &str> {
    pattern.split('{').skip(1).filter_map(|rest| rest.split('}').next()).map(|name| name.trim_start_matches('*'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Answer;
    use crate::bench::Bench;
    use http::StatusCode;

    async fn nothing(_: crate::Call<Bench>) -> Result<Answer, tenantry_core::Problem> {
        Ok(Answer::empty(StatusCode::OK))
    }

    #[test]
    fn every_route_is_in_the_document() {
        let face = Face::new("test").routes([
            Route::get("/v1/customers/{customer}", "customers.get", "One customer", nothing),
            Route::delete("/v1/customers/{customer}", "customers.delete", "Remove a customer", nothing)
                .answers(StatusCode::NO_CONTENT),
            Route::get("/files/{*rest}", "files.get", "A file", nothing).open(),
            Route::head("/v1/domains/{domain}", "domains.exists", "Whether a domain is taken", nothing),
        ]);
        let info = Info { title: "Test", version: "v1", error_schema: error_schema() };
        let document = document(&face, &info);
        for (pointer, expected) in [
            ("/openapi", json!("3.1.0")),
            ("/paths/~1v1~1customers~1{customer}/get/operationId", json!("customers.get")),
            ("/paths/~1v1~1customers~1{customer}/get/tags", json!(["customers"])),
            ("/paths/~1v1~1customers~1{customer}/get/responses/200/description", json!("OK")),
            ("/paths/~1v1~1customers~1{customer}/get/security", json!([{"bearer": []}])),
            ("/paths/~1v1~1customers~1{customer}/delete/responses/204/description", json!("No Content")),
            ("/paths/~1v1~1customers~1{customer}/delete/parameters/0/name", json!("customer")),
            ("/paths/~1files~1{rest}/get/parameters/0/name", json!("rest")),
            ("/paths/~1files~1{rest}/get/security", json!([])),
            ("/components/securitySchemes/bearer/scheme", json!("bearer")),
            (
                "/paths/~1v1~1domains~1{domain}/head/responses/default",
                json!({"description": "What was refused or failed, and why"}),
            ),
        ] {
            assert_eq!(document.pointer(pointer), Some(&expected), "{pointer}");
        }
        assert_eq!(text(&face, &info), text(&face, &info));
    }

    #[test]
    fn a_face_whose_routes_are_all_open_names_no_way_to_sign_in() {
        let info = Info { title: "Test", version: "v1", error_schema: error_schema() };
        let face = Face::new("test").routes([Route::get("/keys", "keys.list", "The keys", nothing).open()]);
        let components = &document(&face, &info)["components"];
        assert_eq!(components, &json!({"schemas": {"Error": error_schema()}}));
    }
}
