//! Azure plans over the wire: what is under one, how it is stopped, and what its usage comes to, to the last digit.

use crate::desk::{Desk, customer_of_stranger, fault};
use crate::usage::{Trade, sum, written};
use serde_json::json;
use std::collections::BTreeMap;
use tenantry_commerce::{
    Customer, Limits, Subscription, azure_entitlement_list, relationship_request_accept, relationship_request_create,
};
use tenantry_core::SubscriptionId;
use tenantry_directory::PARTNER_CENTER;
use tenantry_metering::Verdict;
use tenantry_testkit::{Bench, CARD, HOURS, INCLUDED, Reply, TIERED, event, events, on_every_engine};

const PLAN: &str = "DZH318Z0BPS6:0001:DZH318Z0BML6";

/// A customer with a plan, whose Azure subscription was used.
struct Planned {
    desk: Desk,
    customer: Customer,
    plan: Subscription,
    shop: Subscription,
}

impl Planned {
    async fn new(bench: &Bench) -> Self {
        let desk = Desk::new(bench).await;
        desk.channel.import_card(CARD).await;
        let customer = desk.channel.customer("Northwind").await;
        let plan = desk.channel.order(&customer, PLAN, 1).await;
        let (ctx, db) = (desk.channel.partner_ctx(), desk.channel.world().db());
        let shop = azure_entitlement_list(&ctx, db, customer.id, plan.id).await.unwrap().remove(0);
        Self { desk, customer, plan, shop }
    }

    fn path(&self, tail: &str) -> String {
        format!("/v1/customers/{}/subscriptions/{}{tail}", self.customer.id, self.plan.id)
    }

    async fn send(&self, method: &str, path: &str, body: &str) -> Reply {
        let token = self.desk.channel.token(&self.desk.channel.partner_app, PARTNER_CENTER).await;
        self.desk.client.request(method, path).token(&token).body(body).send().await
    }

    async fn get(&self, tail: &str) -> Reply {
        self.send("GET", &self.path(tail), "").await.expect(200)
    }

    /// Status, code and field of a refusal.
    async fn said(&self, method: &str, path: &str, body: &str) -> String {
        let reply = self.send(method, path, body).await;
        if reply.status == 200 { "200".to_owned() } else { format!("{} {}", reply.status, fault(&reply)) }
    }
}

#[test]
fn a_plan_is_bought_through_a_cart_and_lists_its_azure_subscriptions() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await;
        let customer = desk.channel.customer("Northwind").await;
        let own = format!("/v1/customers/{}", customer.id);
        let line = json!({"id": 0, "catalogItemId": PLAN, "quantity": 1, "billingCycle": "one_time"});
        let body = json!({"lineItems": [line]}).to_string();
        let cart = desk.send(&format!("POST {own}/carts"), &[], &body).await.expect(201).json();
        let checkout = format!("POST {own}/carts/{}/checkout", cart["id"].as_str().unwrap());
        let bought = desk.send(&checkout, &[], "").await.expect(201).json();
        assert_eq!(bought["orders"][0]["billingCycle"], "one_time", "{bought}");
        let all = desk.send(&format!("GET {own}/subscriptions"), &[], "").await.expect(200).json();
        assert_eq!(all["totalCount"], 1, "the plan alone is a subscription of the list: {all}");
        let plan = &all["items"][0];
        let id = plan["id"].as_str().unwrap();
        assert_eq!((&plan["offerId"], &plan["billingType"]), (&json!(PLAN), &json!("usage")));
        assert!(plan.get("entitlementId").is_none(), "{plan}");
        let listed = desk.send(&format!("GET {own}/subscriptions/{id}/AZUREENTITLEMENTS"), &[], "").await.expect(200);
        let listed = listed.json();
        let one = &listed["items"][0];
        let links = json!({"uri": format!("/customers/{}/subscriptions/{id}/azureEntitlements/{}", customer.id,
            one["id"].as_str().unwrap()), "method": "GET", "headers": []});
        assert_eq!(listed["totalCount"], 1);
        assert_eq!(
            *one,
            json!({
                "id": one["id"], "friendlyName": "Azure subscription", "status": "active", "subscriptionId": id,
                "links": {"self": links}, "attributes": {"objectType": "AzureEntitlement"},
            })
        );
        let path = format!("GET /v1{}", one["links"]["self"]["uri"].as_str().unwrap());
        assert_eq!(desk.send(&path, &[], "").await.expect(200).json(), *one);
    });
}

