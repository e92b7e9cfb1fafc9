//! The public keys, by which others check our tokens.
//!
//! Source: directory.md 1.1 (paths), 1.3 (fields).

use crate::{SignIn, discovery, wire};
use serde::Serialize;
use tenantry_core::Problem;
use tenantry_directory::{Endpoint, Jwk};
use tenantry_http::{Answer, Call};

#[derive(Serialize)]
struct KeyList {
    keys: Vec<Jwk>,
}

/// `GET /{tenant}/discovery[/v2.0]/keys`.
pub(crate) async fn get<W: SignIn>(call: Call<W>, version: Endpoint) -> Result<Answer, Problem> {
    match discovery::issuer(&call, version).await {
        Ok(issuer) => {
            let list = KeyList { keys: call.world.keys().jwks(&issuer) };
            Ok(wire::public(Answer::ok(&list)?, call.ctx.request_id))
        }
        Err(refusal) => wire::refused(&call.ctx, refusal),
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{House, json};
    use tenantry_http::StatusCode;

    #[tokio::test]
    async fn all_four_paths_give_the_same_keys() {
        let house = House::open().await;
        let id = house.tenant.id.to_string();
        for (path, issuer) in [
            ("/common/discovery/keys", "{tenantid}/"),
            ("/common/discovery/v2.0/keys", "{tenantid}/v2.0"),
            ("/contoso.example.test/discovery/keys", &format!("{id}/")),
            ("/contoso.example.test/discovery/v2.0/keys", &format!("{id}/v2.0")),
        ] {
            let answer = house.get(path).await;
            assert_eq!(answer.status, StatusCode::OK, "{path}");
            let expected = house.keys().jwks(&format!("https://localhost:8443/{issuer}"));
            assert_eq!(json(&answer)["keys"], serde_json::to_value(expected).unwrap(), "{path}");
        }
    }
}
