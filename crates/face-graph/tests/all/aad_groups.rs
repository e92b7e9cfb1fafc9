//! Groups with members and owners, and directory roles with their holders.

use crate::desk::{Desk, code, ids, link};
use serde_json::json;
use tenantry_core::{DirectoryRole, ObjectId};
use tenantry_testkit::on_every_engine;

const PANEL: &str = r#"{"displayName":"Panel operators","mailEnabled":false,"mailNickname":"panel","securityEnabled":true,"description":"Who may press buttons"}"#;

#[test]
fn a_group_lives_with_members_and_owners() {
    on_every_engine(|bench| async move {
        let mut desk = Desk::aad(&bench).await;
        let (clerk, lead) = (desk.user("clerk").await, desk.user("lead").await);
        let id = desk.say("POST /groups", PANEL).await.expect(201).json()["objectId"].as_str().unwrap().to_owned();
        desk.say(&format!("GET /groups/{id}"), "").await;
        desk.say(&format!("POST /groups/{id}/$links/members"), &link(clerk.id)).await;
        desk.say(&format!("POST /groups/{id}/$links/members"), &link(clerk.id)).await;
        desk.say(&format!("POST /groups/{id}/$links/owners"), &link(lead.id)).await;
        desk.say(&format!("GET /groups/{id}/members?$select=objectType,objectId,displayName"), "").await;
        desk.say(&format!("GET /groups/{id}/$links/members"), "").await;
        desk.say(&format!("GET /groups/{id}/owners?$select=displayName"), "").await;
        desk.say(&format!("PATCH /groups/{id}"), r#"{"displayName":"Operators","description":null}"#).await;
        desk.say("GET /groups?$filter=displayName eq 'operators'&$select=displayName,description", "").await;
        desk.say(&format!("DELETE /groups/{id}/$links/members/{}", clerk.id), "").await;
        desk.say(&format!("DELETE /groups/{id}/$links/members/{}", clerk.id), "").await;
        desk.say(&format!("DELETE /groups/{id}"), "").await;
        desk.say(&format!("GET /groups/{id}"), "").await;
        desk.compare("aad_groups");
    });
}

#[test]
fn groups_do_not_contain_themselves_and_agent_groups_stay() {
    on_every_engine(|bench| async move {
        let desk = Desk::aad(&bench).await;
        let made = async || {
            let made = desk.send("POST /groups", PANEL).await.expect(201).json();
            ObjectId::parse(made["objectId"].as_str().unwrap()).unwrap()
        };
        let (one, two) = (made().await, made().await);
        desk.gives(204, &format!("POST /groups/{one}/$links/members"), &link(two)).await;
        let refused = desk.send(&format!("POST /groups/{two}/$links/members"), &link(one)).await.expect(400);
        assert_eq!(code(&refused), "Request_BadRequest");
        let groups = desk.get(&format!("/groups/{two}/memberOf")).await;
        assert_eq!(ids(&groups), [one.to_string()]);
        let agents = desk.get("/groups?$filter=startswith(displayName,'Admin')").await;
        let agents = ids(&agents).remove(0);
        desk.gives(403, &format!("DELETE /groups/{agents}"), "").await;
        for (body, field) in [
            (json!({"displayName": "x"}), "mailNickname"),
            (json!({"displayName": "x", "mailNickname": "x", "securityEnabled": true}), "mailEnabled"),
            (
                json!({"displayName": "x", "mailNickname": "x", "mailEnabled": true, "securityEnabled": true}),
                "mailEnabled",
            ),
        ] {
            let reply = desk.send("POST /groups", &body.to_string()).await.expect(400);
            assert_eq!(reply.json()["odata.error"]["values"][0]["value"], field, "{reply}");
        }
        for body in ["{}", r#"{"url":7}"#, r#"{"url":"https://graph.windows.net/x/directoryObjects/clerk"}"#] {
            let reply = desk.send(&format!("POST /groups/{one}/$links/members"), body).await.expect(400);
            assert_eq!(reply.json()["odata.error"]["values"][0]["value"], "url", "{reply}");
        }
    });
}

#[test]
fn roles_are_activated_given_and_taken() {
    on_every_engine(|bench| async move {
        let mut desk = Desk::aad(&bench).await;
        let clerk = desk.user("clerk").await;
        desk.say("GET /directoryRoles", "").await;
        let template = DirectoryRole::HelpdeskAdmin.template();
        let activate = json!({"roleTemplateId": template.to_string()}).to_string();
        let role = desk.say("POST /directoryRoles", &activate).await.expect(201).json();
        let role = role["objectId"].as_str().unwrap().to_owned();
        desk.say("POST /directoryRoles", &activate).await;
        desk.say(&format!("POST /directoryRoles/{role}/$links/members"), &link(clerk.id)).await;
        desk.say(&format!("GET /directoryRoles/{role}/members?$select=userPrincipalName,objectType"), "").await;
        desk.say(&format!("GET /directoryRoles/{role}/$links/members"), "").await;
        desk.say(&format!("GET /users/{}/memberOf", clerk.id), "").await;
        desk.say(&format!("DELETE /directoryRoles/{role}/$links/members/{}", clerk.id), "").await;
        desk.compare("aad_roles");
        let templates = desk.get("/directoryRoleTemplates").await;
        assert_eq!(ids(&templates).len(), DirectoryRole::ALL.len());
    });
}

#[test]
fn the_last_global_administrator_stays() {
    on_every_engine(|bench| async move {
        let desk = Desk::aad(&bench).await;
        let roles = desk.get("/directoryRoles?$filter=displayName eq 'Company Administrator'").await;
        let role = ids(&roles).remove(0);
        let clerk = desk.admin("clerk", DirectoryRole::GlobalAdmin).await;
        let link = format!("DELETE /directoryRoles/{role}/$links/members");
        // An application that holds the role does not count: it cannot sign in to put things right.
        let refused = desk.send(&format!("{link}/{}", clerk.id), "").await.expect(400);
        assert_eq!(code(&refused), "Request_BadRequest");
        desk.admin("operator", DirectoryRole::GlobalAdmin).await;
        desk.gives(204, &format!("{link}/{}", clerk.id), "").await;
    });
}
