//! Usage events as rows: time and quantity.

use crate::{meter, time};
use tenantry_commerce::Subscription;
use tenantry_core::{Quantity, ResourceUri};
use tenantry_usage::Event;

/// One event; its id is made of meter and time, so the same row is the same event.
#[must_use]
pub fn event(subscription: &Subscription, of_meter: &str, at: &str, quantity: &str) -> Event {
    let resource = format!(
        "/subscriptions/{}/resourceGroups/shop/providers/Microsoft.Compute/virtualMachines/web-1",
        subscription.id
    );
    Event {
        reporter: None,
        source: "test".to_owned(),
        id: format!("{}/{of_meter}/{at}", subscription.id),
        at: time(at),
        subscription: subscription.id,
        meter: meter(of_meter),
        resource: ResourceUri::new(resource),
        region: "westeurope".to_owned(),
        quantity: Quantity::parse(quantity).unwrap(),
        corrects: None,
        tags: String::new(),
        additional_info: String::new(),
    }
}

/// Events of one meter.
#[must_use]
pub fn events(subscription: &Subscription, of_meter: &str, rows: &[(&str, &str)]) -> Vec<Event> {
    rows.iter().map(|(at, quantity)| event(subscription, of_meter, at, quantity)).collect()
}
