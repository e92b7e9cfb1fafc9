//! What every parameter of every path stands for, and whose that is.

use crate::operations::Operation;
use crate::things::Things;

/// A value in a path or a query.
#[derive(Debug, Clone)]
pub(crate) enum Value {
    /// Names something of the owner: to others it is not there.
    Owned(String),
    /// Names nobody's own: an offer, a month, a type.
    Public(String),
}

impl Value {
    pub(crate) fn text(&self) -> &str {
        match self {
            Self::Owned(text) | Self::Public(text) => text,
        }
    }
}

/// The value of a parameter of an operation's path; `None` if nobody has said yet what it stands for.
pub(crate) fn value(operation: &Operation, parameter: &str, things: &Things) -> Option<Value> {
    let owned = |word: &str| Some(Value::Owned(things.get(word).to_owned()));
    let public = |text: &str| Some(Value::Public(text.to_owned()));
    match (operation.face.as_str(), parameter) {
        ("partner-center-v1", "customer") => owned("customer"),
        ("partner-center-v1" | "tenantry-v1", "subscription") => owned("subscription"),
        ("partner-center-v1", "order") => owned("order"),
        ("partner-center-v1", "invoice") | ("tenantry-v1", "number") => owned("invoice"),
        ("partner-center-v1", "offer") => public("MS-AZR-0145P"),
        ("partner-center-v1", "provider") => public("Azure"),
        ("partner-center-v1", "type") => public("BillingLineItems"),
        // That a name is taken is no secret: whoever wants it is told.
        ("partner-center-v1", "domain") => public("northwind.example.test"),
        ("partner-center-v1", "prefix") => public("northwind"),
        ("tenantry-v1", "month") => public("2026-02"),
        ("login", "tenant") => public("common"),
        ("login", "user") => public("nobody@northwind.example.test"),
        ("directory-graph", parameter) => directory_graph(operation, parameter, things),
        _ => None,
    }
}

fn directory_graph(operation: &Operation, parameter: &str, things: &Things) -> Option<Value> {
    let owned = |word: &str| Some(Value::Owned(things.get(word).to_owned()));
    let deleted = operation.name.starts_with("deleted-");
    match parameter {
        "user" if deleted => owned("deleted person"),
        "user" => owned("person"),
        "object" if operation.name.starts_with("groups.") => owned("group"),
        "object" if operation.name.starts_with("service-principals.") => owned("principal"),
        "object" => owned("person"),
        "member" if operation.name.starts_with("directory-roles.") => owned("role holder"),
        "member" => owned("person"),
        "owner" => owned("manager"),
        "group" => owned("group"),
        "role" => owned("role"),
        "sku" => owned("subscribed sku"),
        "application" if deleted => owned("deleted application"),
        "application" => owned("application"),
        "principal" => owned("principal"),
        "app" => owned("app"),
        "grant" => owned("grant"),
        "contract" => owned("contract"),
        "domain" if operation.name == "domains.verify" => owned("unproved domain"),
        "domain" => owned("domain"),
        "id" => owned("customer"),
        "type" => Some(Value::Public("Microsoft.DirectoryServices.User".to_owned())),
        _ => None,
    }
}

/// What an operation must be asked with besides its path.
pub(crate) fn query(operation: &Operation, things: &Things) -> Vec<(&'static str, Value)> {
    let public = |name: &'static str, text: &str| (name, Value::Public(text.to_owned()));
    match (operation.face.as_str(), operation.name.as_str()) {
        ("partner-center-v1", "utilizations.azure.list") => {
            vec![public("start_time", "2026-01-01"), public("end_time", "2026-02-01")]
        }
        ("partner-center-v1", "invoices.line-items.query") => {
            vec![public("provider", "azure"), public("invoiceLineItemType", "billinglineitems")]
        }
        ("partner-center-v1", "offers.list" | "offer-categories.list") => vec![public("country", "US")],
        ("tenantry-v1", "explain.get") => vec![
            ("subscription", Value::Owned(things.get("subscription").to_owned())),
            public("meter", tenantry_testkit::HOURS),
            public("month", "2026-01"),
        ],
        ("tenantry-v1", "usage.get") => vec![public("from", "2026-01-01"), public("to", "2026-02-01")],
        ("tenantry-v1", "price-sheets.import") => vec![public("market", "US"), public("effectiveFrom", "2026-03-01")],
        ("directory-graph", _) => vec![public("api-version", "1.6")],
        _ => Vec::new(),
    }
}
