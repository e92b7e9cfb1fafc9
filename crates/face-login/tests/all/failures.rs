//! Our own failures: clients may try again, and learn nothing of the inside.

use crate::house::{AUTHORIZE, PARTNER_CENTER, V1, in_a_house};
use serde_json::json;

#[test]
fn a_database_that_is_gone_is_our_fault_and_may_be_tried_again() {
    in_a_house(|house| async move {
        house.channel.world().close().await.unwrap();
        let form = format!("{}&resource={PARTNER_CENTER}", house.credentials());
        for reply in [house.post(V1, &[], &form).await, house.get("/contoso.example.test/discovery/keys").await] {
            let body = reply.clone().expect(503).json();
            assert_eq!((&body["error"], &body["error_codes"]), (&json!("temporarily_unavailable"), &json!([90_033])));
            let description = body["error_description"].as_str().unwrap();
            assert!(description.starts_with("AADSTS90033: the database does not answer"), "{description}");
            assert!(!reply.text().contains(&house.secret), "the secret came back: {reply}");
        }
        // A person gets a page.
        let asked = house.client.get(AUTHORIZE).header("accept", "text/html,*/*;q=0.8");
        let page = asked.send().await.expect(503);
        assert!(page.text().contains("<h1>Something went wrong on our side</h1>"), "{page}");
        assert!(page.text().contains("AADSTS90033"), "{page}");
    });
}
