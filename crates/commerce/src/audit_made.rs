//! What acts write into the audit trail about what they made: in our own words, without prices. Members are added, never
//! renamed: trails of older versions are read too.

use crate::{Customer, Order, Subscription};
use serde_json::{Value, json};
use tenantry_db::audit::Made;

/// An order, with what it bought.
pub(crate) fn of_order(order: &Order) -> Made {
    let lines = order.lines.iter().map(|line| {
        json!({
            "number": line.number,
            "offer": line.offer.to_string(),
            "subscription": line.subscription.to_string(),
            "name": line.friendly_name,
            "quantity": line.quantity,
        })
    });
    let facts = json!({
        "order": order.id.to_string(),
        "billing_cycle": order.billing_cycle.name(),
        "lines": lines.collect::<Vec<_>>(),
    });
    made(order.customer, order.id.to_string(), &facts)
}

/// A subscription as it is after a change.
pub(crate) fn of_subscription(subscription: &Subscription) -> Made {
    let facts = json!({
        "name": subscription.friendly_name,
        "quantity": subscription.quantity,
        "status": subscription.state.status().name(),
        "auto_renew": subscription.auto_renew,
    });
    made(subscription.customer, subscription.id.to_string(), &facts)
}

/// A customer that was added.
pub(crate) fn of_customer(customer: &Customer) -> Made {
    let facts = json!({ "domain": customer.domain, "company_name": customer.company_name });
    made(customer.id, customer.id.to_string(), &facts)
}

fn made(customer: tenantry_core::TenantId, resource: String, facts: &Value) -> Made {
    Made { customer: Some(customer), resource: Some(resource), facts: Some(facts.to_string()) }
}
