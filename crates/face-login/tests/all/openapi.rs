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
        let required: Vec<_> =
            schema["required"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
        // By the face, and by the frame.
        for refused in [house.post(V1, &[], "").await.expect(400), house.get(V1).await.expect(405)] {
            let refused = refused.json();
            let mut members: Vec<_> = refused.as_object().unwrap().keys().map(String::as_str).collect();
            members.sort_unstable_by_key(|name| required.iter().position(|known| known == name));
            assert_eq!(members, required, "{refused}");
        }
    });
}
