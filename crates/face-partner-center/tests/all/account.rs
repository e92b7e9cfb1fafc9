//! What a partner asks about its own house and about what its customers have running: who signed, whose sign-in is weak,
//! who holds which role, services, domains.

use crate::desk::{Desk, customer_of_stranger, fault};
use serde_json::json;
use tenantry_core::Role;
use tenantry_testkit::on_every_engine;

#[test]
fn who_is_here_has_signed_to_sell_and_others_are_refused_by_code() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await;
        let partner = &desk.channel.partner;
        let customer = desk.channel.customer("Northwind").await.id;
        let theirs = customer_of_stranger(&desk.channel).await;
        let ask =
            async |query: &str| desk.send(&format!("GET /v1/compliance/csp/agreementstatus{query}"), &[], "").await;
        for query in [format!("?mpnId={}", partner.mpn_id), format!("?TenantId={}", partner.tenant)] {
            assert_eq!(ask(&query).await.expect(200).json(), json!({"isAgreementSigned": true}), "{query}");
        }
        let both = format!("?mpnId={}&tenantId={}", partner.mpn_id, partner.tenant);
        let (own_customer, stranger) = (format!("?tenantId={customer}"), format!("?tenantId={}", theirs.partner));
        for (query, refusal) in [
            ("", "2000 tenantId"),
            ("?mpnId=&tenantId=%20", "2000 tenantId"),
            (&both, "2000 tenantId"),
            ("?mpnId=x", "2001 mpnId"),
            ("?mpnId=123456789012345678901", "2001 mpnId"),
            ("?tenantId=contoso", "2001 tenantId"),
            ("?mpnId=99", "2200 mpnId"),
            (&own_customer, "2204 tenantId"),
            (&stranger, "2205 tenantId"),
            ("?tenantId=00000000-0000-4000-8000-000000000000", "2205 tenantId"),
        ] {
            assert_eq!(fault(&ask(query).await.expect(400)), refusal, "{query}");
        }
        let other = desk.send("GET /v1/compliance/other/agreementstatus?mpnId=1", &[], "").await.expect(404);
        assert_eq!(fault(&other), "1000");
    });
}

#[test]
fn who_worked_without_a_second_factor_is_listed_for_a_week() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await;
        let path = "GET /v1/nonMfaCompliantPartnerPrincipals";
        let none = desk.send(path, &[], "").await.expect(200).json();
        assert_eq!(none["items"], json!([]), "an application is no person");
        let desk = desk.with_person("agent", &[Role::AdminAgent]).await;
        let seen = desk.send(path, &[], "").await.expect(200).json();
        assert_eq!(seen["totalCount"], 1, "{seen}");
        let item = &seen["items"][0];
        assert_eq!(item["tenantId"], json!(desk.channel.partner.tenant.to_string()));
        assert!(item["upn"].as_str().unwrap().starts_with("agent@"), "{item}");
        assert!(item["lastNonMfaCompliantRequestDateTime"].as_str().unwrap().starts_with("2026-01-10T16:00"), "{item}");
        let channel = &desk.channel;
        channel.advance_to("2026-01-18").await;
        let token = channel.token(&channel.partner_app, tenantry_directory::PARTNER_CENTER).await;
        let later = desk.send_as(Some(&token), "GET", "/v1/nonMfaCompliantPartnerPrincipals").await.expect(200);
        assert_eq!(later.json()["items"], json!([]));
    });
}

#[test]
fn the_roles_of_the_partner_and_who_holds_them() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await.with_person("agent", &[Role::AdminAgent]).await;
        let roles = desk.send("GET /v1/roles", &[], "").await.expect(200).json();
        let named = |name: &str| {
            let found = roles["items"].as_array().unwrap().iter().find(|role| role["name"] == name);
            found.unwrap_or_else(|| panic!("{name} is not in {roles}"))["id"].as_str().unwrap().to_owned()
        };
        let members =
            async |id: &str, query: &str| desk.send(&format!("GET /v1/roles/{id}/usermembers{query}"), &[], "").await;
        let agents = named("AdminAgents");
        let seen = members(&agents, "?size=10").await.expect(200).json();
        assert_eq!(seen["totalCount"], 1, "{seen}");
        assert!(seen["items"][0]["userPrincipalName"].as_str().unwrap().starts_with("agent@"), "{seen}");
        assert_eq!(seen["items"][0]["roleId"], json!(agents));
        assert_eq!(members(&named("HelpdeskAgents"), "").await.expect(200).json()["items"], json!([]));
        assert_eq!(members(&named("Helpdesk Administrator"), "").await.expect(200).json()["items"], json!([]));
        for id in ["nobody", "00000000-0000-4000-8000-000000000000"] {
            assert_eq!(fault(&members(id, "").await.expect(404)), "1000", "{id}");
        }
        assert_eq!(fault(&members(&agents, "?size=x").await.expect(400)), "3000 size");
    });
}

