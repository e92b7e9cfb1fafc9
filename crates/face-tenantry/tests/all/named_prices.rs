//! Prices for one buyer and exchange rates over the API: exported, changed, imported, and who is told what of it.

use crate::house::in_a_house;
use serde_json::{Value, json};
use tenantry_testkit::{HOURS, TIERED};

#[test]
fn prices_are_exported_changed_and_imported_again() {
    in_a_house(|house| async move {
        let partner = house.channel.partner.tenant;
        let (prices, lists) =
            (format!("/api/v1/partners/{partner}/prices"), format!("/api/v1/partners/{partner}/price-lists"));
        let table = house.get(&house.partner, &format!("{prices}/export")).await.expect(200).text();
        assert!(table.starts_with("MeterId,MeterName,MeterCategory,"), "{table}");
        let row = table.lines().find(|line| line.starts_with(HOURS)).unwrap();
        assert!(row.ends_with(",0,0,0.085"), "{row}");
        let named = format!("{}\r\n{}\r\n", table.lines().next().unwrap(), row.replace("0.085", "0.123"));
        let name = async |token: &str, query: &str, body: &str| {
            let post = house.client.post(&format!("{lists}{query}")).token(token).header("Content-Type", "text/csv");
            post.body(body.as_bytes().to_vec()).send().await
        };
        let from = "?effectiveFrom=2026-02-01";
        let _ = name(&house.partner, from, &named).await.expect(403);
        let _ = name(&house.stranger, from, &named).await.expect(404);
        let made = name(&house.provider, from, &named).await.expect(201).json();
        assert_eq!((&made["meterCount"], &made["currency"]), (&json!(1), &json!("USD")));
        assert_eq!(name(&house.provider, from, &named).await.expect(201).json(), made, "the same again");
        let list = house.get(&house.provider, &lists).await.expect(200).json();
        assert_eq!(list["items"], json!([made]));
        let whole = house.get(&house.provider, &format!("{lists}/{}", made["id"].as_str().unwrap())).await.expect(200);
        assert_eq!(whole.json()["meters"][0]["rates"], json!([{"from": "0", "price": "0.123"}]));
        let _ = house.get(&house.partner, &lists).await.expect(403);
        let _ = house.get(&house.stranger, &lists).await.expect(404);
        let rates = async |query: &str| -> Value {
            let seen = house.get(&house.partner, &format!("{prices}?{query}")).await.expect(200).json();
            seen["meters"][0]["rates"].clone()
        };
        assert_eq!(rates(&format!("meter={HOURS}&day=2026-01-31")).await, json!([{"from": "0", "price": "0.085"}]));
        assert_eq!(rates(&format!("meter={HOURS}&day=2026-02-01")).await, json!([{"from": "0", "price": "0.123"}]));
        // What is not named stays as the rules have it.
        let tiered = rates(&format!("meter={TIERED}&day=2026-02-01")).await;
        assert_eq!(tiered[0], json!({"from": "0", "price": "0.0425"}));
        for (query, body, status, said) in [
            ("?effectiveFrom=2025-12-01", named.as_str(), 400, "is past"),
            ("?effectiveFrom=2026-03-01&currency=EUR", &named, 400, "name prices in USD"),
            ("", "MeterId,LowerBound,Price\nx,0,1\n", 400, "meter `x`"),
        ] {
            let reply = name(&house.provider, query, body).await;
            assert!(reply.status == status && reply.text().contains(said), "{reply}");
        }
        let body = json!({"effectiveFrom": "2026-03-01", "meters": []});
        let ended = house.client.post(&lists).token(&house.provider).json(&body).send().await.expect(201).json();
        assert_eq!(ended["meterCount"], json!(0));
    });
}

#[test]
fn exchange_rates_are_published_by_the_provider_and_read_by_all() {
    in_a_house(|house| async move {
        let rate = |rate: &str| {
            json!({"rates": [{
                "month": "2026-01", "from": "USD", "to": "EUR", "rate": rate, "source": "a bank", "date": "2026-01-30",
            }]})
        };
        let publish =
            async |token: &str, body: Value| house.client.post("/api/v1/fx").token(token).json(&body).send().await;
        let _ = publish(&house.partner, rate("0.9")).await.expect(403);
        let made = publish(&house.provider, rate("0.9137025")).await.expect(201).json();
        assert_eq!((&made["importNo"], &made["items"][0]["rate"]), (&json!(1), &json!("0.9137025")));
        let again = publish(&house.provider, rate("0.9137025")).await.expect(201).json();
        assert_eq!(again, json!({"unchanged": 1, "items": []}));
        let table = "Month,From,To,Rate,Source,Date\n2026-02,USD,JPY,151.2,a bank,2026-02-27\n";
        let post = house.client.post("/api/v1/fx").token(&house.provider).header("Content-Type", "text/csv");
        let _ = post.body(table.as_bytes().to_vec()).send().await.expect(201);
        let seen = house.get(&house.partner, "/api/v1/fx?month=2026-01").await.expect(200).json();
        assert_eq!(seen["items"], made["items"]);
        for (body, said) in [
            (rate("0"), "cannot cost nothing"),
            (rate("-1"), "rates[0].rate"),
            (json!({"rates": [{"month": "2026-01"}]}), "rates[0].from is required"),
        ] {
            let reply = publish(&house.provider, body).await;
            assert!(reply.status == 400 && reply.text().contains(said), "{reply}");
        }
    });
}
