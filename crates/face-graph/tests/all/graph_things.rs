//! Groups, roles, domains, licences, the organisation and objects in Microsoft Graph.

use crate::desk::{Desk, fault, ids, user};
use serde_json::json;
use tenantry_core::DirectoryRole;
use tenantry_directory::MICROSOFT_GRAPH;
use tenantry_testkit::on_every_engine;

fn reference(id: impl std::fmt::Display) -> String {
    json!({"@odata.id": format!("https://graph.microsoft.com/v1.0/directoryObjects/{id}")}).to_string()
}

#[test]
fn a_group_lives_with_members_and_owners() {
    on_every_engine(|bench| async move {
        let mut desk = Desk::graph(&bench).await;
        let (clerk, operator) = (desk.user("clerk").await, desk.user("operator").await);
        let new = json!({
            "displayName": "Panel operators", "mailEnabled": false, "mailNickname": "panel", "securityEnabled": true,
            "groupTypes": [], "owners@odata.bind": [format!("https://graph.microsoft.com/v1.0/users/{}", operator.id)],
        });
        let id = desk.say("POST /groups", &new.to_string()).await.expect(201).json()["id"].as_str().unwrap().to_owned();
        desk.say(&format!("POST /groups/{id}/members/$ref"), &reference(clerk.id)).await;
        desk.say(&format!("POST /groups/{id}/members/$ref"), &reference(clerk.id)).await;
        desk.say(&format!("GET /groups/{id}/members"), "").await;
        desk.say(&format!("GET /groups/{id}/owners?$select=id"), "").await;
        let both = [clerk.id, operator.id].map(|id| format!("{ORIGIN}/v1.0/users/{id}"));
        let both = json!({ "members@odata.bind": both });
        desk.say(&format!("PATCH /groups/{id}"), &both.to_string()).await;
        let one = json!({"description": "Who may press buttons", "members@odata.bind": [format!("{ORIGIN}/v1.0/users/{}", operator.id)]});
        desk.say(&format!("PATCH /groups/{id}"), &one.to_string()).await;
        assert_eq!(ids(&desk.get(&format!("/groups/{id}/members")).await).len(), 2);
        desk.say(&format!("GET /users/{}/transitiveMemberOf?$select=displayName", operator.id), "").await;
        desk.say(&format!("DELETE /groups/{id}/members/{}/$ref", clerk.id), "").await;
        desk.say(&format!("DELETE /groups/{id}"), "").await;
        desk.say(&format!("GET /groups/{id}"), "").await;
        desk.compare("graph_groups");
        let unified = json!({
            "displayName": "x", "mailEnabled": true, "mailNickname": "x", "securityEnabled": false, "groupTypes": ["Unified"],
        });
        let refused = desk.send("POST /groups", &unified.to_string()).await.expect(400);
        assert_eq!(refused.json()["error"]["target"], "groupTypes");
        let nobody = "1f0c2b9e-4a57-4d0b-9a38-5c2f6f1b7a10";
        let many = json!({
            "displayName": "x", "mailEnabled": false, "mailNickname": "x", "securityEnabled": true,
            "members@odata.bind": vec![format!("{ORIGIN}/v1.0/users/{nobody}"); 21],
        });
        desk.gives(413, "POST /groups", &many.to_string()).await;
        let mut missing = many;
        missing["members@odata.bind"] = json!([format!("{ORIGIN}/v1.0/users/{nobody}")]);
        desk.gives(404, "POST /groups", &missing.to_string()).await;
        assert_eq!(ids(&desk.get("/groups?$filter=displayName eq 'x'").await), Vec::<String>::new());
    });
}

const ORIGIN: &str = "https://graph.microsoft.com";

