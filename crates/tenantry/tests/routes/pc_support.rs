//! What a partner asks the provider for, what does not run, and a customer's devices; and the bodies of these writes.

use crate::things::{Things, Words};
use crate::trade::{Seller, seller};
use serde_json::{Value, json};
use tenantry_directory::{NewDevice, NewPolicy, UploadDevices, configuration_policy_create, devices_upload};
use tenantry_support::{Contact, IncidentLevel, NewIncident, NewTicket, Severity, incident_open, ticket_create};
use tenantry_testkit::Channel;

/// The incident of the seed, which everybody may know of.
pub(crate) const INCIDENT: &str = "TI000001";

/// A ticket about the customer, a policy and a batch with a device.
pub(crate) async fn seed(channel: &Channel, (before, customer, owner): Seller<'_>, things: &mut Things) {
    let (ctx, db) = (seller(channel, owner), channel.world().db());
    let new = NewTicket {
        partner: owner.tenant,
        customer: Some(customer),
        title: "A line is missing".to_owned(),
        description: "There is no storage on the invoice.".to_owned(),
        severity: Some(Severity::Minimal),
        topic: Some(1),
        contact: Contact::default(),
    };
    // The number of a ticket is a small one: nothing to look for in answers.
    things.put(format!("{before}ticket"), ticket_create(&ctx, db, new).await.unwrap().number);
    let policy = NewPolicy { customer, name: "Front desk".to_owned(), description: None, settings: Vec::new() };
    let policy = configuration_policy_create(&ctx, db, policy).await.unwrap().id;
    let name = format!("Spring-{}", owner.tenant);
    let device = NewDevice { product_key: Some(owner.tenant.to_string()), ..NewDevice::default() };
    let batch = UploadDevices { customer, batch: name.clone(), new_batch: true, devices: vec![device] };
    let upload = devices_upload(&ctx, db, batch).await.unwrap();
    let device = upload.outcomes[0].device.unwrap();
    things.put(format!("{before}device batch"), name);
    for (word, secret) in [("configuration policy", policy), ("device", device), ("device upload", upload.id)] {
        things.put_secret(before, word, secret);
    }
}

/// What does not run.
pub(crate) async fn trouble(channel: &Channel) {
    let trouble = NewIncident {
        workload: "Intake".to_owned(),
        affected: Vec::new(),
        area: None,
        level: IncidentLevel::Warning,
        words: "Events are taken slowly.".to_owned(),
        started_at: None,
    };
    let opened = incident_open(&channel.provider_ctx(), channel.world().db(), trouble).await.unwrap();
    assert_eq!(opened.id(), INCIDENT);
}

/// A valid body of a write of Partner Center about these.
pub(crate) fn body(name: &str, things: &Words<'_>) -> Option<Value> {
    let device = json!({"id": things.get("device"), "policies": [{"key": "OOBE", "value": null}]});
    Some(match name {
        "service-requests.create" => json!({
            "title": "Another line is missing", "description": "As before.", "severity": "minimal",
            "supportTopicId": "1",
        }),
        "service-requests.change" | "customers.service-requests.change" => {
            json!({"newNote": {"text": "And one more."}})
        }
        "policies.create" => json!({"name": "Back office", "category": "o_o_b_e", "policySettings": ["skip_eula"]}),
        "policies.change" => json!({"description": "At the door"}),
        "device-batches.create" => json!({"batchId": "Summer", "devices": [{"productKey": "CCCCC-DDDDD"}]}),
        "devices.add" => json!([{"productKey": "EEEEE-FFFFF"}]),
        "devices.put" | "devices.change" => device,
        "devices.policies.assign" => json!({"devices": [device]}),
        _ => return None,
    })
}

/// A valid body of a write of our own API about these.
pub(crate) fn own_body(name: &str) -> Option<Value> {
    Some(match name {
        "tickets.answer" => json!({"text": "Which subscription?"}),
        "tickets.close" => json!({}),
        "incidents.open" => json!({"workload": "Sign-in", "level": "critical", "message": "Nobody gets in."}),
        "incidents.update" => json!({"message": "We know why."}),
        "incidents.resolve" => json!({"message": "It runs again."}),
        _ => return None,
    })
}
