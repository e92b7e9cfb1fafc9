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
                    "device_authorization_endpoint": format!("https://localhost:8443/{endpoints}/devicecode"),
                    "end_session_endpoint": format!("https://localhost:8443/{endpoints}/logout"),
                    "userinfo_endpoint": "https://localhost:8443/oidc/userinfo",
                    "response_modes_supported": ["query", "fragment", "form_post"],
                    "response_types_supported": ["code", "id_token", "code id_token"],
                    "grant_types_supported": [
                        "authorization_code", "client_credentials", "refresh_token",
                        "urn:ietf:params:oauth:grant-type:device_code", "urn:ietf:params:oauth:grant-type:jwt-bearer",
                    ],
                    "scopes_supported": ["openid", "profile", "email", "offline_access"],
                    "code_challenge_methods_supported": ["S256", "plain"],
                    "token_endpoint_auth_methods_supported":
                        ["client_secret_post", "private_key_jwt", "client_secret_basic"],
                    "subject_types_supported": ["pairwise"],
                    "id_token_signing_alg_values_supported": ["RS256"],
                    "request_uri_parameter_supported": false,
                    "http_logout_supported": true,
                    "frontchannel_logout_supported": false,
                    "tenant_region_scope": null,
                    "cloud_instance_name": "localhost:8443",
                    "cloud_graph_host_name": "localhost:8443",
                    "msgraph_host": "localhost:8443",
                    "rbac_url": "https://localhost:8443",
                }),
                "{path}"
            );
        }
    });
}

/// One of the databases cannot even be asked for such a text.
#[test]
fn a_nul_in_a_path_or_query_is_refused() {
    in_a_house(|house| async move {
        for path in [
            "/a%00b.test/v2.0/.well-known/openid-configuration",
            "/a%00b.test/.well-known/openid-configuration",
            "/common/userrealm/clerk@a%00b.test",
            "/common/discovery/instance?authorization_endpoint=%00",
            "/common/oauth2/deviceauth?user_code=%00",
            "/a%00b.test/oauth2/v2.0/authorize?client_id=x",
            "/contoso.example.test/oauth2/v2.0/authorize?client_id=x%00",
        ] {
            let _ = house.get(path).await.expect(400);
        }
        for (path, form) in [
            ("/contoso.example.test/oauth2/v2.0/authorize", "client_id=%00"),
            ("/common/oauth2/deviceauth", "user_code=%00&step=enter-code"),
            ("/contoso%00.example.test/oauth2/token", "grant_type=client_credentials"),
            ("/contoso%00.example.test/oauth2/v2.0/token", "grant_type=client_credentials"),
        ] {
            let _ = house.post(path, &[], form).await.expect(400);
        }
    });
}

/// A document that names a path which is not served would send clients astray.
#[test]
fn what_a_document_names_is_served() {
    in_a_house(|house| async move {
        for version in ["", "/v2.0"] {
            let path = format!("/contoso.example.test{version}/.well-known/openid-configuration");
            let document = house.get(&path).await.expect(200).json();
            let path = |field: &str| document[field].as_str().unwrap().replace("https://localhost:8443", "");
            let _ = house.get(&path("jwks_uri")).await.expect(200);
            let _ = house.get(&path("end_session_endpoint")).await.expect(200);
            let _ = house.get(&path("userinfo_endpoint")).await.expect(401);
            // An empty form: the endpoint is there and asks for its first field.
            for endpoint in ["token_endpoint", "device_authorization_endpoint"] {
                let refused = house.post(&path(endpoint), &[], "").await.expect(400).json();
                assert_eq!(refused["error_codes"], json!([900_144]), "{endpoint}: {document}");
            }
            let page = house.get(&path("authorization_endpoint")).await.expect(400);
            assert!(page.text().contains("AADSTS900144"), "{document}");
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
