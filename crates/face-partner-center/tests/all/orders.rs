//! Orders: placed, read, refused.

use crate::desk::{Desk, fault};
use serde_json::{Value, json};
use tenantry_testkit::on_every_engine;

const PREMIUM: &str = "031C9E47-4802-4248-838E-778FB1D2CC05";
/// Of this one a customer may have any number.
const E1: &str = "91FD106F-4B2C-4938-95AC-F54F74E9A239";

#[test]
fn an_order_is_placed_and_read() {
    on_every_engine(|bench| async move {
        let mut desk = Desk::new(&bench).await;
        let customer = desk.channel.customer("Northwind").await;
        let orders = format!("/v1/customers/{}/orders", customer.id);
        let body = format!(
            r#"{{"Id":null,"ReferenceCustomerId":"{}","BillingCycle":"unknown","LineItems":[
 {{"LineItemNumber":0,"OfferId":"{}","SubscriptionId":null,"FriendlyName":"Suite","Quantity":5,"PartnerIdOnRecord":null}},
 {{"LineItemNumber":1,"OfferId":"ms-azr-0145p","Quantity":1.0}}],"CreationDate":"0001-01-01T00:00:00"}}"#,
            customer.id,
            PREMIUM.to_lowercase()
        );
        let placed = desk.say(&format!("POST {orders}"), &[], &body).await.expect(201).json();
        let order = placed["id"].as_str().unwrap();
        desk.say(&format!("GET {orders}?include_price=True"), &[], "").await;
        desk.say(&format!("GET /v1/customers/{}/subscriptions?order_id={order}", customer.id), &[], "").await;
        desk.compare("orders");
        let upper = desk.send(&format!("GET {orders}/{}?include_price=false", order.to_uppercase()), &[], "").await;
        assert_eq!(upper.expect(200).json(), placed);
    });
}

#[test]
fn every_spelling_of_a_billing_cycle_is_understood() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await;
        let customer = desk.channel.customer("Northwind").await;
        for (cycle, expected) in [
            (json!(null), "monthly"),
            (json!("unknown"), "monthly"),
            (json!(0), "monthly"),
            (json!("Monthly"), "monthly"),
            (json!("ANNUAL"), "annual"),
            (json!(2), "annual"),
            (json!("2"), "annual"),
            (json!("none"), "400 6001 billingCycle"),
            (json!("one_time"), "400 6001 billingCycle"),
            (json!("OneTime"), "400 6001 billingCycle"),
            (json!(4), "400 6001 billingCycle"),
            (json!("weekly"), "400 3000 billingCycle"),
        ] {
            let body = json!({"billingCycle": cycle, "lineItems": [line(0, E1, 1)]});
            let reply = desk.send(&format!("POST /v1/customers/{}/orders", customer.id), &[], &body.to_string()).await;
            let seen = match reply.status {
                201 => reply.json()["billingCycle"].as_str().unwrap().to_owned(),
                status => format!("{status} {}", fault(&reply)),
            };
            assert_eq!(seen, expected, "{cycle}");
        }
    });
}

#[test]
fn orders_are_listed_by_how_they_are_billed() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await;
        let customer = desk.channel.customer("Northwind").await;
        let orders = format!("/v1/customers/{}/orders", customer.id);
        for cycle in ["monthly", "annual", "monthly"] {
            let body = json!({"billingCycle": cycle, "lineItems": [line(0, E1, 1)]}).to_string();
            assert_eq!(desk.send(&format!("POST {orders}"), &[], &body).await.status, 201);
        }
        for (query, expected) in [
            ("", "monthly annual monthly"),
            ("?billingType=", "monthly annual monthly"),
            ("?billingType=unknown", "monthly annual monthly"),
            ("?BillingType=Monthly&include_price=false", "monthly monthly"),
            ("?billingtype=ANNUAL", "annual"),
            ("?billingType=2", "annual"),
            ("?billingType=none", ""),
            ("?billingType=one_time", ""),
            ("?billingType=onetime", ""),
            ("?billingType=weekly", "400 3000 billingType"),
        ] {
            let reply = desk.send(&format!("GET {orders}{query}"), &[], "").await;
            let seen = match reply.status {
                200 => {
                    let items = reply.json()["items"].as_array().unwrap().clone();
                    assert_eq!(reply.json()["totalCount"], items.len());
                    items.iter().map(|order| order["billingCycle"].as_str().unwrap()).collect::<Vec<_>>().join(" ")
                }
                status => format!("{status} {}", fault(&reply)),
            };
            assert_eq!(seen, expected, "{query}");
        }
    });
}

#[test]
fn orders_that_cannot_be_are_refused_with_their_code() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await;
        let customer = desk.channel.customer("Northwind").await;
        let on_record = json!({"lineItemNumber": 0, "offerId": PREMIUM, "quantity": 1, "PartnerIdOnRecord": "4847383"});
        for (lines, expected) in [
            (json!([]), "400 3000 lineItems"),
            (json!({}), "400 3000 lineItems"),
            (json!([7]), "400 3000 lineItems[0]"),
            (json!([{"offerId": PREMIUM, "quantity": 1}]), "400 3000 lineItems[0].lineItemNumber"),
            (json!([{"lineItemNumber": 0, "quantity": 1}]), "400 3000 lineItems[0].offerId"),
            (json!([{"lineItemNumber": 0, "offerId": PREMIUM, "quantity": "many"}]), "400 3000 lineItems[0].quantity"),
            (json!([line(1, PREMIUM, 1)]), "400 800071 lineItems"),
            (json!([line(0, PREMIUM, 0)]), "400 2002 lineItems[0].quantity"),
            (json!([line(0, "MS-AZR-0145P", 2)]), "400 2002 lineItems[0].quantity"),
            (json!([line(0, "MS-AZR-0000X", 1)]), "400 800004 lineItems[0].offerId"),
            (json!([line(0, "2828BE95-46BA-4F91-B2FD-0BEF192ECF60", 1)]), "403 2085 lineItems[0].offerId"),
            (json!([on_record]), "400 800016 lineItems[0].partnerIdOnRecord"),
        ] {
            let body = json!({ "lineItems": lines });
            let reply = desk.send(&format!("POST /v1/customers/{}/orders", customer.id), &[], &body.to_string()).await;
            assert_eq!(format!("{} {}", reply.status, fault(&reply)), expected, "{lines}");
        }
        let all = desk.send(&format!("GET /v1/customers/{}/orders", customer.id), &[], "").await.expect(200).json();
        assert_eq!((&all["totalCount"], &all["items"]), (&json!(0), &json!([])));
    });
}

fn line(number: i64, offer: &str, quantity: i64) -> Value {
    json!({"lineItemNumber": number, "offerId": offer, "quantity": quantity})
}
