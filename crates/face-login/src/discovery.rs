//! The documents that tell a client where everything is.
//!
//! Source: directory.md 1.3. Endpoints repeat the tenant as it was asked for; the issuer always has the GUID, or
//! the literal `{tenantid}` where the document is for all tenants. What is not served is not listed: no tokens in
//! the answer of the authorize page (RFC 9700 2.1.2), and the password grant only where the world allows it.

use crate::wire;
use serde::Serialize;
use tenantry_core::Problem;
use tenantry_directory::{Endpoint, Keys, OauthRefusal, SignInRules, tenant_of_sign_in};
use tenantry_http::{Answer, Call};

const CLAIMS: [&str; 27] = [
    "aud",
    "iss",
    "iat",
    "nbf",
    "exp",
    "appid",
    "appidacr",
    "azp",
    "azpacr",
    "idp",
    "idtyp",
    "oid",
    "sub",
    "tid",
    "ver",
    "wids",
    "roles",
    "scp",
    "upn",
    "unique_name",
    "preferred_username",
    "name",
    "given_name",
    "family_name",
    "email",
    "nonce",
    "amr",
];

/// Grants every world serves.
const GRANTS: [&str; 5] = [
    "authorization_code",
    "client_credentials",
    "refresh_token",
    "urn:ietf:params:oauth:grant-type:device_code",
    "urn:ietf:params:oauth:grant-type:jwt-bearer",
];

#[derive(Serialize)]
struct Document {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    device_authorization_endpoint: String,
    userinfo_endpoint: String,
    end_session_endpoint: String,
    jwks_uri: String,
    response_modes_supported: [&'static str; 3],
    response_types_supported: [&'static str; 3],
    grant_types_supported: Vec<&'static str>,
    scopes_supported: [&'static str; 4],
    code_challenge_methods_supported: [&'static str; 2],
    subject_types_supported: [&'static str; 1],
    id_token_signing_alg_values_supported: [&'static str; 1],
    token_endpoint_auth_methods_supported: [&'static str; 3],
    claims_supported: [&'static str; 27],
    request_uri_parameter_supported: bool,
    http_logout_supported: bool,
    /// Applications are not told of a sign-out through frames in our page: it has none.
    frontchannel_logout_supported: bool,
    tenant_region_scope: Option<&'static str>,
    cloud_instance_name: String,
    cloud_graph_host_name: String,
    msgraph_host: String,
    rbac_url: String,
}

/// `GET /{tenant}[/v2.0]/.well-known/openid-configuration`.
pub(crate) async fn get(call: Call, version: Endpoint, rules: SignInRules) -> Result<Answer, Problem> {
    let asked = call.param("tenant")?;
    let keys = call.world.keys();
    match issuer(&call, version).await {
        Ok(issuer) => {
            Ok(wire::public(Answer::ok(&document(keys, asked, issuer, (version, rules)))?, call.ctx.request_id))
        }
        Err(refusal) => wire::refused(&call.ctx, refusal),
    }
}

/// Who signs the tokens of the tenant in the path.
pub(crate) async fn issuer(call: &Call, version: Endpoint) -> Result<String, OauthRefusal> {
    let tenant = tenant_of_sign_in(call.world.db(), call.param("tenant")?).await?;
    let named = tenant.map_or_else(|| "{tenantid}".to_owned(), |tenant| tenant.id.to_string());
    Ok(call.world.keys().issuer(&named, version))
}

fn document(keys: &Keys, tenant: &str, issuer: String, (version, rules): (Endpoint, SignInRules)) -> Document {
    let origin = keys.origin();
    let host = host(origin);
    let (oauth2, discovery) = match version {
        Endpoint::V1 => ("oauth2", "discovery"),
        Endpoint::V2 => ("oauth2/v2.0", "discovery/v2.0"),
    };
    let at = |place: &str| format!("{origin}/{tenant}/{oauth2}/{place}");
    Document {
        issuer,
        authorization_endpoint: at("authorize"),
        token_endpoint: at("token"),
        device_authorization_endpoint: at("devicecode"),
        userinfo_endpoint: format!("{origin}/oidc/userinfo"),
        end_session_endpoint: at("logout"),
        jwks_uri: format!("{origin}/{tenant}/{discovery}/keys"),
        response_modes_supported: ["query", "fragment", "form_post"],
        response_types_supported: ["code", "id_token", "code id_token"],
        grant_types_supported: GRANTS.into_iter().chain(rules.password_grant.then_some("password")).collect(),
        scopes_supported: ["openid", "profile", "email", "offline_access"],
        code_challenge_methods_supported: ["S256", "plain"],
        subject_types_supported: ["pairwise"],
        id_token_signing_alg_values_supported: ["RS256"],
        token_endpoint_auth_methods_supported: ["client_secret_post", "private_key_jwt", "client_secret_basic"],
        claims_supported: CLAIMS,
        request_uri_parameter_supported: false,
        http_logout_supported: true,
        frontchannel_logout_supported: false,
        tenant_region_scope: None,
        cloud_instance_name: host.to_owned(),
        cloud_graph_host_name: host.to_owned(),
        msgraph_host: host.to_owned(),
        rbac_url: origin.to_owned(),
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
