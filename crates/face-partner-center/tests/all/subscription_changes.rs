//! Subscriptions after the sale: conversions, upgrades, what is there, who helps, who is on record.

use crate::desk::{Desk, customer_of_stranger, fault};
use serde_json::{Value, json};
use tenantry_core::Role;
use tenantry_testkit::{Reply, on_every_engine};

const ESSENTIALS: &str = "BD938F12-058F-4927-BBA3-AE36B1D2501C";
const PREMIUM: &str = "031C9E47-4802-4248-838E-778FB1D2CC05";
const E1: &str = "91FD106F-4B2C-4938-95AC-F54F74E9A239";
const E3: &str = "796B6B5F-613C-4E24-A17C-EBA730D49C02";
const MODERN_E3: &str = "CFQ7TTC0LF8R:0001:CFQ7TTC0K5DR";
const M365_E5: &str = "CFQ7TTC0LFLZ:0002:CFQ7TTC0TNT5";
const E3_TRIAL: &str = "32B23C88-949F-4E5B-B500-A87EEC676B80";
const ESSENTIALS_SKU: &str = "3b555118-da6a-4418-894f-7df1e2096870";
const PREMIUM_SKU: &str = "f245ecc8-75af-4f8e-b61f-27d8114de5f3";

fn seen(reply: &Reply) -> String {
    if reply.status == 200 { "200".to_owned() } else { format!("{} {}", reply.status, fault(reply)) }
}

