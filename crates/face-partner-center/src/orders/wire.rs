//! Orders on the wire. Source: partner-center-v1.md 3.3, 9.6.

use crate::wire::{Attributes, Link, Links, etag, upper};
use serde::Serialize;
use tenantry_commerce as commerce;
use tenantry_core::TenantId;

/// An order. `totalPrice` is never there: seat prices are not part of the catalogue.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Order {
    id: String,
    alternate_id: String,
    reference_customer_id: String,
    billing_cycle: &'static str,
    currency_code: String,
    currency_symbol: String,
    line_items: Vec<OrderLine>,
    creation_date: String,
    status: &'static str,
    transaction_type: &'static str,
    links: Links,
    attributes: Attributes,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct OrderLine {
    line_item_number: i64,
    offer_id: String,
    subscription_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    parent_subscription_id: Option<String>,
    friendly_name: String,
    quantity: i64,
    transaction_type: &'static str,
    links: Links,
    attributes: Attributes,
}

impl Order {
    pub(crate) fn of(order: commerce::Order) -> Self {
        let own = format!("/customers/{}/orders/{}", order.customer, order.id);
        let customer = order.customer;
        Self {
            id: order.id.to_string(),
            alternate_id: order.id.to_string(),
            reference_customer_id: customer.to_string(),
            billing_cycle: order.billing_cycle.name(),
            currency_code: order.currency.code().to_owned(),
            currency_symbol: order.currency.symbol().to_owned(),
            creation_date: order.placed_at.to_string(),
            // Offer-based orders are done when they are placed (partner-center-v1.md 2.3 row 49); one that is partly
            // cancelled stays completed (4.3 rule 7).
            status: if order.is_cancelled() { "cancelled" } else { "completed" },
            transaction_type: "UserPurchase",
            links: Links::to_self(own.clone())
                .with("provisioningStatus", Link::get(format!("{own}/provisioningstatus")))
                .with("patchOperation", Link::patch(own)),
            attributes: Attributes::versioned("Order", etag::write(order.id, order.version)),
            line_items: order.lines.into_iter().map(|line| OrderLine::of(customer, line)).collect(),
        }
    }
}

impl OrderLine {
    fn of(customer: TenantId, line: commerce::OrderLine) -> Self {
        let subscription = upper(line.subscription);
        let link = format!("/customers/{customer}/subscriptions/{subscription}");
        Self {
            line_item_number: line.number,
            offer_id: line.offer.to_string(),
            subscription_id: subscription,
            parent_subscription_id: line.parent.map(upper),
            quantity: left(&line),
            friendly_name: line.friendly_name,
            transaction_type: "New",
            links: Links::default().with("subscription", Link::get(link)),
            attributes: Attributes::of("OrderLineItem"),
        }
    }
}

/// Whether what a line bought is there.
///
/// Source: partner-center-v1.md 3.3. Unsure: no recording shows a cancelled line; its units are not there any more.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LineProvisioning {
    line_item_number: i64,
    status: &'static str,
    quantity_provisioning_information: [QuantityProvisioning; 1],
    attributes: Attributes,
}

#[derive(Debug, Serialize)]
struct QuantityProvisioning {
    quantity: i64,
    status: &'static str,
}

impl LineProvisioning {
    pub(crate) fn of(line: &commerce::OrderLine) -> Self {
        let status = if line.cancelled { "Unfulfilled" } else { "Fulfilled" };
        Self {
            line_item_number: line.number,
            status,
            quantity_provisioning_information: [QuantityProvisioning { quantity: left(line), status }],
            attributes: Attributes::of("OrderLineItemProvisioningStatus"),
        }
    }
}

/// Cancelled lines have nothing left (partner-center-v1.md 4.3 rule 7).
const fn left(line: &commerce::OrderLine) -> i64 {
    if line.cancelled { 0 } else { line.quantity }
}
