//! The modern catalogue, of a country and of a customer's.

use crate::desk::{Desk, customer_of_stranger, fault};
use serde_json::{Value, json};
use tenantry_core::Role;
use tenantry_testkit::{Reply, on_every_engine};

const AZURE: &str = "9DEA7946-EC2C-441E-9FFD-E3B275F7E838";
/// What the lists of Azure show: the old offer, and the plan.
const AZURE_ALL: &str = "9DEA7946-EC2C-441E-9FFD-E3B275F7E838 DZH318Z0BPS6";
const E3: &str = "CFQ7TTC0LF8R";
/// What is sold by the modern agreement.
const LICENCES: &str = "CFQ7TTC0LF8R CFQ7TTC0LFLZ";
const ITEM: &str = "CFQ7TTC0LF8R:0001:CFQ7TTC0K5DR";

/// The ids of a list, or the refusal.
fn seen(reply: &Reply) -> String {
    match reply.status {
        200 => {
            let body = reply.json();
            let items = body["items"].as_array().unwrap();
            assert_eq!(body["totalCount"], items.len());
            items.iter().map(|item| item["id"].as_str().unwrap()).collect::<Vec<_>>().join(" ")
        }
        status => format!("{status} {}", fault(reply)),
    }
}

#[test]
fn the_catalogue_is_read_from_the_product_down_to_what_is_ordered() {
    on_every_engine(|bench| async move {
        let mut desk = Desk::new(&bench).await;
        let customer = desk.channel.customer("Northwind").await;
        desk.say("GET /v1/products?country=US&targetView=MicrosoftAzure", &[], "").await;
        desk.say("GET /v1/products?country=us&targetView=onlineservices&targetSegment=Commercial", &[], "").await;
        desk.say(&format!("GET /v1/products/{E3}/skus?country=US"), &[], "").await;
        desk.say(&format!("GET /v1/products/{E3}/skus/0001/availabilities?country=US"), &[], "").await;
        desk.compare("products");
        let below = format!("/products/{AZURE}/skus/ms-azr-0145p/availabilities/MS-AZR-0145P");
        let of_country = desk.send(&format!("GET /v1{below}?country=US"), &[], "").await.expect(200).json();
        let of_customer = format!("GET /v1/customers/{}{below}", customer.id);
        assert_eq!(desk.send(&of_customer, &[], "").await.expect(200).json(), of_country);
        assert_eq!((&of_country["isRenewable"], &of_country["terms"][0]["duration"]), (&json!(false), &Value::Null));
        // What is found first is what a client orders.
        let links = of_country["links"]["self"]["uri"].as_str().unwrap().to_owned();
        assert_eq!(desk.send(&format!("GET /v1{links}"), &[], "").await.expect(200).json(), of_country);
        for item in [ITEM, of_country["catalogItemId"].as_str().unwrap()] {
            let line = json!({"lineItemNumber": 0, "offerId": item.to_lowercase(), "quantity": 1});
            let body = json!({"lineItems": [line]}).to_string();
            let placed = desk.send(&format!("POST /v1/customers/{}/orders", customer.id), &[], &body).await;
            assert_eq!(placed.status, 201, "{item}: {placed}");
        }
    });
}

#[test]
fn every_view_is_known_and_most_are_empty() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await;
        let customer = desk.channel.customer("Northwind").await;
        for (query, expected) in [
            ("targetView=Azure", AZURE_ALL),
            ("targetView=MicrosoftAzure&reservationScope=AzurePlan", AZURE_ALL),
            ("TARGETVIEW=microsoft_azure", AZURE_ALL),
            ("targetView=OnlineServices", LICENCES),
            ("targetView=OnlineServices&targetSegment=education", ""),
            ("targetView=OnlineServices&targetSegment=COMMERCIAL", LICENCES),
            ("targetView=AzureReservations", ""),
            ("targetView=AzureReservationsVM", ""),
            ("targetView=AzureReservationsSQL", ""),
            ("targetView=AzureReservationsCosmosDb", ""),
            ("targetView=Software", ""),
            ("targetView=SoftwareSUSELinux", ""),
            ("targetView=SoftwarePerpetual", ""),
            ("targetView=SoftwareSubscriptions", ""),
            ("targetView=MarketplaceSaaS", ""),
            ("targetView=Cheap", "403 400036 targetView"),
            ("targetView=Azure&targetSegment=pirates", "403 400030 targetSegment"),
            ("targetView=Azure&reservationScope=Moon", "400 3000 reservationScope"),
            ("", "400 3000 targetView"),
        ] {
            let reply = desk.send(&format!("GET /v1/products?country=US&{query}"), &[], "").await;
            assert_eq!(seen(&reply), expected, "{query}");
            let reply = desk.send(&format!("GET /v1/customers/{}/products?{query}", customer.id), &[], "").await;
            assert_eq!(seen(&reply), expected, "of a customer: {query}");
        }
    });
}