#[test]
fn a_compromised_azure_subscription_takes_no_more_usage_until_it_is_back() {
    on_every_engine(|bench| async move {
        let planned = Planned::new(&bench).await;
        let (desk, shop) = (&planned.desk, &planned.shop);
        let cancel = planned.path(&format!("/azureEntitlements/{}/cancel", shop.id));
        for (body, expected) in [
            ("", "400 3000 body"),
            ("[]", "400 3000 body"),
            ("{}", "400 3000 cancellationReason"),
            (r#"{"cancellationReason": null}"#, "400 3000 cancellationReason"),
            (r#"{"cancellationReason": ""}"#, "400 3000 cancellationReason"),
            (r#"{"cancellationReason": "bored"}"#, "400 3000 cancellationReason"),
            (r#"{"cancellationReason": 7}"#, "400 3000 cancellationReason"),
            (r#"{"cancellationReason": ["compromise"]}"#, "400 3000 cancellationReason"),
        ] {
            let said = planned.said("POST", &cancel, body).await;
            assert!(said.starts_with(expected), "{body}: {said}");
        }
        let stop = planned.path("");
        let suspended = r#"{"status": "suspended"}"#;
        assert_eq!(planned.said("PATCH", &stop, suspended).await, "403 900115 azureEntitlements", "it is in use");
        let body = r#"{"CancellationReason": "Compromise", "somethingElse": 1}"#;
        let cancelled =
            planned.send("POST", &cancel.to_uppercase().replacen("/V1", "/v1", 1), body).await.expect(200).json();
        assert_eq!((&cancelled["id"], &cancelled["status"]), (&json!(shop.id.to_string()), &json!("suspended")));
        assert_eq!(planned.send("POST", &cancel, body).await.expect(200).json(), cancelled, "again is once");
        desk.channel.advance_to("2026-01-12").await;
        let late = event(shop, HOURS, "2026-01-11T05:00:00Z", "1");
        let refused = |verdict: &Verdict| matches!(verdict, Verdict::Refused { code: "subscription_not_active", .. });
        assert!(desk.channel.intake(vec![late.clone()]).await.iter().all(refused));
        assert_eq!(planned.said("PATCH", &stop, suspended).await, "200", "nothing runs in it any more");
        let back = format!("/v1/customers/{}/subscriptions/{}", planned.customer.id, shop.id);
        let active = r#"{"status": "active"}"#;
        assert_eq!(planned.said("PATCH", &back, active).await, "409 27009 parentSubscriptionId");
        for path in [&stop, &back] {
            assert_eq!(planned.said("PATCH", path, active).await, "200");
        }
        let now = event(shop, HOURS, "2026-01-12T00:00:00Z", "1");
        assert!(matches!(desk.channel.intake(vec![now]).await[..], [Verdict::Accepted { .. }]));
        // Nothing is metered on the plan itself.
        let unknown = |verdict: &Verdict| matches!(verdict, Verdict::Refused { code: "unknown_subscription", .. });
        let on_plan = event(&planned.plan, HOURS, "2026-01-11T05:00:00Z", "1");
        assert!(desk.channel.intake(vec![on_plan]).await.iter().all(unknown));
        let audited = planned.send("GET", "/auditactivity/v1/auditrecords?startDate=2026-01-10", "").await.expect(200);
        let kinds: Vec<_> = audited.json()["items"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|item| item["resourceType"] == "azure_entitlement")
            .map(|item| item["operationType"].clone())
            .collect();
        assert!(kinds.iter().all(|kind| kind == "update_subscription") && kinds.len() == 2, "{kinds:?}");
    });
}

#[test]
fn entitlements_are_found_under_their_plan_by_who_sells_it() {
    on_every_engine(|bench| async move {
        let planned = Planned::new(&bench).await;
        let channel = &planned.desk.channel;
        let legacy = channel.order_usage(&planned.customer).await;
        let seats = channel.order_seats(&planned.customer, 2).await;
        let own = format!("/v1/customers/{}/subscriptions", planned.customer.id);
        let (plan, shop, nobody) = (planned.plan.id, planned.shop.id, "00000000-0000-4000-8000-000000000000");
        let of = |subscription: &str, tail: &str| format!("{own}/{subscription}/azureEntitlements{tail}");
        let body = r#"{"cancellationReason": "compromise"}"#;
        for (path, expected) in [
            (of(&legacy.id.to_string(), ""), "400 800011 subscription"),
            (of(&seats.id.to_string(), ""), "400 800011 subscription"),
            (of(nobody, ""), "404 20003"),
            (of("plan", ""), "404 20003"),
            (of(&plan.to_string(), &format!("/{nobody}")), "404 20003"),
            (of(&plan.to_string(), "/shop"), "404 20003"),
            (of(&plan.to_string(), &format!("/{}", legacy.id)), "404 20003"),
            (of(&legacy.id.to_string(), &format!("/{}", legacy.id)), "400 800011 subscription"),
            (of(&plan.to_string().to_uppercase(), &format!("/{}", shop.to_string().to_uppercase())), "200"),
        ] {
            assert_eq!(planned.said("GET", &path, "").await, expected, "{path}");
            if path.matches('/').count() == 7 && expected != "200" {
                assert_eq!(planned.said("POST", &format!("{path}/cancel"), body).await, expected, "{path}");
            }
        }
        let stranger = channel.token(&channel.stranger_app, PARTNER_CENTER).await;
        let theirs = customer_of_stranger(channel).await.id;
        for (customer, expected) in [(planned.customer.id, "60003"), (theirs, "20003")] {
            for tail in [String::new(), format!("/{shop}"), format!("/{shop}/cancel")] {
                let path = format!("/v1/customers/{customer}/subscriptions/{plan}/azureEntitlements{tail}");
                let method = if tail.ends_with("cancel") { "POST" } else { "GET" };
                let reply = planned.desk.send_as(Some(&stranger), method, &path).await.expect(404);
                assert_eq!(fault(&reply), expected, "{path}");
            }
        }
    });
}

#[test]
fn a_plan_is_taken_over_with_its_azure_subscription_but_not_as_a_second_one() {
    on_every_engine(|bench| async move {
        let planned = Planned::new(&bench).await;
        let (channel, customer) = (&planned.desk.channel, &planned.customer);
        let (world, system) = (channel.world(), channel.world().system("test"));
        let request = relationship_request_create(&system, world.db(), channel.stranger.tenant).await.unwrap();
        let accepted =
            relationship_request_accept(&system, world.db(), &Limits::NONE, customer.id, request.id, true).await;
        accepted.unwrap();
        let transfers = format!("/v1/customers/{}/transfers", customer.id);
        let offer = async |id: SubscriptionId| {
            let target = channel.stranger.tenant.to_string();
            let body = json!({"targetPartnerTenantId": target, "lineItems": [{"subscriptionId": id.to_string()}]});
            planned.send("POST", &transfers, &body.to_string()).await
        };
        let other = channel.token(&channel.stranger_app, PARTNER_CENTER).await;
        let as_other = async |method: &str, path: &str| {
            planned.desk.client.request(method, path).token(&other).body("{}").send().await
        };
        let accept = async |offered: &Reply| {
            let id = offered.json()["id"].as_str().unwrap().to_owned();
            as_other("POST", &format!("{transfers}/{id}/accept")).await
        };
        let refused = offer(planned.shop.id).await.expect(400);
        assert_eq!(fault(&refused), "800042 lineItems[0].subscriptionId", "it goes with its plan");
        let done = accept(&offer(planned.plan.id).await.expect(201)).await.expect(200).json();
        assert_eq!(done["transferErrors"], json!([]), "{done}");
        let list = planned.path("/azureEntitlements");
        let theirs = as_other("GET", &list).await.expect(200).json();
        assert_eq!(theirs["items"][0]["id"], planned.shop.id.to_string());
        assert_eq!(planned.said("GET", &list, "").await, "404 20003");
        // The old seller may sell it a new plan. That one does not go to who sells it one by now.
        let second = channel.order(customer, PLAN, 1).await;
        let refused = accept(&offer(second.id).await.expect(201)).await.expect(400);
        assert_eq!(fault(&refused), "900134 subscription");
    });
}

#[test]
fn a_plan_comes_to_what_is_used_under_it_in_every_view() {
    on_every_engine(|bench| async move {
        let planned = Planned::new(&bench).await;
        let (channel, shop) = (&planned.desk.channel, &planned.shop);
        channel.advance_to("2026-01-20").await;
        channel.accept(events(shop, HOURS, &[("2026-01-11", "1.333333"), ("2026-01-12", "2")])).await;
        channel.accept(events(shop, TIERED, &[("2026-01-11", "60"), ("2026-01-15", "90")])).await;
        channel.accept(vec![event(shop, INCLUDED, "2026-01-16T08:00:00Z", "7.5")]).await;
        let total = written(&planned.get("/usagesummary").await, "totalCost");
        let all = planned.send("GET", "/v1/usagesummary", "").await.expect(200);
        assert_eq!(written(&all, "totalCost"), total, "there is nothing else");
        assert_ne!(total, "0.00");
        for list in ["meterusagerecords", "usagerecords/resources", "usagerecords/daily", "resourceusagerecords"] {
            assert_eq!(sum(&planned.get(&format!("/{list}")).await, "totalCost"), total, "{list}");
        }
        let of_customer = format!("/v1/customers/{}/subscriptions/usagerecords", planned.customer.id);
        let records = planned.send("GET", &of_customer, "").await.expect(200);
        assert_eq!(sum(&records, "totalCost"), total);
        let records = records.json();
        assert_eq!((&records["totalCount"], &records["items"][0]["offerId"]), (&json!(1), &json!(PLAN)));
        // A plan's currency is named by its code, and its dollars are known.
        for item in [&records["items"][0], &planned.get("/meterusagerecords").await.json()["items"][0]] {
            assert_eq!((&item["currencyCode"], item.get("currencyLocale")), (&json!("USD"), None), "{item}");
            assert_eq!(item["usdTotalCost"], item["totalCost"]);
        }
        let resources = planned.get("/resourceusagerecords").await.json();
        let machine = &resources["items"][0];
        let uri =
            format!("/subscriptions/{}/resourceGroups/shop/providers/Microsoft.Compute/virtualMachines/web-1", shop.id);
        for (member, value) in [
            ("subscriptionId", planned.plan.id.to_string().to_uppercase()),
            ("entitlementId", shop.id.to_string()),
            ("entitlementName", "Azure subscription".to_owned()),
            ("resourceUri", uri),
            ("resourceType", "Microsoft.Compute/virtualMachines".to_owned()),
            ("resourceGroupName", "shop".to_owned()),
            ("name", "web-1".to_owned()),
        ] {
            assert_eq!(machine[member], value, "{member}");
        }
        let utilization = planned.get("/utilizations/azure?start_time=2026-01-01&end_time=2026-02-01").await.json();
        assert_eq!(utilization["totalCount"], 0, "usage is listed under the Azure subscription");
        // The same figure is billed, on lines that name the Azure subscription.
        channel.advance_to("2026-02-10").await;
        let invoices = planned.send("GET", "/v1/invoices", "").await.expect(200);
        let number = invoices.json()["items"][0]["id"].as_str().unwrap().to_owned();
        let invoice = planned.send("GET", &format!("/v1/invoices/{number}"), "").await.expect(200);
        assert_eq!(written(&invoice, "totalCharges"), total);
        assert_eq!(written(&planned.get("/usagesummary").await, "totalCost"), "0.00");
    });
}

/// Day and amount of each item.
fn days(reply: &Reply) -> BTreeMap<String, String> {
    let json = reply.json();
    let items = json["items"].as_array().unwrap().iter();
    items.map(|item| (item["dateUsed"].as_str().unwrap()[..10].to_owned(), item["totalCost"].to_string())).collect()
}

#[test]
fn days_and_resources_come_to_the_subscription_cent_by_cent() {
    on_every_engine(|bench| async move {
        let trade = Trade::new(&bench).await;
        for (subscription, total) in [(&trade.shop, "7.63"), (&trade.crumbs, "0.04"), (&trade.farm, "2.04")] {
            let of = format!("/customers/{}/subscriptions/{}", subscription.customer, subscription.id);
            for list in ["usagerecords/daily", "resourceusagerecords"] {
                let reply = trade.get(&format!("{of}/{list}")).await.expect(200);
                assert_eq!(sum(&reply, "totalCost"), total, "{list} of {}", subscription.friendly_name);
                let own = format!("{of}/{list}");
                assert_eq!(reply.json()["links"]["self"]["uri"].as_str().unwrap().to_lowercase(), own.to_lowercase());
            }
        }
        let shop = format!("/customers/{}/subscriptions/{}", trade.northwind.id, trade.shop.id);
        let seen = days(&trade.get(&format!("{shop}/usagerecords/daily")).await.expect(200));
        // 0.1133 and 0.17 of hours are 0.11 and, with what was left over, 0.17; 60 and 90 GB are 2.55 and 3.40.
        let expected = [("2026-01-11", "2.66"), ("2026-01-12", "0.17"), ("2026-01-15", "3.4"), ("2026-01-16", "1.4")];
        assert_eq!(seen, expected.map(|(day, amount)| (day.to_owned(), amount.to_owned())).into());
        let first = &trade.get(&format!("{shop}/resourceusagerecords")).await.json()["items"][0];
        assert_eq!(
            (&first["entitlementId"], &first["currencyLocale"]),
            (&json!(trade.shop.id.to_string()), &json!("en-US"))
        );
        // Seats are no usage.
        let seats = trade.desk.channel.order_seats(&trade.tailspin, 2).await;
        for list in ["usagerecords/daily", "resourceusagerecords"] {
            let of = format!("/customers/{}/subscriptions/{}/{list}", seats.customer, seats.id);
            assert_eq!(trade.get(&of).await.expect(200).json()["totalCount"], 0, "{list}");
        }
    });
}

#[test]
fn azure_subscriptions_bought_by_themselves_move_under_a_plan() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await;
        desk.channel.import_card(CARD).await;
        let customer = desk.channel.customer("Northwind").await;
        let asked = json!({"customerId": customer.id, "productFamily": "azure"}).to_string();
        let could = desk.send("POST /v1/productUpgrades/eligibility", &[], &asked).await.expect(200).json();
        assert_eq!((&could["isEligible"], &could["productFamily"]), (&json!(false), &json!("Azure")));
        let refused = async |expected: &str| {
            let reply = desk.send("POST /v1/productUpgrades", &[], &asked).await;
            assert_eq!(format!("{} {}", reply.status, fault(&reply)), expected);
        };
        refused("403 900108 productFamily").await;

        let shops = [desk.channel.order_usage(&customer).await, desk.channel.order_usage(&customer).await];
        let usage = [("2026-01-10T16:00:00Z", "10")];
        desk.channel.accept(events(&shops[0], HOURS, &usage)).await;
        let of = |id: SubscriptionId| format!("/v1/customers/{}/subscriptions/{id}", customer.id);
        let put = async |id, status| {
            let body = json!({"status": status}).to_string();
            desk.send(&format!("PATCH {}", of(id)), &[], &body).await.expect(200)
        };
        put(shops[1].id, "suspended").await;
        refused("403 900105 productFamily").await;
        put(shops[1].id, "active").await;
        let could = desk.send("POST /v1/productUpgrades/eligibility", &[], &asked).await.expect(200).json();
        assert_eq!(could["isEligible"], true, "{could}");

        let done = desk.send("POST /v1/productUpgrades", &[], &asked).await;
        let place = done.header("location").to_owned();
        assert_eq!((done.status, done.body.len(), place.starts_with("productUpgrades/")), (202, 0, true));
        refused("403 900108 productFamily").await;
        let status = desk.send(&format!("POST /v1/{place}/status"), &[], &asked).await.expect(200).json();
        assert_eq!((&status["status"], status["lineItems"].as_array().unwrap().len()), (&json!("Completed"), 2));
        let line = &status["lineItems"][0];
        let named = |part: &str| line[part]["name"].as_str().unwrap().to_owned();
        assert_eq!(
            (named("sourceProduct"), named("targetProduct")),
            ("Microsoft Azure".into(), "Azure subscription".into())
        );

        // They stay themselves, under a plan that has nothing else in it.
        let listed =
            desk.send(&format!("GET /v1/customers/{}/subscriptions", customer.id), &[], "").await.expect(200).json();
        let plans: Vec<_> = listed["items"].as_array().unwrap().iter().filter(|one| one["offerId"] == PLAN).collect();
        assert_eq!(plans.len(), 1);
        let plan = plans[0]["id"].as_str().unwrap();
        let under = format!("GET /v1/customers/{}/subscriptions/{plan}/azureEntitlements", customer.id);
        let under = desk.send(&under, &[], "").await.expect(200).json();
        let mut ids: Vec<_> =
            under["items"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_lowercase()).collect();
        ids.sort();
        let mut expected = shops.each_ref().map(|shop| shop.id.to_string());
        expected.sort();
        assert_eq!(ids, expected);
        // What was used before and what is used afterwards is of one subscription, and on one bill.
        desk.channel.advance_to("2026-01-12").await;
        desk.channel.accept(events(&shops[0], HOURS, &[("2026-01-11T00:00:00Z", "5")])).await;
        desk.channel.advance_to("2026-02-10").await;
        let token = desk.channel.token(&desk.channel.partner_app, PARTNER_CENTER).await;
        let invoices = desk.client.request("GET", "/v1/invoices").token(&token).send().await.expect(200).json();
        assert_eq!(
            (&invoices["totalCount"], invoices["items"][0]["totalCharges"].to_string()),
            (&json!(1), "1.28".to_owned())
        );
    });
}

/// A customer has one plan; while that is suspended or on its way to another partner nothing moves under it or beside it.
#[test]
fn nothing_moves_under_a_plan_that_is_not_in_use_or_is_leaving() {
    on_every_engine(|bench| async move {
        let planned = Planned::new(&bench).await;
        planned.desk.channel.order_usage(&planned.customer).await;
        let upgrade = json!({"customerId": planned.customer.id, "productFamily": "azure"}).to_string();
        let asked = async || planned.said("POST", "/v1/productUpgrades", &upgrade).await;
        let at = format!("/v1/customers/{}", planned.customer.id);
        let transfer = json!({
            "sourcePartnerTenantId": planned.desk.channel.partner.tenant.to_string(),
            "targetPartnerTenantId": planned.desk.channel.stranger.tenant.to_string(),
            "transferType": 3, "lineItems": [{"id": 0, "subscriptionId": planned.plan.id, "quantity": 1}],
        });
        let offered = planned.desk.send(&format!("POST {at}/transfers"), &[], &transfer.to_string()).await.expect(201);
        assert_eq!(asked().await, "409 900104 transfers");
        let offer = format!("DELETE {at}/transfers/{}", offered.json()["id"].as_str().unwrap());
        assert_eq!(planned.desk.send(&offer, &[], "").await.status, 204);
        let shop = format!("/azureEntitlements/{}/cancel", planned.shop.id);
        let reason = r#"{"cancellationReason": "compromise"}"#;
        assert_eq!(planned.said("POST", &planned.path(&shop), reason).await, "200");
        let suspended = json!({"status": "suspended"}).to_string();
        let reply = planned.send("PATCH", &planned.path(""), &suspended).await;
        assert_eq!(reply.status, 200, "{reply}");
        assert_eq!(asked().await, "403 900105 productFamily");
    });
}

#[test]
fn a_product_upgrade_is_its_customers_and_says_what_is_wrong() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await;
        let customer = desk.channel.customer("Northwind").await;
        let other = desk.channel.customer("Adatum").await;
        let stranger = customer_of_stranger(&desk.channel).await.id;
        desk.channel.order_usage(&customer).await;
        let of = |customer| json!({"customerId": customer, "productFamily": "Azure"}).to_string();
        let done = desk.send("POST /v1/productUpgrades", &[], &of(customer.id)).await.expect(202);
        let place = format!("/v1/{}/status", done.header("location"));
        let nobody = SubscriptionId::parse("0b5ee6a1-0000-4000-8000-000000000009").unwrap();
        for (path, body, expected) in [
            ("/v1/productUpgrades", json!({}).to_string(), "400 3000 customerId"),
            (
                "/v1/productUpgrades",
                json!({"customerId": "7", "productFamily": "azure"}).to_string(),
                "400 3000 customerId",
            ),
            ("/v1/productUpgrades", json!({"customerId": customer.id}).to_string(), "400 3000 productFamily"),
            (
                "/v1/productUpgrades",
                json!({"customerId": customer.id, "productFamily": "office"}).to_string(),
                "400 3000 productFamily",
            ),
            ("/v1/productUpgrades/eligibility", "[]".to_owned(), "400 3000 body"),
            ("/v1/productUpgrades/eligibility", of(stranger), "404 60003"),
            ("/v1/productUpgrades", of(stranger), "404 60003"),
            (place.as_str(), of(other.id), "400 900111 upgradeId"),
            (place.as_str(), of(stranger), "404 60003"),
            ("/v1/productUpgrades/7/status", of(customer.id), "404 900106"),
            (&format!("/v1/productUpgrades/{nobody}/status"), of(customer.id), "404 900106"),
        ] {
            let reply = desk.send(&format!("POST {path}"), &[], &body).await;
            assert_eq!(format!("{} {}", reply.status, fault(&reply)), expected, "{path} {body}");
        }
        let theirs = desk.channel.token(&desk.channel.stranger_app, PARTNER_CENTER).await;
        for (named, expected) in [(stranger, "900106"), (customer.id, "60003")] {
            let asked = json!({"customerId": named, "productFamily": "Azure"});
            let asked = desk.client.request("POST", &place).token(&theirs).json(&asked);
            assert_eq!(fault(&asked.send().await.expect(404)), expected);
        }
    });
}
