//! The public keys, by which others check our tokens.
//!
//! Source: directory.md 1.1 (paths), 1.3 (fields).

use crate::{discovery, wire};
use serde::Serialize;
use tenantry_core::Problem;
use tenantry_directory::{Endpoint, Jwk};
use tenantry_http::{Answer, Call};

#[derive(Serialize)]
struct KeyList {
    keys: Vec<Jwk>,
}

/// `GET /{tenant}/discovery[/v2.0]/keys`.
pub(crate) async fn get(call: Call, version: Endpoint) -> Result<Answer, Problem> {
    match discovery::issuer(&call, version).await {
        Ok(issuer) => {
            let list = KeyList { keys: call.world.keys().jwks(&issuer) };
            Ok(wire::public(Answer::ok(&list)?, call.ctx.request_id))
        }
        Err(refusal) => wire::refused(&call.ctx, refusal),
    }
}