#[test]
fn a_trial_is_converted_and_stays_itself() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await;
        let customer = desk.channel.customer("Northwind").await;
        let trial = desk.channel.order(&customer, E3_TRIAL, 25).await;
        let own = format!("/v1/customers/{}/subscriptions/{}", customer.id, trial.id);
        let listed = desk.send(&format!("GET {own}/conversions"), &[], "").await.expect(200).json();
        assert_eq!(listed["items"][0]["targetOfferId"], E3);
        assert_eq!(listed["items"][0]["orderId"], trial.order.to_string());
        for (body, expected) in [
            ("{}", "400 3000 targetOfferId"),
            (r#"{"targetOfferId":null}"#, "400 3000 targetOfferId"),
            (r#"{"targetOfferId":{}}"#, "400 3000 targetOfferId"),
            ("[]", "400 3000 body"),
            (r#"{"targetOfferId":"796B6B5F-613C-4E24-A17C-EBA730D49C02","quantity":0}"#, "400 2002 quantity"),
            (r#"{"targetOfferId":"796B6B5F-613C-4E24-A17C-EBA730D49C02","quantity":"many"}"#, "400 3000 quantity"),
            (
                r#"{"targetOfferId":"796B6B5F-613C-4E24-A17C-EBA730D49C02","billingCycle":"none"}"#,
                "400 6001 billingCycle",
            ),
        ] {
            let reply = desk.send(&format!("POST {own}/conversions"), &[], body).await;
            assert_eq!(seen(&reply), expected, "{body}");
        }
        let wrong = json!({"targetOfferId": E1}).to_string();
        let wrong = desk.send(&format!("POST {own}/conversions"), &[], &wrong).await.expect(200).json();
        assert_eq!(wrong["error"]["code"], 1);
        // As one client family sends it.
        let body =
            json!({"OfferId": E3_TRIAL, "TargetOfferId": E3.to_lowercase(), "Quantity": 10, "BillingCycle": "Annual"});
        let done = desk.send(&format!("POST {own}/conversions"), &[], &body.to_string()).await.expect(200).json();
        assert_eq!((&done["error"], &done["offerId"]), (&Value::Null, &json!(E3_TRIAL)));
        let now = desk.send(&format!("GET {own}"), &[], "").await.expect(200).json();
        assert_eq!(
            (&now["offerId"], &now["quantity"], &now["billingCycle"]),
            (&json!(E3), &json!(10), &json!("annual"))
        );
        assert_eq!((&now["isTrial"], &now["id"]), (&json!(false), &done["subscriptionId"]));
        let after = desk.send(&format!("GET {own}/conversions"), &[], "").await.expect(200).json();
        assert_eq!(after["items"], json!([]));
    });
}

#[test]
fn an_upgrade_says_what_it_did_or_what_is_in_the_way() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await;
        let customer = desk.channel.customer("Northwind").await;
        let old = desk.channel.order(&customer, ESSENTIALS, 2).await;
        let own = format!("/v1/customers/{}/subscriptions/{}", customer.id, old.id);
        for (body, expected) in [
            (json!({}), "400 3000 targetOffer.id"),
            (json!({"targetOffer": {"id": null}}), "400 3000 targetOffer.id"),
            (json!({"targetOffer": "x"}), "400 3000 targetOffer"),
            (json!({"targetOffer": {"id": PREMIUM}, "upgradeType": "sideways"}), "400 3000 upgradeType"),
            (json!({"targetOffer": {"id": PREMIUM}, "quantity": 3}), "400 3000 quantity"),
        ] {
            let reply = desk.send(&format!("POST {own}/upgrades"), &[], &body.to_string()).await;
            assert_eq!(seen(&reply), expected, "{body}");
        }
        for (body, code) in [
            (json!({"targetOffer": {"id": "MS-AZR-0145P"}}), 8),
            (json!({"targetOffer": {"id": PREMIUM}, "upgradeType": 2}), 5),
        ] {
            let result = desk.send(&format!("POST {own}/upgrades"), &[], &body.to_string()).await.expect(200).json();
            assert_eq!(result["upgradeErrors"][0]["code"], code, "{body}");
            assert_eq!(result["targetSubscriptionId"], Value::Null);
        }
        let body = json!({"TargetOffer": {"Id": PREMIUM.to_lowercase()}, "UpgradeType": "UpgradeOnly", "Quantity": 2});
        let done = desk.send(&format!("POST {own}/upgrades"), &[], &body.to_string()).await.expect(200).json();
        assert_eq!((&done["upgradeErrors"], &done["licenseErrors"]), (&json!([]), &json!([])));
        let made = done["targetSubscriptionId"].as_str().unwrap();
        let made = format!("/v1/customers/{}/subscriptions/{made}", customer.id);
        let made = desk.send(&format!("GET {made}"), &[], "").await.expect(200).json();
        assert_eq!((&made["offerId"], &made["status"]), (&json!(PREMIUM), &json!("active")));
        let old = desk.send(&format!("GET {own}"), &[], "").await.expect(200).json();
        assert_eq!(old["status"], "suspended");
        let again = desk.send(&format!("GET {own}/upgrades"), &[], "").await.expect(200).json();
        let codes = |item: &Value| {
            let errors = item["upgradeErrors"].as_array().unwrap().clone();
            errors.iter().map(|error| error["code"].as_i64().unwrap()).collect::<Vec<_>>()
        };
        assert_eq!(codes(&again["items"][0]), [2, 3]);
    });
}

