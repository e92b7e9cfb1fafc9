//! The OpenAPI document is printed from the routes, so it cannot miss one; and what it promises is read.

use crate::desk::{Desk, fault};
use crate::ids::Ids;
use serde_json::Value;
use tenantry_core::Role;
use tenantry_face_partner_center::{face, openapi_text};
use tenantry_testkit::{ORIGIN, golden, on_every_engine};

#[test]
fn generated_openapi() {
    golden(env!("CARGO_MANIFEST_DIR"), "../../openapi/partner-center-v1.json", openapi_text(&face(ORIGIN)));
}

/// Parameters of the query, of a type that not every text is of.
fn typed(operation: &Value) -> Vec<&str> {
    let parameters = operation["parameters"].as_array().map(Vec::as_slice).unwrap_or_default();
    let typed = parameters.iter().filter(|parameter| {
        let schema = &parameter["schema"];
        parameter["in"] == "query" && (schema["type"] == "integer" || schema["format"] == "date-time")
    });
    typed.map(|parameter| parameter["name"].as_str().unwrap()).collect()
}

#[test]
fn a_documented_number_or_time_is_read() {
    on_every_engine(|bench| async move {
        // A person: an application alone is told so before its parameters are read.
        let desk = Desk::new(&bench).await.with_person("agent", &[Role::AdminAgent]).await;
        let customer = desk.channel.customer("Northwind").await;
        let ids = Ids::of(&desk.channel.order_usage(&customer).await, "unbilled");
        let document: Value = serde_json::from_str(&openapi_text(&face(ORIGIN))).unwrap();
        let mut tried = 0;
        for route in face(ORIGIN).routes {
            let method = route.method.as_str();
            for name in typed(&document["paths"][route.pattern][method.to_ascii_lowercase()]) {
                // The first of two that have one name counts.
                let path = ids.path(&route).replacen('?', &format!("?{name}=soon&"), 1);
                let reply = desk.send_as(Some(&desk.token), method, &path).await;
                assert_eq!(format!("{} {}", reply.status, fault(&reply)), format!("400 3000 {name}"), "{path}");
                tried += 1;
            }
        }
        assert!(tried >= 15, "{tried}");
    });
}
