//! A device asks for a code that a person will type.
//!
//! Source: directory.md 1.8 (answer). Version 1 has its numbers as text and its own name for the address; both
//! versions give both names, as the original does.

use crate::{client, sent, wire};
use serde::Serialize;
use tenantry_core::Problem;
use tenantry_directory::{DeviceRequest, Endpoint, OauthRefusal, device_start};
use tenantry_http::{Answer, Call};

#[derive(Serialize)]
struct Started<'a, N> {
    user_code: &'a str,
    device_code: &'a str,
    verification_uri: &'a str,
    verification_url: &'a str,
    expires_in: N,
    interval: N,
    message: &'a str,
}

/// `POST /{tenant}/oauth2/devicecode` and `/{tenant}/oauth2/v2.0/devicecode`.
pub(crate) async fn post(mut call: Call, endpoint: Endpoint) -> Result<Answer, Problem> {
    let form = match call.form() {
        Ok(form) => form,
        Err(problem) => {
            let refusal = OauthRefusal::Malformed { what: problem.message().to_owned() };
            return wire::refused(&call.ctx, refusal);
        }
    };
    sent::correlate(&mut call, &form);
    let authorization = call.header(tenantry_http::header::AUTHORIZATION);
    let client = sent::once_each(&form, &sent::DEVICE).and_then(|()| client::read(authorization, &form));
    let client = match client {
        Ok(client) => client,
        Err(refusal) => return wire::refused(&call.ctx, refusal),
    };
    let request = DeviceRequest {
        endpoint,
        tenant: call.param("tenant")?,
        client_id: client.id.as_deref(),
        scope: form.get("scope"),
        resource: form.get("resource"),
    };
    let started = match device_start(&call.ctx, call.world.db(), call.world.keys(), &request).await {
        Ok(started) => started,
        Err(refusal) => return wire::refused(&call.ctx, refusal),
    };
    let (user_code, device_code) = (started.user_code.as_str(), started.device_code.reveal());
    let (verification_uri, message) = (started.verification_uri.as_str(), started.message.as_str());
    let verification_url = verification_uri;
    let (expires, wait) = (started.expires_in, started.interval);
    let answer = match endpoint {
        Endpoint::V1 => Answer::ok(&Started {
            user_code,
            device_code,
            verification_uri,
            verification_url,
            expires_in: expires.to_string(),
            interval: wait.to_string(),
            message,
        }),
        Endpoint::V2 => Answer::ok(&Started {
            user_code,
            device_code,
            verification_uri,
            verification_url,
            expires_in: expires,
            interval: wait,
            message,
        }),
    };
    Ok(wire::secret(answer?, call.ctx.request_id))
}
