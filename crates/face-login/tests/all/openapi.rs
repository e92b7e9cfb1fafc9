//! The committed document is what is served.

use crate::house::{V1, in_a_house};
use serde_json::Value;
use tenantry_face_login::{face, openapi_text};
use tenantry_testkit::golden;

#[test]
fn generated_openapi() {
    golden(env!("CARGO_MANIFEST_DIR"), "../../openapi/login.json", openapi_text(&face()));
}

/// The one schema written by hand beside the code that makes the body.
#[test]
fn refusals_have_the_members_the_document_names() {
    in_a_house(|house| async move {
        let document: Value = serde_json::from_str(&openapi_text(&face())).unwrap();
        let schema = &document["components"]["schemas"]["Error"];
        let named: Vec<_> = schema["properties"].as_object().unwrap().keys().collect();
        let refused = house.post(V1, &[], "").await.expect(400).json();
        assert_eq!(refused.as_object().unwrap().keys().collect::<Vec<_>>(), named);
        // The frame knows no time, and refuses without it.
        let refused = house.get(V1).await.expect(405).json();
        let required = schema["required"].as_array().unwrap();
        assert!(required.iter().all(|name| refused.get(name.as_str().unwrap()).is_some()), "{refused}");
        assert_eq!(refused.as_object().unwrap().len(), required.len());
    });
}
