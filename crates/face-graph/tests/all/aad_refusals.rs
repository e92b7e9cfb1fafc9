//! Refusals that belong to no single resource.

use crate::desk::{Desk, code};
use tenantry_directory::{MANAGEMENT, MICROSOFT_GRAPH, PARTNER_CENTER};
use tenantry_testkit::{SUFFIX, on_every_engine};

#[test]
fn version_tenant_and_token_are_looked_at_first() {
    on_every_engine(|bench| async move {
        let desk = Desk::aad(&bench).await;
        let token = desk.token.clone();
        let stranger = desk.channel.stranger.tenant;
        for (path, status, wanted) in [
            ("/myorganization/users".to_owned(), 400, "Request_DataContractVersionMissing"),
            ("/myorganization/users?api-version=".to_owned(), 400, "Request_DataContractVersionMissing"),
            ("/myorganization/users?api-version=2.0".to_owned(), 400, "Request_InvalidDataContractVersion"),
            (format!("/{stranger}/users?api-version=1.6"), 404, "Directory_ObjectNotFound"),
            (format!("/fabrikam.{SUFFIX}/users?api-version=1.6"), 404, "Directory_ObjectNotFound"),
            (format!("/nobody.{SUFFIX}/users?api-version=1.6"), 404, "Directory_ObjectNotFound"),
            ("/myorganization/users/nobody?api-version=1.6".to_owned(), 404, "Request_ResourceNotFound"),
        ] {
            let reply = desk.send_as(&token, "GET", &path, "").await.expect(status);
            assert_eq!(code(&reply), wanted, "{path}: {reply}");
            assert_eq!(reply.header("dataserviceversion"), "3.0;", "{path}");
        }
        let patched = desk.send("PUT /users", "{}").await.expect(405);
        assert_eq!(code(&patched), "Request_BadRequest");
        let none = desk.client.get("/myorganization/users?api-version=1.6").send().await.expect(401);
        assert_eq!(code(&none), "Authentication_MissingOrMalformed");
        let forged = desk.send_as("a.b.c", "GET", "/me?api-version=1.6", "").await.expect(401);
        assert_eq!(code(&forged), "Authentication_MissingOrMalformed");
    });
}

#[test]
fn tokens_of_two_apis_are_taken_and_of_no_other() {
    on_every_engine(|bench| async move {
        let desk = Desk::aad(&bench).await;
        for (resource, status) in [(MANAGEMENT, 200), (PARTNER_CENTER, 401), (MICROSOFT_GRAPH, 401)] {
            let token = desk.channel.token(&desk.app, resource).await;
            let reply = desk.send_as(&token, "GET", "/myorganization/tenantDetails?api-version=1.6", "").await;
            assert_eq!(reply.status, status, "{resource}: {reply}");
        }
        let old = desk.token.clone();
        desk.channel.advance_to("2026-01-10T20:00:00Z").await;
        let expired = desk.send_as(&old, "GET", "/myorganization/users?api-version=1.6", "").await.expect(401);
        assert_eq!(code(&expired), "Authentication_ExpiredToken");
    });
}

#[test]
fn who_may_not_is_told_so() {
    on_every_engine(|bench| async move {
        let desk = Desk::aad(&bench).await;
        let token = desk.channel.token(&desk.channel.partner_app, tenantry_directory::DIRECTORY_GRAPH).await;
        let contracts = desk.send_as(&token, "GET", "/myorganization/contracts?api-version=1.6", "").await;
        assert_eq!(contracts.status, 200, "{contracts}");
        for (method, path) in [("POST", "/groups"), ("DELETE", "/domains/contoso.example.test")] {
            let body = r#"{"displayName":"x","mailNickname":"x","mailEnabled":false,"securityEnabled":true}"#;
            let reply = desk.send_as(&token, method, &desk.path(path), body).await.expect(403);
            assert_eq!(code(&reply), "Authorization_RequestDenied", "{path}");
        }
    });
}
