//! Users, from the first to the last request of their lives.

use crate::desk::{AAD, Desk, PASSWORD, code, ids};
use serde_json::json;
use tenantry_core::DirectoryRole;
use tenantry_directory::{DIRECTORY_GRAPH, NewGroup, group_create, group_member_add};
use tenantry_testkit::{SUFFIX, on_every_engine};

const CLERK: &str = r#"{"accountEnabled":true,"displayName":"Order Clerk","mailNickname":"clerk","userPrincipalName":"clerk@contoso.example.test","passwordProfile":{"password":"Engine-1843!","forceChangePasswordNextLogin":false},"usageLocation":"GB","mail":"clerk@contoso.example.test","otherMails":["desk@orders.test"]}"#;

#[test]
fn a_user_is_made_read_changed_deleted_and_restored() {
    on_every_engine(|bench| async move {
        let mut desk = Desk::aad(&bench).await;
        let made = desk.say("POST /users", CLERK).await.expect(201).json();
        let id = made["objectId"].as_str().unwrap().to_owned();
        desk.say("GET /users/clerk@contoso.example.test", "").await;
        let change =
            r#"{"jobTitle":"Analyst","mail":null,"city":"London","passwordProfile":{"password":"Engine-1844!"}}"#;
        desk.say(&format!("PATCH /users/{id}"), change).await;
        desk.say(&format!("GET /users('{id}')?$select=jobTitle,mail,city,proxyAddresses"), "").await;
        desk.say(&format!("DELETE /users/{id}"), "").await;
        desk.say(&format!("GET /users/{id}"), "").await;
        desk.say("GET /deletedUsers?$select=objectId,deletionTimestamp,userPrincipalName", "").await;
        desk.say(&format!("POST /deletedUsers/{id}/restore"), "").await;
        desk.say("GET /users?$filter=startswith(displayName,'order')&$select=displayName,userPrincipalName", "").await;
        desk.compare("aad_users");
    });
}

#[test]
fn annotations_come_before_the_properties_they_explain() {
    on_every_engine(|bench| async move {
        let desk = Desk::aad(&bench).await;
        let reply = desk.send("POST /users", CLERK).await.expect(201);
        let places = ["odata.metadata", "odata.type", "objectType", "objectId", "deletionTimestamp", "accountEnabled"];
        let places = places.map(|name| reply.text().find(&format!("\"{name}\":")).unwrap());
        assert!(places.is_sorted(), "{reply}");
    });
}

#[test]
fn a_user_is_found_by_every_key_and_tenant() {
    on_every_engine(|bench| async move {
        let desk = Desk::aad(&bench).await;
        let clerk = desk.user("clerk").await;
        let tenant = desk.tenant;
        let (token, id) = (desk.token.clone(), clerk.id);
        for path in [
            format!("/myorganization/users/{id}"),
            format!("/MyOrganization/users/{}", id.to_string().to_uppercase()),
            format!("/{tenant}/users/CLERK@contoso.{SUFFIX}"),
            format!("/contoso.{SUFFIX}/users('clerk%40contoso.{SUFFIX}')"),
            format!("/CONTOSO.{SUFFIX}/users(%27{id}%27)"),
            format!("//contoso.{SUFFIX}//directoryObjects/{id}"),
            format!("/{tenant}/directoryObjects/{id}/Microsoft.DirectoryServices.User"),
        ] {
            let found = desk.send_as(&token, "GET", &format!("{path}?api-version=1.5"), "").await.expect(200).json();
            assert_eq!(found["objectId"], id.to_string(), "{path}");
            let metadata = found["odata.metadata"].as_str().unwrap();
            assert!(metadata.ends_with("/$metadata#directoryObjects/@Element"), "{metadata}");
        }
        // The token may stand alone in its header (directory.md 2.2).
        let path = format!("/myorganization/users/{id}?api-version=1.6");
        let bare = desk.client.get(&path).header("authorization", &token).send().await;
        assert_eq!(bare.status, 200, "{bare}");
    });
}

