//! Every route of Microsoft Graph as nobody and as a stranger who names our things; see `strangers`.

use crate::desk::{Desk, GRAPH, fault, ids};
use crate::ids::Ids;
use serde_json::json;
use tenantry_core::{DirectoryRole, TenantKind};
use tenantry_directory::{MICROSOFT_GRAPH, directory_role_member_add, relationship_approve, user_delete};
use tenantry_face_graph::graph;
use tenantry_http::Route;
use tenantry_testkit::{ORIGIN, SUFFIX, on_every_engine};

/// Routes whose ids name nobody's own: the same in every tenant, or public by design. May only become shorter.
const PUBLIC: [&str; 5] = [
    "directory-role-templates.get",
    "role-definitions.get",
    "deleted-items.list",
    "tenant-information.by-id",
    "tenant-information.by-domain",
];

/// A body that is good enough for every write to get as far as looking for the thing.
fn body(route: &Route, ids: &Ids) -> String {
    let roles = json!({"unifiedRoles": [{"roleDefinitionId": DirectoryRole::HelpdeskAdmin.template()}]});
    match route.operation {
        "relationships.requests.create" => json!({"action": "terminate"}),
        "relationships.access.create" => {
            json!({"accessContainer": {"accessContainerId": ids.group}, "accessDetails": roles})
        }
        "relationships.access.change" => json!({"accessDetails": roles}),
        name if name.ends_with("app-roles.create") || name.ends_with("app-roles-given.create") => {
            json!({"principalId": ids.user, "resourceId": ids.principal, "appRoleId": ids.user})
        }
        name if name.ends_with(".change") && !route.pattern.contains("$ref") => json!({}),
        _ => json!({
            "securityEnabledOnly": false, "groupIds": [], "addLicenses": [], "removeLicenses": [], "keyId": ids.user,
            "currentPassword": "x", "newPassword": "y", "passwordCredential": null,
            "@odata.id": format!("{ORIGIN}/v1.0/directoryObjects/{}", ids.user),
        }),
    }
    .to_string()
}

#[test]
fn nobody_learns_anything() {
    on_every_engine(|bench| async move {
        let desk = Desk::graph(&bench).await;
        for route in graph::face(ORIGIN).routes {
            let path = Ids::default().graph(&route);
            let reply = desk.client.request(route.method.as_str(), &path).body("{}").send().await.expect(401);
            assert_eq!(fault(&reply), "InvalidAuthenticationToken", "{route:?}");
        }
    });
}

/// Our things.
async fn things(desk: &Desk) -> Ids {
    let (clerk, lead) = (desk.user("clerk").await, desk.user("lead").await);
    let customer = desk.channel.customer("Northwind").await;
    let (ctx, db) = (desk.ctx(), desk.channel.world().db());
    user_delete(&ctx, db, desk.tenant, lead.id).await.unwrap();
    let first = async |path: &str| ids(&desk.get(path).await).remove(0);
    let made = async |path: &str, body: serde_json::Value| {
        let made = desk.send(&format!("POST {path}"), &body.to_string()).await.expect(201).json();
        made["id"].as_str().unwrap().to_owned()
    };
    let principal = desk.app.identity.principal.to_string();
    let api = first(&format!("/servicePrincipals?$filter=appId eq '{GRAPH}'")).await;
    let grant = json!({
        "clientId": principal, "consentType": "Principal", "principalId": clerk.id.to_string(), "resourceId": api,
        "scope": "User.Read",
    });
    let group = json!({"displayName": "Agents", "mailEnabled": false, "mailNickname": "a", "securityEnabled": true});
    let group = made("/groups", group).await;
    let roles = json!({"unifiedRoles": [{"roleDefinitionId": DirectoryRole::HelpdeskAdmin.template()}]});
    let all = "/tenantRelationships/delegatedAdminRelationships";
    let relationship = json!({
        "displayName": "x", "duration": "P1D", "customer": {"tenantId": customer.id.to_string()}, "accessDetails": roles,
    });
    let relationship = made(all, relationship).await;
    let request = made(&format!("{all}/{relationship}/requests"), json!({"action": "lockForApproval"})).await;
    relationship_approve(&ctx, db, customer.id, &relationship).await.unwrap();
    let access = json!({"accessContainer": {"accessContainerId": group}, "accessDetails": roles});
    let assignment = made(&format!("{all}/{relationship}/accessAssignments"), access).await;
    Ids {
        user: clerk.id.to_string(),
        deleted_user: lead.id.to_string(),
        role: first("/directoryRoles").await,
        application: first(&format!("/applications?$filter=appId eq '{}'", desk.app.identity.app)).await,
        principal,
        grant: made("/oauth2PermissionGrants", grant).await,
        contract: first("/contracts").await,
        domain: format!("contoso.{SUFFIX}"),
        tenant_id: desk.tenant.to_string(),
        group,
        relationship,
        request,
        assignment,
        customer: customer.id.to_string(),
        ..Ids::default()
    }
}

#[test]
fn strangers_find_nothing_where_the_owner_finds_something() {
    on_every_engine(|bench| async move {
        let desk = Desk::graph(&bench).await;
        let ids = things(&desk).await;
        let channel = &desk.channel;
        let (tenant, kind) = (channel.stranger.tenant, TenantKind::Partner);
        let app = crate::desk::application(channel, (tenant, kind), "Stranger's tool", &[]).await;
        let (db, principal) = (channel.world().db(), app.identity.principal);
        directory_role_member_add(&desk.ctx(), db, tenant, DirectoryRole::GlobalAdmin, principal).await.unwrap();
        let stranger = channel.token(&app, MICROSOFT_GRAPH).await;
        let mut tried = 0;
        for route in graph::face(ORIGIN).routes {
            if !route.pattern.contains('{') || PUBLIC.contains(&route.operation) {
                continue;
            }
            let (method, path, body) = (route.method.as_str(), ids.graph(&route), body(&route, &ids));
            let reply = desk.send_as(&stranger, method, &path, &body).await;
            assert_eq!(reply.status, 404, "{route:?}: {reply}");
            for secret in ["clerk@", "Northwind", "Directory tool", "contoso."] {
                assert!(!reply.text().contains(secret) || route.pattern.contains("{domain}"), "{route:?}: {reply}");
            }
            tried += 1;
            // What is not there for the owner either: no licences, nobody's manager, no operation, no role given; and
            // what is taken away stays.
            let missing = ["{sku}", "{operation}", "appRoleAssign"].iter().any(|part| route.pattern.contains(part))
                || ["users.manager.get", "applications.remove-password"].contains(&route.operation);
            let takes = [".delete", ".remove"].iter().any(|end| route.operation.ends_with(end));
            if missing || takes || route.operation == "relationships.requests.create" {
                continue;
            }
            let reply = desk.send_as(&desk.token, method, &path, &body).await;
            assert!(reply.status < 500 && reply.status != 404, "{route:?}: {reply}");
        }
        assert!(tried > 60, "{tried}");
    });
}
