//! People of a customer: made, found, given roles and licences, deleted and brought back.

use crate::desk::{Desk, customer_of_stranger, fault};
use serde_json::{Value, json};
use tenantry_core::Role;
use tenantry_testkit::on_every_engine;

/// Helpdesk Administrator.
const HELPDESK: &str = "729827e3-9c14-49f7-bb1b-9608f156bbb8";

/// A user as one client family writes it.
fn user(name: &str) -> Value {
    json!({
        "UsageLocation": "US", "Id": null, "UserPrincipalName": format!("{name}@northwind.example.test"),
        "FirstName": "Front", "LastName": "Desk", "DisplayName": format!("{name} of the front desk"),
        "PasswordProfile": {"ForceChangePassword": true, "Password": "Wat3r-under-bridges"},
        "LastDirectorySyncTime": null, "UserDomainType": "none", "State": "active",
        "SoftDeletionTime": "0001-01-01T00:00:00", "Attributes": {"ObjectType": "CustomerUser"},
    })
}

/// The customer's domain may differ from that of [`user`].
pub(crate) fn named(name: &str, domain: &str) -> String {
    user(name).to_string().replace("northwind.example.test", domain)
}

#[test]
fn a_user_from_the_first_day_to_the_last() {
    on_every_engine(|bench| async move {
        let mut desk = Desk::new(&bench).await.with_person("agent", &[Role::AdminAgent]).await;
        let customer = desk.channel.customer("Northwind").await;
        desk.channel.order_seats(&customer, 2).await;
        let users = format!("/v1/customers/{}/users", customer.id);
        let made = desk.say(&format!("POST {users}/"), &[], &named("clerk", &customer.domain)).await.expect(201).json();
        let one = format!("{users}/{}", made["id"].as_str().unwrap());
        desk.say(&format!("GET {one}"), &[], "").await;
        let change = r#"{"displayName":"Clerk","phoneNumber":"+1 425 555 0100","state":"active"}"#;
        desk.say(&format!("PATCH {one}"), &[], change).await;

        let skus = format!("/v1/customers/{}/subscribedskus", customer.id);
        let owned = desk.say(&format!("GET {skus}"), &[], "").await.expect(200).json();
        let sku = owned["items"][0]["productSku"]["id"].as_str().unwrap();
        let update = json!({"LicensesToAssign": [{"SkuId": sku}], "attributes": {"objectType": "LicenseUpdate"}});
        desk.say(&format!("POST {one}/licenseupdates"), &[], &update.to_string()).await;
        desk.say(&format!("GET {one}/licenses?licenseGroupIds=group1"), &[], "").await;
        let counted = desk.send(&format!("GET {skus}"), &[], "").await.json();
        assert_eq!(counted["items"][0]["availableUnits"], json!(1), "{counted}");

        let members = format!("/v1/customers/{}/directoryroles/{HELPDESK}/usermembers", customer.id);
        let member = json!({"Id": made["id"], "DisplayName": "Clerk", "UserPrincipalName": made["userPrincipalName"]});
        desk.say(&format!("POST {members}"), &[], &member.to_string()).await;
        desk.say(&format!("GET {members}"), &[], "").await;
        desk.say(&format!("GET {one}/directoryroles"), &[], "").await;
        desk.say(&format!("DELETE {members}/{}%20", made["id"].as_str().unwrap()), &[], "").await;

        desk.say(&format!("DELETE {one}"), &[], "").await;
        let inactive =
            "filter=%7B%22Field%22%3A%22UserState%22%2C%22Value%22%3A%22Inactive%22%2C%22Operator%22%3A%22equals%22%7D";
        desk.say(&format!("GET {users}?{inactive}"), &[], "").await;
        desk.say(&format!("PATCH {one}"), &[], r#"{"State":"active"}"#).await;
        desk.compare("users");
    });
}

#[test]
fn passwords_are_given_and_shown_to_the_giver_alone() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await.with_person("agent", &[Role::AdminAgent]).await;
        let customer = desk.channel.customer("Northwind").await;
        let users = format!("/v1/customers/{}/users", customer.id);
        let made = desk.send(&format!("POST {users}"), &[], &named("clerk", &customer.domain)).await.expect(201).json();
        let one = format!("{users}/{}", made["id"].as_str().unwrap());
        let reset = r#"{"passwordProfile":{"password":"An0ther-one-of-them","forceChangePassword":false}}"#;
        for path in [one.clone(), format!("{one}/resetpassword")] {
            let what = format!("PATCH {path}");
            let again = ["MS-RequestId: 7c9e6679-7425-40de-944b-e07fc1f90ae7"];
            let reply = desk.send(&what, &again, reset).await.expect(200);
            assert_eq!(reply.json()["passwordProfile"]["password"], "An0ther-one-of-them");
            assert_eq!(reply.header("cache-control"), "no-store");
        }
        let read = desk.send(&format!("GET {one}"), &[], "").await.expect(200);
        assert!(read.json().get("passwordProfile").is_none(), "{read}");
    });
}

