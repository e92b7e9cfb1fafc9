//! What customers agree to, and that nothing is sold before.

use crate::desk::{Desk, customer_of_stranger, fault};
use serde_json::{Value, json};
use tenantry_core::Role;
use tenantry_testkit::{Reply, SEAT_OFFER, on_every_engine};

const CUSTOMER_AGREEMENT: &str = "117a77b0-9360-443b-8795-c6dedc750cf9";

/// A customer made by the API, which has agreed to nothing.
async fn fresh(desk: &Desk) -> String {
    let address = json!({
        "country": "US", "city": "Seattle", "state": "WA", "addressLine1": "1 Harbour Rd", "postalCode": "98101",
    });
    let body = json!({
        "companyProfile": {"domain": "northwind.example.test"},
        "billingProfile": {
            "email": "ops@northwind.test", "culture": "en-US", "language": "en", "companyName": "Northwind",
            "defaultAddress": address,
        },
    });
    let made = desk.send("POST /v1/customers", &[], &body.to_string()).await.expect(201).json();
    made["id"].as_str().unwrap().to_owned()
}

/// As clients of two families write it: one member in capitals, the other in small letters.
fn confirmation() -> Value {
    json!({
        "PrimaryContact": {"FirstName": "Billing", "lastName": "Desk", "email": "ops@northwind.test", "phoneNumber": null},
        "templateId": CUSTOMER_AGREEMENT, "dateAgreed": "2026-01-10T00:00:00Z", "type": "microsoftcustomeragreement",
        "userId": "00000000-0000-4000-8000-000000000000", "unknown": 7,
    })
}

async fn order(desk: &Desk, customer: &str) -> Reply {
    let body = json!({"lineItems": [{"lineItemNumber": 0, "offerId": SEAT_OFFER, "quantity": 2}]});
    desk.send(&format!("POST /v1/customers/{customer}/orders"), &[], &body.to_string()).await
}

#[test]
fn an_order_is_refused_until_the_agreement_is_confirmed() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await;
        let customer = fresh(&desk).await;
        let path = format!("/v1/customers/{customer}/agreements");
        assert_eq!(fault(&order(&desk, &customer).await.expect(403)), "13605 customerAgreement");
        let made = desk.send(&format!("POST {path}"), &[], &confirmation().to_string()).await.expect(201).json();
        let principal = desk.channel.partner_app.identity.principal.to_string();
        assert_eq!(made["userId"], json!(principal), "who the token is of, whatever the body says");
        assert_eq!(made["type"], "MicrosoftCustomerAgreement");
        assert_eq!(made["primaryContact"]["firstName"], "Billing");
        assert_eq!(order(&desk, &customer).await.status, 201);

        let again = desk.send(&format!("POST {path}"), &[], &confirmation().to_string()).await.expect(400);
        assert_eq!(fault(&again), "600061 primaryContact");
        let long = again.json();
        assert_eq!((&long["message"], &long["isRetryable"]), (&long["description"], &json!(false)));
        assert_eq!(long["errorMessageExtended"], "InternalErrorCode=600061");

        for (query, count) in [
            ("", 0),
            ("?agreementType=MicrosoftCloudAgreement", 0),
            ("?agreementType=microsoftCustomerAgreement", 1),
            ("?agreementType=*", 1),
        ] {
            let list = desk.send(&format!("GET {path}{query}"), &[], "").await.expect(200).json();
            assert_eq!(list["totalCount"], count, "{query}");
        }
        let wrong = desk.send(&format!("GET {path}?agreementType=Handshake"), &[], "").await.expect(400);
        assert_eq!(fault(&wrong), "3000 agreementType");
    });
}

#[test]
fn whether_a_customer_signed_by_itself_is_told() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await;
        let signed = async |customer: &str| {
            let path = format!("/v1/customers/{customer}/directSignedMicrosoftCustomerAgreementStatus");
            desk.send(&format!("GET {path}"), &[], "").await.expect(200).json()["isSigned"].clone()
        };
        assert_eq!(signed(&fresh(&desk).await).await, false);
        assert_eq!(signed(&desk.channel.customer("Tailspin").await.id.to_string()).await, true);
    });
}

#[test]
fn there_are_two_agreements_and_both_can_be_read() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await;
        for (query, types) in [
            ("", &["MicrosoftCloudAgreement"][..]),
            ("?agreementType=*", &["MicrosoftCloudAgreement", "MicrosoftCustomerAgreement"]),
        ] {
            let list = desk.send(&format!("GET /v1/agreements{query}"), &[], "").await.expect(200).json();
            let items = list["items"].as_array().unwrap();
            assert!(
                items.iter().map(|item| item["agreementType"].as_str().unwrap()).eq(types.iter().copied()),
                "{list}"
            );
        }
        let path = format!("/v1/agreementtemplates/{CUSTOMER_AGREEMENT}/document");
        let document = desk.send(&format!("GET {path}?country=DE&language=de-DE"), &[], "").await.expect(200).json();
        assert_eq!((&document["country"], &document["language"]), (&json!("DE"), &json!("en-US")));
        let (_, text) = document["displayUri"].as_str().unwrap().split_once("/v1/").unwrap();
        let text = desk.client.get(&format!("/v1/{text}")).send().await.expect(200);
        assert!(text.text().starts_with("CUSTOMER AGREEMENT") && text.header("content-type").starts_with("text/plain"));
        assert_eq!(fault(&desk.send(&format!("GET {path}?country=de"), &[], "").await.expect(400)), "3000 country");
        let nothing = desk.send("GET /v1/agreementtemplates/x/document", &[], "").await;
        assert_eq!(fault(&nothing.expect(404)), "1000");
    });
}

#[test]
fn a_confirmation_that_cannot_be_is_refused() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await;
        let customer = fresh(&desk).await;
        let send = async |customer: &str, body: &Value| {
            let reply = desk.send(&format!("POST /v1/customers/{customer}/agreements"), &[], &body.to_string()).await;
            format!("{} {}", reply.status, fault(&reply))
        };
        let with = |name: &str, value: Value| {
            let mut body = confirmation();
            body[name] = value;
            body
        };
        for (body, expected) in [
            (json!({}), "400 3000 templateId"),
            (json!([]), "400 3000 body"),
            (with("templateId", json!("x")), "400 3000 templateId"),
            (with("templateId", json!("998b88de-aa99-4388-a42c-1b3517d49490")), "400 3000 type"),
            (with("type", Value::Null), "400 3000 type"),
            (with("type", json!("Handshake")), "400 3000 type"),
            (with("dateAgreed", json!("soon")), "400 3000 dateAgreed"),
            (with("dateAgreed", json!("0001-01-01T00:00:00")), "400 3000 dateAgreed"),
            (with("dateAgreed", json!("2027-01-01T00:00:00Z")), "400 3000 dateAgreed"),
            (with("PrimaryContact", Value::Null), "400 3000 primaryContact.firstName"),
            (with("PrimaryContact", json!("Desk")), "400 3000 primaryContact"),
        ] {
            assert_eq!(send(&customer, &body).await, expected, "{body}");
        }
        let theirs = customer_of_stranger(&desk.channel).await;
        assert_eq!(send(&theirs.id.to_string(), &confirmation()).await, "404 60003");
        let desk = desk.with_roles(&[Role::HelpdeskAgent]).await;
        let path = format!("POST /v1/customers/{customer}/agreements");
        let refused = desk.send(&path, &[], &confirmation().to_string()).await.expect(403);
        assert_eq!(fault(&refused), "900150");
    });
}
