//! The documents that tell a client where everything is.

use crate::house::{in_a_house, object};
use serde_json::json;

#[test]
fn documents_name_what_is_served() {
    in_a_house(|house| async move {
        let id = &house.tenant;
        for (path, endpoints, issuer) in [
            ("/contoso.example.test/v2.0", "contoso.example.test/oauth2/v2.0", format!("{id}/v2.0")),
            ("/Contoso.example.test/v2.0", "Contoso.example.test/oauth2/v2.0", format!("{id}/v2.0")),
            ("/contoso.example.test", "contoso.example.test/oauth2", format!("{id}/")),
            ("/common/v2.0", "common/oauth2/v2.0", "{tenantid}/v2.0".to_owned()),
            ("/organizations", "organizations/oauth2", "{tenantid}/".to_owned()),
        ] {
            let reply = house.get(&format!("{path}/.well-known/openid-configuration")).await.expect(200);
            assert_eq!(reply.header("cache-control"), "max-age=86400, private", "{path}");
            let mut body = reply.json();
            object(&mut body).remove("claims_supported").unwrap();
            let keys = endpoints.replace("oauth2", "discovery");
            assert_eq!(
                body,
                json!({
                    "issuer": format!("https://localhost:8443/{issuer}"),
                    "authorization_endpoint": format!("https://localhost:8443/{endpoints}/authorize"),
                    "token_endpoint": format!("https://localhost:8443/{endpoints}/token"),
                    "jwks_uri": format!("https://localhost:8443/{keys}/keys"),
                    "grant_types_supported": ["client_credentials"],
                    "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
                    "response_types_supported": [],
                    "subject_types_supported": ["pairwise"],
                    "id_token_signing_alg_values_supported": ["RS256"],
                    "request_uri_parameter_supported": false,
                    "tenant_region_scope": null,
                    "cloud_instance_name": "localhost:8443",
                }),
                "{path}"
            );
        }
    });
}

/// A document that names a path which is not served would send clients astray. The authorize page is the one
/// exception the face makes, and says so.
#[test]
fn what_a_document_names_is_served() {
    in_a_house(|house| async move {
        for version in ["", "/v2.0"] {
            let path = format!("/contoso.example.test{version}/.well-known/openid-configuration");
            let document = house.get(&path).await.expect(200).json();
            let path = |field: &str| document[field].as_str().unwrap().replace("https://localhost:8443", "");
            let _ = house.get(&path("jwks_uri")).await.expect(200);
            // An empty form: the endpoint is there and asks for its first field.
            let refused = house.post(&path("token_endpoint"), &[], "").await.expect(400).json();
            assert_eq!(refused["error_codes"], json!([900_144]), "{document}");
        }
    });
}

#[test]
fn an_unknown_tenant_has_no_document() {
    in_a_house(|house| async move {
        for (path, code) in [
            ("/adatum.example.test/v2.0/.well-known/openid-configuration", 90_002),
            ("/00000000-0000-0000-0000-000000000009/.well-known/openid-configuration", 90_002),
            ("/nonsense/.well-known/openid-configuration", 900_023),
            ("/adatum.example.test/discovery/keys", 90_002),
        ] {
            let reply = house.get(path).await;
            let body = reply.json();
            assert_eq!((reply.status, &body["error"]), (400, &json!("invalid_request")), "{path}");
            assert_eq!(body["error_codes"], json!([code]), "{path}");
        }
    });
}