#[test]
fn lists_go_on_in_any_order() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await.with_person("agent", &[Role::AdminAgent]).await;
        let customer = desk.channel.customer("Northwind").await;
        let users = format!("/v1/customers/{}/users", customer.id);
        for name in ["clerk", "analyst", "driver", "baker"] {
            assert_eq!(desk.send(&format!("POST {users}"), &[], &named(name, &customer.domain)).await.status, 201);
        }
        let walk = async |query: &str| {
            let mut names = Vec::new();
            let mut reply = desk.send(&format!("GET {users}?{query}"), &[], "").await.expect(200).json();
            loop {
                let items = reply["items"].as_array().unwrap();
                names.extend(items.iter().map(|item| item["userPrincipalName"].as_str().unwrap().to_owned()));
                let Some(token) = reply["continuationToken"].as_str() else { return names };
                let header = format!("MS-ContinuationToken: {token}");
                let next = desk.send(&format!("GET {users}?seekOperation=Next"), &[&header], "").await;
                reply = next.expect(200).json();
            }
        };
        let all = walk("").await;
        assert_eq!(all.len(), 4, "{all:?}");
        assert_eq!(walk("size=1").await, all);
        let mut sorted = all.clone();
        sorted.sort();
        assert_eq!(walk("size=3&sortField=UserPrincipalName").await, sorted);
        sorted.reverse();
        assert_eq!(walk("size=2&sortField=user_principal_name&sortDirection=descending").await, sorted);
        assert_eq!(walk("sortField=DisplayName&sortDirection=Descending").await, sorted);
    });
}

#[test]
fn what_cannot_be_is_refused_with_its_code() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await.with_person("agent", &[Role::AdminAgent]).await;
        let customer = desk.channel.customer("Northwind").await;
        let at = format!("/v1/customers/{}", customer.id);
        desk.channel.order_seats(&customer, 1).await;
        let made = desk.send(&format!("POST {at}/users"), &[], &named("clerk", &customer.domain)).await.json();
        let second = named("second", &customer.domain).replace(r#""UsageLocation":"US""#, r#""UsageLocation":null"#);
        let second = desk.send(&format!("POST {at}/users"), &[], &second).await.expect(201).json();
        let owned = desk.send(&format!("GET {at}/subscribedskus"), &[], "").await.json();
        let sku = owned["items"][0]["productSku"]["id"].clone();
        let one = format!("{at}/users/{}", made["id"].as_str().unwrap());
        let other = format!("{at}/users/{}", second["id"].as_str().unwrap());
        let nobody = format!("{at}/users/00000000-0000-4000-8000-000000000000");
        let give = json!({"licensesToAssign": [{"skuId": sku}]}).to_string();
        assert_eq!(desk.send(&format!("POST {one}/licenseupdates"), &[], &give).await.status, 201);
        let member = json!({"id": made["id"]}).to_string();
        let members = format!("{at}/directoryroles/{HELPDESK}/usermembers");
        assert_eq!(desk.send(&format!("POST {members}"), &[], &member).await.status, 201);
        let foreign = customer_of_stranger(&desk.channel).await;
        let rows: [(&str, String, String, &str); 20] = [
            ("POST", format!("{at}/users"), named("clerk", &customer.domain), "400 3000 userPrincipalName"),
            ("POST", format!("{at}/users"), named("x", "elsewhere.example"), "400 3000 userPrincipalName"),
            ("POST", format!("{at}/users"), "{}".into(), "400 3000 passwordProfile.password"),
            ("POST", format!("{at}/users"), r#"{"passwordProfile":7}"#.into(), "400 3000 passwordProfile"),
            ("POST", format!("{at}/users"), "{".into(), "400 800002 body"),
            ("GET", nobody.clone(), String::new(), "404 60002"),
            ("GET", format!("{at}/users/clerk"), String::new(), "404 60002"),
            ("PATCH", nobody.clone(), "{}".into(), "404 60002"),
            ("PATCH", one.clone(), r#"{"state":"inactive"}"#.into(), "400 3000 state"),
            ("PATCH", one.clone(), r#"{"state":"asleep"}"#.into(), "400 3000 state"),
            ("PATCH", one.clone(), r#"{"usageLocation":"Mars"}"#.into(), "400 3000 usageLocation"),
            ("PATCH", format!("{one}/resetpassword"), "{}".into(), "400 3000 passwordProfile.password"),
            ("POST", format!("{one}/licenseupdates"), "{}".into(), "400 3000 licensesToAssign"),
            (
                "POST",
                format!("{one}/licenseupdates"),
                r#"{"licensesToAssign":[{}]}"#.into(),
                "400 3000 licensesToAssign[0].skuId",
            ),
            (
                "POST",
                format!("{one}/licenseupdates"),
                r#"{"licensesToRemove":["x"]}"#.into(),
                "400 3000 licensesToRemove",
            ),
            ("POST", format!("{other}/licenseupdates"), give.clone(), "400 3000 usageLocation"),
            ("POST", members.clone(), member.clone(), "409 3000"),
            ("POST", members.clone(), "{}".into(), "400 3000 id"),
            ("GET", format!("{at}/directoryroles/helpdesk/usermembers"), String::new(), "404 1000"),
            ("GET", format!("/v1/customers/{}/users", foreign.id), String::new(), "404 60003"),
        ];
        let mut seen = Vec::new();
        for (method, path, body, expected) in &rows {
            let reply = desk.send(&format!("{method} {path}"), &[], body).await;
            let said = format!("{} {}", reply.status, fault(&reply));
            if said != *expected {
                seen.push(format!("{method} {path} {body}: {said}, not {expected}"));
            }
        }
        assert!(seen.is_empty(), "{}", seen.join("\n"));

        assert_eq!(desk.send(&format!("PATCH {other}"), &[], r#"{"usageLocation":"US"}"#).await.status, 200);
        let none_left = desk.send(&format!("POST {other}/licenseupdates"), &[], &give).await.expect(400);
        assert!(fault(&none_left).starts_with("60012"), "{none_left}");
        let taken = json!({"licensesToRemove": [sku]}).to_string();
        assert_eq!(desk.send(&format!("POST {one}/licenseupdates"), &[], &taken).await.status, 201);
        assert_eq!(desk.send(&format!("POST {other}/licenseupdates"), &[], &give).await.status, 201);
    });
}
