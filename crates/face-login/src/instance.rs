//! Instance discovery: a client asks whether the host it was told to sign in at is a real one. Ours is.
//!
//! Source: directory.md 1.1, 1.3.

use crate::discovery::host;
use crate::{SignIn, wire};
use serde::Serialize;
use tenantry_core::Problem;
use tenantry_directory::OauthRefusal;
use tenantry_http::{Answer, Call};

#[derive(Serialize)]
struct Instance<'a> {
    tenant_discovery_endpoint: String,
    #[serde(rename = "api-version")]
    api_version: &'static str,
    metadata: [Metadata<'a>; 1],
}

#[derive(Serialize)]
struct Metadata<'a> {
    preferred_network: &'a str,
    preferred_cache: &'a str,
    aliases: [&'a str; 1],
}

/// `GET /common/discovery/instance?authorization_endpoint=https://{host}/{tenant}/oauth2/v2.0/authorize`.
pub(crate) async fn get<W: SignIn>(call: Call<W>) -> Result<Answer, Problem> {
    let origin = call.world.keys().origin();
    match discovery_endpoint(origin, call.query("authorization_endpoint")) {
        Ok(tenant_discovery_endpoint) => {
            let ours = host(origin);
            let metadata = [Metadata { preferred_network: ours, preferred_cache: ours, aliases: [ours] }];
            let body = Instance { tenant_discovery_endpoint, api_version: "1.1", metadata };
            Ok(wire::public(Answer::ok(&body)?, call.ctx.request_id))
        }
        Err(refusal) => wire::refused(&call.ctx, refusal),
    }
}

fn discovery_endpoint(origin: &str, asked: Option<&str>) -> Result<String, OauthRefusal> {
    let field = "authorization_endpoint";
    let asked = asked.filter(|text| !text.is_empty()).ok_or(OauthRefusal::FieldMissing { field })?;
    let seen = host(asked);
    if !asked.starts_with("https://") || !seen.eq_ignore_ascii_case(host(origin)) {
        return Err(OauthRefusal::InstanceUnknown { instance: seen.to_owned() });
    }
    let path = asked.split_once("://").and_then(|(_, rest)| rest.split_once('/')).map_or("", |(_, path)| path);
    let tenant = path.split(['/', '?']).next().filter(|tenant| !tenant.is_empty()).unwrap_or("common");
    let version = if path.contains("/v2.0/") { "/v2.0" } else { "" };
    Ok(format!("{origin}/{tenant}{version}/.well-known/openid-configuration"))
}

#[cfg(test)]
mod tests {
    use crate::testing::{House, json};
    use serde_json::json;

    #[tokio::test]
    async fn we_are_the_only_instance() {
        let house = House::open().await;
        for (asked, expected) in [
            ("https://localhost:8443/contoso.example.test/oauth2/v2.0/authorize", Ok("/contoso.example.test/v2.0")),
            ("https%3A%2F%2FLOCALHOST%3A8443%2Fcommon%2Foauth2%2Fauthorize", Ok("/common")),
            ("https://login.microsoftonline.com/common/oauth2/authorize", Err((400, 50_049, "invalid_instance"))),
            ("http://localhost:8443/common/oauth2/authorize", Err((400, 50_049, "invalid_instance"))),
            ("", Err((400, 900_144, "invalid_request"))),
        ] {
            let path = format!("/common/discovery/instance?api-version=1.1&authorization_endpoint={asked}");
            let answer = house.get(&path).await;
            let body = json(&answer);
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
                    assert_eq!((answer.status.as_u16(), &body["error_codes"]), (status, &json!([code])), "{asked}");
                    assert_eq!(body["error"], error, "{asked}");
                }
            }
        }
    }
}
