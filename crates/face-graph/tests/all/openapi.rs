//! The OpenAPI documents are printed from the routes, so they cannot miss one.

use tenantry_face_graph::{aad, graph};
use tenantry_testkit::{ORIGIN, golden};

#[test]
fn generated_openapi() {
    golden(env!("CARGO_MANIFEST_DIR"), "../../openapi/directory-graph.json", aad::openapi_text(&aad::face(ORIGIN)));
    golden(env!("CARGO_MANIFEST_DIR"), "../../openapi/graph-v1.0.json", graph::openapi_text(&graph::face(ORIGIN)));
}
