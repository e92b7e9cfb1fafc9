//! Fraud events: what the nightly look at spending found, told to who sells it and to nobody else.

use crate::desk::{Desk, fault};
use serde_json::{Value, json};
use tenantry_commerce::{Subscription, azure_entitlement_list};
use tenantry_core::Role;
use tenantry_directory::PARTNER_CENTER;
use tenantry_metering::{AlertFilter, PutBudget, WantedScope};
use tenantry_testkit::{Bench, CARD, HOURS, Reply, event, on_every_engine};
use tenantry_usage::{BudgetAction, BudgetId, BudgetKind, Event};

const PLAN: &str = "DZH318Z0BPS6:0001:DZH318Z0BML6";

/// Two subscriptions that were used a little every day, and one night a lot; and a budget that was crossed by it, which is
/// no fraud.
async fn used(bench: &Bench) -> (Desk, [Subscription; 2]) {
    let desk = Desk::new(bench).await;
    let channel = &desk.channel;
    channel.import_card(CARD).await;
    let customer = channel.customer("Northwind").await;
    let plan = channel.order(&customer, PLAN, 1).await;
    let (ctx, db) = (channel.partner_ctx(), channel.world().db());
    let shop = azure_entitlement_list(&ctx, db, customer.id, plan.id).await.unwrap().remove(0);
    let farm = channel.order_usage(&customer).await;
    let budget = PutBudget {
        id: BudgetId::new(ctx.chance.guid()),
        name: "January".to_owned(),
        scope: WantedScope::Customer(customer.id),
        edge: None,
        kind: BudgetKind::Monthly,
        limit: "300.00".to_owned(),
        thresholds: Vec::new(),
        action: BudgetAction::Notify,
        on_anomaly: BudgetAction::Notify,
    };
    channel.world().metering().budget_put(&ctx, budget).await.unwrap();
    for day in 10..20 {
        channel.advance_to(&format!("2026-01-{day}T20:00:00Z")).await;
        let at = format!("2026-01-{day}T10:00:00Z");
        let hours =
            |of: &Subscription, much: &str| Event { id: format!("d{day} {}", of.id), ..event(of, HOURS, &at, much) };
        channel.accept(vec![hours(&shop, if day == 19 { "10000" } else { "10" })]).await;
        channel.accept(vec![hours(&farm, if day == 18 { "9000" } else { "10" })]).await;
    }
    channel.advance_to("2026-01-21T12:00:00Z").await;
    (desk, [shop, farm])
}

async fn get(desk: &Desk, query: &str, new_model: bool) -> Reply {
    let token = desk.channel.token(&desk.channel.partner_app, PARTNER_CENTER).await;
    let path = format!("/v1/fraudEvents{query}");
    let request = desk.client.request("GET", &path).token(&token);
    if new_model { request.header("x-newEventsModel", "True").send().await } else { request.send().await }
}

fn of(items: &Value) -> Vec<&str> {
    items.as_array().unwrap().iter().map(|item| item["subscriptionId"].as_str().unwrap()).collect()
}

