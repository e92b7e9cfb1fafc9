//! Every route as nobody, as a stranger who names our tenant, and as a stranger who names our things in its own: 401, and
//! nothing there. The routes come from the route table and the ids in them are real, so a new route is tried the day it
//! is added. The owner asks the same question: to it the thing is there, or the stranger's 404 would prove nothing.

use crate::desk::{Desk, code, ids};
use crate::ids::Ids;
use serde_json::json;
use tenantry_core::{DirectoryRole, TenantKind};
use tenantry_directory::{DIRECTORY_GRAPH, directory_role_member_add, user_delete};
use tenantry_face_graph::aad;
use tenantry_http::{Method, Route};
use tenantry_testkit::{ORIGIN, SUFFIX, on_every_engine};

/// Routes whose ids name nobody's own: answers about a type, or the same in every tenant. May only become shorter.
const PUBLIC: [&str; 2] = ["directory-objects.list", "batch.post"];

/// A body that is good enough for every write to get as far as looking for the thing.
const BODY: &str = r#"{"securityEnabledOnly":false,"groupIds":[],"addLicenses":[],"removeLicenses":[],"value":[],
    "currentPassword":"x","newPassword":"y","url":"https://localhost/x/directoryObjects/00000000-0000-4000-8000-000000000000"}"#;

/// The id in it, which names nothing.
const NOBODY: &str = "00000000-0000-4000-8000-000000000000";

/// Changes take no member they do not know, so they get none.
fn body(route: &Route) -> &'static str {
    let only = [".create", ".change", ".restore"].iter().any(|end| route.operation.ends_with(end));
    let link =
        route.pattern.contains("$links") || route.operation.contains(".secrets.") || route.operation.contains(".keys.");
    match route.method {
        Method::GET | Method::DELETE => "",
        _ if only && !link => "{}",
        _ => BODY,
    }
}

#[test]
fn nobody_learns_anything() {
    on_every_engine(|bench| async move {
        let desk = Desk::aad(&bench).await;
        for route in aad::face(ORIGIN).routes {
            let path = Ids::default().aad(&route);
            let reply = desk.client.request(route.method.as_str(), &path).body(BODY).send().await.expect(401);
            assert_eq!(code(&reply), "Authentication_MissingOrMalformed", "{route:?}");
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
    let app = json!({"displayName": "Deleted"}).to_string();
    let deleted =
        desk.send("POST /applications", &app).await.expect(201).json()["objectId"].as_str().unwrap().to_owned();
    desk.gives(204, &format!("DELETE /applications/{deleted}"), "").await;
    let own = format!("/applications?$filter=appId eq '{}'", desk.app.identity.app);
    let api = first(&format!("/servicePrincipals?$filter=appId eq '{}'", crate::desk::AAD)).await;
    let consent = json!({
        "clientId": desk.app.identity.principal.to_string(), "consentType": "Principal",
        "principalId": clerk.id.to_string(), "resourceId": api, "scope": "User.Read",
    });
    let grant = desk.send("POST /oauth2PermissionGrants", &consent.to_string()).await.expect(201).json();
    let _ = customer;
    Ids {
        tenant: desk.tenant.to_string(),
        user: clerk.id.to_string(),
        deleted_user: lead.id.to_string(),
        group: first("/groups").await,
        role: first("/directoryRoles").await,
        application: first(&own).await,
        deleted_application: deleted,
        principal: desk.app.identity.principal.to_string(),
        app: desk.app.identity.app.to_string(),
        grant: grant["objectId"].as_str().unwrap().to_owned(),
        contract: first("/contracts").await,
        domain: format!("contoso.{SUFFIX}"),
        tenant_id: desk.tenant.to_string(),
        ..Ids::default()
    }
}

#[test]
fn strangers_find_nothing_where_the_owner_finds_something() {
    on_every_engine(|bench| async move {
        let desk = Desk::aad(&bench).await;
        let ids = things(&desk).await;
        let channel = &desk.channel;
        let (tenant, kind) = (channel.stranger.tenant, TenantKind::Partner);
        let app = crate::desk::application(channel, (tenant, kind), "Stranger's tool", &[]).await;
        let (db, principal) = (channel.world().db(), app.identity.principal);
        directory_role_member_add(&desk.ctx(), db, tenant, DirectoryRole::GlobalAdmin, principal).await.unwrap();
        let stranger = channel.token(&app, DIRECTORY_GRAPH).await;
        for route in aad::face(ORIGIN).routes {
            let method = route.method.as_str();
            // Our tenant in the path, the stranger's token.
            let reply = desk.send_as(&stranger, method, &ids.aad(&route), body(&route)).await.expect(404);
            assert_eq!(code(&reply), "Directory_ObjectNotFound", "{route:?}: {reply}");
            let named = route.pattern.split('/').skip(2).any(|segment| segment.starts_with('{'));
            if !named || PUBLIC.contains(&route.operation) {
                continue;
            }
            // The stranger's own tenant in the path, our things below it.
            let inside = Ids { tenant: "myorganization".to_owned(), ..ids.clone() };
            let reply = desk.send_as(&stranger, method, &inside.aad(&route), body(&route)).await;
            assert_eq!(reply.status, 404, "{route:?}: {reply}");
            for secret in ["clerk@", "Northwind", "Directory tool", "contoso."] {
                assert!(!reply.text().contains(secret) || route.pattern.contains("{domain}"), "{route:?}: {reply}");
            }
            if route.operation.ends_with(".delete")
                || route.operation.ends_with(".remove")
                || route.pattern.contains("{sku}")
            {
                continue;
            }
            let body = body(&route).replace(NOBODY, &ids.user);
            let reply = desk.send_as(&desk.token, method, &inside.aad(&route), &body).await;
            let may_be_missing = ["users.manager.get", "users.manager.link"].contains(&route.operation);
            assert!(reply.status < 500 && (reply.status != 404 || may_be_missing), "{route:?}: {reply}");
        }
    });
}