#[test]
fn a_person_moves_the_licences_along() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await.with_person("agent", &[Role::AdminAgent]).await;
        let customer = desk.channel.customer("Northwind").await;
        let old = desk.channel.order(&customer, ESSENTIALS, 2).await;
        let users = format!("/v1/customers/{}/users", customer.id);
        for (name, location) in [("clerk", "US"), ("driver", "US")] {
            let body = json!({
                "userPrincipalName": format!("{name}@northwind.example.test"), "displayName": name,
                "usageLocation": location,
                "passwordProfile": {"password": "correct horse 9 battery", "forceChangePassword": false},
            });
            let user = desk.send(&format!("POST {users}"), &[], &body.to_string()).await.expect(201).json();
            let id = user["id"].as_str().unwrap();
            let give = json!({"licensesToAssign": [{"skuId": ESSENTIALS_SKU}]}).to_string();
            assert_eq!(desk.send(&format!("POST {users}/{id}/licenseupdates"), &[], &give).await.status, 201);
        }
        let own = format!("/v1/customers/{}/subscriptions/{}", customer.id, old.id);
        let body = json!({"targetOffer": {"id": PREMIUM}, "upgradeType": "upgrade_with_license_transfer"});
        let done = desk.send(&format!("POST {own}/upgrades"), &[], &body.to_string()).await.expect(200).json();
        assert_eq!((&done["upgradeErrors"], &done["licenseErrors"]), (&json!([]), &json!([])));
        let skus = format!("GET /v1/customers/{}/subscribedskus", customer.id);
        let skus = desk.send(&skus, &[], "").await.expect(200).json();
        let consumed = |sku: &str| {
            let found = skus["items"].as_array().unwrap().iter().find(|item| item["productSku"]["id"] == sku);
            found.map(|found| found["consumedUnits"].clone())
        };
        assert_eq!((consumed(ESSENTIALS_SKU), consumed(PREMIUM_SKU)), (Some(json!(0)), Some(json!(2))));
        let listed = desk.send(&format!("GET {own}/transitions"), &[], "").await.expect(200).json();
        assert_eq!(events(&listed["items"][0]), ["Conversion Completed", "UserLicenseTransfer Completed"]);
    });
}

/// Names and states of a transition's events, with the codes of their errors.
fn events(transition: &Value) -> Vec<String> {
    let shown = |event: &Value| {
        let codes: Vec<_> = event["errors"].as_array().unwrap().iter().map(|error| error["code"].to_string()).collect();
        format!("{} {} {}", event["name"].as_str().unwrap(), event["status"].as_str().unwrap(), codes.join(","))
    };
    transition["events"].as_array().unwrap().iter().map(|event| shown(event).trim_end().to_owned()).collect()
}

#[test]
fn what_a_subscription_could_become_says_how() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await;
        let customer = desk.channel.customer("Northwind").await;
        let old = desk.channel.order(&customer, MODERN_E3, 4).await;
        let own = format!("/v1/customers/{}/subscriptions/{}", customer.id, old.id);
        let could = desk.send(&format!("GET {own}/transitioneligibilities"), &[], "").await.expect(200).json();
        let could = &could["items"][0];
        assert_eq!((&could["catalogItemId"], &could["quantity"]), (&json!(M365_E5), &json!(4)));
        let eligible = |number: usize| {
            let of = &could["eligibilities"][number];
            (
                of["transitionType"].as_str().unwrap(),
                of["isEligible"].as_bool().unwrap(),
                of["errors"][0]["code"].as_i64(),
            )
        };
        // An application moves nobody's licences.
        assert_eq!(eligible(0), ("transition_with_license_transfer", false, Some(5)));
        assert_eq!(eligible(1), ("transition_only", true, None));
        let path = format!("GET {own}/transitioneligibilities?eligibilityType=Scheduled");
        assert_eq!(desk.send(&path, &[], "").await.expect(200).json()["totalCount"], 0);
        let path = format!("GET {own}/transitioneligibilities?eligibilityType=soon");
        assert_eq!(seen(&desk.send(&path, &[], "").await), "400 3000 eligibilityType");

        for (body, expected) in [
            (json!({}), "400 3000 toCatalogItemId"),
            (json!({"toCatalogItemId": {"id": M365_E5}}), "400 3000 toCatalogItemId"),
            (json!({"toCatalogItemId": M365_E5, "transitionType": "sideways"}), "400 3000 transitionType"),
            (json!({"toCatalogItemId": M365_E5, "quantity": 3}), "400 3000 quantity"),
            (json!({"toCatalogItemId": M365_E5, "termDuration": "P3Y"}), "400 3000 termDuration"),
            (json!({"toCatalogItemId": M365_E5, "billingCycle": "annual"}), "400 3000 billingCycle"),
            (json!({"toCatalogItemId": M365_E5, "fromSubscriptionId": customer.id}), "400 3000 fromSubscriptionId"),
            (json!({"toCatalogItemId": M365_E5, "fromCatalogItemId": E3}), "400 3000 fromCatalogItemId"),
            (json!({"toCatalogItemId": M365_E5, "toSubscriptionId": old.id}), "400 800042 toSubscriptionId"),
            (json!({"toCatalogItemId": M365_E5, "promotionId": "39NFJQT1Q5KK"}), "400 800042 promotionId"),
        ] {
            let reply = desk.send(&format!("POST {own}/transitions"), &[], &body.to_string()).await;
            assert_eq!(seen(&reply), expected, "{body}");
        }
    });
}

