//! Qualifications over the wire, in the two ways of the field; codes of public authorities; the state of an account.

use crate::desk::{Desk, customer_of_stranger, fault};
use serde_json::{Value, json};
use tenantry_commerce::{
    DenialReason, NewValidationCode, ReviewStatus, customer_review_set, qualification_decide,
    qualification_review_list, validation_code_give,
};
use tenantry_core::Role;
use tenantry_testkit::{Reply, on_every_engine};

const A3: &str = "2699E567-E3D8-5996-AEC8-1D011A98E071";

struct Wire {
    desk: Desk,
    customer: String,
}

impl Wire {
    async fn new(bench: &tenantry_testkit::Bench) -> Self {
        let desk = Desk::new(bench).await;
        let customer = desk.channel.customer("Northwind").await.id.to_string();
        Self { desk, customer }
    }

    async fn send(&self, method: &str, below: &str, body: &str) -> Reply {
        self.desk.send(&format!("{method} /v1/customers/{}/{below}", self.customer), &[], body).await
    }

    async fn list(&self) -> Value {
        self.send("GET", "qualifications", "").await.expect(200).json()
    }

    async fn order(&self, offer: &str) -> Reply {
        let body = json!({"lineItems": [{"lineItemNumber": 0, "offerId": offer, "quantity": 1}]});
        self.send("POST", "orders", &body.to_string()).await
    }

    async fn code(&self, creates_max: i64) -> String {
        let channel = &self.desk.channel;
        let new = NewValidationCode {
            partner: channel.partner.tenant,
            organization_name: "City of Northwind".to_owned(),
            creates_max,
        };
        validation_code_give(&channel.provider_ctx(), channel.world().db(), new).await.unwrap().id.to_string()
    }
}

#[test]
fn a_school_is_asked_for_reviewed_and_sold_to() {
    on_every_engine(|bench| async move {
        let wire = Wire::new(&bench).await;
        assert_eq!(wire.list().await, json!([]), "a bare array");
        assert_eq!(fault(&wire.order(A3).await.expect(403)), "2085 lineItems[0].offerId");
        let body = r#"{"Qualification":"education","EducationSegment":"k12","Website":null,"Unknown":7}"#;
        let made = wire.send("POST", "qualifications", body).await.expect(201).json();
        assert_eq!((&made["qualification"], &made["vettingStatus"]), (&json!("Education"), &json!("InReview")));
        assert_eq!(made["vettingCreateDate"], made["vettingCreatedDate"]);
        assert_eq!(wire.send("GET", "qualification", "").await.expect(200).text(), "\"none\"");
        let again = wire.send("POST", "qualifications", body).await.expect(409);
        assert_eq!(fault(&again), "3000 qualification");

        let channel = &wire.desk.channel;
        channel.advance_to("2026-01-12").await;
        let token = channel.token(&channel.partner_app, tenantry_directory::PARTNER_CENTER).await;
        let mut wire = wire;
        wire.desk.token = token;
        assert_eq!(wire.list().await[0]["vettingStatus"], "Approved", "a sandbox says yes by itself");
        assert_eq!(wire.send("GET", "qualification", "").await.expect(200).text(), "\"education\"");
        assert_eq!(wire.order(A3).await.status, 201);
        let offers = wire.send("GET", "offers", "").await.expect(200).json();
        let offered = offers["items"].as_array().unwrap().iter().find(|offer| offer["id"] == A3).unwrap();
        assert_eq!(offered["reselleeQualifications"], json!(["Education"]));
    });
}

