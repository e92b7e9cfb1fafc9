//! Orders after they were placed: add-ons, cancelling, and what cannot change.

use crate::desk::{Desk, customer_of_stranger, fault};
use serde_json::{Value, json};
use tenantry_core::Amount;
use tenantry_directory::PARTNER_CENTER;
use tenantry_rating::SeatCycle;
use tenantry_testkit::{Reply, SEAT_OFFER, on_every_engine};

const ARCHIVING: &str = "2828BE95-46BA-4F91-B2FD-0BEF192ECF60";
const CALLING: &str = "DED34535-507F-4246-8370-F9180318C537";
const ESSENTIALS: &str = "BD938F12-058F-4927-BBA3-AE36B1D2501C";
const E3: &str = "796B6B5F-613C-4E24-A17C-EBA730D49C02";
const E3_TRIAL: &str = "32B23C88-949F-4E5B-B500-A87EEC676B80";
const NEW_COMMERCE: &str = "CFQ7TTC0LF8R:0001:CFQ7TTC0K5DR";

fn add_on(parent: &str, offer: &str, quantity: i64) -> Value {
    json!({"LineItems": [
        {"LineItemNumber": 0, "OfferId": offer, "ParentSubscriptionId": parent, "Quantity": quantity, "SubscriptionId": null},
    ]})
}

fn seen(reply: &Reply) -> String {
    if reply.status == 200 { "200".to_owned() } else { format!("{} {}", reply.status, fault(reply)) }
}

#[test]
fn an_add_on_is_bought_by_changing_the_order() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await;
        let customer = desk.channel.customer("Northwind").await;
        let base = desk.channel.order_seats(&customer, 5).await;
        let parent = base.id.to_string().to_uppercase();
        let path = format!("/v1/customers/{}/orders/{}", customer.id, base.order);
        for (body, expected) in [
            (add_on(&parent, CALLING, 1), "400 800029 lineItems[0].parentSubscriptionId"),
            (
                add_on("00000000-0000-4000-8000-000000000000", ARCHIVING, 1),
                "400 800029 lineItems[0].parentSubscriptionId",
            ),
            (add_on("base", ARCHIVING, 1), "400 3000 lineItems[0].parentSubscriptionId"),
            (add_on(&parent, ARCHIVING, 6), "400 2002 lineItems[0].quantity"),
            (add_on(&parent, "MS-AZR-0000X", 1), "400 800004 lineItems[0].offerId"),
            (add_on(&parent, "", 1), "400 3000 lineItems[0].offerId"),
            (
                json!({"lineItems": [{"parentSubscriptionId": parent, "offerId": ARCHIVING}]}),
                "400 3000 lineItems[0].lineItemNumber",
            ),
            (json!({"lineItems": {}}), "400 3000 lineItems"),
            // Clients send along what they read; what is new and not understood they would believe to be bought.
            (json!({"lineItems": [{"lineItemNumber": 0, "quantity": 5}]}), "200"),
            (json!({"lineItems": [{"lineItemNumber": 0, "quantity": 6}]}), "400 3000 lineItems[0].quantity"),
            (
                json!({"lineItems": [{"lineItemNumber": 1, "offerId": ARCHIVING, "quantity": 2}]}),
                "400 3000 lineItems[1].parentSubscriptionId",
            ),
            (json!({"lineItems": [{"subscriptionId": parent, "offerId": ARCHIVING, "quantity": 10}]}), "200"),
            (
                json!({"lineItems": [{"subscriptionId": "00000000-0000-4000-8000-000000000000"}]}),
                "400 3000 lineItems[0].subscriptionId",
            ),
            (json!({"billingCycle": "annual"}), "400 6001 billingCycle"),
            (json!({"billingCycle": "MONTHLY"}), "200"),
            (json!({"status": "pending"}), "400 800063 status"),
            (json!({"status": "gone"}), "400 3000 status"),
            (json!({"status": "cancelled"}), "400 800063 status"),
            (json!({}), "200"),
        ] {
            let reply = desk.send(&format!("PATCH {path}"), &[], &body.to_string()).await;
            assert_eq!(seen(&reply), expected, "{body}");
        }
        let bought = desk.send(&format!("PATCH {path}"), &[], &add_on(&parent, ARCHIVING, 2).to_string()).await;
        let bought = bought.expect(200).json();
        let line = &bought["lineItems"][1];
        assert_eq!((&line["lineItemNumber"], &line["quantity"]), (&json!(1), &json!(2)));
        assert_eq!(line["parentSubscriptionId"], parent);
        assert_eq!(bought["links"]["patchOperation"]["method"], "PATCH");
        let unchanged = desk.send(&format!("PATCH {path}"), &[], &bought.to_string()).await.expect(200).json();
        assert_eq!(unchanged, bought, "what is there already is no change, and no new version");

        let own = format!("/v1/customers/{}/subscriptions", customer.id);
        let add_ons = desk.send(&format!("GET {own}/{parent}/addons"), &[], "").await.expect(200).json();
        assert_eq!(add_ons["items"][0]["id"], line["subscriptionId"]);
        assert_eq!(add_ons["items"][0]["parentSubscriptionId"], parent);
        let of_order = desk.send(&format!("GET {own}?order_id={}", base.order), &[], "").await.expect(200).json();
        assert_eq!(of_order["totalCount"], 2);
        let provisioned = desk.send(&format!("GET {path}/provisioningstatus"), &[], "").await.expect(200).json();
        let lines: Vec<_> = provisioned["items"].as_array().unwrap().iter().map(|item| &item["status"]).collect();
        assert_eq!(lines, ["Fulfilled", "Fulfilled"]);

        let id = line["subscriptionId"].as_str().unwrap();
        let suspend = desk.send(&format!("PATCH {own}/{parent}"), &[], r#"{"status":"suspended"}"#).await;
        assert_eq!(suspend.status, 200);
        let child = desk.send(&format!("PATCH {own}/{id}"), &[], r#"{"status":"active"}"#).await;
        assert_eq!(seen(&child), "409 27009 parentSubscriptionId");
    });
}

