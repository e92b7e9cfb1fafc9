//! Nothing half done: a request that changes several things changes all of them, or none when one is refused.

use crate::desk::{Desk, PASSWORD, ids};
use serde_json::{Value, json};
use tenantry_core::Secret;
use tenantry_directory::{SignInCheck, sign_in_check};
use tenantry_testkit::on_every_engine;

const NOBODY: &str = "1f0c2b9e-4a57-4d0b-9a38-5c2f6f1b7a10";

async fn a_user_and_its_password(desk: Desk) {
    let (clerk, taken) = (desk.user("clerk").await, desk.user("taken").await);
    let signs_in = async |password: &str| {
        let (ctx, db) = (desk.ctx(), desk.channel.world().db());
        let check = sign_in_check(&ctx, db, None, &clerk.name, &Secret::new(password)).await.unwrap();
        matches!(check, SignInCheck::Good(_))
    };
    let (new, path) = ("Green-Meadow-8", format!("PATCH /users/{}", clerk.id));
    let mut body = json!({"passwordProfile": {"password": new}, "userPrincipalName": taken.name, "jobTitle": "Clerk"});
    desk.gives(400, &path, &body.to_string()).await;
    assert!(signs_in(PASSWORD).await, "refused, so nothing happened");
    body["userPrincipalName"] = json!(clerk.name);
    desk.gives(204, &path, &body.to_string()).await;
    assert!(!signs_in(PASSWORD).await && signs_in(new).await);
    assert_eq!(desk.get(&format!("/users/{}?$select=jobTitle", clerk.id)).await["jobTitle"], "Clerk");
}

#[test]
fn a_user_is_changed_with_its_password_or_not_at_all() {
    on_every_engine(|bench| async move { a_user_and_its_password(Desk::aad(&bench).await).await });
    on_every_engine(|bench| async move { a_user_and_its_password(Desk::graph(&bench).await).await });
}

async fn an_application_and_its_keys(desk: Desk, (id, key): (&str, &str)) {
    let made = desk.send("POST /applications", r#"{"displayName":"Panel"}"#).await.expect(201).json();
    let path = format!("/applications/{}", made[id].as_str().unwrap());
    let mut body = json!({"displayName": "Desk", "keyCredentials": [{key: "bm8gY2VydGlmaWNhdGU="}]});
    desk.gives(400, &format!("PATCH {path}"), &body.to_string()).await;
    assert_eq!(desk.get(&path).await["displayName"], "Panel");
    body["keyCredentials"] = json!([]);
    desk.gives(204, &format!("PATCH {path}"), &body.to_string()).await;
    assert_eq!(desk.get(&path).await["displayName"], "Desk");
}

#[test]
fn an_application_is_changed_with_its_credentials_or_not_at_all() {
    on_every_engine(|bench| async move {
        an_application_and_its_keys(Desk::aad(&bench).await, ("objectId", "value")).await;
    });
    on_every_engine(|bench| async move {
        an_application_and_its_keys(Desk::graph(&bench).await, ("id", "key")).await;
    });
}

#[test]
fn a_group_gets_all_its_members_or_none() {
    on_every_engine(|bench| async move {
        let desk = Desk::graph(&bench).await;
        let clerk = desk.user("clerk").await;
        let role = "62e90394-69f5-4237-9190-012177145e10";
        let chief = desk.get(&format!("/directoryRoles(roleTemplateId='{role}')")).await["id"].clone();
        let bound = |ids: &[&str]| -> Value {
            ids.iter().map(|id| format!("https://graph.microsoft.com/v1.0/directoryObjects/{id}")).collect()
        };
        // A role is an object of the directory, and no member of groups.
        let (clerk, chief) = (clerk.id.to_string(), chief.as_str().unwrap());
        let mut new = json!({
            "displayName": "Team", "mailEnabled": false, "mailNickname": "team", "securityEnabled": true,
            "members@odata.bind": bound(&[&clerk, chief]),
        });
        desk.gives(400, "POST /groups", &new.to_string()).await;
        assert_eq!(ids(&desk.get("/groups?$filter=displayName eq 'Team'").await), Vec::<String>::new());
        new["members@odata.bind"] = json!([]);
        let group = desk.send("POST /groups", &new.to_string()).await.expect(201).json()["id"].clone();
        let path = format!("/groups/{}", group.as_str().unwrap());
        for (members, status) in [([&*clerk, chief], 400), ([&clerk, NOBODY], 404)] {
            let body = json!({"displayName": "Other", "members@odata.bind": bound(&members)});
            desk.gives(status, &format!("PATCH {path}"), &body.to_string()).await;
            assert_eq!(desk.get(&path).await["displayName"], "Team");
            assert_eq!(ids(&desk.get(&format!("{path}/members")).await), Vec::<String>::new());
        }
        let body = json!({"displayName": "Other", "members@odata.bind": bound(&[&clerk])});
        desk.gives(204, &format!("PATCH {path}"), &body.to_string()).await;
        assert_eq!(ids(&desk.get(&format!("{path}/members")).await), [clerk]);
    });
}
