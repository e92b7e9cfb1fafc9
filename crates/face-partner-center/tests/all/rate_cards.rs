//! The rate card of a partner: its own prices, and what it is charged by them.

use crate::desk::{Desk, fault};
use crate::relationships::partner;
use tenantry_commerce::{AddPriceRule, Standing, edge_add_price_rule};
use tenantry_core::Factor;
use tenantry_directory::PARTNER_CENTER;
use tenantry_rating::AppliesTo;
use tenantry_testkit::{CARD, on_every_engine};

/// The rates of each meter of the card, one meter a line, as written.
fn rates(text: &str) -> String {
    let rates = text.split(r#""rates":"#).skip(1).map(|rest| rest.split_inclusive('}').next().unwrap_or_default());
    rates.collect::<Vec<_>>().join("\n")
}

const PARTNERS_RATES: &str = r#"{"0":0.085}
{"0":0.0425,"100":0.034,"1000":0.0255}
{"0":0.07395}
{"0":0.972}"#;

#[test]
fn a_partner_sees_its_own_prices_and_third_parties_at_list() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await;
        desk.channel.import_card(CARD).await;
        for path in
            ["/v1/ratecards/azure", "/v1/RateCards/Azure?Currency=usd&Region=us", "/v1/ratecards/azure?region=US"]
        {
            let reply = desk.send(&format!("GET {path}"), &["X-Locale: en-US"], "").await.expect(200);
            assert_eq!(rates(&reply.text()), PARTNERS_RATES, "{path}");
            let card = reply.json();
            for (member, value) in [("locale", "en-US"), ("currency", "USD")] {
                assert_eq!(card[member], value);
            }
            assert_eq!((&card["isTaxIncluded"], &card["offerTerms"]), (&false.into(), &serde_json::json!([])));
        }
    });
}

#[test]
fn services_that_customers_share_cost_what_the_list_says() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await;
        desk.channel.import_card(CARD).await;
        let card = desk.send("GET /v1/ratecards/azure-shared?region=US", &[], "").await.expect(200);
        let list = "{\"0\":0.1}\n{\"0\":0.05,\"100\":0.04,\"1000\":0.03}\n{\"0\":0.087}\n{\"0\":0.972}";
        assert_eq!(rates(&card.text()), list);
        assert_eq!(card.json()["attributes"]["objectType"], "AzureRateCard");
        let nowhere = desk.send("GET /v1/ratecards/azure-shared?region=FR", &[], "").await;
        let own = desk.send("GET /v1/ratecards/azure?region=FR", &[], "").await;
        assert_eq!((nowhere.status, fault(&nowhere)), (own.status, fault(&own)));
    });
}

/// With the list next to its own prices a reseller could tell, meter by meter, what its provider pays.
#[test]
fn below_the_first_tier_nobody_sees_the_list() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await;
        desk.channel.import_card(CARD).await;
        let (above, above_token) = partner(&desk.channel, "distro", Standing::IndirectProvider).await;
        let below = Standing::Reseller { indirect_provider: above.tenant, factor: Factor::parse("1.1").unwrap() };
        let (_, token) = partner(&desk.channel, "corner", below).await;
        let card = async |token: &str, card: &str| {
            let path = format!("/v1/ratecards/{card}?region=US");
            rates(&desk.client.get(&path).token(token).send().await.expect(200).text())
        };
        let own = card(&token, "azure").await;
        assert!(own.starts_with("{\"0\":0.0935}"), "0.1 less 15 %, and 10 % on that: {own}");
        assert_eq!(card(&token, "azure-shared").await, own);
        let (bought, list) = (card(&above_token, "azure").await, card(&above_token, "azure-shared").await);
        assert!(bought.starts_with("{\"0\":0.085}") && list.starts_with("{\"0\":0.1}"), "{bought} {list}");
    });
}

#[test]
fn each_tier_sees_the_rule_of_its_own_edge() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await;
        desk.channel.import_card(CARD).await;
        let rule = AddPriceRule {
            buyer: desk.channel.stranger.tenant,
            factor: Factor::parse("0.5").unwrap(),
            applies_to: AppliesTo::Everything,
            from: desk.channel.world().clock().now(),
        };
        edge_add_price_rule(&desk.channel.provider_ctx(), desk.channel.world().db(), rule).await.unwrap();
        let stranger = desk.channel.token(&desk.channel.stranger_app, PARTNER_CENTER).await;
        let card = async |token: &str| rates(&desk.send_as(Some(token), "GET", "/v1/ratecards/azure").await.text());
        assert_eq!(card(&desk.token).await, PARTNERS_RATES);
        // A rule holds from the first day that it covers whole.
        assert_eq!(card(&stranger).await, PARTNERS_RATES);
        desk.channel.advance_to("2026-01-11").await;
        let stranger = desk.channel.token(&desk.channel.stranger_app, PARTNER_CENTER).await;
        let half = "{\"0\":0.05}\n{\"0\":0.025,\"100\":0.02,\"1000\":0.015}\n{\"0\":0.0435}\n{\"0\":0.486}";
        assert_eq!(card(&stranger).await, half);
    });
}

#[test]
fn a_card_that_is_not_there_is_named() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await;
        let missing = desk.send("GET /v1/ratecards/azure", &[], "").await.expect(404);
        assert_eq!(fault(&missing), "1000");
        desk.channel.import_card_from("2026-01-12", CARD).await;
        for (query, said) in [
            ("", "404 1000"),
            ("?region=DE", "404 1000"),
            ("?currency=EUR", "404 1000"),
            ("?region=Germany", "400 3000 region"),
            ("?currency=bitcoin", "400 3000 currency"),
        ] {
            let reply = desk.send(&format!("GET /v1/ratecards/azure{query}"), &[], "").await;
            assert_eq!(format!("{} {}", reply.status, fault(&reply)), said, "{query}");
        }
    });
}
