//! A reseller bills its customer over the API: prices, documents and accounts for both sides, another reseller, and what an
//! indirect provider does for those below it.

use crate::house::{EVENTS, House, in_a_house};
use crate::resellers::{Partner, body, sign_up, tiers};
use serde_json::{Value, json};
use std::sync::Arc;
use tenantry_commerce::{
    Customer, Limits, NewCustomer, PlaceLine, PlaceOrder, Subscription, customer_create, order_place,
    relationship_request_accept, relationship_request_create, subscription_list,
};
use tenantry_core::{AppId, Caller, Identity, ObjectId, OfferId, OpContext, Role, TenantKind};
use tenantry_testkit::{HOURS, SUFFIX, USAGE_OFFER, events};

/// A customer of a reseller and what it bought.
async fn sold(house: &House, corner: &Partner) -> (Customer, Subscription) {
    let world = Arc::clone(house.channel.world());
    let (db, system) = (world.db(), world.system("test"));
    let tenant = corner.app.identity.tenant;
    let new = NewCustomer {
        partner: tenant,
        company_name: None,
        domain: format!("tailspin.{SUFFIX}"),
        registration_number: None,
        billing: house.customer.billing_profile.details.clone(),
    };
    let customer = customer_create(&system, db, SUFFIX, &Limits::NONE, new).await.unwrap();
    let ids = (AppId::new(tenant.guid()), ObjectId::new(tenant.guid()));
    let own = Identity::application(ids.0, ids.1, (tenant, TenantKind::Partner), [Role::AdminAgent]);
    let own = OpContext { caller: Caller::SignedIn(own), ..system };
    let line = PlaceLine { number: 0, offer: OfferId::new(USAGE_OFFER), friendly_name: None, quantity: 1 };
    let order = PlaceOrder { customer: customer.id, billing_cycle: None, lines: vec![line] };
    order_place(&own, db, &Limits::NONE, order).await.unwrap();
    let subscription = subscription_list(&own, db, customer.id, None).await.unwrap().remove(0);
    (customer, subscription)
}

fn totals(list: &Value) -> Vec<String> {
    let items = list["items"].as_array().unwrap().iter();
    items.map(|item| format!("{} {}", item["total"], item["sellerName"]).replace('"', "")).collect()
}

#[test]
fn a_reseller_prices_and_bills_its_customer() {
    in_a_house(|mut house| async move {
        let (above, corner) = tiers(&house).await;
        let (customer, subscription) = sold(&house, &corner).await;
        let (by_above, by_corner) = (above.token(&house).await, corner.token(&house).await);
        let rules = format!("/api/v1/customers/{}/price-rules", customer.id);
        let prices = format!("/api/v1/customers/{}/prices?meter={HOURS}", customer.id);
        let add = async |token: &str, body: Value| house.client.post(&rules).token(token).json(&body).send().await;
        let none = house.get(&by_corner, &rules).await.expect(404);
        assert!(none.text().contains("add a first rule"), "{none}");
        for (body, seen) in [
            (json!({}), "factor is required"),
            (json!({"factor": "1.2", "from": "2026-02-01"}), "yet to come"),
            (json!({"factor": "1.2", "appliesTo": "firstParty"}), "the first rule of a customer is for everything"),
            (json!({"factor": "1.20001"}), "fraction digits"),
            (json!({"factor": "1.2", "currency": "EURO"}), "currency"),
        ] {
            let reply = add(&by_corner, body).await;
            assert!(reply.status == 400 && reply.text().contains(seen), "{seen}: {reply}");
        }
        let made = add(&by_corner, json!({"factor": "1.2"})).await.expect(201).json();
        assert_eq!((&made["buyer"], &made["rules"][0]["factor"]), (&json!(customer.id.to_string()), &json!("1.2")));
        assert_eq!(house.get(&by_corner, &rules).await.expect(200).json(), made);
        // 0.1 x 0.85 x 1.07 x 1.2, without a factor beside it.
        let seen = house.get(&by_corner, &prices).await.expect(200);
        assert!(seen.text().contains("0.10914") && !seen.text().contains("1.2\""), "{seen}");
        for (token, status) in [(&by_above, 403), (&house.provider, 403), (&house.partner, 404)] {
            let _ = house.get(token, &rules).await.expect(status);
            let _ = add(token, json!({"factor": "1.3"})).await.expect(status);
            let _ = house.get(token, &prices).await.expect(404);
        }

        house.channel.accept(events(&subscription, HOURS, &[("2026-01-10T16:00:00Z", "1000")])).await;
        house.advance("2026-02-10T16:00:00Z").await;
        let (by_above, by_corner) = (above.token(&house).await, corner.token(&house).await);
        let of_customer = format!("partner={}", customer.id);
        let list = house.get(&by_corner, &format!("/api/v1/invoices?{of_customer}")).await.expect(200).json();
        assert_eq!(totals(&list), ["109.14 Corner"]);
        assert_eq!(house.get(&by_corner, "/api/v1/invoices?role=sold").await.expect(200).json(), list);
        let number = list["items"][0]["number"].as_str().unwrap();
        for part in ["", "/reconciliation", "/pdf"] {
            let path = format!("/api/v1/invoices/{number}{part}");
            let _ = house.get(&by_corner, &path).await.expect(200);
            for token in [&by_above, &house.provider, &house.partner] {
                let _ = house.get(token, &path).await.expect(404);
            }
        }
        for path in ["balance", "ageing", "statement", "payments", "credit-notes", "unbilled"] {
            let path = format!("/api/v1/{path}?{of_customer}");
            let _ = house.get(&by_corner, &path).await.expect(200);
            for token in [&by_above, &house.provider, &house.partner] {
                let _ = house.get(token, &path).await.expect(404);
            }
        }
        let pay = json!({
            "partner": customer.id.to_string(), "amount": "100.00", "currency": "USD", "paidOn": "2026-02-09",
            "reference": "bank 7",
        });
        for (token, status) in [(&by_above, 404), (&house.provider, 404), (&by_corner, 201)] {
            let _ = house.client.post("/api/v1/payments").token(token).json(&pay).send().await.expect(status);
        }
        let owed = house.get(&by_corner, &format!("/api/v1/balance?{of_customer}")).await.expect(200).json();
        assert_eq!(owed["balances"][0]["owed"], "9.14");
        let unrated = house.get(&house.provider, "/api/v1/unrated").await.expect(200).json();
        assert_eq!(unrated["items"], json!([]), "the provider is not told of customers' edges, nor stopped by them");
    });
}