#[test]
fn a_denial_names_its_reason() {
    on_every_engine(|bench| async move {
        let wire = Wire::new(&bench).await;
        let body = r#"{"qualification":"StateOwnedEntity"}"#;
        assert_eq!(wire.send("POST", "qualifications", body).await.status, 201);
        let trail = wire.desk.send("GET /v1/auditrecords?startDate=2026-01-10", &[], "").await.expect(200).json();
        let named = |line: &&Value| line["operationType"] == "update_customer_qualification";
        let asked: Vec<_> = trail["items"].as_array().unwrap().iter().filter(named).collect();
        assert_eq!(asked.len(), 1, "{trail}");
        assert_eq!(asked[0]["customerId"], json!(wire.customer));
        let channel = &wire.desk.channel;
        let (ctx, db) = (channel.provider_ctx(), channel.world().db());
        let open = qualification_review_list(&ctx, db).await.unwrap();
        qualification_decide(&ctx, db, open[0].id, Some(DenialReason::NotEligibleMuseum)).await.unwrap();
        let seen = wire.list().await;
        assert_eq!(seen[0]["qualification"], "StateOwnedEntity");
        assert_eq!(
            (&seen[0]["vettingStatus"], &seen[0]["vettingReason"]),
            (&json!("Denied"), &json!("Not an eligible Museum"))
        );
    });
}

#[test]
fn the_older_way_writes_a_word_or_its_number_and_reads_it_back() {
    on_every_engine(|bench| async move {
        let wire = Wire::new(&bench).await;
        for body in ["1", "\"education\"", "\"Education\""] {
            assert_eq!(wire.send("PUT", "qualification", body).await.expect(200).text(), "\"education\"", "{body}");
            assert_eq!(wire.send("GET", "qualification", "").await.expect(200).text(), "\"education\"");
        }
        for body in ["0", "\"none\"", "\"nonprofit\"", "2", "9", "-1", "1.5", "\"\"", "true", "{}", "[]", "null"] {
            let refused = wire.send("PUT", "qualification", body).await.expect(400);
            assert_eq!(fault(&refused), "3000 qualification", "{body}");
        }
        let broken = wire.send("PUT", "qualification", "educa").await.expect(400);
        assert!(fault(&broken).starts_with("800002"), "{broken}");
        let code = wire.code(1).await;
        let late = wire.send("PUT", &format!("qualification?code={code}"), "3").await.expect(400);
        assert_eq!(fault(&late), "3000 qualification", "a school is no public authority");
    });
}

#[test]
fn a_public_authority_needs_a_code_and_uses_it_up() {
    on_every_engine(|bench| async move {
        let wire = Wire::new(&bench).await;
        let codes = async || wire.desk.send("GET /v1/customers/all/validations", &[], "").await.expect(200).json();
        assert_eq!(codes().await, json!([]));
        let code = wire.code(2).await;
        let partner = wire.desk.channel.partner.tenant.to_string();
        assert_eq!(
            codes().await,
            json!([{
                "partnerId": partner, "organizationName": "City of Northwind", "validationId": code, "maxCreates": 2,
                "remainingCreates": 2, "eTag": "W/\"1\"",
            }])
        );
        let relation = wire.send("GET", "validations", "").await.expect(200).json();
        assert_eq!(relation, json!({"partnerId": partner, "customerId": wire.customer}));

        let ask =
            |code: Value| json!({"qualification": "GovernmentCommunityCloud", "validationCode": code}).to_string();
        for (wrong, field) in
            [(json!(null), "validationCode"), (json!("x"), "validationCode"), (json!(7), "validationCode")]
        {
            let refused = wire.send("POST", "qualifications", &ask(wrong)).await.expect(400);
            assert_eq!(fault(&refused), format!("3000 {field}"));
        }
        let made =
            wire.send("POST", &format!("qualifications?code={code}"), &ask(json!(null))).await.expect(201).json();
        assert_eq!(made["vettingStatus"], "Approved");
        let relation = wire.send("GET", "validations", "").await.expect(200).json();
        assert_eq!((&relation["validationId"], &relation["eTag"]), (&json!(code), &json!("W/\"2\"")));
        assert_eq!(codes().await[0]["remainingCreates"], 1);
        assert_eq!(wire.send("GET", "qualification", "").await.expect(200).text(), "\"government_community_cloud\"");
    });
}

