//! Indirect providers and resellers over the API: signing up, prices on both sides of an edge, and each tier's documents.

use crate::house::{House, in_a_house};
use serde_json::{Value, json};
use tenantry_commerce::{Limits, NewCustomer, PlaceLine, PlaceOrder, customer_create, order_place, subscription_list};
use tenantry_core::{AppId, Caller, Identity, ObjectId, OfferId, OpContext, Role, Secret, TenantId, TenantKind};
use tenantry_testkit::{App, HOURS, ORIGIN, Reply, SUFFIX, USAGE_OFFER, events};

pub(crate) fn body(name: &str, more: Value) -> Value {
    let mut body = json!({
        "companyName": name,
        "domain": format!("{}.{SUFFIX}", name.to_lowercase()),
        "address": {
            "country": "US", "addressLine1": "1 Harbour Rd", "city": "Seattle", "state": "WA", "postalCode": "98101",
        },
        "email": "ops@partner.test",
        "mpnId": "4847383",
        "markets": ["US"],
        "currency": "USD",
    });
    for (name, value) in more.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

/// A partner as its answer says how to sign in.
pub(crate) struct Partner {
    pub(crate) tenant: String,
    pub(crate) app: App,
}

impl Partner {
    pub(crate) fn of(house: &House, made: &Value) -> Self {
        let mut identity: Identity = house.channel.partner_app.identity.clone();
        identity.app = AppId::parse(made["application"]["appId"].as_str().unwrap()).unwrap();
        identity.tenant = TenantId::parse(made["tenant"].as_str().unwrap()).unwrap();
        let secret = Secret::new(made["application"]["secret"].as_str().unwrap());
        Self { tenant: made["tenant"].as_str().unwrap().to_owned(), app: App { identity, secret } }
    }

    pub(crate) async fn token(&self, house: &House) -> String {
        house.channel.token(&self.app, ORIGIN).await
    }
}

pub(crate) async fn sign_up(house: &House, token: &str, body: &Value) -> Reply {
    house.client.post("/api/v1/partners").token(token).json(body).send().await
}

/// An indirect provider and a reseller that it signed up itself, at 7 % above its own price.
pub(crate) async fn tiers(house: &House) -> (Partner, Partner) {
    let above = sign_up(house, &house.provider, &body("Distro", json!({"kind": "indirectProvider"}))).await;
    let above = above.expect(201).json();
    assert_eq!((&above["kind"], &above["indirectProvider"]), (&json!("indirectProvider"), &Value::Null));
    let above = Partner::of(house, &above);
    let corner = json!({"kind": "reseller", "factor": "1.07"});
    let corner = sign_up(house, &above.token(house).await, &body("Corner", corner)).await.expect(201).json();
    assert_eq!((&corner["kind"], &corner["indirectProvider"]), (&json!("reseller"), &json!(above.tenant)));
    (above, Partner::of(house, &corner))
}

#[test]
fn a_reseller_reads_its_prices_and_its_seller_the_rules() {
    in_a_house(|house| async move {
        let (above, corner) = tiers(&house).await;
        let (by_above, by_corner) = (above.token(&house).await, corner.token(&house).await);
        let prices = format!("/api/v1/partners/{}/prices", corner.tenant);
        let rules = format!("/api/v1/partners/{}/price-rules", corner.tenant);
        let factors = |reply: Reply| -> Vec<String> {
            let rules = reply.json()["rules"].as_array().unwrap().clone();
            rules
                .iter()
                .map(|rule| format!("{} {}", rule["appliesTo"].as_str().unwrap(), rule["factor"].as_str().unwrap()))
                .collect()
        };
        // A price for each meter, and no factor: 0.1 x 0.85 x 1.07, and 0.972 x 1.07 of a third party.
        for token in [&by_corner, &by_above, &house.provider] {
            let seen = house.get(token, &prices).await.expect(200);
            let text = seen.text();
            assert!(text.contains("0.09095") && text.contains("1.04004"), "{text}");
            assert!(["0.85", "1.07", "0.9095\"", "rules", "factor"].iter().all(|told| !text.contains(told)), "{text}");
        }
        for token in [&by_above, &house.provider] {
            assert_eq!(factors(house.get(token, &rules).await.expect(200)), ["everything 1.07"]);
        }
        let _ = house.get(&by_corner, &rules).await.expect(403);
        for path in [&prices, &rules] {
            let _ = house.get(&house.partner, path).await.expect(404);
        }
        let add = async |token: &str, body: Value| house.client.post(&rules).token(token).json(&body).send().await;
        let new = json!({"factor": "1.11", "appliesTo": "firstParty", "from": "2026-02-01"});
        let _ = add(&by_corner, new.clone()).await.expect(403);
        let _ = add(&house.partner, new.clone()).await.expect(404);
        assert_eq!(factors(add(&by_above, new).await.expect(201)), ["everything 1.07", "firstParty 1.11"]);
        for (body, seen) in [
            (json!({"appliesTo": "everything"}), "factor is required"),
            (json!({"factor": "1.1"}), "appliesTo is required"),
            (json!({"factor": "1.1", "appliesTo": "all"}), "`all` is not one of everything, firstParty"),
            (json!({"factor": "-1", "appliesTo": "everything"}), "factor"),
            (json!({"factor": "1.0000001", "appliesTo": "everything"}), "fraction digits"),
            (json!({"factor": "1.1", "appliesTo": "everything", "from": "2025-12-01"}), "is past"),
            (json!({"factor": "1.1", "appliesTo": "everything", "form": "2026-12-01"}), "form: is not known here"),
        ] {
            let reply = add(&by_above, body).await;
            assert!(reply.status == 400 && reply.text().contains(seen), "{seen}: {reply}");
        }
        let list = house.get(&by_above, "/api/v1/resellers").await.expect(200).json();
        let named: Vec<_> = list["items"].as_array().unwrap().iter().map(|item| item["tenant"].clone()).collect();
        assert_eq!(named, [json!(corner.tenant)]);
        assert_eq!(list["items"][0]["application"], Value::Null);
        let of_above = format!("/api/v1/resellers?partner={}", above.tenant);
        assert_eq!(house.get(&house.provider, &of_above).await.expect(200).json(), list);
        let _ = house.get(&by_corner, &of_above).await.expect(404);
    });
}

#[test]
fn sign_ups_say_where_the_partner_stands() {
    in_a_house(|house| async move {
        let (above, corner) = tiers(&house).await;
        let (by_above, by_corner) = (above.token(&house).await, corner.token(&house).await);
        for (token, more, status, seen) in [
            (&house.provider, json!({"kind": "distributor"}), 400, "`distributor` is not one of"),
            (&house.provider, json!({"kind": "reseller", "factor": "1"}), 400, "indirectProvider is required"),
            (&by_above, json!({"kind": "reseller"}), 400, "factor is required"),
            (&by_above, json!({"kind": "reseller", "factor": "6"}), 400, "factor"),
            (&by_above, json!({"factor": "1.1"}), 400, "belongs to a reseller"),
            (&house.provider, json!({"indirectProvider": above.tenant}), 400, "belongs to a reseller"),
            (&by_above, json!({"kind": "reseller", "factor": "1", "currency": "EURO"}), 400, "currency"),
            (&by_above, json!({"kind": "direct"}), 403, "only the provider"),
            (&by_corner, json!({"kind": "reseller", "factor": "1"}), 400, "is no indirect provider"),
            (
                &by_corner,
                json!({"kind": "reseller", "factor": "1", "indirectProvider": above.tenant}),
                404,
                "there is no partner",
            ),
        ] {
            let reply = sign_up(&house, token, &body("Third", more.clone())).await;
            assert!(reply.status == status && reply.text().contains(seen), "{more}: {reply}");
        }
    });
}

#[test]
fn each_tier_lists_what_it_bought_and_what_it_sold() {
    in_a_house(|mut house| async move {
        let (above, corner) = tiers(&house).await;
        let world = std::sync::Arc::clone(house.channel.world());
        let (db, system) = (world.db(), world.system("test"));
        let new = NewCustomer {
            partner: corner.app.identity.tenant,
            company_name: None,
            domain: format!("tailspin.{SUFFIX}"),
            registration_number: None,
            billing: house.customer.billing_profile.details.clone(),
        };
        let customer = customer_create(&system, db, SUFFIX, &Limits::NONE, new).await.unwrap();
        let own = Identity::application(
            AppId::new(corner.app.identity.tenant.guid()),
            ObjectId::new(corner.app.identity.tenant.guid()),
            (corner.app.identity.tenant, TenantKind::Partner),
            [Role::AdminAgent],
        );
        let own = OpContext { caller: Caller::SignedIn(own), ..system };
        let line = PlaceLine { number: 0, offer: OfferId::new(USAGE_OFFER), friendly_name: None, quantity: 1 };
        let order = PlaceOrder { customer: customer.id, billing_cycle: None, lines: vec![line] };
        order_place(&own, db, &Limits::NONE, order).await.unwrap();
        let subscription = subscription_list(&own, db, customer.id, None).await.unwrap().remove(0);
        house.channel.accept(events(&subscription, HOURS, &[("2026-01-10T16:00:00Z", "1000")])).await;
        house.advance("2026-02-10T16:00:00Z").await;
        let (by_above, by_corner) = (above.token(&house).await, corner.token(&house).await);

        let totals = async |token: &str, query: &str| -> Vec<String> {
            let list = house.get(token, &format!("/api/v1/invoices{query}")).await.expect(200).json();
            let shown = |item: &Value| {
                format!("{} {} to {}", item["total"], item["sellerName"], item["buyerName"]).replace('"', "")
            };
            list["items"].as_array().unwrap().iter().map(shown).collect()
        };
        let (bought, sold) = ("85.00 Root to Distro".to_owned(), "90.95 Distro to Corner".to_owned());
        assert_eq!(totals(&by_above, "").await, std::slice::from_ref(&bought));
        assert_eq!(totals(&by_above, "?role=bought").await, [bought]);
        assert_eq!(totals(&by_above, "?role=sold").await, std::slice::from_ref(&sold));
        assert_eq!(totals(&by_above, &format!("?partner={}", corner.tenant)).await, std::slice::from_ref(&sold));
        assert_eq!(totals(&by_corner, "").await, [sold]);
        assert_eq!(totals(&by_corner, "?role=sold").await, Vec::<String>::new());
        let reply = house.get(&by_corner, "/api/v1/invoices?role=both").await;
        assert!(reply.status == 400 && reply.text().contains("`both` is not one of bought, sold"), "{reply}");
        let _ = house.get(&by_corner, &format!("/api/v1/invoices?partner={}", above.tenant)).await.expect(404);

        let list = house.get(&by_corner, "/api/v1/invoices").await.expect(200).json();
        let number = list["items"][0]["number"].as_str().unwrap();
        for token in [&by_above, &by_corner, &house.provider] {
            let seen = house.get(token, &format!("/api/v1/invoices/{number}")).await.expect(200).json();
            assert_eq!(seen["invoice"]["total"], "90.95");
            let _ = house.get(token, &format!("/api/v1/invoices/{number}/reconciliation")).await.expect(200);
        }
        let _ = house.get(&house.partner, &format!("/api/v1/invoices/{number}")).await.expect(404);
    });
}