#[test]
fn an_indirect_provider_finds_its_resellers_customers_and_reports_what_they_use() {
    in_a_house(|house| async move {
        let (above, corner) = tiers(&house).await;
        let (customer, subscription) = sold(&house, &corner).await;
        let (by_above, by_corner) = (above.token(&house).await, corner.token(&house).await);
        let of_corner = format!("/api/v1/customers?partner={}", corner.tenant);
        let list = house.get(&by_above, &of_corner).await.expect(200).json();
        assert_eq!(list["items"][0]["tenant"], json!(customer.id.to_string()));
        assert_eq!((list["items"].as_array().unwrap().len(), &list["next"]), (1, &Value::Null));
        assert_eq!(house.get(&by_corner, "/api/v1/customers").await.expect(200).json(), list);
        assert_eq!(house.get(&by_above, "/api/v1/customers").await.expect(200).json()["items"], json!([]));
        let _ = house.get(&house.partner, &of_corner).await.expect(404);
        let page = house.get(&house.partner, "/api/v1/customers?size=1").await.expect(200).json();
        assert_eq!(page["items"][0]["companyName"], "Northwind");
        for (query, seen) in [("size=0", "1 to 500"), ("size=many", "size"), ("after=x", "after")] {
            let reply = house.get(&by_corner, &format!("/api/v1/customers?{query}")).await;
            assert!(reply.status == 400 && reply.text().contains(seen), "{query}: {reply}");
        }
        let event = house.event("from above", json!({"subscription": subscription.id.to_string()}));
        let report = async |token: &str| house.client.post(EVENTS).token(token).json(&event).send().await;
        let _ = report(&by_above).await.expect(202);
        for token in [&house.partner, &house.stranger] {
            let refused = report(token).await;
            assert_eq!(refused.status, 404, "{refused}");
        }
    });
}

#[test]
fn a_subscription_goes_to_another_reseller() {
    in_a_house(|house| async move {
        let (above, corner) = tiers(&house).await;
        let (customer, subscription) = sold(&house, &corner).await;
        let (by_above, by_corner) = (above.token(&house).await, corner.token(&house).await);
        let market = json!({"kind": "reseller", "factor": "1.1"});
        let market = sign_up(&house, &by_above, &body("Market", market)).await.expect(201).json();
        let market = Partner::of(&house, &market);
        let by_market = market.token(&house).await;
        let path = format!("/api/v1/customers/{}/subscriptions/{}/change-reseller", customer.id, subscription.id);
        let change = async |token: &str, body: Value| house.client.post(&path).token(token).json(&body).send().await;
        let to = |partner: &Partner| json!({"partner": partner.tenant});
        for (token, body, status, seen) in [
            (&by_above, json!({}), 400, "partner is required"),
            (&by_above, json!({"partner": "corner"}), 400, "partner"),
            // Its administrator has not accepted that reseller's invitation.
            (&by_above, to(&market), 400, "accepts that partner's invitation first"),
            (&by_corner, to(&corner), 403, "through the indirect provider above both"),
            (&by_market, to(&market), 404, "there is no customer"),
            (&house.partner, to(&market), 404, "there is no customer"),
        ] {
            let reply = change(token, body).await;
            assert!(reply.status == status && reply.text().contains(seen), "{seen}: {reply}");
        }
        let world = house.channel.world();
        let (db, system) = (world.db(), world.system("test"));
        let request = relationship_request_create(&system, db, market.app.identity.tenant).await.unwrap();
        relationship_request_accept(&system, db, &Limits::NONE, customer.id, request.id, true).await.unwrap();
        let moved = change(&by_above, to(&market)).await.expect(200).json();
        assert_eq!(moved["partner"], json!(market.tenant));
        assert_eq!(moved["soldSince"], json!(system.now().to_string()));
        assert_eq!(change(&by_above, to(&market)).await.expect(200).json(), moved, "it is that partner's already");
        let _ = change(&house.provider, to(&corner)).await.expect(200);
    });
}
