//! The OpenAPI document of this face, and the rule that a query says nothing we do not understand.
//!
//! The route table names paths and operations. What it cannot say stands in the table here: which query
//! parameters an operation has, what it reads and what it gives besides JSON. The same table refuses a query
//! parameter that nobody reads, because `?granularty=hourly` would otherwise be answered with days.

use crate::{access, customer_prices, customers, edge_prices, fx, relationships, schema, seat_prices};
use serde_json::{Value, json};
use tenantry_core::Problem;
use tenantry_http::openapi::{Info, document, error_schema};
use tenantry_http::{Call, Face, nearest};

/// A query parameter.
#[derive(Clone, Copy)]
pub(crate) struct Parameter {
    name: &'static str,
    required: bool,
    says: &'static str,
}

pub(crate) const fn required(name: &'static str, says: &'static str) -> Parameter {
    Parameter { name, required: true, says }
}

pub(crate) const fn optional(name: &'static str, says: &'static str) -> Parameter {
    Parameter { name, required: false, says }
}

/// What an operation has beyond its route.
pub(crate) struct Detail {
    operation: &'static str,
    query: &'static [Parameter],
    /// Media types of the body.
    reads: &'static [&'static str],
    /// Media type of the answer.
    gives: &'static str,
    /// Other statuses than the usual, and when.
    also: [Option<(&'static str, &'static str)>; 4],
}

impl Detail {
    pub(crate) const fn of(operation: &'static str) -> Self {
        Self { operation, query: &[], reads: &[], gives: JSON, also: [None; 4] }
    }

    pub(crate) const fn query(self, query: &'static [Parameter]) -> Self {
        Self { query, ..self }
    }

    pub(crate) const fn reads(self, reads: &'static [&'static str]) -> Self {
        Self { reads, ..self }
    }

    pub(crate) const fn also(self, status: &'static str, says: &'static str) -> Self {
        let [_, first, second, third] = self.also;
        Self { also: [first, second, third, Some((status, says))], ..self }
    }

    pub(crate) const fn gives(self, gives: &'static str) -> Self {
        Self { gives, ..self }
    }
}

pub(crate) const JSON: &str = "application/json";
pub(crate) const PARTNER: Parameter =
    optional("partner", "Tenant id of the partner. The provider names one; a partner's own is the default");

/// Whose accounts an operation is about.
pub(crate) const BUYER: Parameter = optional(
    "partner",
    "Tenant id of who buys: a partner, or a customer that you bill here. The provider names a partner; your own is the \
     default",
);

/// Whose directory an operation is about.
pub(crate) const TENANT: Parameter = optional(
    "tenant",
    "Tenant id or domain of the customer. Partner and provider name one; a customer's own is the default",
);

/// Months that are closed are on documents; budgets watch the open ones.
const MONTH_OPEN: Parameter = optional("month", "The month of the figures, `2017-10`; the current one by default");

