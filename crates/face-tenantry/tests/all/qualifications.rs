//! What the provider decides about customers: qualifications, codes for public authorities, accounts under review.

use crate::house::{House, in_a_house};
use serde_json::{Value, json};
use tenantry_commerce::{
    AskQualification, EducationSegment, Qualification, customer_review_get, qualification_ask, qualification_list,
    validation_code_list,
};
use tenantry_testkit::Reply;

async fn asked(house: &House, sandbox: bool) -> String {
    let ask = AskQualification {
        customer: house.customer.id,
        qualification: Qualification::Education,
        segment: Some(EducationSegment::HigherEducation),
        website: Some("https://northwind.example".to_owned()),
        validation_code: None,
    };
    let (ctx, db) = (house.channel.partner_ctx(), house.channel.world().db());
    qualification_ask(&ctx, db, ask, sandbox).await.unwrap().id.to_string()
}

async fn decide(house: &House, token: &str, id: &str, body: &Value) -> Reply {
    let path = format!("/api/v1/customer-qualifications/{id}/decision");
    house.client.post(&path).token(token).json(body).send().await
}

async fn review(house: &House, token: &str, customer: &str, body: &Value) -> Reply {
    house.client.request("PUT", &format!("/api/v1/customers/{customer}/review")).token(token).json(body).send().await
}

#[test]
fn a_qualification_waits_and_is_decided_once() {
    in_a_house(|house| async move {
        let id = asked(&house, true).await;
        let list = house.get(&house.provider, "/api/v1/customer-qualifications").await.expect(200).json();
        let item = &list["items"][0];
        assert_eq!((&item["id"], &item["status"]), (&json!(id), &json!("in-review")));
        assert_eq!((&item["qualification"], &item["segment"]), (&json!("education"), &json!("higher-education")));
        assert!(item["approvesAt"].is_string(), "a sandbox says when: {item}");

        for (body, field) in [
            (json!({}), "approved"),
            (json!({"approved": "yes"}), "approved"),
            (json!({"approved": false}), "reason"),
            (json!({"approved": false, "reason": "no"}), "reason"),
            (json!({"approved": true, "reason": "restricted"}), "reason"),
        ] {
            let refused = decide(&house, &house.provider, &id, &body).await.expect(400).json();
            let refused = &refused["error"];
            assert!(refused["field"] == field || refused["message"].to_string().contains(field), "{body}: {refused}");
        }
        let no = json!({"approved": false, "reason": "not-academic-domain"});
        assert_eq!(decide(&house, &house.partner, &id, &no).await.status, 403, "not even a body is read");
        for unknown in ["nobody", "00000000-0000-4000-8000-000000000000"] {
            assert_eq!(decide(&house, &house.provider, unknown, &no).await.status, 404, "{unknown}");
        }
        let denied = decide(&house, &house.provider, &id, &no).await.expect(200).json();
        assert_eq!((&denied["status"], &denied["reason"]), (&json!("denied"), &json!("not-academic-domain")));
        assert_eq!(decide(&house, &house.provider, &id, &json!({"approved": true})).await.status, 409);
        let list = house.get(&house.provider, "/api/v1/customer-qualifications").await.expect(200).json();
        assert_eq!(list["items"], json!([]));
        assert_eq!(house.get(&house.partner, "/api/v1/customer-qualifications").await.status, 403);

        let again = asked(&house, false).await;
        let approved = decide(&house, &house.provider, &again, &json!({"approved": true})).await.expect(200).json();
        assert_eq!(approved["status"], "approved");
        let (ctx, db) = (house.channel.partner_ctx(), house.channel.world().db());
        assert!(qualification_list(&ctx, db, house.customer.id).await.unwrap()[0].is_approved());
    });
}

#[test]
fn a_code_is_given_to_a_partner() {
    in_a_house(|house| async move {
        let partner = house.channel.partner.tenant.to_string();
        let give = async |token: &str, body: &Value| {
            house.client.post("/api/v1/validation-codes").token(token).json(body).send().await
        };
        let good = json!({"partner": partner, "organizationName": "City of Northwind", "maxCreates": 3});
        assert_eq!(give(&house.partner, &good).await.status, 403);
        for (body, status) in [
            (json!({"organizationName": "City", "maxCreates": 3}), 400),
            (json!({"partner": "x", "organizationName": "City", "maxCreates": 3}), 400),
            (json!({"partner": house.customer.id.to_string(), "organizationName": "City", "maxCreates": 3}), 404),
            (json!({"partner": partner, "maxCreates": 3}), 400),
            (json!({"partner": partner, "organizationName": "City"}), 400),
            (json!({"partner": partner, "organizationName": "City", "maxCreates": 0}), 400),
        ] {
            assert_eq!(give(&house.provider, &body).await.status, status, "{body}");
        }
        let given = give(&house.provider, &good).await.expect(201).json();
        assert_eq!((&given["maxCreates"], &given["remainingCreates"]), (&json!(3), &json!(3)));
        let (ctx, db) = (house.channel.partner_ctx(), house.channel.world().db());
        let codes = validation_code_list(&ctx, db, house.channel.partner.tenant).await.unwrap();
        assert_eq!(json!(codes[0].id.to_string()), given["code"]);
    });
}

#[test]
fn an_account_is_put_under_review() {
    in_a_house(|house| async move {
        let (partner, customer) = (house.channel.partner.tenant.to_string(), house.customer.id.to_string());
        let body = json!({"partner": partner, "status": "in-review"});
        assert_eq!(review(&house, &house.partner, &customer, &body).await.status, 403);
        let wrong = json!({"partner": partner, "status": "sleeping"});
        assert_eq!(review(&house, &house.provider, &customer, &wrong).await.status, 400);
        assert_eq!(review(&house, &house.provider, &customer, &json!({"status": "denied"})).await.status, 400);
        for unknown in ["nobody", partner.as_str()] {
            assert_eq!(review(&house, &house.provider, unknown, &body).await.status, 404, "{unknown}");
        }
        assert_eq!(review(&house, &house.provider, &customer, &body).await.expect(200).json()["status"], "in-review");
        let (ctx, db) = (house.channel.partner_ctx(), house.channel.world().db());
        assert_eq!(customer_review_get(&ctx, db, house.customer.id).await.unwrap().status.name(), "in-review");
    });
}
