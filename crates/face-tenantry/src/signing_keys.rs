//! `POST /api/v1/signing-keys/rotate`: the provider replaces the key that signs tokens. Clients follow by themselves:
//! the old key stays in the public list until the last token it signed has expired.

use schemars::JsonSchema;
use serde::Serialize;
use tenantry_core::Problem;
use tenantry_directory::keys_rotate;
use tenantry_http::{Answer, Call};

#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RotatedView {
    /// The key that signs from now on, as `kid` in the header of tokens.
    signing_key: String,
    /// All keys whose tokens count, the signing one first.
    keys: Vec<String>,
}

/// Makes a new signing key.
pub(crate) async fn rotate(call: Call) -> Result<Answer, Problem> {
    let keys = call.world.keys();
    keys_rotate(&call.ctx, call.world.db(), keys).await?;
    let keys: Vec<String> = keys.jwks(keys.origin()).into_iter().map(|key| key.kid).collect();
    Answer::ok(&RotatedView { signing_key: keys.first().cloned().unwrap_or_default(), keys })
}
