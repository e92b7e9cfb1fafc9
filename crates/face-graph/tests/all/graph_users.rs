//! Users in Microsoft Graph.

use crate::desk::{Desk, GRAPH, PASSWORD, fault, ids};
use serde_json::json;
use std::collections::BTreeSet;
use tenantry_core::DirectoryRole;
use tenantry_directory::MICROSOFT_GRAPH;
use tenantry_testkit::{ORIGIN, SUFFIX, on_every_engine};

const CLERK: &str = r#"{"accountEnabled":true,"displayName":"Order Clerk","mailNickname":"clerk","userPrincipalName":"clerk@contoso.example.test","passwordProfile":{"password":"Engine-1843!","forceChangePasswordNextSignIn":false},"usageLocation":"GB","businessPhones":["+44 20 7946 0001"],"officeLocation":"12"}"#;

#[test]
fn a_user_is_made_read_changed_deleted_and_restored() {
    on_every_engine(|bench| async move {
        let mut desk = Desk::graph(&bench).await;
        let made = desk.say("POST /users", CLERK).await.expect(201).json();
        let id = made["id"].as_str().unwrap().to_owned();
        desk.say(&format!("GET /users/{id}"), "").await;
        let all = "accountEnabled,assignedLicenses,businessPhones,city,createdDateTime,identities,licenseAssignmentStates,mailNickname,passwordProfile,signInSessionsValidFromDateTime,usageLocation,userType";
        desk.say(&format!("GET /users/clerk@contoso.{SUFFIX}?$select={all}"), "").await;
        desk.say(&format!("PATCH /users/{id}"), r#"{"jobTitle":"Analyst","businessPhones":[],"city":"London"}"#).await;
        desk.say(&format!("GET /users('{id}')?$select=jobTitle,businessPhones,city"), "").await;
        desk.say(&format!("POST /users/{id}/revokeSignInSessions"), "").await;
        desk.say(&format!("DELETE /users/{id}"), "").await;
        desk.say(&format!("GET /users/{id}"), "").await;
        desk.say("GET /directory/deletedItems/microsoft.graph.user?$select=id,deletedDateTime", "").await;
        desk.say(&format!("GET /directory/deletedItems/{id}?$select=displayName"), "").await;
        desk.say(&format!("POST /directory/deletedItems/{id}/restore"), "").await;
        desk.gives(204, &format!("DELETE /users/{id}"), "").await;
        desk.say(&format!("DELETE /directory/deletedItems/{id}"), "").await;
        desk.say(&format!("GET /directory/deletedItems/{id}"), "").await;
        desk.compare("graph_users");
    });
}

#[test]
fn me_is_the_signed_in_user_however_it_is_written() {
    on_every_engine(|bench| async move {
        let desk = Desk::graph(&bench).await;
        let clerk = desk.admin("clerk", DirectoryRole::UserAdmin).await;
        let token = desk.user_token(&clerk, GRAPH, MICROSOFT_GRAPH).await;
        for path in ["/v1.0/me", "/beta/me", "/v1.0/Me/", "/v1.0/users/me-token-to-replace", "/v1.0/users/me"] {
            let me = desk.send_as(&token, "GET", path, "").await.expect(200).json();
            assert_eq!(me["id"], clerk.id.to_string(), "{path}");
        }
        let member_of = desk.send_as(&token, "GET", "/v1.0/me/memberOf", "").await.expect(200).json();
        assert_eq!(member_of["value"][0]["@odata.type"], "#microsoft.graph.directoryRole");
        let change = json!({"currentPassword": PASSWORD, "newPassword": "Another 7 horses"}).to_string();
        let changed = desk.send_as(&token, "POST", "/v1.0/me/changePassword", &change).await;
        assert_eq!(changed.status, 204, "{changed}");
        let refused = desk.send_as(&desk.token, "GET", "/v1.0/me", "").await.expect(400);
        assert_eq!(fault(&refused), "Request_BadRequest");
    });
}

#[test]
fn pages_are_followed_by_absolute_links_and_counted() {
    on_every_engine(|bench| async move {
        let desk = Desk::graph(&bench).await;
        for name in ["analyst", "broker", "announcer", "driver", "anchor"] {
            desk.user(name).await;
        }
        let (mut seen, mut path) = (BTreeSet::new(), Some("/v1.0/users?$top=2&$select=id&$count=true".to_owned()));
        while let Some(current) = path {
            let page = desk.send_as(&desk.token, "GET", &current, "").await.expect(200).json();
            assert_eq!(page["@odata.count"], 5, "{page}");
            seen.extend(ids(&page));
            let next = page.get("@odata.nextLink").map(|link| link.as_str().unwrap().to_owned());
            path = next.map(|link| {
                assert!(link.contains("$top=2&$select=id&$count=true&$skiptoken="), "{link}");
                link.strip_prefix(ORIGIN).unwrap().to_owned()
            });
        }
        assert_eq!(seen.len(), 5);
    });
}

#[test]
fn advanced_questions_need_the_header_that_says_so() {
    on_every_engine(|bench| async move {
        let desk = Desk::graph(&bench).await;
        desk.user("analyst").await;
        desk.user("broker").await;
        let filter = "$filter=not(startswith(displayName,'a'))";
        for (query, eventual, expected) in [
            (filter.to_owned(), false, Err("Request_UnsupportedQuery")),
            (format!("{filter}&$count=true"), false, Err("Request_UnsupportedQuery")),
            (filter.to_owned(), true, Err("Request_UnsupportedQuery")),
            (format!("{filter}&$count=true"), true, Ok("broker")),
            ("$filter=startswith(displayName,'b')".to_owned(), false, Ok("broker")),
            ("$filter=displayName in ('broker')".to_owned(), false, Ok("broker")),
            ("$filter=shoeSize eq 44".to_owned(), true, Err("Request_UnsupportedQuery")),
            ("$filter=displayName".to_owned(), true, Err("Request_BadRequest")),
            ("$skip=1".to_owned(), true, Err("Request_UnsupportedQuery")),
            ("$top=1000".to_owned(), true, Err("Request_BadRequest")),
            ("$skiptoken=abc".to_owned(), true, Err("Directory_ExpiredPageToken")),
        ] {
            let level = if eventual { "eventual" } else { "session" };
            let path = desk.path(&format!("/users?{query}"));
            let reply = desk.client.get(&path).token(&desk.token).header("ConsistencyLevel", level).send().await;
            match expected {
                Ok(name) => {
                    let page = reply.expect(200).json();
                    assert_eq!(page["value"].as_array().unwrap().len(), 1, "{query}");
                    assert_eq!(page["value"][0]["displayName"], name, "{query}");
                }
                Err(code) => assert_eq!(fault(&reply.expect(400)), code, "{query}"),
            }
        }
    });
}

#[test]
fn bad_input_is_refused_by_name() {
    on_every_engine(|bench| async move {
        let desk = Desk::graph(&bench).await;
        let with = |name: &str, value: serde_json::Value| {
            let mut body: serde_json::Value = serde_json::from_str(CLERK).unwrap();
            body[name] = value;
            body.to_string()
        };
        for (body, field) in [
            (with("accountEnabled", json!(null)), "accountEnabled"),
            (with("displayName", json!("")), "displayName"),
            (with("businessPhones", json!(["1", "2"])), "businessPhones"),
            (with("businessPhones", json!("1")), "businessPhones"),
            (with("passwordProfile", json!({})), "passwordProfile.password"),
            (with("userPrincipalName", json!("clerk@elsewhere.test")), "userPrincipalName"),
            (with("mobile", json!("1")), "mobile"),
            (with("id", json!("1")), "id"),
        ] {
            let reply = desk.send("POST /users", &body).await.expect(400);
            assert_eq!(reply.json()["error"]["target"], field, "{body}: {reply}");
            assert!(!reply.text().contains("Engine-1843"), "a password is echoed: {reply}");
        }
        assert_eq!(ids(&desk.get("/users").await), Vec::<String>::new(), "nothing was made");
    });
}