#[test]
fn a_transition_buys_what_it_leads_to_and_is_remembered() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await;
        let customer = desk.channel.customer("Northwind").await;
        let old = desk.channel.order(&customer, MODERN_E3, 4).await;
        let all = format!("/v1/customers/{}/subscriptions", customer.id);
        let own = format!("{all}/{}", old.id);
        for (body, expected) in [
            (json!({"toCatalogItemId": E3}), "Conversion Failed 8"),
            (
                json!({"toCatalogItemId": M365_E5, "transitionType": "TransitionWithLicenseTransfer"}),
                "Conversion Failed 5",
            ),
        ] {
            let refused =
                desk.send(&format!("POST {own}/transitions"), &[], &body.to_string()).await.expect(200).json();
            assert_eq!(
                (events(&refused), &refused["operationId"]),
                (vec![expected.to_owned()], &Value::Null),
                "{body}"
            );
        }
        let none = desk.send(&format!("GET {own}/transitions"), &[], "").await.expect(200).json();
        assert_eq!(none["totalCount"], 0);

        let body = json!({
            "fromSubscriptionId": old.id, "fromCatalogItemId": MODERN_E3, "toCatalogItemId": M365_E5.to_lowercase(),
            "quantity": 4, "termDuration": "P1Y", "billingCycle": "monthly", "transitionType": "transition_only",
        });
        let made = desk.send(&format!("POST {own}/transitions"), &[], &body.to_string()).await.expect(200).json();
        assert_eq!(events(&made), ["Conversion Completed"]);
        assert_eq!(
            (&made["toCatalogItemId"], &made["quantity"], &made["termDuration"]),
            (&json!(M365_E5), &json!(4), &json!("P1Y"))
        );
        let new = format!("{all}/{}", made["toSubscriptionId"].as_str().unwrap());
        let bought = desk.send(&format!("GET {new}"), &[], "").await.expect(200).json();
        assert_eq!((&bought["offerId"], &bought["status"]), (&json!(M365_E5), &json!("active")));
        let order = bought["orderId"].as_str().unwrap();
        assert!(order.eq_ignore_ascii_case(made["operationId"].as_str().unwrap()), "{order}");
        assert_eq!(desk.send(&format!("GET {own}"), &[], "").await.expect(200).json()["status"], "suspended");
        // Both remember it.
        for one in [&own, &new] {
            let listed = desk.send(&format!("GET {one}/transitions"), &[], "").await.expect(200).json();
            assert_eq!(listed["items"], json!([made]));
        }
        for (id, count) in [(made["operationId"].as_str().unwrap(), 1), ("another", 0)] {
            let listed =
                desk.send(&format!("GET {own}/transitions?operationId={id}"), &[], "").await.expect(200).json();
            assert_eq!(listed["totalCount"], count, "{id}");
        }
    });
}

#[test]
fn what_is_of_the_old_catalogue_has_upgrades_and_no_transitions() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await;
        let customer = desk.channel.customer("Northwind").await;
        let old = desk.channel.order(&customer, ESSENTIALS, 2).await;
        let own = format!("/v1/customers/{}/subscriptions/{}", customer.id, old.id);
        let could = desk.send(&format!("GET {own}/transitioneligibilities"), &[], "").await.expect(200).json();
        assert_eq!(could["totalCount"], 0);
        let body = json!({"toCatalogItemId": PREMIUM}).to_string();
        let refused = desk.send(&format!("POST {own}/transitions"), &[], &body).await.expect(200).json();
        assert_eq!(events(&refused), ["Conversion Failed 7"]);
        assert_eq!(desk.send(&format!("GET {own}"), &[], "").await.expect(200).json()["status"], "active");
    });
}

