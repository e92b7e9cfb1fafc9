//! What is refused, in the codes of this API.

use crate::desk::{Desk, fault};
use serde_json::{Value, json};
use tenantry_testkit::on_every_engine;

fn customer() -> Value {
    json!({
        "companyProfile": {"domain": "northwind.example.test"},
        "billingProfile": {
            "email": "ops@northwind.test", "culture": "en-US", "language": "en", "companyName": "Northwind",
            "defaultAddress": {"addressLine1": "1 Harbour Rd", "city": "Seattle", "state": "WA", "postalCode": "98101",
                "country": "US"},
        },
    })
}

#[test]
fn customers_that_cannot_be_created_are_refused_with_their_code() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await;
        let number = "companyProfile.organizationRegistrationNumber";
        let address = "billingProfile.defaultAddress";
        for (pointer, value, expected) in [
            ("/companyProfile/domain", json!(null), "400 3000 companyProfile.domain".to_owned()),
            ("/companyProfile/domain", json!("northwind.onmicrosoft.com"), "400 3000 companyProfile.domain".to_owned()),
            ("/companyProfile", json!("northwind"), "400 3000 companyProfile".to_owned()),
            ("/companyProfile/organizationRegistrationNumber", json!("7"), format!("400 600002 {number}")),
            ("/billingProfile", json!(null), "400 3000 billingProfile.email".to_owned()),
            ("/billingProfile/email", json!("nobody"), "400 3000 billingProfile.email".to_owned()),
            ("/billingProfile/culture", json!("english"), "400 3000 billingProfile.culture".to_owned()),
            ("/billingProfile/defaultAddress/country", json!("FR"), format!("403 2030 {address}.country")),
            ("/billingProfile/defaultAddress/country", json!("XX"), format!("400 3000 {address}.country")),
            ("/billingProfile/defaultAddress/country", json!("HU"), format!("400 600051 {address}.phoneNumber")),
            ("/billingProfile/defaultAddress/state", json!("ZZ"), format!("400 2007 {address}.state")),
            (
                "/associatedPartnerId",
                json!("0aa0aa0a-0000-4000-8000-000000000000"),
                "400 800016 associatedPartnerId".to_owned(),
            ),
        ] {
            let mut body = customer();
            let (parent, member) = pointer.rsplit_once('/').unwrap();
            body.pointer_mut(parent).unwrap()[member] = value;
            let reply = desk.send("POST /v1/customers", &[], &body.to_string()).await;
            assert_eq!(format!("{} {}", reply.status, fault(&reply)), expected, "{pointer}");
            if fault(&reply).starts_with("2007 ") {
                let inner: Value = serde_json::from_str(reply.json()["description"].as_str().unwrap()).unwrap();
                assert_eq!(inner["object_type"], "AddressValidation", "the description is JSON again");
            }
        }
        assert_eq!(desk.send("GET /v1/customers", &[], "").await.json()["totalCount"], 0);
        assert_eq!(desk.send("POST /v1/customers", &[], &customer().to_string()).await.status, 201);
    });
}

#[test]
fn paths_lead_to_something_or_say_that_they_do_not() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await;
        let customer = desk.channel.customer("Northwind").await;
        let (own, nobody) = (format!("/v1/customers/{}", customer.id), "00000000-0000-4000-8000-000000000000");
        for (what, expected) in [
            (format!("GET /v1/customers/{nobody}"), "404 60003"),
            ("GET /v1/customers/northwind.example.test".to_owned(), "404 60003"),
            (format!("GET {own}/subscriptions/{nobody}"), "404 20003"),
            (format!("GET {own}/subscriptions/7"), "404 20003"),
            (format!("PATCH {own}/subscriptions/{nobody}"), "404 20003"),
            (format!("GET {own}/orders/{nobody}"), "404 20000"),
            (format!("GET {own}/orders/7"), "404 20000"),
            ("GET /v1/nothing".to_owned(), "404 1000"),
            ("DELETE /v1/customers".to_owned(), "400 800042"),
            (format!("PATCH {own}/orders/{nobody}"), "404 20000"),
            (format!("PUT {own}/orders/{nobody}"), "400 800042"),
        ] {
            let reply = desk.send(&what, &[], "{}").await;
            assert_eq!(format!("{} {}", reply.status, fault(&reply)), expected, "{what}");
        }
    });
}
