//! The OpenAPI document is printed from the routes, so it cannot miss one.

use tenantry_face_partner_center::{face, info};
use tenantry_http::openapi;
use tenantry_testkit::{ORIGIN, golden};

#[test]
fn generated_openapi() {
    let text = openapi::text(&face(ORIGIN), &info());
    golden(env!("CARGO_MANIFEST_DIR"), "../../openapi/partner-center-v1.json", text);
}