#[test]
fn what_was_just_bought_by_the_modern_agreement_is_cancelled() {
    on_every_engine(|bench| async move {
        let mut desk = Desk::new(&bench).await;
        let customer = desk.channel.customer("Northwind").await;
        let modern = desk.channel.order(&customer, NEW_COMMERCE, 5).await;
        let late = desk.channel.order(&customer, NEW_COMMERCE, 5).await;
        let path = |order| format!("/v1/customers/{}/orders/{order}", customer.id);
        let unknown = json!({"status": "cancelled", "lineItems": [{"lineItemNumber": 3}]}).to_string();
        let reply = desk.send(&format!("PATCH {}", path(modern.order)), &[], &unknown).await;
        assert_eq!(seen(&reply), "400 3000 lineItems.lineItemNumber");
        let body = r#"{"id":"x","status":"Cancelled","lineItems":[{"lineItemNumber":0}]}"#;
        let done = desk.send(&format!("PATCH {}", path(modern.order)), &[], body).await.expect(200).json();
        assert_eq!((&done["status"], &done["lineItems"][0]["quantity"]), (&json!("cancelled"), &json!(0)));
        let own = format!("GET /v1/customers/{}/subscriptions/{}", customer.id, modern.id);
        let gone = desk.send(&own, &[], "").await.expect(200).json();
        assert_eq!((&gone["status"], &gone["quantity"]), (&json!("deleted"), &json!(5)));
        let there = desk.send(&format!("GET {}/provisioningstatus", path(modern.order)), &[], "").await;
        assert_eq!(there.expect(200).json()["items"][0]["status"], "Unfulfilled");
        desk.channel.advance_to("2026-01-18").await;
        // The token of the beginning has expired.
        desk.token = desk.channel.token(&desk.channel.partner_app, PARTNER_CENTER).await;
        let reply = desk.send(&format!("PATCH {}", path(late.order)), &[], r#"{"status":"cancelled"}"#).await;
        assert_eq!(seen(&reply), "400 900117 cancellationAllowedUntilDate");
    });
}

#[test]
fn an_order_of_somebody_else_is_not_there() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await;
        let (ours, theirs) = (desk.channel.customer("Northwind").await, customer_of_stranger(&desk.channel).await);
        let nobody = "00000000-0000-4000-8000-000000000000";
        for (customer, expected) in [(ours.id, "404 20000"), (theirs.id, "404 60003")] {
            let path = format!("/v1/customers/{customer}/orders/{nobody}");
            let reply = desk.send(&format!("PATCH {path}"), &[], r#"{"status":"cancelled"}"#).await;
            assert_eq!(seen(&reply), expected);
            let reply = desk.send(&format!("GET {path}/provisioningstatus"), &[], "").await;
            assert_eq!(seen(&reply), expected);
        }
    });
}