#[test]
fn provisioning_registration_and_support_are_told() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await;
        let customer = desk.channel.customer("Northwind").await;
        let azure = desk.channel.order_usage(&customer).await;
        let seats = desk.channel.order_seats(&customer, 5).await;
        let own = |id| format!("/v1/customers/{}/subscriptions/{id}", customer.id);
        let there = desk.send(&format!("GET {}/provisioningstatus", own(seats.id)), &[], "").await.expect(200).json();
        assert_eq!((&there["status"], &there["quantity"]), (&json!("success"), &json!(5)));
        assert_eq!(there["skuId"], PREMIUM_SKU);
        let none = desk.send(&format!("GET {}/provisioningstatus", own(azure.id)), &[], "").await;
        assert_eq!(seen(&none), "400 800042");

        let status = async || {
            let path = format!("GET {}/registrationstatus", own(azure.id));
            desk.send(&path, &[], "").await.expect(200).json()["status"].clone()
        };
        assert_eq!(status().await, "NotRegistered");
        for body in ["\"success\"", "null", ""] {
            let reply = desk.send(&format!("POST {}/registrations", own(azure.id)), &[], body).await.expect(202);
            assert!(reply.body.is_empty());
            let upper = azure.id.to_string().to_uppercase();
            let place = format!("/customers/{}/subscriptions/{upper}/registrationstatus", customer.id);
            assert_eq!(reply.header("location"), place);
        }
        assert_eq!(status().await, "Registered");
        let seat = desk.send(&format!("POST {}/registrations", own(seats.id)), &[], "").await;
        assert_eq!(seen(&seat), "400 800011");

        let path = format!("{}/supportcontact", own(seats.id));
        let contact = desk.send(&format!("GET {path}"), &[], "").await.expect(200).json();
        assert_eq!(contact["supportTenantId"], desk.channel.partner.tenant.to_string());
        let mut named = contact.clone();
        named["name"] = "The night desk".into();
        let kept = desk.send(&format!("PUT {path}"), &[], &named.to_string()).await.expect(200).json();
        assert_eq!((&kept, &kept["name"]), (&named, &json!("The night desk")));
        for (body, expected) in [
            (json!({}), "400 3000 supportTenantId"),
            (json!({"supportTenantId": "x"}), "400 3000 supportTenantId"),
            (json!({"supportTenantId": desk.channel.stranger.tenant.to_string()}), "400 3000 supportTenantId"),
            (json!({"supportTenantId": contact["supportTenantId"], "supportMpnId": "1"}), "400 3000 supportMpnId"),
        ] {
            let reply = desk.send(&format!("PUT {path}"), &[], &body.to_string()).await;
            assert_eq!(seen(&reply), expected, "{body}");
        }
        let next = r#"{"scheduledNextTermInstructions":{"quantity":4}}"#;
        let reply = desk.send(&format!("PATCH {}", own(seats.id)), &[], next).await;
        assert_eq!(seen(&reply), "400 800042 scheduledNextTermInstructions");
    });
}

