//! What the provider does to its channel: price sheets and partners.

use crate::house::{EVENTS, House, in_a_house};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use std::io::Write;
use tenantry_core::{AppId, Secret};
use tenantry_testkit::{App, CARD, ORIGIN, Reply};

async fn import(house: &House, token: &str, query: &str, encoding: &str, body: impl Into<Vec<u8>>) -> Reply {
    let sending = house.client.post(&format!("/api/v1/price-sheets?{query}")).token(token);
    let sending = if encoding.is_empty() { sending } else { sending.header("content-encoding", encoding) };
    sending.header("content-type", "application/json").body(body).send().await
}

fn gzip(plain: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(plain.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn a_price_sheet_holds_from_its_date_on() {
    in_a_house(|house| async move {
        house.accept(vec![house.event("e-1", json!({"quantity": "10"}))]).await;
        let dearer = CARD.replace(r#"{"0":0.10}"#, r#"{"0":0.20}"#);
        let query = "market=us&effectiveFrom=2026-01-05";
        let sheet = import(&house, &house.provider, query, "", dearer.as_bytes()).await.expect(201).json();
        assert_eq!((&sheet["importNo"], &sheet["market"], &sheet["meters"]), (&json!(2), &json!("US"), &json!(4)));
        let unbilled = house.get(&house.partner, "/api/v1/unbilled").await.expect(200).json();
        assert_eq!(unbilled["total"], "1.70");
        for (encoding, name) in [("", "a gzip file"), ("gzip", "a gzip body")] {
            let query = "market=US&effectiveFrom=2026-01-06&currency=USD";
            let reply = import(&house, &house.provider, query, encoding, gzip(CARD)).await;
            assert_eq!(reply.status, 201, "{name}: {reply}");
        }
        let unbilled = house.get(&house.partner, "/api/v1/unbilled").await.expect(200).json();
        assert_eq!(unbilled["total"], "0.85");
        let list = house.get(&house.partner, "/api/v1/price-sheets").await.expect(200).json();
        assert_eq!((list["items"].as_array().unwrap().len(), &list["items"][1]), (4, &sheet));
    });
}

#[test]
fn bad_price_sheets_are_refused() {
    in_a_house(|house| async move {
        let good = "market=US&effectiveFrom=2026-01-05";
        let cut = &CARD[..CARD.len() / 2];
        for (query, body, status, seen) in [
            ("effectiveFrom=2026-01-05", CARD, 400, "market is required"),
            ("market=US", CARD, 400, "effectiveFrom is required"),
            ("market=US&effectiveFrom=soon", CARD, 400, "`soon` is not a time"),
            ("market=Atlantis&effectiveFrom=2026-01-05", CARD, 400, "market"),
            ("market=US&effectiveFrom=2026-01-05&currency=EUR", CARD, 400, "currency_mismatch"),
            ("market=US&effectiveFrom=2026-01-05&effective=now", CARD, 400, "effective: is not known"),
            (good, cut, 400, "price_sheet_invalid"),
            (good, "", 400, "the body is empty"),
        ] {
            let reply = import(&house, &house.provider, query, "", body).await;
            assert!(reply.status == status && reply.text().contains(seen), "{query}: {reply}");
        }
        let _ = import(&house, &house.partner, good, "", CARD).await.expect(403);
        let list = house.get(&house.partner, "/api/v1/price-sheets").await.expect(200).json();
        assert_eq!(list["items"].as_array().unwrap().len(), 1);
    });
}

fn new_partner() -> Value {
    json!({
        "companyName": "Tailspin",
        "domain": "tailspin.example.test",
        "address": {
            "country": "US", "addressLine1": "1 Harbour Rd", "city": "Seattle", "state": "WA", "postalCode": "98101",
        },
        "email": "ops@tailspin.test",
        "mpnId": "4847383",
        "markets": ["US"],
        "currency": "USD",
    })
}

#[test]
fn a_new_partner_can_sign_in_with_what_it_was_given() {
    in_a_house(|house| async move {
        let post = async |token: &str, body: &Value| {
            house.client.post("/api/v1/partners").token(token).json(body).send().await
        };
        let _ = post(&house.partner, &new_partner()).await.expect(403);
        let reply = post(&house.provider, &new_partner()).await.expect(201);
        assert_eq!(reply.header("cache-control"), "no-store");
        let made = reply.json();
        let mut identity = house.channel.partner_app.identity.clone();
        identity.app = AppId::parse(made["application"]["appId"].as_str().unwrap()).unwrap();
        identity.tenant = tenantry_core::TenantId::parse(made["tenant"].as_str().unwrap()).unwrap();
        let secret = Secret::new(made["application"]["secret"].as_str().unwrap());
        let token = house.channel.token(&App { identity, secret }, ORIGIN).await;
        let balance = house.get(&token, "/api/v1/balance").await.expect(200).json();
        assert_eq!(balance, json!({"partner": made["tenant"], "balances": []}));
        let _ = house.client.post(EVENTS).token(&token).json(&house.event("e-1", json!({}))).send().await.expect(404);
        let _ = post(&house.provider, &new_partner()).await.expect(409);
    });
}

#[test]
fn sign_ups_name_what_is_wrong_with_them() {
    in_a_house(|house| async move {
        for (member, value, status, seen) in [
            ("currency", json!("XYZ"), 400, "`XYZ` is not an ISO 4217"),
            ("mpnId", json!("x"), 400, "mpnId"),
            ("markets", json!([]), 400, "markets"),
            ("domain", json!("tailspin.elsewhere.test"), 400, "domain"),
            ("domain", json!("contoso.example.test"), 409, "domain_taken"),
            ("email", Value::Null, 400, "email is required"),
            ("domain", Value::Null, 400, "domain is required"),
            ("currency", Value::Null, 400, "currency is required"),
            ("companyName", Value::Null, 400, "companyName is required"),
            ("address", Value::Null, 400, "address.country is required"),
            ("mpnID", json!("4847383"), 400, "mpnID: is not known here; did you mean mpnId?"),
        ] {
            let mut body = new_partner();
            body[member] = value;
            let reply = house.client.post("/api/v1/partners").token(&house.provider).json(&body).send().await;
            assert!(reply.status == status && reply.text().contains(seen), "{member}: {reply}");
        }
    });
}
