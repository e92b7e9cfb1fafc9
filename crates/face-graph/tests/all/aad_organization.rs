//! The organisation: its profile, domains, licences and contracts.

use crate::desk::{Desk, code, user};
use serde_json::json;
use tenantry_directory::{DIRECTORY_GRAPH, PRODUCTS};
use tenantry_testkit::{SUFFIX, on_every_engine};

#[test]
fn an_organisation_tells_of_itself_and_its_customers() {
    on_every_engine(|bench| async move {
        let mut desk = Desk::aad(&bench).await;
        desk.channel.customer("Northwind").await;
        let details = desk.say("GET /tenantDetails", "").await.expect(200).json();
        let id = details["value"][0]["objectId"].as_str().unwrap().to_owned();
        let change = r#"{"technicalNotificationMails":["ops@contoso.test"]}"#;
        desk.say(&format!("PATCH /tenantDetails/{id}"), change).await;
        desk.say(&format!("GET /tenantDetails/{id}"), "").await;
        let contracts = desk.say("GET /contracts", "").await.expect(200).json();
        let contract = contracts["value"][0]["objectId"].as_str().unwrap().to_owned();
        desk.say(&format!("GET /contracts/{contract}"), "").await;
        desk.compare("aad_organization");
        let domains = details["value"][0]["verifiedDomains"].as_array().unwrap();
        for mark in ["initial", "default"] {
            assert_eq!(domains.iter().filter(|domain| domain[mark] == true).count(), 1, "{mark}");
        }
        desk.gives(404, &format!("GET /tenantDetails/{contract}"), "").await;
        let refused = desk.send(&format!("PATCH /tenantDetails/{id}"), r#"{"city":"Bonn"}"#).await.expect(400);
        assert_eq!(refused.json()["odata.error"]["values"][0]["value"], "city");
    });
}

#[test]
fn a_domain_is_added_proved_and_removed() {
    on_every_engine(|bench| async move {
        let mut desk = Desk::aad(&bench).await;
        desk.say("POST /domains", r#"{"name":"contoso.test"}"#).await;
        let records = desk.send("GET /domains('contoso.test')/verificationDnsRecords", "").await.expect(200).json();
        let texts: Vec<_> =
            records["value"].as_array().unwrap().iter().map(|record| record["recordType"].clone()).collect();
        assert_eq!(texts, ["Txt", "Mx"]);
        assert!(records["value"][0]["text"].as_str().unwrap().starts_with("MS=ms"));
        desk.say("POST /domains('contoso.test')/verify", "").await;
        desk.say("PATCH /domains('contoso.test')", r#"{"isDefault":true}"#).await;
        desk.say("GET /domains/contoso.test", "").await;
        desk.say("GET /domains", "").await;
        desk.say("GET /domains('contoso.test')/serviceConfigurationRecords", "").await;
        desk.say(&format!("PATCH /domains('contoso.{SUFFIX}')"), r#"{"isDefault":true}"#).await;
        desk.say("DELETE /domains('contoso.test')", "").await;
        desk.say("GET /domains('contoso.test')", "").await;
        desk.compare("aad_domains");
        for (body, field) in [
            ("{}", "name"),
            (r#"{"name":"no dots"}"#, "name"),
            (r#"{"name":"a.test","authenticationType":"Federated"}"#, "authenticationType"),
        ] {
            let reply = desk.send("POST /domains", body).await.expect(400);
            assert_eq!(reply.json()["odata.error"]["values"][0]["value"], field, "{body}: {reply}");
        }
    });
}

#[test]
fn licences_of_a_customer_are_given_out_until_none_is_left() {
    on_every_engine(|bench| async move {
        let mut desk = Desk::aad(&bench).await;
        let customer = desk.customer_with_seats(1).await;
        desk.token = desk.customer_token(&customer, DIRECTORY_GRAPH).await;
        let clerk = user(&desk.channel, customer.id, &format!("clerk@{}", customer.domain)).await;
        let operator = user(&desk.channel, customer.id, &format!("operator@{}", customer.domain)).await;
        let sku = desk.say("GET /subscribedSkus", "").await.expect(200).json()["value"][0].clone();
        let product = PRODUCTS.iter().find(|product| product.part_number == "O365_BUSINESS_PREMIUM").unwrap();
        assert_eq!(sku["skuId"], product.id.to_string());
        desk.say(&format!("GET /subscribedSkus/{}", sku["objectId"].as_str().unwrap()), "").await;
        let disabled = product.plans[0].id.to_string();
        let give = json!({"addLicenses": [{"skuId": sku["skuId"], "disabledPlans": [disabled]}], "removeLicenses": []});
        desk.say(&format!("POST /users/{}/assignLicense", clerk.id), &give.to_string()).await;
        desk.say("GET /users?$filter=assignedLicenses/any(l:l/skuId eq guid'f245ecc8-75af-4f8e-b61f-27d8114de5f3')&$select=displayName", "").await;
        desk.say(&format!("POST /users/{}/assignLicense", operator.id), &give.to_string()).await;
        let take = json!({"addLicenses": [], "removeLicenses": [sku["skuId"]]}).to_string();
        desk.gives(200, &format!("POST /users/{}/assignLicense", clerk.id), &take).await;
        desk.gives(204, &format!("PATCH /users/{}", operator.id), r#"{"usageLocation":null}"#).await;
        desk.say(&format!("POST /users/{}/assignLicense", operator.id), &give.to_string()).await;
        let unknown = json!({"addLicenses": [{"skuId": PRODUCTS[0].id}], "removeLicenses": []}).to_string();
        desk.say(&format!("POST /users/{}/assignLicense", clerk.id), &unknown).await;
        desk.compare("aad_licences");
        for body in ["{}", r#"{"addLicenses":[]}"#, r#"{"addLicenses":[{}],"removeLicenses":[]}"#] {
            let reply = desk.send(&format!("POST /users/{}/assignLicense", clerk.id), body).await.expect(400);
            assert_eq!(code(&reply), "Request_BadRequest");
        }
    });
}
