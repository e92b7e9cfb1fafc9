//! A line of the trail as an AuditRecord (partner-center-v1.md 3.19, 9.14).

use crate::audit::operations;
use crate::webhooks::with_fraction;
use crate::wire::Attributes;
use crate::wire::client::Client;
use serde::Serialize;
use serde_json::{Value, json};
use tenantry_core::{Problem, Reason};
use tenantry_directory::{AuditEnd, AuditLine, AuditRecord};
use uuid::Uuid;

/// A session is not kept, and of what there was before an act nothing, so `sessionId` and `resourceOldValue` are not there.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Record {
    id: String,
    partner_id: String,
    participants: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    customer_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    customer_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_principal_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    application_id: Option<String>,
    resource_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    resource_new_value: Option<String>,
    operation_type: &'static str,
    original_correlation_id: String,
    operation_date: String,
    operation_status: &'static str,
    customized_data: Vec<Pair>,
    attributes: Attributes,
}

#[derive(Debug, PartialEq, Serialize)]
struct Pair {
    key: String,
    value: Value,
}

/// Ticks: tenths of microseconds since the year 1.
const TICKS_AT_1970: i64 = 621_355_968_000_000_000;

impl Record {
    /// `None` for an act that has no name on this wire, or none that the client knows.
    pub(super) fn of(record: &AuditRecord, client: Client) -> Option<Self> {
        let AuditRecord { line, customer_name } = record;
        let named = operations::of(line, client)?;
        let made: Option<Value> = line.made.as_deref().and_then(|made| serde_json::from_str(made).ok());
        let new_value = made.as_ref().and_then(|made| new_value(named.operation, line, made));
        Some(Self {
            id: id(line, named.operation),
            partner_id: line.home.to_string(),
            participants: vec![line.home.to_string()],
            customer_id: line.customer.map(|customer| customer.to_string()),
            customer_name: customer_name.clone(),
            user_principal_name: line.user_name.clone(),
            application_id: line.app.map(|app| app.to_string()),
            resource_type: named.resource,
            resource_new_value: new_value.map(|value| value.to_string()),
            operation_type: named.operation,
            original_correlation_id: line.correlation_id.to_string(),
            operation_date: with_fraction(line.opened_at, "Z"),
            operation_status: match line.end {
                AuditEnd::Succeeded => "succeeded",
                AuditEnd::Refused => "failed",
                AuditEnd::Open => "progress",
            },
            customized_data: made.map(|made| customized(named.operation, &made)).unwrap_or_default(),
            attributes: Attributes::of("AuditRecord"),
        })
    }
}

/// `{partner}_{customer}_{record}_{operation}_{ticks}`. The third part of the original is the resource; here it is the line
/// of the trail, because two changes of one resource at one instant of a sandbox's clock must not have one id.
fn id(line: &AuditLine, operation: &str) -> String {
    let customer = line.customer.map(|customer| customer.to_string()).unwrap_or_default();
    let ticks = line.opened_at.micros().saturating_mul(10).saturating_add(TICKS_AT_1970);
    format!("{}_{customer}_{}_{}_{ticks}", line.home, line.id, operation.replace('_', "").to_ascii_lowercase())
}

/// The line that an id names.
pub(super) fn line_of(id: &str) -> Option<Uuid> {
    id.split('_').nth(2).and_then(|part| Uuid::try_parse(part).ok())
}

pub(super) fn unknown(id: &str) -> Problem {
    let shown: String = id.chars().take(60).collect();
    let told = format!("there is no audit record `{shown}` of this partner; take its id from the list");
    Problem::new(Reason::ObjectNotFound, told)
}

/// The resource as the act left it, in the spelling of the field: an object with members in PascalCase. Only what the act
/// wrote down is in it.
fn new_value(operation: &str, line: &AuditLine, made: &Value) -> Option<Value> {
    let id = line.resource.as_deref();
    Some(match operation {
        "create_order" => json!({
            "Id": id,
            "ReferenceCustomerId": line.customer.map(|customer| customer.to_string()),
            "BillingCycle": made["billing_cycle"],
            "LineItems": lines(made).iter().map(|line| json!({
                "LineItemNumber": line["number"],
                "OfferId": line["offer"],
                "SubscriptionId": line["subscription"],
                "FriendlyName": line["name"],
                "Quantity": line["quantity"],
            })).collect::<Vec<_>>(),
        }),
        "update_subscription" => json!({
            "Id": id,
            "FriendlyName": made["name"],
            "Quantity": made["quantity"],
            "Status": made["status"],
            "AutoRenewEnabled": made["auto_renew"],
        }),
        "add_customer" => json!({
            "Id": id,
            "CompanyProfile": {"TenantId": id, "Domain": made["domain"], "CompanyName": made["company_name"]},
        }),
        _ => return None,
    })
}

fn lines(made: &Value) -> &[Value] {
    made["lines"].as_array().map_or(&[], Vec::as_slice)
}

/// The pairs that clients show beside an operation. Values are texts, or null.
fn customized(operation: &str, made: &Value) -> Vec<Pair> {
    let pair = |key: String, value: &Value| Pair { key, value: text(value) };
    match operation {
        "create_order" => {
            let head = [("OrderId", &made["order"]), ("BillingCycle", &made["billing_cycle"])];
            let mut pairs: Vec<_> = head.into_iter().map(|(key, value)| pair(key.to_owned(), value)).collect();
            for (place, line) in lines(made).iter().enumerate() {
                for (key, member) in [
                    ("OfferId", "offer"),
                    ("SubscriptionId", "subscription"),
                    ("SubscriptionName", "name"),
                    ("Quantity", "quantity"),
                ] {
                    pairs.push(pair(format!("{key}-{place}"), &line[member]));
                }
            }
            pairs
        }
        "add_customer" => vec![pair("PrimaryDomainName".to_owned(), &made["domain"])],
        _ => Vec::new(),
    }
}

fn text(value: &Value) -> Value {
    match value {
        Value::Null | Value::String(_) => value.clone(),
        other => Value::String(other.to_string()),
    }
}
