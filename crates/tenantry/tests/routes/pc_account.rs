//! Bodies of what a partner says of itself and of its customers' agreements, in Partner Center.

use crate::things::{Things, Words};
use crate::trade::{Seller, seller};
use serde_json::{Value, json};
use tenantry_commerce::{AskQualification, Qualification, qualification_ask};
use tenantry_testkit::Channel;

/// What the customer is, as its partner says: it waits for the provider.
pub(crate) async fn seed(channel: &Channel, (before, customer, owner): Seller<'_>, things: &mut Things) {
    let ask = AskQualification {
        customer,
        qualification: Qualification::StateOwnedEntity,
        segment: None,
        website: None,
        validation_code: None,
    };
    let asked = qualification_ask(&seller(channel, owner), channel.world().db(), ask, false).await.unwrap();
    // The provider alone names it so; no answer to the partner holds this id, so no leak of it would be seen.
    things.put(format!("{before}qualification"), asked.id);
}

/// The body of a write of these groups.
pub(crate) fn body(name: &str, address: Value) -> Option<Value> {
    let contact = json!({"firstName": "Billing", "lastName": "Desk", "email": "ops@tailspin.test"});
    Some(match name {
        // Refused in the state it is in: what it has is in use. Whoever may not is refused before.
        "customers.end" => json!({"relationshipToPartner": "none"}),
        "customers.qualification.set" => json!("education"),
        "customers.qualifications.ask" => json!({"qualification": "Education", "educationSegment": "K12"}),
        "customers.verified-domain.add" => json!({
            "verifiedDomainName": "northwind.example", "domain": {"name": "northwind.example", "authenticationType": "managed"},
        }),
        "customers.agreements.confirm" => json!({
            "primaryContact": contact, "templateId": "117a77b0-9360-443b-8795-c6dedc750cf9",
            "dateAgreed": "2026-02-01T00:00:00Z", "type": "MicrosoftCustomerAgreement",
        }),
        "profiles.organization.change" => json!({
            "companyName": "Contoso", "defaultAddress": address, "email": "ops@contoso.test", "language": "en",
            "culture": "en-US",
        }),
        "profiles.legal-business.change" | "profiles.billing.change" => {
            json!({"companyName": "Contoso", "address": address, "primaryContact": contact})
        }
        "profiles.support.change" | "profiles.support.change-as-documented" => json!({"email": "help@contoso.test"}),
        _ => return None,
    })
}

/// A valid body of what the provider says of customers in our own API.
pub(crate) fn own_body(name: &str, things: &Words<'_>) -> Option<Value> {
    Some(match name {
        "customer-qualifications.decide" => json!({"approved": true}),
        "validation-codes.give" => {
            json!({"partner": things.get("owner"), "organizationName": "City of Northwind", "maxCreates": 3})
        }
        "customer-review.set" => json!({"partner": things.get("owner"), "status": "approved"}),
        _ => return None,
    })
}
