//! Subscriptions: read as recorded, changed as clients change them.

use crate::desk::{Desk, fault};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use tenantry_core::Role;
use tenantry_testkit::on_every_engine;

const RECORDED: &str = include_str!("../fixtures/recorded-subscriptions.json");

fn names(object: &Map<String, Value>) -> BTreeSet<&str> {
    object.keys().map(String::as_str).collect()
}

#[test]
fn subscriptions_have_the_members_that_were_recorded() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await;
        let customer = desk.channel.customer("Northwind").await;
        desk.channel.order_usage(&customer).await;
        let seats = desk.channel.order_seats(&customer, 1).await;
        let list = format!("/v1/customers/{}/subscriptions", customer.id);
        assert_eq!(
            desk.send(&format!("PATCH {list}/{}", seats.id), &[], r#"{"status":"Suspended"}"#).await.status,
            200
        );
        let seen = desk.send(&format!("GET {list}"), &[], "").await.expect(200).json();
        let recorded: Value = serde_json::from_str(RECORDED).unwrap();
        for place in 0..2 {
            let (seen, recorded) = (&seen["items"][place], &recorded["items"][place]);
            let (ours, theirs) = (names(seen.as_object().unwrap()), names(recorded.as_object().unwrap()));
            // Later recordings have these two as well (partner-center-v1.md 9.8).
            let newer: Vec<_> = ours.difference(&theirs).filter(|name| **name != "termDuration").collect();
            assert_eq!(newer, [&"isMicrosoftProduct"]);
            assert_eq!(theirs.difference(&ours).count(), 0, "{:?}", theirs.difference(&ours));
            for member in ["status", "billingType", "billingCycle", "unitType", "actions", "isTrial", "contractType"] {
                assert_eq!(seen[member], recorded[member], "{member}");
            }
        }
        assert_eq!(seen["items"][0]["commitmentEndDate"], recorded["items"][0]["commitmentEndDate"]);
        assert_eq!(seen["items"][0]["offerId"], recorded["items"][0]["offerId"]);
        assert_eq!(seen["items"][1]["suspensionReasons"], recorded["items"][1]["suspensionReasons"]);
    });
}

#[test]
fn the_whole_object_comes_back_with_one_member_changed() {
    on_every_engine(|bench| async move {
        let mut desk = Desk::new(&bench).await;
        let customer = desk.channel.customer("Northwind").await;
        let seats = desk.channel.order_seats(&customer, 5).await;
        let path = format!("/v1/customers/{}/subscriptions/{}", customer.id, seats.id);
        desk.say(&format!("GET {path}"), &[], "").await;
        let body = r#"{"FriendlyName":"Suite","Quantity":7,"BillingCycle":"monthly","Status":"none","PartnerId":null,"AutoRenewEnabled":false}"#;
        desk.say(&format!("PATCH {path}"), &[], body).await;
        desk.compare("subscription-change");
        let mut whole = desk.send(&format!("GET {path}"), &[], "").await.expect(200).json();
        let unchanged = desk.send(&format!("PATCH {path}"), &[], &whole.to_string()).await.expect(200).json();
        assert_eq!(unchanged, whole, "what is there already is no change, and no new version");
        whole["status"] = "suspended".into();
        let suspended = desk.send(&format!("PATCH {path}"), &[], &whole.to_string()).await.expect(200).json();
        assert_eq!((&suspended["status"], &suspended["quantity"]), (&json!("suspended"), &json!(7)));
    });
}