#[test]
fn what_is_not_there_is_refused_with_its_code() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await;
        let customer = desk.channel.customer("Northwind").await;
        let own = format!("/v1/customers/{}", customer.id);
        for (below, expected) in [
            ("/products/NOTHING", "404 400013 productId"),
            ("/products/NOTHING/skus", "404 400013 productId"),
            ("/products/NOTHING/skus/0001", "404 400013 productId"),
            ("/products/CFQ7TTC0LF8R/skus/0002", "404 400018 skuId"),
            ("/products/CFQ7TTC0LF8R/skus/0002/availabilities", "404 400018 skuId"),
            ("/products/CFQ7TTC0LF8R/skus/0001/availabilities/NOTHING", "404 400019 availabilityId"),
            ("/products/CFQ7TTC0LF8R/skus/MS-AZR-0145P/availabilities/MS-AZR-0145P", "404 400018 skuId"),
        ] {
            for path in [format!("/v1{below}?country=US"), format!("{own}{below}")] {
                let reply = desk.send(&format!("GET {path}"), &[], "").await;
                assert_eq!(seen(&reply), expected, "{path}");
            }
        }
        for (query, expected) in [
            ("", "400 3000 country"),
            ("?country=", "400 3000 country"),
            ("?country=Mars", "400 3000 country"),
            ("?country=KP", "403 2030 country"),
        ] {
            for path in ["/products/CFQ7TTC0LF8R", "/products/CFQ7TTC0LF8R/skus"] {
                assert_eq!(
                    seen(&desk.send(&format!("GET /v1{path}{query}"), &[], "").await),
                    expected,
                    "{path}{query}"
                );
            }
        }
        let other = customer_of_stranger(&desk.channel).await;
        let reply = desk.send(&format!("GET /v1/customers/{}/products/{E3}", other.id), &[], "").await;
        assert_eq!(seen(&reply), "404 60003");
    });
}

#[test]
fn who_may_not_read_offers_reads_no_products() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await.with_roles(&[Role::HelpdeskAgent]).await;
        let reply = desk.send("GET /v1/products?country=US&targetView=Azure", &[], "").await;
        assert_eq!(seen(&reply), "403 900150");
    });
}

#[test]
fn nothing_runs_out_and_what_is_not_sold_is_not_named() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await;
        let check = async |country: &str, body: Value| {
            let path = format!("POST /v1/extensions/product/checkInventory{country}");
            desk.send(&path, &[], &body.to_string()).await
        };
        let items = json!({
            "targetItems": [{"productId": E3.to_lowercase()}, {"productId": AZURE, "skuId": "ms-azr-0145p"},
                {"productId": "NOTHING"}, {"productId": AZURE, "skuId": "0009"}],
            "inventoryContext": {"armRegionName": "westus"},
        });
        let found = check("?country=us", items.clone()).await.expect(200).json();
        let named: Vec<_> = found.as_array().unwrap().iter().map(|item| (&item["productId"], &item["skuId"])).collect();
        assert_eq!(named, [(&json!(E3), &json!("0001")), (&json!(AZURE), &json!("MS-AZR-0145P"))]);
        assert!(found.as_array().unwrap().iter().all(|item| item["isRestricted"] == false), "{found}");
        for (country, body, expected) in [
            ("?country=US", json!({}), "400 3000 targetItems"),
            ("?country=US", json!({"targetItems": [{}]}), "400 3000 targetItems[0].productId"),
            ("?country=US", json!({"targetItems": [{"productId": []}]}), "400 3000 targetItems[0].productId"),
            (
                "?country=US",
                json!({"targetItems": [{"productId": E3}], "inventoryContext": 7}),
                "400 3000 inventoryContext",
            ),
            ("?country=Mars", items.clone(), "400 3000 country"),
            ("", items.clone(), "400 3000 country"),
        ] {
            let reply = check(country, body.clone()).await;
            assert_eq!(format!("{} {}", reply.status, fault(&reply)), expected, "{country} {body}");
        }
    });
}

#[test]
fn there_are_no_promotions_and_every_answer_says_so() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await;
        let customer = desk.channel.customer("Northwind").await.id;
        for (query, expected) in [
            ("country=US&segment=Commercial", ""),
            ("country=US", "400 3000 segment"),
            ("country=US&segment=all", "400 3000 segment"),
            ("segment=commercial", "400 3000 country"),
        ] {
            let reply = desk.send(&format!("GET /v1/productpromotions?{query}"), &[], "").await;
            assert_eq!(seen(&reply), expected, "{query}");
        }
        let one = desk.send("GET /v1/productpromotions/A%3A0001%3AB?country=US", &[], "").await;
        assert_eq!(one.status, 404, "{one}");
        let path = format!("POST /v1/customers/{customer}/promotionEligibilities");
        let item = |more: Value| {
            let mut item = json!({"id": 1, "catalogItemId": ITEM, "quantity": 25, "billingCycle": "monthly"});
            item.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            item
        };
        let items = [json!({}), json!({"promotionId": "A:0001:B"}), json!({"catalogItemId": "A:0001:B"})].map(item);
        let judged = desk.send(&path, &[], &json!({"items": items}).to_string()).await.expect(200).json();
        let of = |item: &Value| item["eligibilities"][0]["errors"][0]["type"].as_str().unwrap().to_owned();
        let types: Vec<_> = judged["items"].as_array().unwrap().iter().map(of).collect();
        assert_eq!(types, ["NoPromotionsAvailable", "InvalidPromotion", "InvalidCatalogItemId"]);
        assert_eq!(judged["items"][1]["eligibilities"][0]["promotionId"], "A:0001:B");
        for (body, expected) in [
            (json!({}), "400 3000 items"),
            (json!({"items": [{"quantity": 1}]}), "400 3000 items[0].catalogItemId"),
            (json!({"items": [{"catalogItemId": ITEM}]}), "400 3000 items[0].quantity"),
        ] {
            assert_eq!(seen(&desk.send(&path, &[], &body.to_string()).await), expected, "{body}");
        }
        let theirs = customer_of_stranger(&desk.channel).await.id;
        let path = format!("POST /v1/customers/{theirs}/promotionEligibilities");
        assert_eq!(seen(&desk.send(&path, &[], "{}").await), "404 60003");
    });
}
