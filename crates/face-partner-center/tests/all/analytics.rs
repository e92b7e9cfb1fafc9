//! Analytics: tables of what is there, filtered, grouped, ordered and cut.

use crate::desk::{Desk, fault};
use crate::users::named;
use serde_json::{Value, json};
use tenantry_core::Role;
use tenantry_directory::PARTNER_CENTER;
use tenantry_testkit::{Bench, on_every_engine};

const TABLE: &str = "/partner/v1/analytics/subscriptions";

/// Northwind has a metered subscription and 5 seats, Tailspin 2 and 3 seats.
async fn desk(bench: &Bench) -> Desk {
    let desk = Desk::new(bench).await;
    let (northwind, tailspin) = (desk.channel.customer("Northwind").await, desk.channel.customer("Tailspin").await);
    desk.channel.order_usage(&northwind).await;
    desk.channel.order_seats(&northwind, 5).await;
    desk.channel.order_seats(&tailspin, 2).await;
    desk.channel.order_seats(&tailspin, 3).await;
    desk
}

async fn ask(desk: &Desk, query: &str) -> Value {
    desk.send(&format!("GET {TABLE}?{query}"), &[], "").await.expect(200).json()
}

fn column(answer: &Value, name: &str) -> Vec<String> {
    let rows = answer["Value"].as_array().unwrap();
    rows.iter().map(|row| row[name].as_str().map_or_else(|| row[name].to_string(), str::to_owned)).collect()
}

#[test]
fn every_subscription_is_a_row() {
    on_every_engine(|bench| async move {
        let desk = desk(&bench).await;
        let all = ask(&desk, "").await;
        assert_eq!((&all["TotalCount"], &all["@nextLink"]), (&4.into(), &Value::Null));
        assert_eq!(column(&all, "customerName"), ["Northwind", "Northwind", "Tailspin", "Tailspin"]);
        let first = &all["Value"][0];
        for (member, value) in [
            ("status", json!("ACTIVE")),
            ("subscriptionType", json!("Azure")),
            ("customerMarket", json!("US")),
            ("partnerName", json!(desk.channel.partner.company_name)),
            ("partnerId", json!(desk.channel.partner.mpn_id)),
            ("creationDate", json!("2026-01-10T16:00:00Z")),
            ("deprovisionedDate", Value::Null),
            ("licenseCount", json!(1)),
        ] {
            assert_eq!(first[member], value, "{member}");
        }
        assert_eq!(first.as_object().unwrap().len(), 23);
        // Another partner has none of it.
        let stranger = desk.channel.token(&desk.channel.stranger_app, PARTNER_CENTER).await;
        let none = desk.send_as(Some(&stranger), "GET", TABLE).await.expect(200).json();
        assert_eq!(none, json!({"Value": [], "@nextLink": null, "TotalCount": 0}));
    });
}

#[test]
fn rows_are_filtered_ordered_cut_and_grouped() {
    on_every_engine(|bench| async move {
        let desk = desk(&bench).await;
        for (query, counts) in [
            ("filter=customerName%20eq%20'Tailspin'", vec!["2", "3"]),
            ("filter=licenseCount+gt+1+and+licenseCount+lt+5", vec!["2", "3"]),
            ("filter=contains(customerName,'wind')+and+subscriptionType+ne+'Azure'", vec!["5"]),
            ("filter=creationDate+ge+2026-01-11", vec![]),
            ("orderby=licenseCount%20desc", vec!["5", "3", "2", "1"]),
            ("orderby=customername+desc,licensecount+asc", vec!["2", "3", "1", "5"]),
            ("orderby=licenseCount&top=2&skip=1", vec!["2", "3"]),
            ("top=1", vec!["1"]),
            ("skip=3", vec!["3"]),
            ("skip=9", vec![]),
        ] {
            assert_eq!(column(&ask(&desk, query).await, "licenseCount"), counts, "{query}");
        }
        let grouped = ask(&desk, "groupBy=customerName&orderby=customerName%20desc").await;
        assert_eq!(
            grouped["Value"],
            json!([
                {"customerName": "Tailspin", "subscriptionCount": "2", "licenseCount": "5"},
                {"customerName": "Northwind", "subscriptionCount": "2", "licenseCount": "6"},
            ])
        );
        let types = ask(&desk, "groupby=subscriptionType,status&filter=licenseCount%20lt%205&top=1").await;
        assert_eq!((&types["TotalCount"], column(&types, "subscriptionType")), (&2.into(), vec!["Azure".to_owned()]));
        // The pages together are the whole table.
        let (mut path, mut seen) =
            (format!("{TABLE}?top=1&orderby=licenseCount&filter=licenseCount%20gt%201"), Vec::new());
        loop {
            let page = desk.send(&format!("GET {path}"), &[], "").await.expect(200).json();
            assert_eq!(page["TotalCount"], 3);
            seen.extend(column(&page, "licenseCount"));
            let Some(next) = page["@nextLink"].as_str() else { break };
            path = next.to_owned();
        }
        assert_eq!(seen, ["2", "3", "5"]);
    });
}