#[test]
fn what_cannot_be_asked_for_is_refused_by_its_member() {
    on_every_engine(|bench| async move {
        let wire = Wire::new(&bench).await;
        for (body, refusal) in [
            (json!({}), "3000 qualification"),
            (json!({"qualification": null}), "3000 qualification"),
            (json!({"qualification": "Nonprofit"}), "3000 qualification"),
            (json!({"qualification": 7}), "3000 qualification"),
            (json!({"qualification": "Education"}), "3000 educationSegment"),
            (json!({"qualification": "Education", "educationSegment": "Kindergarten"}), "3000 educationSegment"),
            (json!({"qualification": "Education", "educationSegment": "K12", "website": {}}), "3000 website"),
            (json!([{"qualification": "Education"}]), "3000 body"),
        ] {
            let refused = wire.send("POST", "qualifications", &body.to_string()).await.expect(400);
            assert_eq!(fault(&refused), refusal, "{body}");
        }
        assert_eq!(wire.list().await, json!([]));
        let theirs = customer_of_stranger(&wire.desk.channel).await.id;
        let good = r#"{"qualification":"StateOwnedEntity"}"#;
        for path in ["qualifications", "qualification", "validations", "validationStatus"] {
            let seen = wire.desk.send(&format!("GET /v1/customers/{theirs}/{path}"), &[], "").await.expect(404);
            assert_eq!(fault(&seen), "60003", "{path}");
        }
        let seen = wire.desk.send(&format!("POST /v1/customers/{theirs}/qualifications"), &[], good).await.expect(404);
        assert_eq!(fault(&seen), "60003");
        let helpdesk = Wire { desk: wire.desk.with_roles(&[Role::HelpdeskAgent]).await, customer: wire.customer };
        assert_eq!(fault(&helpdesk.send("POST", "qualifications", good).await.expect(403)), "900150");
        assert_eq!(helpdesk.list().await, json!([]), "who sees customers sees what they are");
    });
}

#[test]
fn an_account_under_review_buys_nothing() {
    on_every_engine(|bench| async move {
        let wire = Wire::new(&bench).await;
        let seen = wire.send("GET", "validationStatus?type=Account", "").await.expect(200).json();
        assert_eq!((&seen["type"], &seen["status"]), (&json!("account"), &json!("Approved")));
        assert!(seen["lastUpdateDateTime"].as_str().unwrap().starts_with("2026-01-10T16:00:00"), "{seen}");
        let wrong = wire.send("GET", "validationStatus?type=Address", "").await.expect(400);
        assert_eq!(fault(&wrong), "3000 type");
        let channel = &wire.desk.channel;
        let customer = tenantry_core::TenantId::parse(&wire.customer).unwrap();
        let bought = async |offer: &str| {
            let order = wire.order(offer).await.expect(201).json();
            order["lineItems"][0]["subscriptionId"].as_str().unwrap().to_owned()
        };
        let seats = bought("796B6B5F-613C-4E24-A17C-EBA730D49C02").await;
        bought("MS-AZR-0145P").await;
        let migration = json!({"currentSubscriptionId": seats, "migrateOnRenewal": true}).to_string();
        let upgrade = json!({"customerId": wire.customer, "productFamily": "azure"}).to_string();
        for (status, word, refusal) in [
            (ReviewStatus::InReview, "InReview", "800073 validationStatus"),
            (ReviewStatus::Denied, "Denied", "800075 validationStatus"),
        ] {
            let pair = (channel.partner.tenant, customer);
            customer_review_set(&channel.provider_ctx(), channel.world().db(), pair, status).await.unwrap();
            assert_eq!(wire.send("GET", "validationStatus", "").await.expect(200).json()["status"], word);
            assert_eq!(fault(&wire.order("MS-AZR-0145P").await.expect(403)), refusal);
            // Nor does anything take the place of what it has.
            for what in ["migrations/newcommerce", "migrations/newcommerce/schedules"] {
                assert_eq!(fault(&wire.send("POST", what, &migration).await.expect(403)), refusal, "{what}");
            }
            let judged = wire.send("POST", "migrations/newcommerce/validate", &migration).await.expect(200).json();
            assert_eq!(judged["isEligible"], false, "{judged}");
            let moved = wire.desk.send("POST /v1/productUpgrades", &[], &upgrade).await.expect(403);
            assert_eq!(fault(&moved), refusal);
            let could = wire.desk.send("POST /v1/productUpgrades/eligibility", &[], &upgrade).await.expect(200).json();
            assert_eq!(could["isEligible"], false, "{could}");
        }
    });
}
