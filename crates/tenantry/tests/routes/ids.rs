//! What every parameter of every path stands for, and whose that is.

use crate::operations::{ADMIN_PASSWORD, Operation};
use Value::{Known, Owned, Public, Tenant};

/// A value in a path or a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Value {
    /// Something of the owner, by its word in `things.rs`: to others it is not there.
    Owned(&'static str),
    /// Something of the owner that whoever names it may know.
    Known(&'static str),
    /// The directory a call is about, or the stranger's own where it names the owner's things under that.
    Tenant,
    /// Nobody's own: an offer, a month, a type.
    Public(&'static str),
}

/// The value of a parameter of an operation's path, in the directory of the `customer` or of the `owner`; `None` if
/// nobody has said yet what it stands for.
pub(crate) fn value(directory: &str, operation: &Operation, parameter: &str) -> Option<Value> {
    Some(match (operation.face.as_str(), parameter) {
        ("partner-center-v1" | "tenantry-v1", "customer") => Owned("customer"),
        ("partner-center-v1", "subscription") if operation.name.starts_with("azure-entitlements.") => {
            Owned("azure plan")
        }
        ("partner-center-v1", "upgrade") => Owned("product upgrade"),
        ("partner-center-v1", "migration") => Owned("migration"),
        ("partner-center-v1", "schedule") if operation.name == "new-commerce-schedules.cancel" => {
            Owned("cancelled migration")
        }
        ("partner-center-v1", "schedule") => Owned("scheduled migration"),
        ("partner-center-v1", "entitlement") => Owned("azure subscription"),
        ("partner-center-v1" | "tenantry-v1", "subscription") => Owned("subscription"),
        ("partner-center-v1", "order") => Owned("order"),
        ("partner-center-v1", "line") => Public("0"),
        ("partner-center-v1", "request") if operation.name == "service-requests.create" => Public("en-US"),
        ("partner-center-v1", "request") | ("tenantry-v1", "ticket") => Owned("ticket"),
        // What does not run is no secret to whoever may read of it.
        ("tenantry-v1", "incident") => Public(crate::pc_support::INCIDENT),
        ("tenantry-v1", "qualification") => Owned("qualification"),
        ("partner-center-v1", "configurationPolicy") => Owned("configuration policy"),
        ("partner-center-v1", "batch") => Owned("device batch"),
        ("partner-center-v1", "device") => Owned("device"),
        ("partner-center-v1", "tracking") => Owned("device upload"),
        ("partner-center-v1", "correlationId") => Owned("trial"),
        // Certificates are public.
        ("partner-center-v1", "file") => Public("nobody.cer"),
        ("partner-center-v1", "id") if operation.name == "audit-records.get" => Owned("audit record"),
        ("tenantry-v1", "number") if operation.path.contains("/credit-notes/{number}") => Owned("credit note"),
        ("partner-center-v1", "invoice") | ("tenantry-v1", "number") => Owned("invoice"),
        ("partner-center-v1", "offer") => Public("MS-AZR-0145P"),
        ("partner-center-v1", "cart") => Owned("cart"),
        ("partner-center-v1", "product") => Public("CFQ7TTC0LF8R"),
        ("partner-center-v1", "sku") => Public("0001"),
        ("partner-center-v1", "availability") => Public("CFQ7TTC0K5DR"),
        ("partner-center-v1", "provider") => Public("Azure"),
        ("partner-center-v1", "type") => Public("BillingLineItems"),
        ("partner-center-v1", "period") => Public("mostrecent"),
        ("partner-center-v1", "policy") => Owned("self-serve policy"),
        ("partner-center-v1", "transfer") => Owned("transfer"),
        ("partner-center-v1", "template") => Public("117a77b0-9360-443b-8795-c6dedc750cf9"),
        ("partner-center-v1", "country") => Public("US"),
        ("partner-center-v1", "application") => Owned("panel"),
        ("partner-center-v1", "user") if operation.name == "directory-roles.members.remove" => Owned("role holder"),
        ("partner-center-v1", "user") => Owned("person"),
        ("partner-center-v1", "role") => Public("729827e3-9c14-49f7-bb1b-9608f156bbb8"),
        // That a name is taken is no secret: whoever wants it is told.
        ("partner-center-v1", "domain") => Public("northwind.example.test"),
        ("partner-center-v1", "prefix") => Public("northwind"),
        ("partner-center-v1", "program") => Public("csp"),
        ("tenantry-v1", "list") => Owned("price list"),
        ("tenantry-v1", "month") => Public("2026-02"),
        ("tenantry-v1", "budget" | "alert" | "upload" | "partner") if !of_tenants(&operation.name) => {
            return money(operation, parameter);
        }
        ("tenantry-v1", parameter) => return access(operation, parameter),
        ("login", "tenant") => Public("common"),
        ("login", "user") => Public("nobody@northwind.example.test"),
        ("directory-graph" | "graph-v1.0", "relationship" | "assignment" | "request" | "operation" | "customer") => {
            return relationship(directory, operation, parameter);
        }
        ("directory-graph" | "graph-v1.0", parameter) => return object(operation, parameter),
        _ => return None,
    })
}

/// Usage and money in our own API.
fn money(operation: &Operation, parameter: &str) -> Option<Value> {
    Some(match (operation.name.as_str(), parameter) {
        // Clients make this id up.
        ("budgets.put", "budget") => Public("00000000-0000-4000-8000-00000000b002"),
        (_, "budget") => Owned("budget"),
        (_, "alert") => Owned("alert"),
        (_, "upload") => Owned("upload"),
        (_, "partner") => Owned("owner"),
        _ => return None,
    })
}

/// Azure roles and relationships in our own API.
fn access(operation: &Operation, parameter: &str) -> Option<Value> {
    Some(match (operation.name.as_str(), parameter) {
        ("locks.put", "name") => Public("another"),
        ("locks.delete", "name") => Public("kept"),
        // Clients make these ids up.
        ("role-assignments.put" | "role-definitions.put", "id") => Public("00000000-0000-4000-8000-00000000c001"),
        ("role-assignments.delete", "id") => Owned("azure assignment"),
        ("role-definitions.delete", "id") => Owned("custom role"),
        // The stranger's invitation: whoever has the link may look who invites.
        ("relationship-requests.get" | "relationship-requests.accept", "id") => Known("invitation of the stranger"),
        ("granular-relationships.terminate", "id") => Owned("relationship"),
        ("granular-relationships.approve" | "granular-relationships.reject", "id") => Owned("asked relationship"),
        ("partner-relationships.delegated-admin-remove", "partner") => Owned("owner"),
        _ => return None,
    })
}

/// What of the owner's a body names, which neither path nor query do: nobody else gets it done.
pub(crate) fn in_body(operation: &Operation) -> &'static [&'static str] {
    match (operation.face.as_str(), operation.name.as_str()) {
        ("partner-center-v1", "directory-roles.members.add") => &["person"],
        ("partner-center-v1", "self-serve-policies.create" | "self-serve-policies.change") => &["customer"],
        ("partner-center-v1", "product-upgrades.eligibility" | "product-upgrades.create") => &["customer"],
        ("partner-center-v1", "new-commerce-migrations.validate" | "new-commerce-schedules.change") => {
            &["migrating subscription"]
        }
        ("tenantry-v1", "usage.report" | "budgets.put") => &["subscription"],
        ("tenantry-v1", "payments.record" | "payments.reverse" | "rounding.set") => &["owner"],
        ("tenantry-v1", "validation-codes.give" | "customer-review.set") => &["owner"],
        ("tenantry-v1", "role-assignments.put" | "role-definitions.put" | "locks.put") => &["scope"],
        _ => &[],
    }
}

/// Something of a directory.
fn object(operation: &Operation, parameter: &str) -> Option<Value> {
    let of = |kind: &str| operation.name.starts_with(kind);
    Some(match parameter {
        "tenant" => Tenant,
        "user" if of("deleted-") => Owned("deleted person"),
        "user" if operation.name == ADMIN_PASSWORD => Owned("role holder"),
        "user" => Owned("person"),
        "object" if of("deleted-") => Owned("deleted person"),
        "object" if of("groups.") => Owned("group"),
        "object" if of("service-principals.") => Owned("principal"),
        "object" => Owned("person"),
        "member" if of("directory-roles.") => Owned("role holder"),
        "member" => Owned("person"),
        "owner" => Owned("manager"),
        "group" => Owned("group"),
        "role" => Owned("role"),
        "template" => Public("729827e3-9c14-49f7-bb1b-9608f156bbb8"),
        "sku" => Owned("subscribed sku"),
        "application" if of("deleted-") => Owned("deleted application"),
        "application" => Owned("application"),
        "principal" if of("service-principals.app-roles-given.") => Owned("api of the customer"),
        "principal" => Owned("principal"),
        "app" => Owned("app"),
        "grant" => Owned("grant"),
        "contract" => Owned("contract"),
        "domain" if operation.name == "domains.verify" => Owned("unproved domain"),
        "domain" => Owned("domain"),
        "id" => Owned("customer"),
        "type" if operation.face == "graph-v1.0" => Public("user"),
        "type" => Public("Microsoft.DirectoryServices.User"),
        // Who has the id or the domain of a tenant may ask whose it is.
        "key" if operation.name == "tenant-information.by-id" => Known("customer"),
        "key" => Public("northwind.example.test"),
        _ => return None,
    })
}

/// Something of delegated administration, and the roles that applications give.
fn relationship(directory: &str, operation: &Operation, parameter: &str) -> Option<Value> {
    let in_customers = directory == "customer";
    Some(match (operation.name.as_str(), parameter) {
        (name, "assignment") if name.starts_with("service-principals.app-roles.") => Owned("role of the tool"),
        (name, "assignment") if name.contains("app-roles") => Owned("role of the person"),
        ("relationships.change" | "relationships.delete", "relationship") => Owned("written relationship"),
        (_, "relationship") if in_customers => Owned("asked relationship"),
        (_, "relationship") => Owned("relationship"),
        (_, "assignment") => Owned("access assignment"),
        (_, "request") => Owned("relationship request"),
        (_, "operation") => Owned("relationship operation"),
        (_, "customer") => Owned("customer"),
        _ => return None,
    })
}

/// Headers that an operation wants: the version of what is changed, how long a file is, and from where it goes on.
pub(crate) fn headers(operation: &Operation) -> &'static [(&'static str, Value)] {
    match (operation.face.as_str(), operation.name.as_str()) {
        ("graph-v1.0", "relationships.change" | "relationships.delete") => {
            &[("if-match", Known("version of written relationship"))]
        }
        ("graph-v1.0", "relationships.access.change" | "relationships.access.delete") => {
            &[("if-match", Known("version of access assignment"))]
        }
        ("tenantry-v1", "usage-uploads.create") => &[("upload-length", Public("2"))],
        ("tenantry-v1", "usage-uploads.append") => &[("upload-offset", Public("0"))],
        _ => &[],
    }
}