#[test]
fn me_is_the_signed_in_user() {
    on_every_engine(|bench| async move {
        let desk = Desk::aad(&bench).await;
        let clerk = desk.admin("clerk", DirectoryRole::UserAdmin).await;
        let token = desk.user_token(&clerk, AAD, DIRECTORY_GRAPH).await;
        for path in ["/me?api-version=1.6", "/myorganization/me?api-version=1.6", "/me/?api-version=1.6"] {
            let me = desk.send_as(&token, "GET", path, "").await.expect(200).json();
            assert_eq!(me["objectId"], clerk.id.to_string(), "{path}");
        }
        let member_of = desk.send_as(&token, "GET", "/me/memberOf?api-version=1.6", "").await.expect(200).json();
        assert_eq!(member_of["value"][0]["objectType"], "Role");
        let owned = desk.send_as(&token, "GET", "/me/ownedObjects?api-version=1.6", "").await.expect(200).json();
        assert_eq!(ids(&owned), Vec::<String>::new());
        let change = json!({"currentPassword": PASSWORD, "newPassword": "Another 7 horses"}).to_string();
        let changed = desk.send_as(&token, "POST", "/me/changePassword?api-version=1.6", &change).await;
        assert_eq!(changed.status, 204, "{changed}");
        // An application is nobody's me.
        let refused = desk.send_as(&desk.token, "GET", "/me?api-version=1.6", "").await.expect(400);
        assert_eq!(code(&refused), "Request_BadRequest");
    });
}

#[test]
fn managers_and_reports_are_two_sides_of_one_link() {
    on_every_engine(|bench| async move {
        let desk = Desk::aad(&bench).await;
        let (clerk, lead) = (desk.user("clerk").await, desk.user("lead").await);
        let manager = format!("/users/{}/$links/manager", clerk.id);
        desk.gives(404, &format!("GET {manager}"), "").await;
        desk.gives(204, &format!("PUT {manager}"), &crate::desk::link(lead.id)).await;
        let url = desk.get(&manager).await["url"].as_str().unwrap().to_owned();
        assert!(url.ends_with(&format!("/directoryObjects/{}/Microsoft.DirectoryServices.User", lead.id)), "{url}");
        assert_eq!(desk.get(&format!("/users/{}/manager", clerk.id)).await["objectId"], lead.id.to_string());
        let reports = desk.get(&format!("/users/{}/directReports", lead.id)).await;
        assert_eq!(ids(&reports), [clerk.id.to_string()]);
        desk.gives(204, &format!("DELETE {manager}"), "").await;
        desk.gives(404, &format!("GET /users/{}/manager", clerk.id), "").await;
    });
}

