//! Granular delegated administration, from the partner's first line to its end.

use crate::desk::{Desk, fault, ids};
use serde_json::json;
use tenantry_core::DirectoryRole;
use tenantry_directory::{MICROSOFT_GRAPH, relationship_approve};
use tenantry_testkit::on_every_engine;

const ALL: &str = "/tenantRelationships/delegatedAdminRelationships";

/// What an `If-Match` takes back.
async fn tagged(desk: &Desk, what: &str, tag: &str, body: &str) -> tenantry_testkit::Reply {
    let (method, path) = what.split_once(' ').unwrap();
    desk.client.request(method, &desk.path(path)).token(&desk.token).header("If-Match", tag).body(body).send().await
}

#[test]
fn a_relationship_is_written_locked_approved_used_and_ended() {
    on_every_engine(|bench| async move {
        let mut desk = Desk::graph(&bench).await;
        let customer = desk.channel.customer("Northwind").await;
        let roles = |roles: &[DirectoryRole]| {
            let roles: Vec<_> = roles.iter().map(|role| json!({"roleDefinitionId": role.template()})).collect();
            json!({ "unifiedRoles": roles })
        };
        let new = json!({
            "displayName": "Helpdesk for Northwind", "duration": "P730D", "autoExtendDuration": "P180D",
            "customer": {"tenantId": customer.id.to_string(), "displayName": "Northwind"},
            "accessDetails": roles(&[DirectoryRole::HelpdeskAdmin, DirectoryRole::LicenceAdmin]),
        });
        let made = desk.say(&format!("POST {ALL}"), &new.to_string()).await.expect(201).json();
        let id = made["id"].as_str().unwrap().to_owned();
        let tag = made["@odata.etag"].as_str().unwrap().to_owned();
        let one = format!("{ALL}/{id}");
        desk.gives(412, &format!("PATCH {one}"), r#"{"duration":"P365D"}"#).await;
        let changed = tagged(&desk, &format!("PATCH {one}"), &tag, r#"{"duration":"P365D"}"#).await.expect(200).json();
        assert_eq!(changed["duration"], "P365D");
        let stale = tagged(&desk, &format!("PATCH {one}"), &tag, r#"{"duration":"P1D"}"#).await.expect(412);
        assert_eq!(fault(&stale), "PreconditionFailed");
        desk.say(&format!("POST {one}/requests"), r#"{"action":"lockForApproval"}"#).await;
        let tag = changed["@odata.etag"].as_str().unwrap();
        assert_eq!(tagged(&desk, &format!("DELETE {one}"), tag, "").await.status, 412, "locked meanwhile");
        let now = desk.get(&one).await["@odata.etag"].as_str().unwrap().to_owned();
        assert_eq!(tagged(&desk, &format!("DELETE {one}"), &now, "").await.status, 409, "locked");
        desk.say(&format!("POST {one}/requests"), r#"{"action":"approve"}"#).await;
        // The customer's own administrator sees it and approves.
        let theirs = desk.customer_token(&customer, MICROSOFT_GRAPH).await;
        let seen = desk.send_as(&theirs, "GET", &desk.path(ALL), "").await.expect(200).json();
        assert_eq!(ids(&seen), [id.as_str()]);
        relationship_approve(&desk.ctx(), desk.channel.world().db(), customer.id, &id).await.unwrap();
        desk.say(&format!("GET {one}"), "").await;
        let new =
            json!({"displayName": "Agents", "mailEnabled": false, "mailNickname": "agents", "securityEnabled": true});
        let group = desk.send("POST /groups", &new.to_string()).await.expect(201).json()["id"].clone();
        let access = json!({
            "accessContainer": {"accessContainerId": group, "accessContainerType": "securityGroup"},
            "accessDetails": roles(&[DirectoryRole::HelpdeskAdmin]),
        });
        let mut to_nobody = access.clone();
        to_nobody["accessContainer"]["accessContainerId"] = json!("00000000-0000-0000-0000-000000000009");
        // The address is good and what was sent is not.
        desk.gives(400, &format!("POST {one}/accessAssignments"), &to_nobody.to_string()).await;
        let access = desk.say(&format!("POST {one}/accessAssignments"), &access.to_string()).await.expect(201).json();
        let (assignment, tag) = (access["id"].as_str().unwrap(), access["@odata.etag"].as_str().unwrap());
        let path = format!("{one}/accessAssignments/{assignment}");
        let more =
            json!({"accessDetails": roles(&[DirectoryRole::HelpdeskAdmin, DirectoryRole::LicenceAdmin])}).to_string();
        let changed = tagged(&desk, &format!("PATCH {path}"), tag, &more).await.expect(202);
        assert_eq!((changed.header("retry-after"), changed.text().as_str()), ("10", "{}"));
        let operation = changed.header("location").rsplit('/').next().unwrap().to_owned();
        assert_eq!(desk.get(&format!("{one}/operations/{operation}")).await["status"], "succeeded");
        let tag = desk.get(&path).await["@odata.etag"].as_str().unwrap().to_owned();
        let same = tagged(&desk, &format!("PATCH {path}"), &tag, &more).await.expect(200);
        assert_eq!(same.json()["id"], assignment);
        desk.say("GET /tenantRelationships/delegatedAdminCustomers", "").await;
        let details = format!("/tenantRelationships/delegatedAdminCustomers/{}/serviceManagementDetails", customer.id);
        assert_eq!(ids(&desk.get(&details).await), Vec::<String>::new());
        assert_eq!(tagged(&desk, &format!("DELETE {path}"), &tag, "").await.status, 204);
        desk.say(&format!("POST {one}/requests"), r#"{"action":"terminate"}"#).await;
        desk.say(&format!("GET {one}/requests?$select=action,status"), "").await;
        desk.say(&format!("GET {ALL}?$filter=status eq 'terminated'&$select=displayName,status&$count=true"), "").await;
        desk.compare("graph_gdap");
    });
}

#[test]
fn bad_relationships_are_refused_by_name() {
    on_every_engine(|bench| async move {
        let desk = Desk::graph(&bench).await;
        let role = json!({"unifiedRoles": [{"roleDefinitionId": DirectoryRole::HelpdeskAdmin.template()}]});
        let good = json!({"displayName": "x", "duration": "P1D", "accessDetails": role});
        let with = |name: &str, value: serde_json::Value| {
            let mut body = good.clone();
            body[name] = value;
            body
        };
        for (body, field) in [
            (with("displayName", json!(null)), "displayName"),
            (with("displayName", json!("x".repeat(51))), "displayName"),
            (with("duration", json!(null)), "duration"),
            (with("duration", json!("P3Y")), "duration"),
            (with("autoExtendDuration", json!("P7D")), "autoExtendDuration"),
            (with("accessDetails", json!(null)), "accessDetails"),
            (with("accessDetails", json!({})), "accessDetails.unifiedRoles"),
            (with("accessDetails", json!({"unifiedRoles": []})), "accessDetails.unifiedRoles"),
            (with("accessDetails", json!({"unifiedRoles": [{}]})), "accessDetails.unifiedRoles[0].roleDefinitionId"),
            (with("customer", json!({"tenantId": "x"})), "customer.tenantId"),
            (with("status", json!("active")), "status"),
        ] {
            let reply = desk.send(&format!("POST {ALL}"), &body.to_string()).await.expect(400);
            assert_eq!(reply.json()["error"]["target"], field, "{body}: {reply}");
        }
        let made = desk.send(&format!("POST {ALL}"), &good.to_string()).await.expect(201).json();
        let one = format!("{ALL}/{}", made["id"].as_str().unwrap());
        for body in ["{}", r#"{"action":"explode"}"#] {
            desk.gives(400, &format!("POST {one}/requests"), body).await;
        }
        for path in ["requests/x", "accessAssignments/x", "operations/x"] {
            desk.gives(404, &format!("GET {one}/{path}"), "").await;
        }
        desk.gives(400, &format!("GET {ALL}?$top=301"), "").await;
        desk.gives(404, "GET /tenantRelationships/delegatedAdminCustomers/x", "").await;
    });
}
