//! The partner's own profiles: read, changed from the version that was seen, refused.

use crate::desk::{Desk, fault};
use serde_json::{Value, json};
use tenantry_core::Role;
use tenantry_testkit::on_every_engine;

const PATHS: [&str; 4] = ["organization", "legalbusiness", "billing", "support"];

#[test]
fn every_profile_can_be_sent_back_as_it_was_read() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await.with_roles(&[Role::GlobalAdmin]).await;
        for path in PATHS {
            let read = desk.send(&format!("GET /v1/profiles/{path}"), &[], "").await.expect(200).json();
            assert_eq!(read["attributes"]["etag"], "1", "{read}");
            let put = async |headers: &[&str], body: &Value| {
                let reply = desk.send(&format!("PUT /v1/profiles/{path}"), headers, &body.to_string()).await;
                match reply.status {
                    200 => format!("200 {}", reply.json()["attributes"]["etag"].as_str().unwrap()),
                    status => format!("{status} {}", fault(&reply)),
                }
            };
            assert_eq!(put(&[], &read).await, "200 2", "{path}");
            assert_eq!(put(&[], &read).await, "400 2055 If-Match", "{path}: the version in the body is old");
            assert_eq!(put(&["If-Match: \"2\""], &read).await, "200 3", "{path}: the header goes before the body");
            assert_eq!(put(&["If-Match: x"], &read).await, "400 2055 If-Match", "{path}");
            let mut blind = read.clone();
            blind["attributes"] = Value::Null;
            assert_eq!(put(&[], &blind).await, "200 4", "{path}: the last write wins");
            let mut after = desk.send(&format!("GET /v1/profiles/{path}"), &[], "").await.expect(200).json();
            after["attributes"]["etag"] = json!("1");
            assert_eq!(after, read, "{path}: nothing else changed");
        }
    });
}

#[test]
fn what_a_profile_cannot_say_is_refused() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await.with_roles(&[Role::GlobalAdmin]).await;
        for (path, member, value, expected) in [
            ("organization", "companyName", json!(""), "3000 companyName"),
            ("organization", "culture", json!("englisch"), "3000 culture"),
            ("organization", "email", json!({}), "3000 email"),
            ("legalbusiness", "address", json!("here"), "3000 address"),
            ("legalbusiness", "companyApproverEmail", json!("nobody"), "3000 companyApproverEmail"),
            ("billing", "billingCurrency", json!("EUR"), "3000 billingCurrency"),
            ("billing", "taxId", json!("x".repeat(51)), "3000 taxId"),
            ("billing", "primaryContact", Value::Null, "3000 primaryContact.email"),
            ("support", "website", json!("ftp://contoso.test"), "3000 website"),
            ("support", "email", Value::Null, "3000 email"),
        ] {
            let mut body = desk.send(&format!("GET /v1/profiles/{path}"), &[], "").await.expect(200).json();
            body[member] = value;
            let reply = desk.send(&format!("PUT /v1/profiles/{path}"), &[], &body.to_string()).await.expect(400);
            assert_eq!(fault(&reply), expected, "{path}");
        }
        let body = json!({"Email": "help@contoso.test", "Telephone": "2065550100", "Website": "https://contoso.test"});
        let kept = desk.send("PUT /v1/profiles/supportprofile", &[], &body.to_string()).await.expect(200).json();
        assert_eq!((&kept["telephone"], &kept["profileType"]), (&json!("2065550100"), &json!("support_profile")));
    });
}

#[test]
fn only_administrators_change_profiles() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await;
        for path in PATHS {
            let read = desk.send(&format!("GET /v1/profiles/{path}"), &[], "").await.expect(200).text();
            let refused = desk.send(&format!("PUT /v1/profiles/{path}"), &[], &read).await.expect(403);
            assert_eq!(fault(&refused), "900150", "{path}");
        }
    });
}

#[test]
fn a_number_in_the_network_names_the_partner_itself() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await;
        let own = desk.channel.partner.mpn_id.clone();
        for query in [String::new(), "?mpnId=".to_owned(), format!("?MpnId={own}")] {
            let found = desk.send(&format!("GET /v1/profiles/mpn{query}"), &[], "").await.expect(200).json();
            assert_eq!((&found["mpnId"], &found["partnerName"]), (&json!(own), &json!("CONTOSO")), "{query}");
        }
        let unknown = desk.send("GET /v1/profiles/mpn?mpnId=1", &[], "").await.expect(404);
        assert_eq!(fault(&unknown), "3000 mpnId");
    });
}