const DETAILS: [Detail; 21] = [
    Detail::of("usage.report")
        .reads(&crate::intake::MEDIA_TYPES)
        .also(
            "202",
            "A body that is one event, and it was accepted; 200 if it was a duplicate. Every answer names the caller's \
             own budgets that were crossed, and how far beyond them it is, in `crossings`",
        )
        .also("400", "A body that is one event, and it was refused; or no event could be read")
        .also("404", "A body that is one event, and it was refused: there is no such subscription")
        .also("409", "A body that is one event, and it was refused: its id was counted with other content"),
    Detail::of("usage.get").query(&[
        optional("from", "First instant, ISO 8601; the current month's first by default"),
        optional("to", "First instant after; the end of the current month by default"),
        optional("granularity", "`daily` (default) or `hourly`"),
    ]),
    Detail::of("unbilled.get").query(&[
        optional("month", "`2017-10`; the current month by default"),
        optional("seller", "Tenant id of the seller, for a customer that is billed by several"),
        BUYER,
    ]),
    Detail::of("unrated.list")
        .query(&[optional("partner", "Tenant id of the partner. The provider sees all by default, a partner its own")]),
    Detail::of("invoices.list").query(&[
        optional("month", "The billed month, `2017-10`; all by default"),
        optional("role", "`bought` (default): what the partner was billed; `sold`: what it billed to others"),
        BUYER,
    ]),
    Detail::of("invoices.reconciliation").gives("text/csv"),
    Detail::of("invoices.pdf").gives("application/pdf"),
    Detail::of("budgets.list").query(&[MONTH_OPEN]),
    Detail::of("budgets.get").query(&[MONTH_OPEN]),
    Detail::of("budgets.put").reads(&[JSON]).also("201", "The limit is new"),
    Detail::of("alerts.list").query(&[
        optional("state", "`open`: only those nobody dealt with; `all` by default"),
        optional("budget", "Only those of this budget"),
        optional("subscription", "Only those about this subscription"),
    ]),
    Detail::of("balance.get").query(&[BUYER]),
    Detail::of("explain.get").query(&[
        required("subscription", "Subscription id"),
        required("meter", "Meter id"),
        optional("invoice", "Number of the document; what is not billed yet by default"),
        optional("month", "Service month, if there are charges of several"),
        optional("day", "Only this day, `2017-10-04`"),
    ]),
    Detail::of("price-sheets.import")
        .query(&[
            required("market", "ISO 3166 country, `US`"),
            required("effectiveFrom", "From when on the prices hold, ISO 8601"),
            optional("currency", "Refused unless the document is in this currency"),
        ])
        .reads(&[JSON, "application/gzip"]),
    Detail::of("clock.advance").reads(&[JSON]),
    Detail::of("partners.sign_up").reads(&[JSON]),
    Detail::of("resellers.list").query(&[PARTNER]),
    Detail::of("price-rules.add").reads(&[JSON]),
    Detail::of("external-subscriptions.register").reads(&[JSON]),
    Detail::of("second-factor.confirm").reads(&[JSON]),
    Detail::of("second-factor.remove")
        .query(&[optional("user", "Whose, by name or id, for administrators; your own by default")]),
];

/// The details of all operations.
fn details() -> impl Iterator<Item = &'static Detail> {
    DETAILS
        .iter()
        .chain(&crate::intake::uploads::DETAILS)
        .chain(&access::DETAILS)
        .chain(&relationships::DETAILS)
        .chain(&customers::DETAILS)
        .chain(&customer_prices::DETAILS)
        .chain(&edge_prices::DETAILS)
        .chain(&fx::DETAILS)
        .chain(&seat_prices::DETAILS)
        .chain(&crate::tickets::DETAILS)
        .chain(&crate::incidents::DETAILS)
        .chain(&crate::qualifications::DETAILS)
        .chain(money_details())
}

fn money_details() -> impl Iterator<Item = &'static Detail> {
    use crate::{balance, credit_notes, document_terms, payments};
    balance::DETAILS.iter().chain(&payments::DETAILS).chain(&credit_notes::DETAILS).chain(&document_terms::DETAILS)
}

fn detail(operation: &str) -> Option<&'static Detail> {
    details().find(|detail| detail.operation == operation)
}

/// Refuses query parameters that the operation does not have.
pub(crate) fn check_query(call: &Call) -> Result<(), Problem> {
    let known = call.meta.operation.and_then(detail).map_or(&[][..], |detail| detail.query);
    let unknown = call.query.pairs().find(|(name, _)| !known.iter().any(|k| k.name.eq_ignore_ascii_case(name)));
    let Some((name, _)) = unknown else { return Ok(()) };
    let name: String = name.chars().take(60).collect();
    let message = if known.is_empty() {
        "is not known; this operation has no query parameters".to_owned()
    } else {
        let names: Vec<_> = known.iter().map(|parameter| parameter.name).collect();
        match nearest(&name, names.iter().copied()) {
            Some(meant) => format!("is not known; did you mean {meant}? This operation has {}", names.join(", ")),
            None => format!("is not known; this operation has {}", names.join(", ")),
        }
    };
    Err(Problem::invalid(name, message))
}

