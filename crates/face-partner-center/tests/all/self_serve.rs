//! Self-serve policies as clients write them.

use crate::desk::{Desk, customer_of_stranger, fault};
use serde_json::{Value, json};
use tenantry_core::Role;
use tenantry_directory::PARTNER_CENTER;
use tenantry_testkit::on_every_engine;

const POLICIES: &str = "/v1/SelfServePolicy";

fn policy(customer: &str) -> Value {
    json!({
        "SelfServeEntity": {"SelfServeEntityType": "customer", "TenantID": customer},
        "Grantor": {"GrantorType": "BillToPartner", "TenantID": null},
        "Permissions": [{"Resource": "AzureReservedInstances", "Action": "Purchase"}],
        "Attributes": {"ObjectType": "SelfServePolicy"},
    })
}

#[test]
fn a_policy_goes_there_and_back() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await;
        let (partner, customer) =
            (desk.channel.partner.tenant, desk.channel.customer("Northwind").await.id.to_string());
        let body = policy(&customer);
        let made = desk.send(&format!("POST {POLICIES}"), &[], &body.to_string()).await.expect(201).json();
        let id = format!("{partner}_{customer}");
        let etag = made["attributes"]["etag"].as_str().unwrap();
        assert!(etag.len() == 38 && etag.starts_with('"') && etag.ends_with('"'), "{etag}");
        let expected = json!({
            "id": id,
            "selfServeEntity": {
                "selfServeEntityType": "customer",
                "tenantID": customer,
                "attributes": {"objectType": "SelfServeEntity"},
            },
            "grantor": {
                "grantorType": "billToPartner",
                "tenantID": partner.to_string(),
                "attributes": {"objectType": "Grantor"},
            },
            "permissions": [
                {"resource": "AzureReservedInstances", "action": "Purchase", "attributes": {"objectType": "Permission"}},
            ],
            "attributes": {"etag": etag, "objectType": "SelfServePolicy"},
        });
        assert_eq!(made, expected);
        let list =
            desk.send(&format!("GET /v1/selfservepolicy?entity_Id={customer}"), &[], "").await.expect(200).json();
        assert_eq!((&list["totalCount"], &list["items"][0]), (&1.into(), &made));
        let upper = format!("GET {POLICIES}/{}", id.to_uppercase());
        assert_eq!(desk.send(&upper, &[], "").await.expect(200).json(), made);
        let again = desk.send(&format!("POST {POLICIES}"), &[], &body.to_string()).await.expect(409);
        assert_eq!(fault(&again), "600041");
        // As it was read, in the body alone, and by path; a version nobody wrote is refused.
        for path in [POLICIES.to_owned(), format!("{POLICIES}/{id}")] {
            let same = desk.send(&format!("PUT {path}"), &[], &made.to_string()).await.expect(200).json();
            assert_eq!(same, made, "{path}");
            let mut stale = made.clone();
            for wrong in ["\"00000000-0000-4000-8000-00000000000e\"", "7"] {
                stale["attributes"]["etag"] = wrong.into();
                let refused = desk.send(&format!("PUT {path}"), &[], &stale.to_string()).await.expect(400);
                assert!(fault(&refused).starts_with("2055"), "{refused}");
            }
            let header = format!("If-Match: {etag}");
            assert_eq!(desk.send(&format!("PUT {path}"), &[&header], &stale.to_string()).await.status, 200);
        }
        let gone = desk.send(&format!("DELETE {POLICIES}/{id}"), &[], "").await.expect(204);
        assert!(gone.body.is_empty());
        for method in ["GET", "PUT", "DELETE"] {
            let reply = desk.send(&format!("{method} {POLICIES}/{id}"), &[], &body.to_string()).await.expect(404);
            assert_eq!(fault(&reply), "600039", "{method}");
        }
        // One object in place of a list, as samples have it.
        let mut single = policy(&customer);
        single["Permissions"] = single["Permissions"][0].clone();
        assert_eq!(desk.send(&format!("POST {POLICIES}"), &[], &single.to_string()).await.status, 201);
    });
}

#[test]
fn what_is_no_policy_is_refused() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await;
        let customer = desk.channel.customer("Northwind").await.id.to_string();
        let theirs = customer_of_stranger(&desk.channel).await.id.to_string();
        let nobody = "00000000-0000-4000-8000-000000000000";
        let with = |pointer: &str, value: Value| {
            let mut body = policy(&customer);
            *body.pointer_mut(pointer).unwrap() = value;
            body
        };
        for (body, expected) in [
            (with("/SelfServeEntity", Value::Null), "400 3000 selfServeEntity.tenantID"),
            (with("/SelfServeEntity/TenantID", "someone".into()), "400 3000 selfServeEntity.tenantID"),
            (with("/SelfServeEntity/TenantID", nobody.into()), "404 60003"),
            (with("/SelfServeEntity/TenantID", theirs.clone().into()), "404 60003"),
            (
                with("/SelfServeEntity/SelfServeEntityType", "planet".into()),
                "400 3000 selfServeEntity.selfServeEntityType",
            ),
            (with("/Grantor/GrantorType", "friend".into()), "400 3000 grantor.grantorType"),
            (with("/Grantor/TenantID", desk.channel.stranger.tenant.to_string().into()), "404 60003"),
            (with("/Permissions", Value::Null), "400 3000 permissions"),
            (with("/Permissions", json!([])), "400 3000 permissions"),
            (with("/Permissions", "all".into()), "400 3000 permissions"),
            (with("/Permissions/0/Action", "Sell".into()), "400 3000 permissions[0].action"),
            (with("/Permissions/0/Resource", Value::Null), "400 3000 permissions[0].resource"),
        ] {
            let reply = desk.send(&format!("POST {POLICIES}"), &[], &body.to_string()).await;
            assert_eq!(format!("{} {}", reply.status, fault(&reply)), expected, "{body}");
        }
        let id = format!("{}_{customer}", desk.channel.partner.tenant);
        for (what, body, expected) in [
            (format!("GET {POLICIES}"), String::new(), "400 3000 entity_id"),
            (format!("GET {POLICIES}?entity_id=x"), String::new(), "404 60003"),
            (format!("GET {POLICIES}?entity_id={theirs}"), String::new(), "404 60003"),
            (format!("GET {POLICIES}/{customer}"), String::new(), "404 600040 id"),
            (format!("GET {POLICIES}/{id}"), String::new(), "404 600039"),
            (format!("PUT {POLICIES}/{nobody}_{customer}"), policy(&customer).to_string(), "404 600040 id"),
            (format!("PUT {POLICIES}"), json!({"permissions": []}).to_string(), "400 3000 id"),
            (format!("DELETE {POLICIES}/{nobody}_{theirs}"), String::new(), "404 600039"),
        ] {
            let reply = desk.send(&what, &[], &body).await;
            assert_eq!(format!("{} {}", reply.status, fault(&reply)), expected, "{what}");
        }
        let desk = desk.with_roles(&[Role::HelpdeskAgent]).await;
        let reply = desk.send(&format!("POST {POLICIES}"), &[], &policy(&customer).to_string()).await.expect(403);
        assert_eq!(fault(&reply), "900150");
        let stranger = desk.channel.token(&desk.channel.stranger_app, PARTNER_CENTER).await;
        let reply = desk.send_as(Some(&stranger), "GET", &format!("{POLICIES}/{id}")).await.expect(404);
        assert_eq!(fault(&reply), "600039");
    });
}