#[test]
fn roles_are_found_by_template() {
    on_every_engine(|bench| async move {
        let mut desk = Desk::graph(&bench).await;
        let clerk = desk.user("clerk").await;
        let template = DirectoryRole::UserAdmin.template();
        desk.say("POST /directoryRoles", &json!({"roleTemplateId": template.to_string()}).to_string()).await;
        desk.say(&format!("POST /directoryRoles(roleTemplateId='{template}')/members/$ref"), &reference(clerk.id))
            .await;
        desk.say(&format!("GET /directoryRoles(roleTemplateId='{template}')/members?$select=userPrincipalName"), "")
            .await;
        desk.say("GET /directoryRoles?$select=displayName,roleTemplateId", "").await;
        desk.say(&format!("GET /directoryRoleTemplates/{template}"), "").await;
        desk.say(&format!("GET /roleManagement/directory/roleDefinitions/{template}"), "").await;
        desk.say(&format!("DELETE /directoryRoles(roleTemplateId='{template}')/members/{}/$ref", clerk.id), "").await;
        desk.compare("graph_roles");
        let filter = "/roleManagement/directory/roleDefinitions?$filter=displayName eq 'Global Administrator'";
        assert_eq!(ids(&desk.get(filter).await), [DirectoryRole::GlobalAdmin.template().to_string()]);
    });
}

