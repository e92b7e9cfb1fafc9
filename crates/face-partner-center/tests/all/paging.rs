//! Going through customers, the way each client family does.

use crate::desk::{Desk, fault};
use serde_json::Value;
use tenantry_testkit::{Reply, on_every_engine};

const NAMES: [&str; 5] = ["Alpha", "Northwind", "northern Lights", "Omega", "NORTH"];

async fn desk(bench: &tenantry_testkit::Bench) -> Desk {
    let desk = Desk::new(bench).await;
    for name in NAMES {
        desk.channel.customer(name).await;
    }
    desk
}

fn names(page: &Value) -> Vec<String> {
    let of = |item: &Value| item["companyProfile"]["companyName"].as_str().unwrap().to_owned();
    page["items"].as_array().unwrap().iter().map(of).collect()
}

/// The next request of a client that keeps nothing but the token, and of one that follows the link.
fn follow_ups(page: &Value) -> Option<(String, String, String)> {
    let next = page["links"].get("next")?;
    let token = page["continuationToken"].as_str().unwrap();
    assert_eq!(next["headers"], serde_json::json!([{"key": "MS-ContinuationToken", "value": token}]));
    assert_eq!(next["method"], "GET");
    let uri = next["uri"].as_str().unwrap();
    Some((
        "GET /v1/customers?seekOperation=Next".to_owned(),
        format!("GET /v1/{uri}"),
        format!("MS-ContinuationToken: {token}"),
    ))
}

#[test]
fn all_ways_lead_through_the_whole_list() {
    on_every_engine(|bench| async move {
        let desk = desk(&bench).await;
        let north = r#"filter=%7B%22Field%22%3A%22CompanyName%22%2C%22Value%22%3A%22nort%22%2C%22Operator%22%3A%22starts_with%22%7D"#;
        let filtered: &[&str] = &["Northwind", "northern Lights", "NORTH"];
        for (first, expected, pages) in
            [("/v1/customers?size=2".to_owned(), &NAMES[..], 3), (format!("/v1/customers?size=2&{north}"), filtered, 2)]
        {
            for by_link in [false, true] {
                let mut page = desk.send(&format!("GET {first}"), &[], "").await.expect(200).json();
                let (mut seen, mut count) = (names(&page), 1);
                while let Some((by_token, linked, token)) = follow_ups(&page) {
                    let what = if by_link { linked } else { by_token };
                    page = desk.send(&what, &[&token], "").await.expect(200).json();
                    seen.extend(names(&page));
                    count += 1;
                }
                assert!(page.get("continuationToken").is_none());
                assert_eq!((seen, count), (expected.iter().map(|name| (*name).to_owned()).collect(), pages), "{first}");
            }
        }
        // One client puts the token into the query, others write the operation in their own case.
        let page = desk.send("GET /v1/customers?size=2", &[], "").await.expect(200).json();
        let token = page["continuationToken"].as_str().unwrap();
        for query in [
            format!("seekOperation=Next&MS-ContinuationToken={token}"),
            format!("seek_operation=next&ms-continuationtoken={token}"),
            format!("MS-ContinuationToken={token}"),
        ] {
            let next = desk.send(&format!("GET /v1/customers?{query}"), &[], "").await.expect(200).json();
            assert_eq!(names(&next), NAMES[2..4], "{query}");
            assert!(!next["links"]["self"]["uri"].as_str().unwrap().contains(token));
        }
    });
}

#[test]
fn queries_are_read_in_every_spelling() {
    on_every_engine(|bench| async move {
        let desk = desk(&bench).await;
        let filter = |field: &str, value: &str, operator: &str| {
            format!(
                "?filter=%7B%22Field%22%3A%22{field}%22%2C%22Value%22%3A%22{value}%22%2C%22Operator%22%3A%22{operator}%22%7D"
            )
        };
        let java = "?size=0&filter=%7B%22fieldType%22%3A%22String%22%2C%22operator%22%3A%22StartsWith%22%2C%22field%22%3A%22CompanyName%22%2C%22value%22%3A%22nort%22%7D";
        for (query, expected) in [
            (String::new(), "Alpha, Northwind, northern Lights, Omega, NORTH"),
            ("?size=0".to_owned(), "Alpha, Northwind, northern Lights, Omega, NORTH"),
            ("?SIZE=500".to_owned(), "Alpha, Northwind, northern Lights, Omega, NORTH"),
            ("?size=2&offset=3".to_owned(), "Omega, NORTH"),
            ("?size=2&offset=5".to_owned(), ""),
            (java.to_owned(), "Northwind, northern Lights, NORTH"),
            (filter("CompanyName", "northern+L", "9"), "northern Lights"),
            (filter("company_name", "northern%20l", "STARTSWITH"), "northern Lights"),
            (filter("domain", "NORTH", "starts_with"), "Northwind, northern Lights, NORTH"),
            (filter("Domain", "%25", "starts_with"), ""),
            ("?size=501".to_owned(), "400 3000 size"),
            ("?size=-1".to_owned(), "400 3000 size"),
            ("?filter=nort".to_owned(), "400 3000 filter"),
            (filter("CompanyName", "nort", "substring"), "400 800042 filter"),
            (filter("Country", "US", "starts_with"), "400 800042 filter"),
            ("?seekOperation=Next".to_owned(), "400 3000 MS-ContinuationToken"),
            ("?seekOperation=Last&MS-ContinuationToken=x".to_owned(), "400 800042 seekOperation"),
            ("?seekOperation=Next&MS-ContinuationToken=x".to_owned(), "400 3000 MS-ContinuationToken"),
        ] {
            let reply: Reply = desk.send(&format!("GET /v1/customers{query}"), &[], "").await;
            let seen = match reply.status {
                200 => names(&reply.json()).join(", "),
                status => format!("{status} {}", fault(&reply)),
            };
            assert_eq!(seen, expected, "{query}");
        }
    });
}
