//! The OpenAPI document of this face: what the route table cannot say, which is the fields of forms and queries, that
//! some answers are pages, and the body of refusals.
//!
//! Source: directory.md 1.4 (authorize), 1.5 (token requests), 1.8 (refusals).

use serde_json::{Map, Value, json};
use tenantry_http::Face;
use tenantry_http::openapi::{Info, document};

const JSON: &str = "application/json";
const HTML: &str = "text/html";
const FORM: &str = "application/x-www-form-urlencoded";

/// A field of a form or query.
struct Field {
    name: &'static str,
    required: bool,
    says: &'static str,
}

const fn field(name: &'static str, says: &'static str) -> Field {
    Field { name, required: false, says }
}

const fn needed(name: &'static str, says: &'static str) -> Field {
    Field { name, required: true, says }
}

/// Fields of a token request that both versions have; which ones count depends on the grant.
const TOKEN: &[Field] = &[
    needed(
        "grant_type",
        "`client_credentials`, `authorization_code`, `refresh_token`, `device_code` or \
         `urn:ietf:params:oauth:grant-type:device_code`, `urn:ietf:params:oauth:grant-type:jwt-bearer` (on behalf of), \
         and `password` where the world allows it",
    ),
    field("client_id", "Id of the application; may come by HTTP Basic instead, with the secret"),
    field("client_secret", "Secret of the application"),
    field("client_assertion_type", "`urn:ietf:params:oauth:client-assertion-type:jwt-bearer`"),
    field("client_assertion", "A JWT signed with the key of the application's certificate"),
    field("code", "The authorization code; some clients put the device code here"),
    field("redirect_uri", "Where the code was sent"),
    field("code_verifier", "What the code challenge was made from"),
    field("refresh_token", "The refresh token"),
    field("device_code", "The device code"),
    field("assertion", "On behalf of: a user's access token for this application"),
    field("requested_token_use", "`on_behalf_of`"),
    field("username", "The user's name, in the password grant"),
    field("password", "The user's password, in the password grant"),
    field("client_info", "`1` to be told which account it is"),
];
const RESOURCE: Field = field("resource", "The API the token is for, by its URI");
const SCOPE: Field = field("scope", "Permissions of one API, or its URI then `/.default`; blanks between them");

const AUTHORIZE: &[Field] = &[
    needed("client_id", "Id of the application"),
    needed("response_type", "`code`, `id_token` or `code id_token`"),
    field("redirect_uri", "One of the application's registered addresses, exactly"),
    field("state", "Given back as it came"),
    field("response_mode", "`query`, `fragment` or `form_post`"),
    field("code_challenge", "PKCE; public clients must send it"),
    field("code_challenge_method", "`S256` or `plain`"),
    field("nonce", "Put into the ID token as it came"),
    field("prompt", "`login`, `select_account`, `consent` or `none`; several of the first three, divided by spaces"),
    field("login_hint", "The user's name, if it is known"),
];
const ADMIN_CONSENT: &[Field] = &[
    needed("client_id", "Id of the application"),
    field("redirect_uri", "One of the application's registered addresses, exactly"),
    field("state", "Given back as it came"),
];
const DEVICE: &[Field] = &[needed("client_id", "Id of the application")];
const STEP: Field = field("step", "The button that was pressed, in forms of our own pages");
const USER_CODE: Field = field("user_code", "The code that the device shows");

/// The forms, by operation: common fields, then its own.
const FORMS: [(&str, &[Field], &[Field]); 10] = [
    ("tokens.issue_v1", TOKEN, &[RESOURCE]),
    ("tokens.issue_v2", TOKEN, &[SCOPE]),
    ("devices.start_v1", DEVICE, &[RESOURCE]),
    ("devices.start_v2", DEVICE, &[SCOPE]),
    ("authorize.send_v1", AUTHORIZE, &[RESOURCE, SCOPE, STEP]),
    ("authorize.send_v2", AUTHORIZE, &[SCOPE, STEP]),
    ("consent.send_v1", ADMIN_CONSENT, &[STEP]),
    ("consent.send_v2", ADMIN_CONSENT, &[SCOPE, STEP]),
    ("devices.send", &[], &[USER_CODE, STEP]),
    ("devices.send_short", &[], &[USER_CODE, STEP]),
];