#[test]
fn the_next_term_has_the_seats_that_were_asked_for_until_somebody_says_nothing() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await;
        let customer = desk.channel.customer("Northwind").await;
        let modern = desk.channel.order(&customer, "CFQ7TTC0LF8R:0001:CFQ7TTC0K5DR", 5).await;
        let own = format!("/v1/customers/{}/subscriptions/{}", customer.id, modern.id);
        let patch = async |body: Value| desk.send(&format!("PATCH {own}"), &[], &body.to_string()).await;
        let of = |quantity: i64| json!({ "scheduledNextTermInstructions": { "quantity": quantity } });
        let product = json!({
            "productId": "CFQ7TTC0LF8R", "skuId": "0001", "availabilityId": "CFQ7TTC0K5DR",
            "billingCycle": "monthly", "termDuration": "P1Y",
        });
        let changed = patch(of(4)).await.expect(200).json();
        let shown = json!({ "product": product, "quantity": 4 });
        assert_eq!((&changed["scheduledNextTermInstructions"], &changed["quantity"]), (&shown, &json!(5)));
        // The whole object comes back, as clients send it.
        let whole = desk.send(&format!("GET {own}"), &[], "").await.expect(200).json();
        assert_eq!(patch(whole.clone()).await.expect(200).json()["scheduledNextTermInstructions"], shown);
        let mut off = whole;
        off["autoRenewEnabled"] = json!(false);
        let off = patch(off).await.expect(200).json();
        assert_eq!(off.get("scheduledNextTermInstructions"), None, "there is no next term");
        for (body, expected) in
            [(of(4), "400 3000 scheduledNextTermInstructions"), (of(0), "400 3000 scheduledNextTermInstructions")]
        {
            assert_eq!(seen(&patch(body.clone()).await), expected, "{body}");
        }
        let _ = patch(json!({ "autoRenewEnabled": true })).await.expect(200);
        let with = |name: &str, value: Value| {
            let mut other = shown.clone();
            other["product"][name] = value;
            json!({ "scheduledNextTermInstructions": other })
        };
        for (body, expected) in [
            (of(0), "400 2002 scheduledNextTermInstructions.quantity"),
            (with("termDuration", json!("P3Y")), "400 800042 scheduledNextTermInstructions.product.termDuration"),
            (with("billingCycle", json!("annual")), "400 800042 scheduledNextTermInstructions.product.billingCycle"),
            (with("skuId", json!("0002")), "400 800042 scheduledNextTermInstructions.product.skuId"),
            (
                json!({ "scheduledNextTermInstructions": { "customTermEndDate": "2027-01-31" } }),
                "400 800042 scheduledNextTermInstructions.customTermEndDate",
            ),
            (json!({ "scheduledNextTermInstructions": 4 }), "400 3000 scheduledNextTermInstructions"),
        ] {
            assert_eq!(seen(&patch(body.clone()).await), expected, "{body}");
        }
        let _ = patch(of(3)).await.expect(200);
        let named = patch(json!({ "friendlyName": "Shop" })).await.expect(200).json();
        assert_eq!(named.get("scheduledNextTermInstructions"), None, "who leaves them out takes them back");
    });
}

#[test]
fn what_is_somebody_elses_is_not_there() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await;
        let (ours, theirs) = (desk.channel.customer("Northwind").await, customer_of_stranger(&desk.channel).await);
        let nobody = "00000000-0000-4000-8000-000000000000";
        for (customer, expected) in [(ours.id, "404 20003"), (theirs.id, "404 60003")] {
            let own = format!("/v1/customers/{customer}/subscriptions/{nobody}");
            for (method, path, body) in [
                ("GET", "addons", "".to_owned()),
                ("GET", "upgrades", "".to_owned()),
                ("POST", "upgrades", json!({"targetOffer": {"id": PREMIUM}}).to_string()),
                ("GET", "transitioneligibilities", "".to_owned()),
                ("GET", "transitions", "".to_owned()),
                ("POST", "transitions", json!({"toCatalogItemId": M365_E5}).to_string()),
                ("GET", "conversions", "".to_owned()),
                ("POST", "conversions", json!({"targetOfferId": E3}).to_string()),
                ("GET", "provisioningstatus", "".to_owned()),
                ("POST", "registrations", "".to_owned()),
                ("GET", "registrationstatus", "".to_owned()),
                ("GET", "supportcontact", "".to_owned()),
                ("PUT", "supportcontact", json!({"supportTenantId": nobody}).to_string()),
            ] {
                let reply = desk.send(&format!("{method} {own}/{path}"), &[], &body).await;
                assert_eq!(seen(&reply), expected, "{method} {path}");
            }
        }
    });
}