/// The prices of a month of a seat.
async fn import(desk: &Desk) {
    let prices = [(ESSENTIALS, "10.00"), (SEAT_OFFER, "20.00"), (ARCHIVING, "4.00"), (E3, "30.00")];
    let prices = prices.map(|(offer, rate)| (offer, SeatCycle::Monthly, rate));
    desk.channel.import_seat_prices("2026-01-01", &prices).await;
}

/// What the partner pays is 15 % off, and what stopped within 30 days of its purchase is not paid.
#[test]
fn the_bill_follows_an_upgrade_a_conversion_and_an_add_on() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await;
        import(&desk).await;
        let customer = desk.channel.customer("Northwind").await;
        let old = desk.channel.order(&customer, ESSENTIALS, 2).await;
        let base = desk.channel.order_seats(&customer, 5).await;
        let trial = desk.channel.order(&customer, E3_TRIAL, 25).await;
        let lines = async || {
            let path = "GET /v1/invoices/unbilled/lineitems?provider=office&invoiceLineItemType=billinglineitems";
            let found = desk.send(&format!("{path}&period=current"), &[], "").await.expect(200).json();
            let items = found["items"].as_array().unwrap().clone();
            let sum: Amount = items.iter().map(|item| Amount::parse_exact(&item["amount"].to_string()).unwrap()).sum();
            let mut shown: Vec<_> = items
                .iter()
                .map(|item| format!("{} {} {}", item["offerId"].as_str().unwrap(), item["quantity"], item["amount"]))
                .collect();
            shown.sort();
            (shown, sum)
        };
        let amount = |text: &str| Amount::parse_exact(text).unwrap();
        assert_eq!(lines().await.1, amount("102"), "2 x 8.50 and 5 x 17.00, and nothing for the trial");
        let own = format!("/v1/customers/{}/subscriptions", customer.id);
        let body = add_on(&base.id.to_string(), ARCHIVING, 3).to_string();
        let path = format!("PATCH /v1/customers/{}/orders/{}", customer.id, base.order);
        assert_eq!(seen(&desk.send(&path, &[], &body).await), "200");
        let body = json!({"targetOfferId": E3, "quantity": 10}).to_string();
        assert_eq!(seen(&desk.send(&format!("POST {own}/{}/conversions", trial.id), &[], &body).await), "200");
        let listed = desk.send(&format!("GET {own}/{}/upgrades", old.id), &[], "").await.expect(200).json();
        let wanted = listed["items"].as_array().unwrap().iter().find(|item| item["targetOffer"]["id"] == E3).unwrap();
        assert_eq!(wanted["isEligible"], false);
        assert_eq!(wanted["upgradeErrors"][0]["code"], 3, "the converted trial is one already");
        let (shown, sum) = lines().await;
        let bought = [
            format!("{SEAT_OFFER} 5 85.0"),
            format!("{ARCHIVING} 3 10.2"),
            format!("{E3} 10 255.0"),
            format!("{ESSENTIALS} 2 17.0"),
        ];
        let mut bought = bought.to_vec();
        bought.sort();
        assert_eq!((shown, sum), (bought, amount("367.2")));

        let listed = listed["items"].as_array().unwrap();
        let target = listed.iter().find(|item| item["isEligible"] == true).unwrap();
        let to = target["targetOffer"]["id"].as_str().unwrap().to_owned();
        let done = desk.send(&format!("POST {own}/{}/upgrades", old.id), &[], &target.to_string()).await;
        assert_eq!(done.expect(200).json()["upgradeErrors"], json!([]));
        let (shown, _) = lines().await;
        assert!(!shown.iter().any(|line| line.starts_with(ESSENTIALS)), "given back on the day: {shown:?}");
        let waiting = desk.send(&format!("GET {own}"), &[], "").await.expect(200).json();
        let made = waiting["items"].as_array().unwrap().iter().find(|item| item["offerId"] == to.as_str());
        assert_eq!(made.map(|made| &made["quantity"]), Some(&json!(2)));
    });
}