#[test]
fn the_organisation_and_its_domains() {
    on_every_engine(|bench| async move {
        let mut desk = Desk::graph(&bench).await;
        desk.channel.customer("Northwind").await;
        let organization = desk.say("GET /organization", "").await.expect(200).json();
        let id = organization["value"][0]["id"].as_str().unwrap().to_owned();
        desk.say(&format!("PATCH /organization/{id}"), r#"{"technicalNotificationMails":["ops@contoso.test"]}"#).await;
        let contracts = desk.say("GET /contracts", "").await.expect(200).json();
        desk.say(&format!("GET /contracts/{}", contracts["value"][0]["id"].as_str().unwrap()), "").await;
        let stranger = desk.channel.stranger.tenant;
        desk.say(&format!("GET /tenantRelationships/findTenantInformationByTenantId(tenantId='{stranger}')"), "").await;
        desk.say("GET /tenantRelationships/findTenantInformationByDomainName(domainName='fabrikam.example.test')", "")
            .await;
        desk.say("POST /domains", r#"{"id":"contoso.test"}"#).await;
        desk.say("POST /domains/contoso.test/verify", "").await;
        desk.say("GET /domains/contoso.test/serviceConfigurationRecords", "").await;
        desk.say("DELETE /domains/contoso.test", "").await;
        desk.compare("graph_organization");
        for (what, body, status) in [
            ("GET /tenantRelationships/findTenantInformationByTenantId(tenantId='x')", "", 400),
            ("GET /tenantRelationships/findTenantInformationByDomainName(domainName='nobody.test')", "", 404),
            ("POST /domains", "{}", 400),
            ("GET /domains/nobody.test", "", 404),
            ("GET /organization/1f0c2b9e-4a57-4d0b-9a38-5c2f6f1b7a10", "", 404),
            ("GET /contracts/none", "", 404),
        ] {
            desk.gives(status, what, body).await;
        }
    });
}

#[test]
fn licences_come_by_user_and_by_group() {
    on_every_engine(|bench| async move {
        let mut desk = Desk::graph(&bench).await;
        let customer = desk.customer_with_seats(2).await;
        desk.token = desk.customer_token(&customer, MICROSOFT_GRAPH).await;
        let clerk = user(&desk.channel, customer.id, &format!("clerk@{}", customer.domain)).await;
        let sku = desk.get("/subscribedSkus").await["value"][0].clone();
        assert_eq!(sku["prepaidUnits"]["enabled"], 2, "{sku}");
        assert_eq!((&sku["accountName"], &sku["accountId"]), (&json!("Northwind"), &json!(customer.id.to_string())));
        let path = format!("/subscribedSkus/{}", sku["id"].as_str().unwrap());
        assert_eq!(desk.get(&path).await["skuPartNumber"], "O365_BUSINESS_PREMIUM");
        let give = json!({"addLicenses": [{"skuId": sku["skuId"]}], "removeLicenses": []}).to_string();
        let given = desk.send(&format!("POST /users/{}/assignLicense", clerk.id), &give).await.expect(200).json();
        assert_eq!(given["assignedLicenses"][0]["skuId"], sku["skuId"]);
        assert_eq!(given["licenseAssignmentStates"][0]["assignedByGroup"], json!(null));
        let details = desk.get(&format!("/users/{}/licenseDetails", clerk.id)).await;
        assert_eq!(details["value"][0]["skuPartNumber"], "O365_BUSINESS_PREMIUM");
        let new = json!({"displayName": "x", "mailEnabled": false, "mailNickname": "x", "securityEnabled": true});
        let group =
            desk.send("POST /groups", &new.to_string()).await.expect(201).json()["id"].as_str().unwrap().to_owned();
        desk.gives(202, &format!("POST /groups/{group}/assignLicense"), &give).await;
        let operator = user(&desk.channel, customer.id, &format!("operator@{}", customer.domain)).await;
        desk.gives(204, &format!("POST /groups/{group}/members/$ref"), &reference(operator.id)).await;
        let states = desk.get(&format!("/users/{}?$select=licenseAssignmentStates", operator.id)).await;
        assert_eq!(states["licenseAssignmentStates"][0]["assignedByGroup"], group, "{states}");
        let guest = user(&desk.channel, customer.id, &format!("guest@{}", customer.domain)).await;
        let refused = desk.send(&format!("POST /users/{}/assignLicense", guest.id), &give).await.expect(400);
        assert_eq!(fault(&refused), "Request_BadRequest");
    });
}

#[test]
fn applications_tell_their_secret_once() {
    on_every_engine(|bench| async move {
        let mut desk = Desk::graph(&bench).await;
        let new = json!({
            "displayName": "Billing panel", "signInAudience": "AzureADMultipleOrgs",
            "web": {"redirectUris": ["https://panel.contoso.test/in"], "homePageUrl": "https://panel.contoso.test"},
            "publicClient": {"redirectUris": ["http://localhost"]},
            "requiredResourceAccess": [{
                "resourceAppId": "00000003-0000-0000-c000-000000000000",
                "resourceAccess": [{"id": "e1fe6dd8-ba31-4d61-89e7-88639da4683d", "type": "Scope"}],
            }],
        });
        let app = desk.say("POST /applications", &new.to_string()).await.expect(201).json();
        let (id, app_id) = (app["id"].as_str().unwrap().to_owned(), app["appId"].as_str().unwrap().to_owned());
        let named =
            json!({"passwordCredential": {"displayName": "panel", "endDateTime": "2027-01-01T00:00:00Z"}}).to_string();
        let made = desk.send(&format!("POST /applications/{id}/addPassword"), &named).await.expect(200).json();
        let secret = made["secretText"].as_str().unwrap();
        assert!(
            secret.len() >= 32 && made["displayName"] == "panel" && made["endDateTime"] == "2027-01-01T00:00:00Z",
            "{made}"
        );
        let read = desk.send(&format!("GET /applications(appId='{app_id}')"), "").await.expect(200);
        assert!(!read.text().contains(secret), "{read}");
        assert_eq!(read.json()["passwordCredentials"][0]["hint"], secret[..3], "{read}");
        let key = json!({"keyId": made["keyId"]}).to_string();
        desk.gives(204, &format!("POST /applications/{id}/removePassword"), &key).await;
        desk.gives(404, &format!("POST /applications/{id}/removePassword"), &key).await;
        desk.say("POST /servicePrincipals", &json!({"appId": app_id}).to_string()).await;
        desk.say(&format!("GET /servicePrincipals(appId='{app_id}')?$select=displayName,servicePrincipalNames"), "")
            .await;
        desk.say(
            &format!("PATCH /applications/{id}"),
            r#"{"web":{"logoutUrl":"https://panel.contoso.test/out"},"displayName":"Panel"}"#,
        )
        .await;
        desk.say(&format!("GET /applications?$filter=appId eq '{app_id}'&$select=displayName,web"), "").await;
        desk.say(&format!("DELETE /applications/{id}"), "").await;
        desk.say("GET /directory/deletedItems/microsoft.graph.application?$select=displayName", "").await;
        desk.say(&format!("POST /directory/deletedItems/{id}/restore"), "").await;
        desk.compare("graph_applications");
        for (body, field) in [
            (json!({}), "displayName"),
            (json!({"displayName": "x", "signInAudience": "PersonalMicrosoftAccount"}), "signInAudience"),
            (json!({"displayName": "x", "web": 7}), "web"),
            (json!({"displayName": "x", "web": {"redirectUris": 7}}), "web.redirectUris"),
            (json!({"displayName": "x", "spa": {"redirectUris": ["https://x.test"]}}), "spa"),
        ] {
            let reply = desk.send("POST /applications", &body.to_string()).await.expect(400);
            assert_eq!(reply.json()["error"]["target"], field, "{body}: {reply}");
        }
    });
}

#[test]
fn app_roles_are_given_and_taken() {
    on_every_engine(|bench| async move {
        let desk = Desk::graph(&bench).await;
        let principal = desk.app.identity.principal.to_string();
        let filter = format!("/servicePrincipals?$filter=appId eq '{}'", crate::desk::GRAPH);
        let api = desk.get(&filter).await["value"][0].clone();
        let (resource, roles) = (api["id"].as_str().unwrap(), api["appRoles"].as_array().unwrap());
        let role = roles.iter().find(|role| role["value"] == "Group.ReadWrite.All").unwrap()["id"].clone();
        let give = json!({"principalId": principal, "resourceId": resource, "appRoleId": role}).to_string();
        let path = format!("/servicePrincipals/{principal}/appRoleAssignments");
        let made = desk.send(&format!("POST {path}"), &give).await.expect(201).json();
        assert_eq!((&made["principalDisplayName"], &made["resourceId"]), (&json!("Directory tool"), &json!(resource)));
        let id = made["id"].as_str().unwrap();
        for list in [path.clone(), format!("/servicePrincipals/{resource}/appRoleAssignedTo")] {
            assert!(ids(&desk.get(&list).await).contains(&id.to_owned()), "{list}");
        }
        desk.gives(204, &format!("DELETE {path}/{id}"), "").await;
        desk.gives(404, &format!("DELETE {path}/{id}"), "").await;
        desk.gives(
            400,
            &format!("POST {path}"),
            &json!({"principalId": principal, "resourceId": resource}).to_string(),
        )
        .await;
    });
}

#[test]
fn objects_are_found_by_their_ids() {
    on_every_engine(|bench| async move {
        let desk = Desk::graph(&bench).await;
        let clerk = desk.user("clerk").await;
        let group = ids(&desk.get("/groups?$top=1").await).remove(0);
        let nobody = "1f0c2b9e-4a57-4d0b-9a38-5c2f6f1b7a10";
        for (types, count) in
            [(json!([]), 2), (json!(["user"]), 1), (json!(["directoryObject"]), 2), (json!(["device"]), 0)]
        {
            let body = json!({"ids": [clerk.id.to_string(), nobody, group.clone()], "types": types}).to_string();
            let found = desk.send("POST /directoryObjects/getByIds", &body).await.expect(200).json();
            assert_eq!(ids(&found).len(), count, "{types}: {found}");
        }
        let found = desk.get(&format!("/directoryObjects/{}", clerk.id)).await;
        assert_eq!(found["@odata.type"], "#microsoft.graph.user");
        desk.gives(204, &format!("DELETE /directoryObjects/{}", clerk.id), "").await;
        desk.gives(404, &format!("GET /directoryObjects/{}", clerk.id), "").await;
    });
}
