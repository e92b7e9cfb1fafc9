//! Instance discovery: a client asks whether the host it was told to sign in at is a real one. Ours is.
//!
//! Source: directory.md 1.1, 1.3.

use crate::discovery::host;
use crate::wire;
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
pub(crate) async fn get(call: Call) -> Result<Answer, Problem> {
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