#[test]
fn changes_are_made_or_refused_with_their_code() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await;
        let customer = desk.channel.customer("Northwind").await;
        let azure = desk.channel.order_usage(&customer).await;
        let seats = desk.channel.order_seats(&customer, 5).await;
        for (of, body, expected) in [
            (&seats, r#"{"quantity":6}"#, "200"),
            (&seats, r#"{"quantity":0}"#, "400 2002 quantity"),
            (&seats, r#"{"quantity":"six"}"#, "400 3000 quantity"),
            (&seats, r#"{"billingCycle":"Monthly"}"#, "200"),
            (&seats, r#"{"billingCycle":"annual"}"#, "400 2054 billingCycle"),
            (&seats, r#"{"billingCycle":"one_time"}"#, "400 2054 billingCycle"),
            (&seats, r#"{"status":"gone"}"#, "400 3000 status"),
            (&seats, r#"{"status":"expired"}"#, "400 800096 status"),
            (&seats, r#"{"status":"deleted"}"#, "400 800096 status"),
            (&seats, r#"{"status":2}"#, "200"),
            (&seats, r#"{"quantity":7}"#, "400 800091 quantity"),
            (&seats, r#"{"STATUS":"Active"}"#, "200"),
            (&seats, r#"{"friendlyName":null,"quantity":null}"#, "200"),
            (&seats, r#"{"partnerId":""}"#, "200"),
            (&seats, r#"{"PartnerId":null}"#, "200"),
            (&seats, r#"{"partnerId":"4847383"}"#, "400 800098 partnerId"),
            (&seats, r#"{"PartnerId":4847383,"friendlyName":"Suite"}"#, "400 800098 partnerId"),
            (&seats, "", "400 3000 body"),
            (&seats, "{", "400 800002 body"),
            (&seats, "[]", "400 3000 body"),
            (&azure, r#"{"quantity":2}"#, "400 800095 quantity"),
            (&azure, r#"{"autoRenewEnabled":true}"#, "400 3000 autoRenewEnabled"),
        ] {
            let path = format!("/v1/customers/{}/subscriptions/{}", customer.id, of.id);
            let reply = desk.send(&format!("PATCH {path}"), &[], body).await;
            let seen =
                if reply.status == 200 { "200".to_owned() } else { format!("{} {}", reply.status, fault(&reply)) };
            assert_eq!(seen, expected, "{body}");
        }
    });
}

#[test]
fn a_stale_etag_is_refused_only_where_it_was_meant() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await;
        let customer = desk.channel.customer("Northwind").await;
        let (seats, other) =
            (desk.channel.order_seats(&customer, 5).await, desk.channel.order_seats(&customer, 5).await);
        let path = |id| format!("/v1/customers/{}/subscriptions/{id}", customer.id);
        let read = async |id| desk.send(&format!("GET {}", path(id)), &[], "").await.expect(200).json();
        let etag = |subscription: &Value| subscription["attributes"]["etag"].as_str().unwrap().to_owned();
        let first = etag(&read(seats.id).await);
        let foreign = etag(&read(other.id).await);
        let change = async |header: Option<String>, quantity: i64| {
            // An old ETag in the body says nothing: clients carry them around.
            let body = json!({"quantity": quantity, "attributes": {"etag": foreign}}).to_string();
            let headers: Vec<&str> = header.as_deref().into_iter().collect();
            desk.send(&format!("PATCH {}", path(seats.id)), &headers, &body).await
        };
        assert_eq!(change(Some(format!("If-Match: \"{first}\"")), 6).await.status, 200);
        for header in [format!("If-Match: \"{first}\""), format!("If-Match: {foreign}"), "If-Match: \"7\"".to_owned()] {
            assert!(fault(&change(Some(header), 7).await.expect(400)).starts_with("2055"));
        }
        assert_eq!(change(None, 8).await.status, 200);
        let current = etag(&read(seats.id).await);
        assert_eq!(change(Some(format!("If-Match: {current}")), 9).await.status, 200);
    });
}

#[test]
fn lists_are_of_an_order_or_of_a_partner_of_record() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await;
        let customer = desk.channel.customer("Northwind").await;
        let first = desk.channel.order_usage(&customer).await;
        desk.channel.order_seats(&customer, 5).await;
        for (query, expected) in [
            ("", "2"),
            ("?order_id=", "2"),
            (&format!("?Order_Id={}", first.order.to_string().to_uppercase()), "1"),
            ("?order_id=00000000-0000-4000-8000-000000000000", "0"),
            ("?order_id=7", "400 3000 order_id"),
            ("?mpn_id=4847383", "2"),
            ("?mpn_id=1", "0"),
        ] {
            let reply = desk.send(&format!("GET /v1/customers/{}/subscriptions{query}", customer.id), &[], "").await;
            let seen = match reply.status {
                200 => reply.json()["totalCount"].to_string(),
                status => format!("{status} {}", fault(&reply)),
            };
            assert_eq!(seen, expected, "{query}");
        }
    });
}

#[test]
fn who_may_not_see_the_customer_still_sees_its_subscriptions() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await.with_roles(&[Role::BillingAdmin]).await;
        let customer = desk.channel.customer("Northwind").await;
        desk.channel.order_usage(&customer).await;
        let own = format!("/v1/customers/{}", customer.id);
        assert_eq!(fault(&desk.send(&format!("GET {own}"), &[], "").await.expect(403)), "900150");
        let list = desk.send(&format!("GET {own}/subscriptions"), &[], "").await.expect(200).json();
        assert_eq!(list["items"][0]["links"]["offer"]["uri"], "/offers/MS-AZR-0145P");
    });
}
