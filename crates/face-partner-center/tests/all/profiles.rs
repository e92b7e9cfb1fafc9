//! The partner's own profiles, and signing in to the face.

use crate::desk::{Desk, fault};
use tenantry_directory::{DIRECTORY_GRAPH, MANAGEMENT, PARTNER_CENTER, PARTNER_CENTER_OLD};
use tenantry_testkit::{ORIGIN, on_every_engine};

#[test]
fn a_session_begins_with_the_profiles() {
    on_every_engine(|bench| async move {
        let mut desk = Desk::new(&bench).await;
        desk.say("GET /v1/profiles/organization", &[], "").await;
        desk.say("GET /v1/profiles/billing", &[], "").await;
        desk.compare("profiles");
    });
}

#[test]
fn tokens_for_all_names_of_this_api_are_taken() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await;
        for (resource, expected) in [
            (PARTNER_CENTER, "200"),
            ("https://api.partnercenter.microsoft.com/", "200"),
            (DIRECTORY_GRAPH, "200"),
            ("https://graph.windows.net/", "200"),
            (PARTNER_CENTER_OLD, "200"),
            (ORIGIN, "200"),
            (MANAGEMENT, "401 900420"),
        ] {
            let token = desk.channel.token(&desk.channel.partner_app, resource).await;
            let reply = desk.client.get("/v1/profiles/organization").token(&token).send().await;
            let seen =
                if reply.status == 200 { "200".to_owned() } else { format!("{} {}", reply.status, fault(&reply)) };
            assert_eq!(seen, expected, "{resource}");
        }
    });
}

#[test]
fn clients_of_2016_get_their_token_back() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await;
        let form = "client_id=7&grant_type=jwt_token";
        let reply = desk.client.post("/GenerateToken").token(&desk.token).form(form).send().await.expect(200);
        assert_eq!(reply.json()["access_token"], desk.token.as_str());
        assert_eq!(reply.header("cache-control"), "no-store");
        let reply = desk.client.post("/generatetoken").form(form).send().await.expect(401);
        assert_eq!(fault(&reply), "800001 Authorization");
        let form = "grant_type=password";
        let reply = desk.client.post("/generatetoken").token(&desk.token).form(form).send().await.expect(400);
        assert_eq!(fault(&reply), "800042 grant_type");
    });
}

#[test]
fn ids_are_echoed_and_the_content_type_is_that_of_the_original() {
    on_every_engine(|bench| async move {
        let desk = Desk::new(&bench).await;
        let ids = [
            "MS-RequestId: 5CE66DE5-eea9-486f-a11c-c852aa3d1502",
            "MS-CorrelationId: a2a912ee-d595-47e2-97ae-1b0ae1efa13d",
        ];
        for path in ["/v1/profiles/organization", "/v1/customers/none", "/v1/none"] {
            let reply = desk.send(&format!("GET {path}"), &ids, "").await;
            assert_eq!(reply.header("MS-RequestId"), "5CE66DE5-eea9-486f-a11c-c852aa3d1502", "{path}");
            assert_eq!(reply.header("MS-CorrelationId"), "a2a912ee-d595-47e2-97ae-1b0ae1efa13d", "{path}");
            assert_eq!(reply.header("Content-Type"), "application/json; charset=utf-8", "{path}");
            assert!(!reply.body.starts_with(b"\xEF\xBB\xBF"), "no byte order mark");
        }
    });
}
