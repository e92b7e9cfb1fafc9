//! Metered usage, read by clients in pages.

use crate::desk::{Desk, fault};
use serde_json::{Value, json};
use tenantry_commerce::Subscription;
use tenantry_core::ResourceUri;
use tenantry_directory::PARTNER_CENTER;
use tenantry_testkit::{CARD, HOURS, THIRD_PARTY, TIERED, UNPRICED, event, events, on_every_engine};

/// A desk on the 20th, with some usage of a new subscription.
async fn desk_with_usage(bench: &tenantry_testkit::Bench) -> (Desk, Subscription) {
    let mut desk = Desk::new(bench).await;
    desk.channel.import_card(CARD).await;
    let subscription = desk.channel.order_usage(&desk.channel.customer("Northwind").await).await;
    desk.channel.advance_to("2026-01-20").await;
    // The old one is long expired.
    desk.token = desk.channel.token(&desk.channel.partner_app, PARTNER_CENTER).await;
    let mut tagged = event(&subscription, THIRD_PARTY, "2026-01-12T23:59:59Z", "0.000000000000000001");
    tagged.tags = r#"{"env":"test"}"#.to_owned();
    tagged.additional_info = r#"{"size":"A1","cores":4}"#.to_owned();
    desk.channel.accept(vec![tagged, event(&subscription, UNPRICED, "2026-01-13T00:00:00Z", "4")]).await;
    let hours = [("2026-01-11T10:30:00Z", "1"), ("2026-01-11T10:45:00Z", "0.5"), ("2026-01-11T12:00:00Z", "2")];
    desk.channel.accept(events(&subscription, HOURS, &hours)).await;
    desk.channel.accept(events(&subscription, TIERED, &[("2026-01-11T00:00:00Z", "7"), ("2026-01-14", "1")])).await;
    (desk, subscription)
}

fn path(subscription: &Subscription) -> String {
    format!("/customers/{}/subscriptions/{}/utilizations/azure", subscription.customer, subscription.id)
}

/// A record as `day hour meter quantity`; the meter by its last two digits.
fn short(record: &Value) -> String {
    let (start, meter) = (record["usageStartTime"].as_str().unwrap(), record["resource"]["id"].as_str().unwrap());
    format!("{} {} {} {}", &start[8..10], &start[11..13], &meter[meter.len() - 2..], record["quantity"])
}

fn all_short(page: &Value) -> Vec<String> {
    page["items"].as_array().unwrap().iter().map(short).collect()
}

const RANGE: &str = "start_time=2026-01-11T00:00:00Z&end_time=2026-01-14T00:00:00Z";

#[test]
fn usage_is_shown_by_day_and_by_hour() {
    on_every_engine(|bench| async move {
        let (desk, subscription) = desk_with_usage(&bench).await;
        let check = async |query: &str, expected: &[&str]| {
            let reply = desk.send(&format!("GET /v1{}?{query}", path(&subscription)), &[], "").await.expect(200).json();
            assert_eq!(all_short(&reply), expected, "{query}");
            assert_eq!(reply["totalCount"], expected.len(), "{query}");
            assert!(reply["links"].get("next").is_none(), "{query}");
        };
        let days = ["11 00 01 3.5", "11 00 02 7", "12 00 04 1e-18", "13 00 ff 4"];
        check(RANGE, &days).await;
        check(&format!("{RANGE}&granularity=Daily&show_details=False&size=0"), &days).await;
        check(
            &format!("{RANGE}&granularity=HOURLY"),
            &["11 00 02 7", "11 10 01 1.5", "11 12 01 2", "12 23 04 1e-18", "13 00 ff 4"],
        )
        .await;
        // Ranges that meet show each record once, in whatever zone they are written; a `+` may come as a blank.
        check("start_time=2026-01-11T00:00:00+00:00&end_time=2026-01-11T16:00:00-08:00", &days[..2]).await;
        check("start_time=2026-01-12T00:00:00%2B00:00&end_time=2026-01-13", &days[2..3]).await;
        check("start_time=2026-01-12T00:00:01Z&end_time=2026-01-13", &[]).await;
    });
}