#[test]
fn what_no_table_knows_is_refused() {
    on_every_engine(|bench| async move {
        let desk = desk(&bench).await;
        for (query, code) in [
            ("top=0", "3000 top"),
            ("top=10001", "3000 top"),
            ("top=many", "3000 top"),
            ("skip=-1", "3000 skip"),
            ("skip=100001", "3000 skip"),
            ("filter=price+eq+1", "3000 filter"),
            ("filter=licenseCount", "3000 filter"),
            ("groupby=price", "3000 groupby"),
            ("groupby=status,", "3000 groupby"),
            ("orderby=status+up", "3000 orderby"),
            ("orderby=status+asc+desc", "3000 orderby"),
            ("groupby=status&orderby=licenseCount", "3000 orderby"),
            ("aggregationLevel=week&groupby=status", "800042 aggregationLevel"),
        ] {
            let reply = desk.send(&format!("GET {TABLE}?{query}"), &[], "").await.expect(400);
            assert_eq!(fault(&reply), code, "{query}");
        }
        let desk = desk.with_roles(&[Role::BillingAdmin]).await;
        assert_eq!(fault(&desk.send(&format!("GET {TABLE}"), &[], "").await.expect(403)), "900150");
    });
}

#[test]
fn a_partner_without_resellers_has_an_empty_table_of_them() {
    on_every_engine(|bench| async move {
        let desk = desk(&bench).await;
        let path = "GET /partner/v1/analytics/indirectresellers?groupby=market";
        let none = desk.send(path, &[], "").await.expect(200).json();
        assert_eq!(none, json!({"Value": [], "@nextLink": null, "TotalCount": 0}));
        let reply = desk.send("GET /partner/v1/analytics/referrals", &[], "").await.expect(404);
        assert_eq!(fault(&reply), "1000");
    });
}

const LICENCES: &str = "/partner/v1/analytics/commercial/deployment/license";

/// Three of Northwind's five seats and none of Tailspin's two are assigned.
#[test]
fn licences_that_were_sold_are_counted_with_those_that_somebody_has() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await.with_person("admin", &[Role::AdminAgent]).await;
        let (northwind, tailspin) = (desk.channel.customer("Northwind").await, desk.channel.customer("Tailspin").await);
        desk.channel.order_usage(&northwind).await;
        desk.channel.order_seats(&northwind, 5).await;
        desk.channel.order_seats(&tailspin, 2).await;
        let at = format!("/v1/customers/{}", northwind.id);
        let sku =
            desk.send(&format!("GET {at}/subscribedskus"), &[], "").await.json()["items"][0]["productSku"].clone();
        for name in ["first", "second", "third"] {
            let made = desk.send(&format!("POST {at}/users"), &[], &named(name, &northwind.domain)).await.expect(201);
            let path = format!("POST {at}/users/{}/licenseupdates", made.json()["id"].as_str().unwrap());
            let give = json!({"licensesToAssign": [{"skuId": sku["id"]}]}).to_string();
            assert_eq!(desk.send(&path, &[], &give).await.status, 201);
        }
        let get = async |path: &str| desk.send(&format!("GET {path}"), &[], "").await.expect(200).json();

        let table = get(&format!("{LICENCES}?orderby=licensesSold%20desc")).await;
        assert_eq!(
            table["Value"][0],
            json!({
                "serviceCode": "o365", "serviceName": "Office 365", "channel": "reseller",
                "customerTenantId": northwind.id.to_string(), "customerName": "Northwind", "productId": sku["id"],
                "productName": sku["name"], "licensesDeployed": 3, "licensesSold": 5,
                "processedDateTime": "2026-01-10T16:00:00Z",
            })
        );
        assert_eq!(
            (column(&table, "customerName"), column(&table, "licensesDeployed")),
            (vec!["Northwind".to_owned(), "Tailspin".to_owned()], vec!["3".to_owned(), "0".to_owned()])
        );

        let one = get(&format!("{at}/analytics/licenses/deployment")).await["items"][0].clone();
        let members = ["customerName", "licensesDeployed", "licensesSold", "deploymentPercent", "serviceCode"];
        assert_eq!(members.map(|member| one[member].to_string()), ["\"Northwind\"", "3", "5", "60", "\"o365\""]);
        // 3 of 7, rounded down to hundredths.
        let all = get("/v1/analytics/licenses/deployment").await;
        assert_eq!((&all["totalCount"], &all["items"][0]["licensesSold"]), (&json!(1), &json!(7)));
        assert_eq!(all["items"][0]["proratedDeploymentPercent"].to_string(), "42.85");

        // An application has no rights in a customer's directory, a stranger no such customers.
        let app = desk.channel.token(&desk.channel.partner_app, PARTNER_CENTER).await;
        let stranger = desk.channel.token(&desk.channel.stranger_app, PARTNER_CENTER).await;
        for path in [LICENCES, "/v1/analytics/licenses/deployment"] {
            assert_eq!(desk.send_as(Some(&app), "GET", path).await.status, 403, "{path}");
            assert_eq!(desk.send_as(Some(&stranger), "GET", path).await.status, 200, "{path}");
        }
        let none = desk.send_as(Some(&stranger), "GET", LICENCES).await.json();
        assert_eq!(none["TotalCount"], 0);
    });
}

/// What its directory holds is no business of a partner to which a customer delegated nothing.
#[test]
fn customers_that_delegated_nothing_are_in_no_sum() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await.with_person("seller", &[Role::SalesAgent]).await;
        let customer = desk.channel.customer("Northwind").await;
        desk.channel.order_seats(&customer, 5).await;
        let get = async |path: &str| desk.send(&format!("GET {path}"), &[], "").await;
        assert_eq!(get(LICENCES).await.expect(200).json()["TotalCount"], 0);
        assert_eq!(get("/v1/analytics/licenses/deployment").await.expect(200).json()["totalCount"], 0);
        let _ = get(&format!("/v1/customers/{}/analytics/licenses/deployment", customer.id)).await.expect(403);
    });
}