const SIGN_OUT: &[Field] = &[
    field("post_logout_redirect_uri", "A registered address of the application to lead on to"),
    field("id_token_hint", "An ID token of the application"),
    field("client_id", "Id of the application"),
    field("state", "Given back as it came"),
];

/// The queries, by operation.
const QUERIES: [(&str, &[Field], &[Field]); 9] = [
    ("authorize.show_v1", AUTHORIZE, &[RESOURCE, SCOPE]),
    ("authorize.show_v2", AUTHORIZE, &[SCOPE]),
    ("consent.show_v1", ADMIN_CONSENT, &[]),
    ("consent.show_v2", ADMIN_CONSENT, &[SCOPE]),
    ("devices.show", &[], &[USER_CODE]),
    ("devices.show_short", &[], &[USER_CODE]),
    ("sessions.end_v1", SIGN_OUT, &[]),
    ("sessions.end_v2", SIGN_OUT, &[]),
    (
        "discovery.get_instance",
        &[needed("authorization_endpoint", "Address a client was told to sign in at, `https://host/{tenant}/..`")],
        &[],
    ),
];

/// Operations that answer with pages, by the beginning of their names.
const PAGES: [&str; 5] = ["authorize.", "consent.", "devices.show", "devices.send", "sessions."];
/// Operations that take a bearer token and read it themselves.
const BEARER: &str = "users.";

/// The document as it is committed: indented, with a newline at the end.
#[must_use]
pub fn text(face: &Face) -> String {
    let info = Info { title: "Tenantry sign-in", version: "v1 and v2", error_schema: error_schema() };
    let mut document = document(face, &info);
    document["components"]["securitySchemes"] =
        json!({"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}});
    for route in &face.routes {
        let method = route.method.as_str().to_ascii_lowercase();
        if let Some(operation) = document["paths"][route.pattern].get_mut(&method) {
            describe(operation, route.operation, route.success.as_str());
        }
    }
    format!("{document:#}\n")
}

fn describe(operation: &mut Value, name: &str, success: &str) {
    let page = PAGES.iter().any(|begin| name.starts_with(begin));
    operation["responses"][success]["content"] = if page { json!({ HTML: {} }) } else { json!({ JSON: {} }) };
    if page {
        operation["responses"]["default"]["content"] = json!({ HTML: {} });
        operation["responses"]["302"] = json!({"description": "On to the application"});
    }
    if name.starts_with(BEARER) {
        operation["security"] = json!([{"bearer": []}]);
    }
    if let Some((_, common, own)) = FORMS.iter().find(|(known, ..)| *known == name) {
        let fields = || common.iter().chain(*own);
        let required: Vec<_> = fields().filter(|field| field.required).map(|field| field.name).collect();
        let properties: Map<_, _> = fields().map(|field| (field.name.to_owned(), text_that(field.says))).collect();
        let schema = json!({"type": "object", "required": required, "properties": properties});
        operation["requestBody"] = json!({"required": true, "content": {FORM: {"schema": schema}}});
    }
    if let Some((_, common, own)) = QUERIES.iter().find(|(known, ..)| *known == name) {
        let mut parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
        for Field { name, required, says } in common.iter().chain(*own) {
            let schema = json!({"type": "string"});
            parameters.push(
                json!({"name": name, "in": "query", "required": required, "description": says, "schema": schema}),
            );
        }
        operation["parameters"] = Value::Array(parameters);
    }
}

fn text_that(says: &str) -> Value {
    json!({"type": "string", "description": says})
}

/// The body of `wire.rs`. `suberror` is there where the field has a word for it.
fn error_schema() -> Value {
    json!({
        "type": "object",
        "required":
            ["error", "error_description", "error_codes", "timestamp", "trace_id", "correlation_id", "error_uri"],
        "properties": {
            "error": {"type": "string"},
            "error_description": {"type": "string"},
            "error_codes": {"type": "array", "items": {"type": "integer"}},
            "suberror": {"type": "string"},
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
        for name in FORMS.iter().map(|(name, ..)| name).chain(QUERIES.iter().map(|(name, ..)| name)) {
            assert!(face.routes.iter().any(|route| route.operation == *name), "{name}");
        }
    }
}