/// What an operation must be asked with besides its path.
pub(crate) fn query(before: &str, operation: &Operation) -> Vec<(&'static str, Value)> {
    let of_buyers = [
        "unbilled.get",
        "invoices.list",
        "balance.get",
        "ageing.get",
        "statement.get",
        "payments.list",
        "credit-notes.list",
    ];
    if before == "billed " && of_buyers.contains(&operation.name.as_str()) {
        return vec![("partner", Owned("owner"))];
    }
    match (operation.face.as_str(), operation.name.as_str()) {
        ("partner-center-v1", "utilizations.azure.list") => {
            vec![("start_time", Public("2026-01-01")), ("end_time", Public("2026-02-01"))]
        }
        ("partner-center-v1", "invoices.line-items.query") => {
            vec![("provider", Public("azure")), ("invoiceLineItemType", Public("billinglineitems"))]
        }
        ("partner-center-v1", "offers.list" | "offer-categories.list") => vec![("country", Public("US"))],
        ("partner-center-v1", "compliance.agreement-status") => vec![("tenantId", Known("owner"))],
        ("partner-center-v1", "products.list") => vec![("country", Public("US")), ("targetView", Public("Azure"))],
        ("partner-center-v1", "promotions.list") => vec![("country", Public("US")), ("segment", Public("commercial"))],
        ("partner-center-v1", name) if name.starts_with("products.") => {
            vec![("country", Public("US"))]
        }
        ("partner-center-v1", "customers.products.list") => vec![("targetView", Public("Azure"))],
        ("partner-center-v1", "self-serve-policies.list") => vec![("entity_id", Owned("customer"))],
        ("partner-center-v1", "new-commerce-migrations.list" | "new-commerce-schedules.list") => {
            vec![("CustomerTenantId", Owned("customer"))]
        }
        ("partner-center-v1", "new-commerce-migrations.events") => vec![("migration_id", Owned("migration"))],
        ("partner-center-v1", "transfers.eligibility") => vec![("transferType", Public("directtodirect"))],
        ("tenantry-v1", "explain.get") => vec![
            ("invoice", Owned("invoice")),
            ("subscription", Owned("subscription")),
            ("meter", Public(tenantry_testkit::HOURS)),
        ],
        ("tenantry-v1", "access.explain") => vec![
            ("principal", Owned("operator")),
            ("action", Public("Microsoft.Compute/virtualMachines/start/action")),
            ("scope", Owned("machine")),
        ],
        ("tenantry-v1", "role-assignments.delete") => vec![("tenant", Tenant), ("scope", Owned("machine"))],
        (
            "tenantry-v1",
            "role-assignments.list"
            | "role-definitions.list"
            | "role-definitions.delete"
            | "locks.list"
            | "locks.delete",
        ) => vec![("tenant", Tenant), ("scope", Owned("scope"))],
        // About the caller, or about somebody of the tenant acted in.
        ("tenantry-v1", "second-factor.remove") => vec![("user", Owned("person"))],
        ("tenantry-v1", name) if name.starts_with("second-factor.") => Vec::new(),
        ("tenantry-v1", name) if of_tenants(name) => vec![("tenant", Tenant)],
        ("tenantry-v1", "usage-uploads.create") => vec![("format", Public("ndjson"))],
        ("tenantry-v1", "usage.get") => vec![("from", Public("2026-01-01")), ("to", Public("2026-02-01"))],
        ("tenantry-v1", "price-sheets.import") => {
            vec![("market", Public("US")), ("effectiveFrom", Public("2026-04-01"))]
        }
        ("directory-graph", _) => vec![("api-version", Public("1.6"))],
        _ => Vec::new(),
    }
}

