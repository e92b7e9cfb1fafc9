//! The OpenAPI documents. The route tables name paths and operations; what they cannot say is said here by rule: every
//! write reads a JSON body unless it is listed, 204 and 202 have none, and lists take the options of OData.

use serde_json::{Value, json};
use tenantry_http::openapi::{Info, document};
use tenantry_http::{Face, Method, StatusCode};

/// What an API's operations have beyond their routes.
pub(crate) struct Rules {
    /// Title, version and error body.
    pub(crate) info: Info,
    /// Parameters of every operation: name, place, what it says, and whether it must be there.
    pub(crate) everywhere: &'static [(&'static str, &'static str, &'static str, bool)],
    /// Lists with `$filter`, `$orderby`, `$select`, `$top` and `$skiptoken`.
    pub(crate) lists: &'static [&'static str],
    /// Writes that read no body.
    pub(crate) bodiless: &'static [&'static str],
    /// Operations that speak something else than JSON, and what.
    pub(crate) media: &'static [(&'static str, &'static str)],
    /// Parameters of single operations: operation, name, place, what it says.
    pub(crate) others: &'static [(&'static str, &'static str, &'static str, &'static str)],
}

const JSON: &str = "application/json";

const OPTIONS: [(&str, &str); 5] = [
    ("$filter", "A condition on the properties of the list"),
    ("$orderby", "The property the list is sorted by, with `desc` for the other way round"),
    ("$select", "The properties shown, with commas between"),
    ("$top", "Things on a page"),
    ("$skiptoken", "Where the list goes on, from the next link of the page before"),
];

/// The document as it is committed: indented, with a newline at the end.
pub(crate) fn text(face: &Face, rules: &Rules) -> String {
    let mut document = document(face, &rules.info);
    for route in &face.routes {
        let method = route.method.as_str().to_ascii_lowercase();
        let Some(operation) = document["paths"][route.pattern].get_mut(&method) else { continue };
        let media = rules.media.iter().find(|(name, _)| *name == route.operation).map_or(JSON, |(_, media)| media);
        if ![StatusCode::NO_CONTENT, StatusCode::ACCEPTED].contains(&route.success) {
            operation["responses"][route.success.as_str()]["content"] = json!({ media: {} });
        }
        let writes = [Method::POST, Method::PUT, Method::PATCH].contains(&route.method);
        if writes && !rules.bodiless.contains(&route.operation) {
            operation["requestBody"] = json!({"required": true, "content": {media: {}}});
        }
        let mut parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
        let everywhere = rules.everywhere.iter().map(|(name, place, says, must)| parameter(name, place, says, *must));
        parameters.extend(everywhere);
        if rules.lists.contains(&route.operation) {
            parameters.extend(OPTIONS.iter().map(|(name, says)| parameter(name, "query", says, false)));
        }
        let own = rules.others.iter().filter(|(operation, ..)| *operation == route.operation);
        parameters.extend(own.map(|(_, name, place, says)| parameter(name, place, says, false)));
        if !parameters.is_empty() {
            operation["parameters"] = Value::Array(parameters);
        }
    }
    format!("{document:#}\n")
}

fn parameter(name: &str, place: &str, says: &str, must: bool) -> Value {
    let schema = if name == "$top" { json!({"type": "integer", "minimum": 1}) } else { json!({"type": "string"}) };
    json!({"name": name, "in": place, "required": must, "description": says, "schema": schema})
}

/// Names in rules that are no operations of the face: rules that outlived their routes.
#[cfg(test)]
pub(crate) fn strays<'a>(face: &Face, rules: &'a Rules) -> Vec<&'a str> {
    let named = rules.lists.iter().chain(rules.bodiless).copied();
    let named =
        named.chain(rules.media.iter().map(|(name, _)| *name)).chain(rules.others.iter().map(|(name, ..)| *name));
    named.filter(|name| !face.routes.iter().any(|route| route.operation == *name)).collect()
}
