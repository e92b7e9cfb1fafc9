//! The documents that tell a client where everything is.
//!
//! Source: directory.md 1.3. Endpoints repeat the tenant as it was asked for; the issuer always has the GUID, or
//! the literal `{tenantid}` where the document is for all tenants. Grants and response types that are not served
//! are not listed.

use crate::wire;
use serde::Serialize;
use tenantry_core::Problem;
use tenantry_directory::{Endpoint, Keys, OauthRefusal, tenant_of_sign_in};
use tenantry_http::{Answer, Call};

const CLAIMS: [&str; 16] = [
    "aud", "iss", "iat", "nbf", "exp", "appid", "appidacr", "azp", "azpacr", "idp", "idtyp", "oid", "sub", "tid",
    "ver", "wids",
];

#[derive(Serialize)]
struct Document {
    issuer: String,
    /// Nothing is served there yet; clients do not start without the field.
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    grant_types_supported: [&'static str; 1],
    token_endpoint_auth_methods_supported: [&'static str; 2],
    response_types_supported: [&'static str; 0],
    subject_types_supported: [&'static str; 1],
    id_token_signing_alg_values_supported: [&'static str; 1],
    claims_supported: [&'static str; 16],
    request_uri_parameter_supported: bool,
    tenant_region_scope: Option<&'static str>,
    cloud_instance_name: String,
}

/// `GET /{tenant}[/v2.0]/.well-known/openid-configuration`.
pub(crate) async fn get(call: Call, version: Endpoint) -> Result<Answer, Problem> {
    let asked = call.param("tenant")?;
    let keys = call.world.keys();
    match issuer(&call, version).await {
        Ok(issuer) => Ok(wire::public(Answer::ok(&document(keys, asked, issuer, version))?, call.ctx.request_id)),
        Err(refusal) => wire::refused(&call.ctx, refusal),
    }
}

/// Who signs the tokens of the tenant in the path.
pub(crate) async fn issuer(call: &Call, version: Endpoint) -> Result<String, OauthRefusal> {
    let tenant = tenant_of_sign_in(call.world.db(), call.param("tenant")?).await?;
    let named = tenant.map_or_else(|| "{tenantid}".to_owned(), |tenant| tenant.id.to_string());
    Ok(call.world.keys().issuer(&named, version))
}

fn document(keys: &Keys, tenant: &str, issuer: String, version: Endpoint) -> Document {
    let origin = keys.origin();
    let (oauth2, discovery) = match version {
        Endpoint::V1 => ("oauth2", "discovery"),
        Endpoint::V2 => ("oauth2/v2.0", "discovery/v2.0"),
    };
    Document {
        issuer,
        authorization_endpoint: format!("{origin}/{tenant}/{oauth2}/authorize"),
        token_endpoint: format!("{origin}/{tenant}/{oauth2}/token"),
        jwks_uri: format!("{origin}/{tenant}/{discovery}/keys"),
        grant_types_supported: ["client_credentials"],
        token_endpoint_auth_methods_supported: ["client_secret_post", "client_secret_basic"],
        response_types_supported: [],
        subject_types_supported: ["pairwise"],
        id_token_signing_alg_values_supported: ["RS256"],
        claims_supported: CLAIMS,
        request_uri_parameter_supported: false,
        tenant_region_scope: None,
        cloud_instance_name: host(origin).to_owned(),
    }
}

/// Host and port of an origin or address.
pub(crate) fn host(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_cut_out_of_addresses() {
        for (address, expected) in [
            ("https://localhost:8443", "localhost:8443"),
            ("https://login.example/common/oauth2?x=1", "login.example"),
            ("login.example/common", "login.example"),
            ("", ""),
        ] {
            assert_eq!(host(address), expected, "{address}");
        }
    }
}