/// Operations of Partner Center that are about what is in a customer's directory. No partner sold it, and it is tried where
/// there is some.
pub(crate) fn in_directory(operation: &Operation) -> bool {
    let kinds = ["users.", "directory-roles.", "subscribed-skus.", "customers.consents."];
    operation.face == "partner-center-v1" && kinds.iter().any(|kind| operation.name.starts_with(kind))
}

/// Operations of our own API that are about what a buyer is billed, by whom it is named or by what.
pub(crate) fn of_bills(name: &str) -> bool {
    let kinds = ["invoices.", "credit-notes.", "payments.", "customer-price"];
    let others = ["unbilled.get", "balance.get", "ageing.get", "statement.get", "explain.get", "rounding.set"];
    kinds.iter().any(|kind| name.starts_with(kind)) || others.contains(&name)
}

/// Operations of our own API that are about a customer's tenant and its people.
pub(crate) fn of_tenants(name: &str) -> bool {
    let kinds = [
        "access.",
        "role-assignments.",
        "role-definitions.",
        "locks.",
        "granular-relationships.",
        "partner-relationships.",
        "second-factor.",
    ];
    let asked = ["relationship-requests.get", "relationship-requests.accept"];
    kinds.iter().any(|kind| name.starts_with(kind)) || asked.contains(&name)
}
