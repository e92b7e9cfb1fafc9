//! Bodies of what a partner says of itself and of its customers' agreements, in Partner Center.

use serde_json::{Value, json};

/// The body of a write of these groups.
pub(crate) fn body(name: &str, address: Value) -> Option<Value> {
    let contact = json!({"firstName": "Billing", "lastName": "Desk", "email": "ops@tailspin.test"});
    Some(match name {
        // Refused in the state it is in: what it has is in use. Whoever may not is refused before.
        "customers.end" => json!({"relationshipToPartner": "none"}),
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