#[test]
fn what_was_found_is_told_with_who_has_it_and_who_dealt_with_it() {
    on_every_engine(|bench| async move {
        let (desk, [shop, farm]) = used(&bench).await;
        let (shop_id, farm_id) = (shop.id.to_string(), farm.id.to_string());
        let found = get(&desk, "", false).await.expect(200).json();
        assert_eq!(of(&found), [shop_id.as_str(), farm_id.as_str()], "newest first, without the budget: {found}");
        let partner = desk.channel.partner.tenant.to_string();
        let customer = shop.customer.to_string();
        assert_eq!(
            found[0],
            json!({
                "eventTime": "2026-01-20T01:00:00Z", "eventId": found[0]["eventId"],
                "partnerTenantId": partner, "partnerFriendlyName": "CONTOSO",
                "customerTenantId": customer, "customerFriendlyName": "Northwind",
                "subscriptionId": shop_id, "subscriptionType": "modern", "catalogOfferId": "MS-AZR-0017G",
                "eventStatus": "Active",
            })
        );
        assert_eq!(
            (&found[1]["subscriptionType"], &found[1]["catalogOfferId"]),
            (&json!("legacy"), &json!("MS-AZR-0145P"))
        );
        let metering = desk.channel.world().metering();
        let ctx = desk.channel.partner_ctx();
        let filter = AlertFilter { subscription: Some(farm.id), ..AlertFilter::default() };
        let alert = metering.alert_list(&ctx, filter).await.unwrap().remove(0);
        metering.alert_resolve(&ctx, alert.id).await.unwrap();
        for (query, expected) in [
            ("?EventStatus=Active".to_owned(), vec![shop_id.as_str()]),
            ("?eventstatus=RESOLVED".to_owned(), vec![farm_id.as_str()]),
            ("?EventStatus=Investigating".to_owned(), vec![]),
            (format!("?SubscriptionId={}", farm_id.to_uppercase()), vec![farm_id.as_str()]),
            (format!("?SubscriptionId={farm_id}&EventStatus=Active"), vec![]),
            ("?SubscriptionId=00000000-0000-4000-8000-000000000000".to_owned(), vec![]),
        ] {
            assert_eq!(of(&get(&desk, &query, false).await.expect(200).json()), expected, "{query}");
        }
        let done = &get(&desk, "?EventStatus=Resolved", false).await.json()[0];
        assert_eq!((&done["eventStatus"], &done["resolvedOn"]), (&json!("Resolved"), &json!("2026-01-21T12:00:00Z")));
        assert!(done["resolvedBy"].as_str().is_some_and(|who| who.starts_with("app:")), "{done}");
    });
}

#[test]
fn the_newer_model_has_pages_and_says_why() {
    on_every_engine(|bench| async move {
        let (desk, [shop, farm]) = used(&bench).await;
        let (shop_id, farm_id) = (shop.id.to_string(), farm.id.to_string());
        let whole = get(&desk, "", true).await.expect(200).json();
        assert_eq!((&whole["totalCount"], of(&whole["items"])), (&json!(2), vec![shop_id.as_str(), farm_id.as_str()]));
        let first = &whole["items"][0];
        assert_eq!(
            (&first["eventType"], &first["subscriptionName"]),
            (&json!("UsageAnomalyDetection"), &json!("Azure subscription"))
        );
        assert!(first["description"].as_str().unwrap().starts_with("850.00 USD on one day"), "{first}");
        for (query, expected) in [
            ("?PageSize=1", vec![shop_id.as_str()]),
            ("?pagesize=1&pagenumber=2", vec![farm_id.as_str()]),
            ("?PageSize=1&PageNumber=3", vec![]),
            ("?PageSize=0&PageNumber=0", vec![shop_id.as_str(), farm_id.as_str()]),
            ("?EventType=usageanomalydetection", vec![shop_id.as_str(), farm_id.as_str()]),
            ("?EventType=NetworkConnectionsToCryptoMiningPools", vec![]),
        ] {
            assert_eq!(of(&get(&desk, query, true).await.expect(200).json()["items"]), expected, "{query}");
        }
        for (query, expected) in [
            ("?EventStatus=Bored", "3000 EventStatus"),
            ("?SubscriptionId=shop", "3000 SubscriptionId"),
            ("?PageSize=501", "3000 PageSize"),
            ("?PageSize=-1", "3000 PageSize"),
            ("?PageNumber=two", "3000 PageNumber"),
        ] {
            let reply = get(&desk, query, true).await.expect(400);
            assert_eq!(fault(&reply), expected, "{query}");
        }
    });
}

#[test]
fn nobody_else_hears_of_it() {
    on_every_engine(|bench| async move {
        let (desk, _) = used(&bench).await;
        let channel = &desk.channel;
        for app in [&channel.stranger_app, &channel.provider_app] {
            let token = channel.token(app, PARTNER_CENTER).await;
            let reply = desk.send_as(Some(&token), "GET", "/v1/fraudEvents").await;
            assert!(!reply.text().contains("Northwind") && !reply.text().contains("USD"), "{reply}");
        }
        let desk = desk.with_roles(&[Role::UserAdmin]).await;
        assert_eq!(fault(&desk.send("GET /v1/fraudEvents", &[], "").await.expect(403)), "900150");
    });
}