#[test]
fn without_details_the_resources_of_a_meter_are_one_record() {
    on_every_engine(|bench| async move {
        let (desk, subscription) = desk_with_usage(&bench).await;
        // The meter has used 3.5 at another resource and place that day.
        let mut other = event(&subscription, HOURS, "2026-01-11T10:59:00Z", "0.25");
        other.id.push_str("/web-2");
        other.resource = ResourceUri::new(other.resource.as_str().replace("web-1", "web-2"));
        let mut elsewhere = event(&subscription, HOURS, "2026-01-11T11:00:00Z", "10");
        elsewhere.id.push_str("/elsewhere");
        elsewhere.region = "northeurope".to_owned();
        desk.channel.accept(vec![other, elsewhere]).await;
        let get = async |query: &str| {
            let path = path(&subscription);
            desk.send(&format!("GET /v1{path}?{RANGE}{query}"), &[], "").await.expect(200).json()
        };
        let check = async |query: &str, expected: &[&str]| {
            let mut page = get(&format!("{query}&size=2")).await;
            let mut seen = all_short(&page);
            while let Some(token) = page["continuationToken"].as_str() {
                page = get(&format!("&seek_operation=Next&MS-ContinuationToken={token}")).await;
                seen.extend(all_short(&page));
            }
            assert_eq!(seen, expected, "{query}");
            assert_eq!(all_short(&get(query).await), expected, "{query}");
        };
        let rest = ["11 00 02 7", "12 00 04 1e-18", "13 00 ff 4"];
        check("", &[&["11 00 01 10", "11 00 01 3.5", "11 00 01 0.25"], &rest[..]].concat()).await;
        check("&show_details=false", &[&["11 00 01 13.75"], &rest[..]].concat()).await;
        check(
            "&show_details=false&granularity=hourly",
            &["11 00 02 7", "11 10 01 1.75", "11 11 01 10", "11 12 01 2", "12 23 04 1e-18", "13 00 ff 4"],
        )
        .await;
    });
}