/// The document as it is committed: indented, with a newline at the end.
#[must_use]
pub fn text(face: &Face) -> String {
    let info = Info { title: "Tenantry", version: "v1", error_schema: error_schema() };
    let mut document = document(face, &info);
    for (name, schema) in schema::shared() {
        document["components"]["schemas"][name] = schema;
    }
    for route in &face.routes {
        let method = route.method.as_str().to_ascii_lowercase();
        if let Some(operation) = document["paths"][route.pattern].get_mut(&method) {
            describe(operation, route.success.as_str(), detail(route.operation));
        }
    }
    format!("{document:#}\n")
}

fn describe(operation: &mut Value, success: &str, detail: Option<&Detail>) {
    let gives = detail.map_or(JSON, |detail| detail.gives);
    let schemas = operation["operationId"].as_str().and_then(schema::of);
    // Other media types, such as CSV, have no schema.
    let content = |media_type: &str, make: Option<schema::Make>| match make.filter(|_| media_type == JSON) {
        Some(make) => json!({"schema": make()}),
        None => json!({}),
    };
    let answer = json!({gives: content(gives, schemas.as_ref().map(|of| of.answer))});
    if success != "204" {
        operation["responses"][success]["content"] = answer.clone();
    }
    let Some(detail) = detail else { return };
    for (status, says) in detail.also.into_iter().flatten() {
        operation["responses"][status] = match status {
            "204" => json!({"description": says}),
            refused if refused.starts_with('4') => {
                let ways = [answer[gives]["schema"].clone(), json!({"$ref": "#/components/schemas/Error"})];
                json!({"description": says, "content": {gives: {"schema": {"anyOf": ways}}}})
            }
            _ => json!({"description": says, "content": answer}),
        };
    }
    if !detail.query.is_empty() {
        let mut parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
        parameters.extend(detail.query.iter().map(|Parameter { name, required, says }| {
            json!({"name": name, "in": "query", "required": required, "description": says, "schema": {"type": "string"}})
        }));
        operation["parameters"] = Value::Array(parameters);
    }
    // Not by index: that would put a null where there are none, which makes the document invalid.
    let parameters = operation.get_mut("parameters").and_then(Value::as_array_mut);
    for parameter in parameters.into_iter().flatten() {
        if let Some(kind) = parameter["name"].as_str().and_then(schema::of_parameter) {
            parameter["schema"] = json!({"$ref": format!("#/components/schemas/{kind}")});
        }
    }
    if !detail.reads.is_empty() {
        let body = schemas.as_ref().map(|of| of.body);
        let contents: serde_json::Map<_, _> =
            detail.reads.iter().map(|media_type| ((*media_type).to_owned(), content(media_type, body))).collect();
        operation["requestBody"] = json!({"required": true, "content": contents});
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A null where an array belongs makes a document invalid, and clients are generated from it.
    #[test]
    fn no_member_of_the_document_is_null() {
        let document: Value = serde_json::from_str(&text(&crate::face("https://localhost:8443"))).unwrap();
        let operations = document["paths"].as_object().unwrap().values().flat_map(|path| path.as_object().unwrap());
        for (method, operation) in operations {
            for (member, value) in operation.as_object().unwrap() {
                assert!(!value.is_null(), "{member} of {method} {}", operation["operationId"]);
            }
        }
    }

    #[test]
    fn every_detail_belongs_to_a_route() {
        let face = crate::face("https://localhost:8443");
        for detail in details() {
            assert!(face.routes.iter().any(|route| route.operation == detail.operation), "{}", detail.operation);
        }
    }
}
