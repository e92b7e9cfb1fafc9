//! The catalogue, compared with what the original answered.

use crate::desk::{Desk, fault};
use serde_json::Value;
use tenantry_testkit::on_every_engine;

const OFFER: &str = include_str!("../fixtures/recorded-offer.json");
const CATEGORIES: &str = include_str!("../fixtures/recorded-offer-categories.json");
const E5: &str = "8BDBB60B-E526-43E9-92EF-AB760C8E0B72";

#[test]
fn offers_look_as_recorded() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await;
        let recorded: Value = serde_json::from_str(OFFER).unwrap();
        for path in [format!("/v1/offers/{E5}?country=US"), format!("/v1/Offers/{}", E5.to_lowercase())] {
            let seen = desk.send(&format!("GET {path}"), &["X-Locale: en-US"], "").await.expect(200).json();
            for (member, value) in recorded.as_object().unwrap() {
                assert_eq!(&seen[member], value, "{path}: {member}");
            }
            assert_eq!(seen.as_object().unwrap().len(), recorded.as_object().unwrap().len());
        }
        let recorded: Value = serde_json::from_str(CATEGORIES).unwrap();
        let seen = desk.send("GET /v1/offercategories?Country=us", &[], "").await.expect(200).json();
        assert!(seen.get("links").is_none());
        let recorded = recorded["items"].as_array().unwrap();
        for shelf in seen["items"].as_array().unwrap() {
            assert!(recorded.contains(shelf), "{shelf}");
        }
        assert_eq!(seen["totalCount"], 3);
        let customer = desk.channel.customer("Northwind").await;
        let of_customer = format!("GET /v1/customers/{}/OfferCategories", customer.id);
        assert_eq!(desk.send(&of_customer, &["X-Locale: en-US"], "").await.expect(200).json(), seen);
    });
}

#[test]
fn lists_are_cut_by_size_and_offset() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await;
        let customer = desk.channel.customer("Northwind").await;
        let all = desk.send("GET /v1/offers?country=US", &[], "").await.expect(200).json();
        let all_items = all["items"].as_array().unwrap().clone();
        assert!(all["links"].get("next").is_none() && all["totalCount"] == all_items.len());
        // A customer that is nothing but a company is not shown what is for schools and public authorities.
        let for_anybody = |offer: &&Value| offer["reselleeQualifications"] == serde_json::json!([]);
        let for_company: Vec<Value> = all_items.iter().filter(for_anybody).cloned().collect();
        assert!(for_company.len() < all_items.len());
        for (list, expected) in [
            ("/offers?country=US&size=4".to_owned(), &all_items),
            (format!("/customers/{}/offers?size=4", customer.id), &for_company),
        ] {
            let count = expected.len();
            let (mut next, mut seen) = (Some(list.clone()), Vec::new());
            while let Some(uri) = next {
                let page = desk.send(&format!("GET /v1/{uri}"), &[], "").await.expect(200).json();
                assert_eq!((&page["totalCount"], &page["links"]["self"]["uri"]), (&count.into(), &uri.into()));
                seen.extend(page["items"].as_array().unwrap().clone());
                next = page["links"]["next"]["uri"].as_str().map(str::to_owned);
            }
            assert_eq!(&seen, expected, "{list}");
        }
    });
}

#[test]
fn offers_are_found_by_country_and_category() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await;
        for (path, count) in [
            ("/v1/offers?country=US", "14"),
            ("/v1/offers?COUNTRY=jp", "12"),
            ("/v1/offers", "14"),
            ("/v1/offers?country=JP&offer_category_id=smallbusiness_key", "2"),
            ("/v1/offers?country=JP&offer_category_id=None_Key", "0"),
            ("/v1/offers?country=US&size=0&offset=5", "14"),
            (&format!("/v1/offers/{E5}/addons?country=US"), "1"),
            (&format!("/v1/offers/{E5}/addons?country=JP"), "0"),
            ("/v1/offers?country=XX", "400 3000 country"),
            ("/v1/offers?country=KP", "403 2030 country"),
            ("/v1/offers?size=1001", "400 3000 size"),
            ("/v1/offers?offset=x", "400 3000 offset"),
            ("/v1/offers/MS-AZR-0000X?country=US", "404 1000"),
            ("/v1/offers/none/addons", "404 1000"),
        ] {
            let reply = desk.send(&format!("GET {path}"), &[], "").await;
            let seen = match reply.status {
                200 => reply.json()["totalCount"].to_string(),
                status => format!("{status} {}", fault(&reply)),
            };
            assert_eq!(seen, count, "{path}");
        }
    });
}
