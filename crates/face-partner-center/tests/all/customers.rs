//! Customers, from creation to a changed billing profile.

use crate::desk::{Desk, fault};
use tenantry_core::Role;
use tenantry_testkit::on_every_engine;

/// As the .NET client writes it: PascalCase, explicit nulls, unset dates of the year 1.
const NORTHWIND: &str = r#"{"Id":null,"CommerceId":null,"CompanyProfile":{"TenantId":null,"Domain":"northwind.example.test","CompanyName":null,"Links":null},
 "BillingProfile":{"Id":null,"FirstName":"Billing","LastName":"Desk","Email":"ops@northwind.test","Culture":"en-us","Language":"EN","CompanyName":"Northwind Test",
 "DefaultAddress":{"Country":"us","Region":null,"City":"Seattle","State":"wa","AddressLine1":"1 Harbour Rd","AddressLine2":"","PostalCode":"98101","FirstName":"Billing","LastName":"Desk","PhoneNumber":"2065550100"}},
 "RelationshipToPartner":"unknown","AllowDelegatedAccess":null,"UserCredentials":null,"CustomDomains":null,"AssociatedPartnerId":null,"CreatedAt":"0001-01-01T00:00:00","Attributes":{"ObjectType":"Customer"}}"#;

#[test]
fn a_customer_is_created_and_read() {
    on_every_engine(|bench| async move {
        let mut desk = Desk::new(&bench).await;
        let created = desk.say("POST /v1/customers", &[], NORTHWIND).await.expect(201);
        let id = created.json()["id"].as_str().unwrap().to_owned();
        desk.say(&format!("GET /v1/customers/{id}"), &[], "").await;
        desk.say(&format!("GET /v1/customers/{id}/profiles/company"), &[], "").await;
        desk.say(&format!("GET /v1/customers/{id}/profiles/billing"), &[], "").await;
        desk.say("GET /v1/customers?size=40", &[], "").await;
        desk.compare("customers");
        let upper = desk.send(&format!("GET /V1//v1/Customers/{}/", id.to_uppercase()), &[], "").await;
        assert_eq!(upper.expect(200).json()["id"], id.as_str(), "paths and ids are read in any letter case");
    });
}

#[test]
fn a_domain_is_taken_once_it_has_a_customer() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await;
        let check = async |taken: bool| {
            let (status, free) = if taken { (200, "false") } else { (404, "true") };
            for name in ["northwind.example.test", "NORTHWIND.Example.test"] {
                let reply = desk.send(&format!("HEAD /v1/domains/{name}"), &[], "").await.expect(status);
                assert!(reply.body.is_empty() && reply.header("location").is_empty());
            }
            let reply = desk.send("GET /v1/validations/checkDomainAvailability/NorthWind", &[], "").await;
            assert_eq!(reply.expect(200).text(), free);
        };
        check(false).await;
        assert_eq!(desk.send("POST /v1/customers", &[], NORTHWIND).await.status, 201);
        check(true).await;
        let reply = desk.send("GET /v1/validations/checkdomainavailability/no_prefix", &[], "").await;
        assert_eq!(reply.expect(200).text(), "false");
        let again = desk.send("POST /v1/customers", &[], NORTHWIND).await.expect(400);
        assert_eq!(fault(&again), "3000 companyProfile.domain");
    });
}

#[test]
fn a_repeated_creation_acts_once() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await;
        let named = ["MS-RequestId: 5ce66de5-eea9-486f-a11c-c852aa3d1502"];
        let first = desk.send("POST /v1/customers", &named, NORTHWIND).await.expect(201);
        let mut told = first.json();
        let credentials = told.as_object_mut().unwrap().remove("userCredentials").unwrap();
        assert_eq!((credentials["userName"].as_str(), first.header("cache-control")), (Some("admin"), "no-store"));
        for _ in 0..4 {
            let again = desk.send("POST /v1/customers", &named, NORTHWIND).await.expect(201);
            assert_eq!(again.json(), told, "the same customer, without the password: it is told once and kept nowhere");
        }
        let other = NORTHWIND.replace("northwind", "tailspin");
        let second = desk.send("POST /v1/customers", &named, &other).await.expect(201);
        assert_ne!(second.json()["id"], first.json()["id"], "another body under the same id is another request");
        assert_eq!(desk.send("GET /v1/customers", &[], "").await.json()["totalCount"], 2);
    });
}

#[test]
fn the_billing_profile_changes_from_the_version_that_was_seen() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await.with_roles(&[Role::SalesAgent]).await;
        let customer = desk.channel.customer("Northwind").await;
        let path = format!("/v1/customers/{}/profiles/billing", customer.id);
        let seen = desk.send(&format!("GET {path}"), &[], "").await.expect(200).json();
        for (header, in_body, outcome) in [
            (None, Some("1"), "200 2"),
            (None, Some("1"), "400 2055"),
            (Some("If-Match: \"2\""), Some("1"), "200 3"),
            (Some("If-Match: 2"), None, "400 2055"),
            (Some("If-Match: W/\"3\""), None, "200 4"),
            (Some("If-Match: *"), None, "200 5"),
            (Some("If-Match: \"five\""), None, "400 2055 If-Match"),
            (None, None, "200 6"),
        ] {
            let mut body = seen.clone();
            body["attributes"]["etag"] = in_body.into();
            body["companyName"] = format!("Northwind after {outcome}").into();
            let headers: Vec<&str> = header.into_iter().collect();
            let reply = desk.send(&format!("PUT {path}"), &headers, &body.to_string()).await;
            let found = match reply.status {
                200 => format!("200 {}", reply.json()["attributes"]["etag"].as_str().unwrap()),
                status => format!("{status} {}", fault(&reply)),
            };
            assert_eq!(found, outcome, "{header:?} {in_body:?}");
        }
    });
}
