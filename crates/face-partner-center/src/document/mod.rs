//! The OpenAPI document of this face. The route table names paths and operations; what it cannot say stands in the
//! table here: which query parameters and headers an operation reads, of which type, whether it reads a body, and
//! what it gives besides JSON.
//!
//! Names are in the spelling of the documentation and read in any letter case. Parameters nobody reads are passed
//! over, because clients of this API send more of them than its documentation has.

mod account;
mod agreements;
mod analytics;
mod audit;
mod azure;
mod body;
mod carts;
mod catalogue;
mod customers;
mod devices;
mod invoices;
mod new_commerce;
mod orders;
mod products;
mod profiles;
mod qualifications;
mod self_serve;
mod subscriptions;
mod support;
mod transfers;
mod usage;
mod users;
mod webhooks;

use body::{Member, Shape};
use serde_json::{Value, json};
use tenantry_http::Face;
use tenantry_http::openapi::{Info, document};

/// What a parameter is.
#[derive(Clone, Copy)]
enum Kind {
    Text,
    Whole,
    Flag,
    /// An instant, ISO 8601.
    Time,
}

/// A parameter of a query, or a header.
#[derive(Clone, Copy)]
struct Parameter {
    name: &'static str,
    place: &'static str,
    kind: Kind,
    says: &'static str,
}

const fn query(name: &'static str, kind: Kind, says: &'static str) -> Parameter {
    Parameter { name, place: "query", kind, says }
}

const fn header(name: &'static str, says: &'static str) -> Parameter {
    Parameter { place: "header", ..query(name, Kind::Text, says) }
}

/// What an operation has beyond its route.
struct Detail {
    operation: &'static str,
    parameters: &'static [Parameter],
    /// Media type of the body.
    reads: Option<&'static str>,
    /// What a JSON body may hold, as far as it is told.
    holds: Option<Shape>,
    /// Media type of the answer; `None` for one without a body.
    gives: Option<&'static str>,
}

impl Detail {
    const fn of(operation: &'static str, parameters: &'static [Parameter]) -> Self {
        Self { operation, parameters, reads: None, holds: None, gives: Some(JSON) }
    }

    const fn reads(self, media_type: &'static str) -> Self {
        Self { reads: Some(media_type), ..self }
    }

    /// Reads a JSON body of this shape.
    const fn takes(self, shape: Shape) -> Self {
        Self { holds: Some(shape), ..self.reads(JSON) }
    }

    /// Reads a JSON object with these members.
    const fn takes_members(self, members: &'static [Member]) -> Self {
        self.takes(Shape::Object(members))
    }

    const fn gives(self, media_type: Option<&'static str>) -> Self {
        Self { gives: media_type, ..self }
    }
}

const JSON: &str = "application/json";
const PDF: &str = "application/pdf";
const FORM: &str = "application/x-www-form-urlencoded";

const LOCALE: Parameter = header("X-Locale", "Language and country, echoed in `locale`; `en-US` by default");
const IF_MATCH: Parameter = header("If-Match", "The ETag that was read. Absent: the last write wins");
const TOKEN: Parameter =
    header("MS-ContinuationToken", "Goes on where the page with this token ended; also read from the query");
const COUNTRY: Parameter = query("country", Kind::Text, "ISO 3166 country; the partner's own by default");
const ELIGIBILITY_TYPE: Parameter =
    query("eligibilityType", Kind::Text, "`immediate` (default) or `scheduled`, of which there is none");
const OPERATION_ID: Parameter = query("operationId", Kind::Text, "Only the transition of this id");
const OFFSET: Parameter = query("offset", Kind::Whole, "Items to pass over; 0 by default");
const OFFERS: Parameter = query("size", Kind::Whole, "Items on the page, up to 1000; 0 is the default of 1000");
const LINES: Parameter = query("size", Kind::Whole, "Items on the page, up to 2000; 0 is the default of 2000");
const PRICE: Parameter = query("include_price", Kind::Flag, "Accepted; prices of seats are not part of the catalogue");
const PERIOD: Parameter = query(
    "period",
    Kind::Text,
    "Of `unbilled`: `current` (default), or `previous` between a month's end and its close",
);
const CURRENCY: Parameter = query("currencyCode", Kind::Text, "ISO 4217; only lines in this currency");
const LICENCE_GROUPS: Parameter =
    query("licenseGroupIds", Kind::Text, "`group1` (default) or `group2`, of which there are none; may be repeated");