#[test]
fn what_is_looked_after_is_what_is_active() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await;
        let customer = desk.channel.customer("Northwind").await;
        let path = format!("GET /v1/customers/{}/managedservices", customer.id);
        assert_eq!(desk.send(&path, &[], "").await.expect(200).json()["totalCount"], 0);
        desk.channel.order_usage(&customer).await;
        desk.channel.order_seats(&customer, 2).await;
        let seen = desk.send(&path, &[], "").await.expect(200).json();
        let names: Vec<_> = seen["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap()).collect();
        assert_eq!(names, ["Exchange", "MicrosoftCommunicationsOnline", "SharePoint", "YammerEnterprise", "Azure"]);
        let desk = desk.with_person("agent", &[Role::AdminAgent]).await;
        for item in seen["items"].as_array().unwrap() {
            assert_eq!(item["attributes"]["objectType"], "ManagedService");
            for link in ["adminService", "serviceHealth", "serviceTicket"] {
                let (_, below) = item["links"][link]["uri"].as_str().unwrap().split_once("/v1/").unwrap();
                assert_eq!(desk.send(&format!("GET /v1/{below}"), &[], "").await.status, 200, "{link}: {below}");
            }
        }
        let theirs = customer_of_stranger(&desk.channel).await.id;
        let seen = desk.send(&format!("GET /v1/customers/{theirs}/managedservices"), &[], "").await.expect(404);
        assert_eq!(fault(&seen), "60003");
    });
}

#[test]
fn a_domain_comes_with_its_proof() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await;
        let customer = desk.channel.customer("Northwind").await;
        let path = format!("POST /v1/customers/{}/verifieddomain", customer.id);
        let body = |name: &str, again: &str, kind: &str| {
            json!({
                "VerifiedDomainName": name,
                "Domain": {"Name": again, "AuthenticationType": kind, "Capability": "email", "IsDefault": null,
                    "Status": "verified", "VerificationMethod": "dns_record"},
            })
            .to_string()
        };
        let good = body("northwind.example", "Northwind.example", "Managed");
        assert_eq!(desk.send(&path, &[], &good).await.status, 403, "no application acts in a customer's directory");
        let desk = desk.with_person("agent", &[Role::AdminAgent]).await;
        for (sent, refusal) in [
            ("{}".to_owned(), "3000 verifiedDomainName"),
            (json!({"verifiedDomainName": 7}).to_string(), "3000 verifiedDomainName"),
            (body("northwind.example", "other.example", "managed"), "3000 domain.name"),
            (body("northwind.example", "northwind.example", "federated"), "800042 domain.authenticationType"),
            (body("northwind.example", "northwind.example", "mixed"), "3000 domain.authenticationType"),
            (body("no domain", "no domain", "managed"), "3000 verifiedDomainName"),
        ] {
            assert_eq!(fault(&desk.send(&path, &[], &sent).await.expect(400)), refusal, "{sent}");
        }
        let made = desk.send(&path, &[], &good).await.expect(201).json();
        assert_eq!((&made["name"], &made["status"]), (&json!("northwind.example"), &json!("verified")));
        assert_eq!((&made["isDefault"], &made["authenticationType"]), (&json!(false), &json!("managed")));
        let taken = desk.send("HEAD /v1/domains/northwind.example", &[], "").await;
        assert_eq!(taken.status, 200);
        assert_eq!(fault(&desk.send(&path, &[], &good).await.expect(409)), "3000 verifiedDomainName");
        let theirs = customer_of_stranger(&desk.channel).await.id;
        let seen = desk.send(&format!("POST /v1/customers/{theirs}/verifieddomain"), &[], &good).await.expect(404);
        assert_eq!(fault(&seen), "60003");
    });
}
