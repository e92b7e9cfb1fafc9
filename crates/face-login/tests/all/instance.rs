//! Whether a host is a real one to sign in at: ours is, and no other.

use crate::house::in_a_house;
use serde_json::json;

#[test]
fn we_are_the_only_instance() {
    in_a_house(|house| async move {
        for (asked, expected) in [
            ("https://localhost:8443/contoso.example.test/oauth2/v2.0/authorize", Ok("/contoso.example.test/v2.0")),
            ("https%3A%2F%2FLOCALHOST%3A8443%2Fcommon%2Foauth2%2Fauthorize", Ok("/common")),
            ("https://login.microsoftonline.com/common/oauth2/authorize", Err((400, 50_049, "invalid_instance"))),
            ("http://localhost:8443/common/oauth2/authorize", Err((400, 50_049, "invalid_instance"))),
            ("", Err((400, 900_144, "invalid_request"))),
        ] {
            let path = format!("/common/discovery/instance?api-version=1.1&authorization_endpoint={asked}");
            let reply = house.get(&path).await;
            let body = reply.json();
            match expected {
                Ok(tenant) => assert_eq!(
                    body,
                    json!({
                        "tenant_discovery_endpoint":
                            format!("https://localhost:8443{tenant}/.well-known/openid-configuration"),
                        "api-version": "1.1",
                        "metadata": [{
                            "preferred_network": "localhost:8443", "preferred_cache": "localhost:8443",
                            "aliases": ["localhost:8443"],
                        }],
                    }),
                    "{asked}"
                ),
                Err((status, code, error)) => {
                    assert_eq!((reply.status, &body["error_codes"]), (status, &json!([code])), "{asked}");
                    assert_eq!(body["error"], error, "{asked}");
                }
            }
        }
    });
}
