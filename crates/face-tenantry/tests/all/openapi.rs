//! The committed document is what is served.

use tenantry_face_tenantry::{face, openapi_text};
use tenantry_testkit::{ORIGIN, golden};

#[test]
fn generated_openapi() {
    golden(env!("CARGO_MANIFEST_DIR"), "../../openapi/tenantry-v1.json", openapi_text(&face(ORIGIN)));
}
