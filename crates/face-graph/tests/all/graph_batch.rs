//! Several operations of Microsoft Graph in one request.

use crate::desk::{Desk, fault};
use serde_json::{Value, json};
use tenantry_testkit::on_every_engine;

fn entry<'a>(responses: &'a Value, id: &str) -> &'a Value {
    responses["responses"].as_array().unwrap().iter().find(|entry| entry["id"] == id).unwrap()
}

#[test]
fn each_operation_has_its_own_answer_and_waits_for_what_it_needs() {
    on_every_engine(|bench| async move {
        let desk = Desk::graph(&bench).await;
        let group = json!({"displayName": "Panel", "mailEnabled": false, "mailNickname": "p", "securityEnabled": true});
        let headers = json!({"Content-Type": "application/json"});
        let batch = json!({"requests": [
            {"id": "1", "method": "GET", "url": "/groups?$filter=displayName eq 'Panel'&$select=displayName", "dependsOn": ["2"]},
            {"id": "2", "method": "POST", "url": "groups", "headers": headers, "body": group},
            {"id": "3", "method": "GET", "url": "/users/nobody"},
            {"id": "4", "method": "GET", "url": "/organization", "dependsOn": ["3"]},
            {"id": "5", "method": "GET", "url": "/v1.0/nothing"},
            {"id": "6", "method": "PUT", "url": "/users"},
        ]});
        let answer = desk.send("POST /$batch", &batch.to_string()).await.expect(200).json();
        for (id, status) in [("1", 200), ("2", 201), ("3", 404), ("4", 424), ("5", 404), ("6", 405)] {
            assert_eq!(entry(&answer, id)["status"], status, "{id}: {answer}");
        }
        assert_eq!(entry(&answer, "1")["body"]["value"], json!([{"displayName": "Panel"}]));
        assert_eq!(entry(&answer, "3")["body"]["error"]["code"], "Request_ResourceNotFound");
        assert!(entry(&answer, "2")["headers"]["location"].as_str().unwrap().contains("/v1.0/groups/"));
        let twice = json!({"requests": [{"id": "1", "method": "GET", "url": "/me"}, {"id": "1", "method": "GET", "url": "/me"}]});
        assert_eq!(fault(&desk.send("POST /$batch", &twice.to_string()).await.expect(400)), "Request_BadRequest");
        let inside =
            json!({"requests": [{"id": "1", "method": "POST", "url": "/$batch", "headers": headers, "body": {}}]});
        let answer = desk.send("POST /$batch", &inside.to_string()).await.expect(200).json();
        assert_eq!(entry(&answer, "1")["status"], 404, "a batch in a batch: {answer}");
    });
}
