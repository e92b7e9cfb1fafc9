//! The token endpoints. Version 1 answers with every number as text, version 2 with numbers: both are what their
//! clients insist on.
//!
//! Source: directory.md 1.5, 1.6; partner-center-v1.md 9.2. Unknown fields, the query and `claims` are ignored:
//! clients send plenty of them.

use crate::{client, wire};
use serde::Serialize;
use tenantry_core::Problem;
use tenantry_directory::{Endpoint, IssuedToken, OauthRefusal, TokenRequest, token_issue};
use tenantry_http::header::AUTHORIZATION;
use tenantry_http::{Answer, Call, Query};
use uuid::Uuid;

const BEARER: &str = "Bearer";

#[derive(Serialize)]
struct Version1<'a> {
    token_type: &'a str,
    expires_in: String,
    ext_expires_in: String,
    expires_on: String,
    not_before: String,
    resource: &'a str,
    access_token: &'a str,
}

#[derive(Serialize)]
struct Version2<'a> {
    token_type: &'a str,
    expires_in: i64,
    ext_expires_in: i64,
    access_token: &'a str,
}

/// `POST /{tenant}/oauth2/token` and `/{tenant}/oauth2/v2.0/token`.
pub(crate) async fn issue(mut call: Call, endpoint: Endpoint) -> Result<Answer, Problem> {
    let form = match call.form() {
        Ok(form) => form,
        Err(problem) => {
            let refusal = OauthRefusal::Malformed { what: problem.message().to_owned() };
            return wire::refused(&call.ctx, refusal);
        }
    };
    // Node clients put the id of their call into the body (directory.md 1.5); the header goes first.
    let named = call.header("client-request-id").is_none().then(|| form.get("client-request-id")).flatten();
    if let Some(id) = named.and_then(|text| Uuid::try_parse(text).ok()) {
        call.ctx.correlation_id = id;
    }
    match grant(&call, endpoint, &form).await {
        Ok(issued) => Ok(wire::secret(answer(endpoint, &issued)?, call.ctx.request_id)),
        Err(refusal) => wire::refused(&call.ctx, refusal),
    }
}

async fn grant(call: &Call, endpoint: Endpoint, form: &Query) -> Result<IssuedToken, OauthRefusal> {
    let client = client::read(call.header(AUTHORIZATION), form)?;
    let request = TokenRequest {
        endpoint,
        tenant: call.param("tenant")?,
        grant_type: form.get("grant_type"),
        client_id: client.id.as_deref(),
        client_secret: client.secret.as_ref(),
        client_assertion: form.get("client_assertion").is_some(),
        resource: form.get("resource"),
        scope: form.get("scope"),
    };
    token_issue(&call.ctx, call.world.db(), call.world.keys(), &request).await
}

fn answer(endpoint: Endpoint, issued: &IssuedToken) -> Result<Answer, Problem> {
    let access_token = issued.access_token.reveal();
    match endpoint {
        Endpoint::V1 => Answer::ok(&Version1 {
            token_type: BEARER,
            expires_in: issued.expires_in.to_string(),
            ext_expires_in: issued.expires_in.to_string(),
            expires_on: issued.expires_on.to_string(),
            not_before: issued.not_before.to_string(),
            resource: &issued.resource,
            access_token,
        }),
        Endpoint::V2 => Answer::ok(&Version2 {
            token_type: BEARER,
            expires_in: issued.expires_in,
            ext_expires_in: issued.expires_in,
            access_token,
        }),
    }
}
