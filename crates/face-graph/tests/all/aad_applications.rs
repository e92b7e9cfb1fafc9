//! Applications, service principals, credentials and consent.

use crate::desk::{AAD, Desk, GRAPH, ids};
use serde_json::json;
use tenantry_testkit::on_every_engine;

const PANEL: &str = r#"{"displayName":"Billing panel","availableToOtherTenants":true,"homepage":"https://panel.contoso.test","identifierUris":["https://contoso.example.test/panel"],"replyUrls":["https://panel.contoso.test/signed-in"],"requiredResourceAccess":[{"resourceAppId":"00000002-0000-0000-c000-000000000000","resourceAccess":[{"id":"311a71cc-e848-46a1-bdf8-97ff7156d8e6","type":"Scope"}]}]}"#;

#[test]
fn an_application_is_registered_joined_consented_to_and_removed() {
    on_every_engine(|bench| async move {
        let mut desk = Desk::aad(&bench).await;
        let app = desk.say("POST /applications", PANEL).await.expect(201).json();
        let (id, app_id) = (app["objectId"].as_str().unwrap().to_owned(), app["appId"].as_str().unwrap().to_owned());
        desk.say(
            &format!("GET /applications?$filter=appId eq '{app_id}'&$select=displayName,recordConsentConditions"),
            "",
        )
        .await;
        let silent = r#"{"recordConsentConditions":"SilentConsentForPartnerManagedApp"}"#;
        desk.say(&format!("PATCH /applications/{id}"), silent).await;
        let join = json!({"appId": app_id, "accountEnabled": true}).to_string();
        let principal = desk.say("POST /servicePrincipals", &join).await.expect(201).json();
        let principal = principal["objectId"].as_str().unwrap().to_owned();
        desk.say(&format!("GET /servicePrincipalsByAppId/{app_id}/objectId"), "").await;
        let api = desk.get(&format!("/servicePrincipals?$filter=appId eq '{AAD}'&$select=objectId")).await;
        let api = ids(&api).remove(0);
        let consent = json!({
            "clientId": principal, "consentType": "AllPrincipals", "principalId": null, "resourceId": api,
            "scope": "User.Read", "startTime": "2026-01-01T00:00:00Z", "expiryTime": "2030-01-01T00:00:00Z",
        });
        let grant = desk.say("POST /oauth2PermissionGrants", &consent.to_string()).await.expect(201).json();
        let grant = grant["objectId"].as_str().unwrap().to_owned();
        desk.say(&format!("PATCH /oauth2PermissionGrants/{grant}"), r#"{"scope":"User.Read Directory.Read.All"}"#)
            .await;
        desk.say(&format!("GET /oauth2PermissionGrants?$filter=clientId eq '{principal}'"), "").await;
        desk.say(&format!("DELETE /oauth2PermissionGrants/{grant}"), "").await;
        desk.say(&format!("PATCH /servicePrincipals/{principal}"), r#"{"accountEnabled":false,"tags":["panel"]}"#)
            .await;
        desk.say(&format!("GET /servicePrincipals/{principal}?$select=accountEnabled,tags"), "").await;
        desk.say(&format!("DELETE /applications/{id}"), "").await;
        desk.say("GET /deletedApplications?$select=displayName,deletionTimestamp", "").await;
        desk.say(&format!("POST /deletedApplications/{id}/restore"), r#"{"identifierUris":[]}"#).await;
        desk.gives(204, &format!("DELETE /applications/{id}"), "").await;
        desk.say(&format!("DELETE /deletedApplications/{id}"), "").await;
        desk.say(&format!("GET /deletedApplications/{id}"), "").await;
        desk.compare("aad_applications");
    });
}

#[test]
fn secrets_are_replaced_as_a_list() {
    on_every_engine(|bench| async move {
        let desk = Desk::aad(&bench).await;
        let made = desk.send("POST /applications", PANEL).await.expect(201).json();
        let secrets = format!("/applications/{}/passwordCredentials", made["objectId"].as_str().unwrap());
        let value = "7Q8~kJ2pXw.vR4tYm-Zc9LbN6sHd3GfA1eUo";
        let first = json!({"value": [{
            "keyId": "1f0c2b9e-4a57-4d0b-9a38-5c2f6f1b7a10",
            "startDate": "2026-01-10T16:00:00Z", "endDate": "2027-01-10T16:00:00Z",
            "customKeyIdentifier": "cGFuZWw=", "value": value,
        }]});
        desk.gives(204, &format!("PATCH {secrets}"), &first.to_string()).await;
        let kept = desk.send(&format!("GET {secrets}"), "").await.expect(200);
        assert!(!kept.text().contains(value), "a secret is shown: {kept}");
        let kept = kept.json()["value"].clone();
        assert_eq!(kept.as_array().unwrap().len(), 1, "{kept}");
        for (name, expected) in [
            ("customKeyIdentifier", json!("cGFuZWw=")),
            ("endDate", json!("2027-01-10T16:00:00Z")),
            ("keyId", json!("1f0c2b9e-4a57-4d0b-9a38-5c2f6f1b7a10")),
            ("value", json!(null)),
        ] {
            assert_eq!(kept[0][name], expected, "{name}");
        }
        // What was read is written back with another one, and then only that one.
        let second =
            json!({"keyId": "2f0c2b9e-4a57-4d0b-9a38-5c2f6f1b7a10", "value": "9W2~mK5rZt.xB7uPq-Lf4DjS8cVg1HnE3aYi"});
        let both = json!({"value": [kept[0], second]}).to_string();
        desk.gives(204, &format!("PATCH {secrets}"), &both).await;
        assert_eq!(desk.get(&secrets).await["value"].as_array().unwrap().len(), 2);
        let one = json!({"value": [{"keyId": "2f0c2b9e-4a57-4d0b-9a38-5c2f6f1b7a10"}]}).to_string();
        desk.gives(204, &format!("PATCH {secrets}"), &one).await;
        assert_eq!(desk.get(&secrets).await["value"].as_array().unwrap().len(), 1);
        for body in [r#"{}"#, r#"{"value":[{}]}"#, r#"{"value":[{"value":"guess"}]}"#, r#"{"value":[7]}"#] {
            desk.gives(400, &format!("PATCH {secrets}"), body).await;
        }
        let keys = secrets.replace("passwordCredentials", "keyCredentials");
        let certificate = json!({"value": [{"type": "AsymmetricX509Cert", "usage": "Verify", "value": "AAAA"}]});
        desk.gives(400, &format!("PATCH {keys}"), &certificate.to_string()).await;
        assert_eq!(desk.get(&keys).await["value"], json!([]));
    });
}

#[test]
fn bad_applications_and_consents_are_refused_by_name() {
    on_every_engine(|bench| async move {
        let desk = Desk::aad(&bench).await;
        let principal = desk.app.identity.principal.to_string();
        let api =
            ids(&desk.get(&format!("/servicePrincipals?$filter=appId eq '{GRAPH}'&$select=objectId")).await).remove(0);
        for (what, body, status, field) in [
            ("POST /applications", json!({}), 400, "displayName"),
            ("POST /applications", json!({"displayName": "x", "replyUrls": "x"}), 400, "replyUrls"),
            (
                "POST /applications",
                json!({"displayName": "x", "recordConsentConditions": "Loud"}),
                400,
                "recordConsentConditions",
            ),
            ("POST /applications", json!({"displayName": "x", "appId": principal}), 400, "appId"),
            ("POST /servicePrincipals", json!({}), 400, "appId"),
            ("POST /servicePrincipals", json!({"appId": "x"}), 400, "appId"),
            ("POST /oauth2PermissionGrants", json!({}), 400, "consentType"),
            ("POST /oauth2PermissionGrants", json!({"consentType": "Everybody"}), 400, "consentType"),
            ("POST /oauth2PermissionGrants", json!({"consentType": "Principal"}), 400, "principalId"),
            ("POST /oauth2PermissionGrants", json!({"consentType": "AllPrincipals"}), 400, "clientId"),
            (
                "POST /oauth2PermissionGrants",
                json!({"consentType": "AllPrincipals", "clientId": principal}),
                400,
                "resourceId",
            ),
        ] {
            let reply = desk.send(what, &body.to_string()).await.expect(status);
            let seen = &reply.json()["odata.error"]["values"][0]["value"];
            assert_eq!(seen, field, "{what} {body}: {reply}");
        }
        let unknown = json!({"consentType": "AllPrincipals", "clientId": principal, "resourceId": api, "scope": "Everything.Forever"});
        desk.gives(400, "POST /oauth2PermissionGrants", &unknown.to_string()).await;
        desk.gives(404, "GET /applications/none", "").await;
        desk.gives(404, "GET /servicePrincipalsByAppId/none/objectId", "").await;
    });
}