#[test]
fn a_record_says_what_where_and_with_which_tags() {
    on_every_engine(|bench| async move {
        let (desk, subscription) = desk_with_usage(&bench).await;
        let get = async |query: &str| {
            let what = format!("GET /v1{}?{RANGE}{query}", path(&subscription));
            desk.send(&what, &[], "").await.expect(200)
        };
        let reply = get("").await;
        assert!(reply.text().contains(r#""quantity":0.000000000000000001,"#), "digit for digit: {reply}");
        let resource = format!(
            "/subscriptions/{}/resourceGroups/shop/providers/Microsoft.Compute/virtualMachines/web-1",
            subscription.id
        );
        let mut tagged = reply.json()["items"][2].clone();
        tagged.as_object_mut().unwrap().remove("quantity");
        let mut expected = json!({
            "usageStartTime": "2026-01-12T00:00:00+00:00",
            "usageEndTime": "2026-01-13T00:00:00+00:00",
            "resource": {
                "id": THIRD_PARTY,
                "name": "Database Support Hours",
                "category": "Virtual Machine Licenses",
                "subcategory": "Other vendor",
                "region": "",
            },
            "unit": "Hours",
            "infoFields": {},
            "instanceData": {
                "resourceUri": resource,
                "location": "westeurope",
                "partNumber": "",
                "orderNumber": "",
                "tags": {"env": "test"},
                "additionalInfo": {"size": "A1", "cores": "4"},
            },
            "attributes": {"objectType": "AzureUtilizationRecord"},
        });
        assert_eq!(tagged, expected);
        let mut plain = get("&show_details=false").await.json()["items"][2].clone();
        plain.as_object_mut().unwrap().remove("quantity");
        expected.as_object_mut().unwrap().remove("instanceData");
        assert_eq!(plain, expected);
        // No price sheet knows the last one; it is used all the same.
        assert_eq!(reply.json()["items"][3]["resource"]["name"], "");
    });
}

#[test]
fn pages_go_on_by_link_by_header_and_by_query() {
    on_every_engine(|bench| async move {
        let (desk, subscription) = desk_with_usage(&bench).await;
        let own = path(&subscription);
        let whole = desk.send(&format!("GET /v1{own}?{RANGE}"), &[], "").await.expect(200).json();
        let first = desk.send(&format!("GET /v1{own}?{RANGE}&size=3"), &[], "").await.expect(200).json();
        assert_eq!(first["totalCount"], 3);
        let next = &first["links"]["next"];
        let token = first["continuationToken"].as_str().unwrap();
        assert_eq!(next["headers"], json!([{"key": "MS-ContinuationToken", "value": token}]));
        assert!(next["uri"].as_str().unwrap().starts_with(&format!("{own}?")));
        let header = format!("MS-ContinuationToken: {token}");
        for (what, headers) in [
            (format!("GET /v1//v1{}", next["uri"].as_str().unwrap()), vec![header.as_str()]),
            (format!("GET /v1{own}?seek_operation=Next"), vec![header.as_str()]),
            (format!("GET /v1{}?seek_operation=next&MS-ContinuationToken={token}", own.to_uppercase()), vec![]),
        ] {
            let last = desk.send(&what, &headers, "").await.expect(200).json();
            assert_eq!([all_short(&first), all_short(&last)].concat(), all_short(&whole), "{what}");
            assert!(last["links"].get("next").is_none() && last.get("continuationToken").is_none(), "{what}");
        }
        let other = desk.channel.order_usage(&desk.channel.customer("Tailspin").await).await;
        let foreign = desk.send(&format!("GET /v1{}?seek_operation=Next", path(&other)), &[&header], "").await;
        assert_eq!(fault(&foreign.expect(400)), "3000 MS-ContinuationToken");
    });
}

#[test]
fn questions_that_cannot_be_answered_are_refused_by_name() {
    on_every_engine(|bench| async move {
        let (desk, subscription) = desk_with_usage(&bench).await;
        for (query, said) in [
            ("end_time=2026-01-14", "400 3000 start_time"),
            ("start_time=2026-01-11", "400 3000 end_time"),
            ("start_time=soon&end_time=2026-01-14", "400 3000 start_time"),
            ("start_time=2026-01-14&end_time=2026-01-14", "400 3000 end_time"),
            ("start_time=2026-01-11&end_time=2026-01-14&granularity=weekly", "400 3000 granularity"),
            ("start_time=2026-01-11&end_time=2026-01-14&show_details=maybe", "400 3000 show_details"),
            ("start_time=2026-01-11&end_time=2026-01-14&size=1001", "400 3000 size"),
            ("seek_operation=Next", "400 3000 MS-ContinuationToken"),
        ] {
            let reply = desk.send(&format!("GET /v1{}?{query}", path(&subscription)), &[], "").await;
            assert_eq!(format!("{} {}", reply.status, fault(&reply)), said, "{query}");
        }
        let customer = desk.channel.customer("Tailspin").await;
        let seats = desk.channel.order_seats(&customer, 3).await;
        let reply = desk.send(&format!("GET /v1{}?{RANGE}", path(&seats)), &[], "").await.expect(200).json();
        assert_eq!((&reply["totalCount"], &reply["items"]), (&json!(0), &json!([])));
        // Somebody else's subscription under one's own customer is not there.
        let mixed = format!("/customers/{}/subscriptions/{}/utilizations/azure", customer.id, subscription.id);
        let reply = desk.send(&format!("GET /v1{mixed}?{RANGE}"), &[], "").await.expect(404);
        assert_eq!(fault(&reply), "20003");
    });
}
