//! The token endpoints. Version 1 answers with every number as text, version 2 with numbers: both are what their
//! clients insist on.
//!
//! Source: directory.md 1.5, 1.6; partner-center-v1.md 9.2. Unknown fields, the query and `claims` are ignored:
//! clients send plenty of them. Secrets leave the form as `Secret` at once.

use crate::{client, sent, wire};
use serde::Serialize;
use tenantry_core::clock::{Clock, SystemClock};
use tenantry_core::{Problem, Secret};
use tenantry_directory::{Endpoint, IssuedToken, OauthRefusal, SignInRules, TokenRequest, token_issue};
use tenantry_http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use tenantry_http::{Answer, Call, Query, StatusCode};

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
    #[serde(flatten)]
    of_user: OfUser<'a>,
}

#[derive(Serialize)]
struct Version2<'a> {
    token_type: &'a str,
    expires_in: i64,
    ext_expires_in: i64,
    access_token: &'a str,
    #[serde(flatten)]
    of_user: OfUser<'a>,
}

/// What only tokens of users come with.
#[derive(Serialize)]
struct OfUser<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id_token: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_info: Option<&'a str>,
}

/// `POST /{tenant}/oauth2/token` and `/{tenant}/oauth2/v2.0/token`.
pub(crate) async fn issue(mut call: Call, endpoint: Endpoint, rules: SignInRules) -> Result<Answer, Problem> {
    let form = match call.form() {
        Ok(form) => form,
        Err(problem) => {
            let refusal = OauthRefusal::Malformed { what: problem.message().to_owned() };
            return wire::refused(&call.ctx, refusal);
        }
    };
    sent::correlate(&mut call, &form);
    match grant(&call, endpoint, rules, &form).await {
        Ok(issued) => Ok(wire::secret(answer(endpoint, &issued)?, call.ctx.request_id)),
        Err(refusal) => {
            let answer = wire::refused(&call.ctx, refusal)?;
            let basic = answer.status == StatusCode::UNAUTHORIZED && client::is_basic(call.header(AUTHORIZATION));
            // Who tried HTTP Basic is told that it was Basic that failed (RFC 6749 5.2).
            Ok(if basic { answer.with(WWW_AUTHENTICATE, "Basic realm=\"token\"") } else { answer })
        }
    }
}

async fn grant(call: &Call, endpoint: Endpoint, rules: SignInRules, form: &Query) -> Result<IssuedToken, OauthRefusal> {
    sent::once_each(form, &sent::TOKEN)?;
    let client = client::read(call.header(AUTHORIZATION), form)?;
    let secret = |field: &str| form.get(field).map(Secret::new);
    let (client_assertion, assertion) = (secret("client_assertion"), secret("assertion"));
    let (code, code_verifier) = (secret("code"), secret("code_verifier"));
    let (refresh_token, device_code, password) = (secret("refresh_token"), secret("device_code"), secret("password"));
    let request = TokenRequest {
        grant_type: form.get("grant_type"),
        client_id: client.id.as_deref(),
        client_secret: client.secret.as_ref(),
        client_assertion_type: form.get("client_assertion_type"),
        client_assertion: client_assertion.as_ref(),
        resource: form.get("resource"),
        scope: form.get("scope"),
        code: code.as_ref(),
        redirect_uri: form.get("redirect_uri"),
        code_verifier: code_verifier.as_ref(),
        refresh_token: refresh_token.as_ref(),
        device_code: device_code.as_ref(),
        assertion: assertion.as_ref(),
        requested_token_use: form.get("requested_token_use"),
        username: form.get("username"),
        password: password.as_ref(),
        client_info: form.get("client_info") == Some("1"),
        clients_time: rules.clients_live_outside.then(|| SystemClock.now()),
        ..TokenRequest::new(endpoint, call.param("tenant")?)
    };
    token_issue(&call.ctx, call.world.db(), call.world.keys(), &rules, &request).await
}

fn answer(endpoint: Endpoint, issued: &IssuedToken) -> Result<Answer, Problem> {
    let access_token = issued.access_token.reveal();
    let of_user = OfUser {
        scope: issued.scope.as_deref(),
        refresh_token: issued.refresh_token.as_ref().map(Secret::reveal),
        id_token: issued.id_token.as_ref().map(Secret::reveal),
        client_info: issued.client_info.as_deref(),
    };
    match endpoint {
        Endpoint::V1 => Answer::ok(&Version1 {
            token_type: BEARER,
            expires_in: issued.expires_in.to_string(),
            ext_expires_in: issued.expires_in.to_string(),
            expires_on: issued.expires_on.to_string(),
            not_before: issued.not_before.to_string(),
            resource: &issued.resource,
            access_token,
            of_user,
        }),
        Endpoint::V2 => Answer::ok(&Version2 {
            token_type: BEARER,
            expires_in: issued.expires_in,
            ext_expires_in: issued.expires_in,
            access_token,
            of_user,
        }),
    }
}
