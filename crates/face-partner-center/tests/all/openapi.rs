//! The OpenAPI document is printed from the routes, so it cannot miss one.

use tenantry_face_partner_center::{face, openapi_text};
use tenantry_testkit::{ORIGIN, golden};

#[test]
fn generated_openapi() {
    golden(env!("CARGO_MANIFEST_DIR"), "../../openapi/partner-center-v1.json", openapi_text(&face(ORIGIN)));
}