const NEXT: &str = "`next`, with the token of the page before; no other parameter is needed then";

const DETAILS: [&[Detail]; 22] = [
    customers::DETAILS,
    qualifications::DETAILS,
    users::DETAILS,
    catalogue::DETAILS,
    products::DETAILS,
    carts::DETAILS,
    orders::DETAILS,
    subscriptions::DETAILS,
    usage::DETAILS,
    azure::DETAILS,
    new_commerce::DETAILS,
    invoices::DETAILS,
    profiles::DETAILS,
    account::DETAILS,
    agreements::DETAILS,
    self_serve::DETAILS,
    transfers::DETAILS,
    analytics::DETAILS,
    audit::DETAILS,
    webhooks::DETAILS,
    support::DETAILS,
    devices::DETAILS,
];

/// What is known of an operation.
fn detail(operation: &str) -> Option<&'static Detail> {
    DETAILS.iter().copied().flatten().find(|of| of.operation == operation)
}

/// The document as it is committed: indented, with a newline at the end.
#[must_use]
pub fn text(face: &Face) -> String {
    let mut document = document(face, &info());
    for route in &face.routes {
        let method = route.method.as_str().to_ascii_lowercase();
        if let Some(operation) = document["paths"][route.pattern].get_mut(&method) {
            describe(operation, route.success.as_str(), detail(route.operation));
        }
    }
    format!("{document:#}\n")
}

fn info() -> Info {
    Info {
        title: "Partner Center",
        version: "v1",
        error_schema: json!({
            "type": "object",
            "required": ["code", "description", "data", "source"],
            "properties": {
                "code": {"type": "integer"},
                "description": {"type": "string"},
                "data": {"type": "array", "items": {"type": "string"}},
                "source": {"type": "string"},
            },
        }),
    }
}

fn describe(operation: &mut Value, success: &str, detail: Option<&Detail>) {
    if let Some(gives) = detail.map_or(Some(JSON), |detail| detail.gives) {
        operation["responses"][success]["content"] = json!({ gives: {} });
    }
    let Some(detail) = detail else { return };
    if !detail.parameters.is_empty() {
        let mut parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
        parameters.extend(detail.parameters.iter().map(parameter));
        operation["parameters"] = Value::Array(parameters);
    }
    if let Some(media_type) = detail.reads {
        let content = detail.holds.map_or_else(|| json!({}), |shape| json!({"schema": shape.schema()}));
        operation["requestBody"] = json!({"required": true, "content": {media_type: content}});
    }
}

/// None is marked as required: what a first page needs, a page that goes on by a token does not.
fn parameter(Parameter { name, place, kind, says }: &Parameter) -> Value {
    let schema = match kind {
        Kind::Text => json!({"type": "string"}),
        Kind::Whole => json!({"type": "integer", "minimum": 0}),
        Kind::Flag => json!({"type": "boolean"}),
        Kind::Time => json!({"type": "string", "format": "date-time"}),
    };
    json!({"name": name, "in": place, "required": false, "description": says, "schema": schema})
}

#[cfg(test)]
mod tests {
    use super::*;
    use tenantry_http::Method;

    #[test]
    fn every_detail_belongs_to_a_route_and_every_write_reads_a_body() {
        let face = crate::face("https://localhost:8443");
        for detail in DETAILS.iter().copied().flatten() {
            assert!(face.routes.iter().any(|route| route.operation == detail.operation), "{}", detail.operation);
        }
        for route in &face.routes {
            let writes = [Method::POST, Method::PUT, Method::PATCH].contains(&route.method);
            let reads = detail(route.operation).is_some_and(|detail| detail.reads.is_some());
            assert_eq!(writes, reads, "{route:?}");
        }
    }
}