#[test]
fn groups_of_a_user_count_through_groups() {
    on_every_engine(|bench| async move {
        let desk = Desk::aad(&bench).await;
        let clerk = desk.user("clerk").await;
        let (ctx, db) = (desk.ctx(), desk.channel.world().db());
        let group = async |name: &str| {
            let new = NewGroup {
                display_name: name.to_owned(),
                mail_nickname: name.to_owned(),
                description: None,
                mail_enabled: false,
                security_enabled: true,
            };
            group_create(&ctx, db, desk.tenant, new).await.unwrap().id
        };
        let (inner, outer, other) = (group("inner").await, group("outer").await, group("other").await);
        group_member_add(&ctx, db, desk.tenant, inner, clerk.id).await.unwrap();
        group_member_add(&ctx, db, desk.tenant, outer, inner).await.unwrap();
        let user = format!("/users/{}", clerk.id);
        assert_eq!(ids(&desk.get(&format!("{user}/memberOf")).await), [inner.to_string()]);
        let asked = async |what: &str, body: &str| {
            let reply = desk.send(&format!("POST {user}/{what}"), body).await.expect(200).json();
            let mut ids: Vec<_> =
                reply["value"].as_array().unwrap().iter().map(|id| id.as_str().unwrap().to_owned()).collect();
            ids.sort();
            ids
        };
        let sorted = |mut ids: Vec<String>| {
            ids.sort();
            ids
        };
        let both = sorted(vec![inner.to_string(), outer.to_string()]);
        assert_eq!(asked("getMemberGroups", r#"{"securityEnabledOnly":true}"#).await, both);
        assert_eq!(asked("getMemberObjects", r#"{"securityEnabledOnly":false}"#).await, both);
        let some = json!({"groupIds": [outer.to_string(), other.to_string()]}).to_string();
        assert_eq!(asked("checkMemberGroups", &some).await, [outer.to_string()]);
        for (group, holds) in [(outer, true), (other, false)] {
            let body = json!({"groupId": group.to_string(), "memberId": clerk.id.to_string()}).to_string();
            assert_eq!(desk.send("POST /isMemberOf", &body).await.expect(200).json()["value"], holds);
        }
    });
}

#[test]
fn bad_input_is_refused_by_name() {
    on_every_engine(|bench| async move {
        let desk = Desk::aad(&bench).await;
        let clerk = desk.user("clerk").await;
        let good: serde_json::Value = serde_json::from_str(CLERK).unwrap();
        let with = |name: &str, value: serde_json::Value| {
            let mut body = good.clone();
            body["userPrincipalName"] = json!("operator@contoso.example.test");
            body[name] = value;
            body.to_string()
        };
        for (body, code_wanted, field) in [
            (String::new(), "Request_BadRequest", "body"),
            ("{".to_owned(), "Request_BadRequest", ""),
            ("[]".to_owned(), "Request_BadRequest", "body"),
            (with("accountEnabled", json!(null)), "Request_BadRequest", "accountEnabled"),
            (with("accountEnabled", json!("yes")), "Request_BadRequest", "accountEnabled"),
            (with("displayName", json!(null)), "Request_BadRequest", "displayName"),
            (with("displayName", json!(7)), "Request_BadRequest", "displayName"),
            (with("mailNickname", json!("a b")), "Request_BadRequest", "mailNickname"),
            (with("userPrincipalName", json!(null)), "Request_BadRequest", "userPrincipalName"),
            (with("userPrincipalName", json!("operator")), "Request_BadRequest", "userPrincipalName"),
            (with("userPrincipalName", json!("operator@elsewhere.test")), "Request_BadRequest", "userPrincipalName"),
            (
                with("userPrincipalName", json!("CLERK@contoso.example.test")),
                "Request_MultipleObjectsWithSameKeyValue",
                "userPrincipalName",
            ),
            (with("passwordProfile", json!(null)), "Request_BadRequest", "passwordProfile"),
            (with("passwordProfile", json!({})), "Request_BadRequest", "passwordProfile.password"),
            (with("passwordProfile", json!({"password": 7})), "Request_BadRequest", "passwordProfile.password"),
            (with("usageLocation", json!("Britain")), "Request_BadRequest", "usageLocation"),
            (with("userType", json!("Robot")), "Request_BadRequest", "userType"),
            (with("shoeSize", json!(44)), "Request_BadRequest", "shoeSize"),
            (with("objectId", json!(clerk.id.to_string())), "Request_BadRequest", "objectId"),
        ] {
            let reply = desk.send("POST /users", &body).await.expect(400);
            assert_eq!(code(&reply), code_wanted, "{body}: {reply}");
            if !field.is_empty() {
                assert_eq!(reply.json()["odata.error"]["values"][0]["value"], field, "{body}: {reply}");
            }
            assert!(!reply.text().contains("Engine-1843"), "a password is echoed: {reply}");
        }
        let weak = with("passwordProfile", json!({"password": "short"}));
        assert_eq!(code(&desk.send("POST /users", &weak).await.expect(400)), "Request_BadRequest");
        assert_eq!(ids(&desk.get("/users").await), [clerk.id.to_string()], "nothing was made");
    });
}
