//! The token endpoints. Version 1 answers with every number as text, version 2 with numbers: both are what their
//! clients insist on.
//!
//! Source: directory.md 1.5, 1.6; partner-center-v1.md 9.2. Unknown fields, the query and `claims` are ignored:
//! clients send plenty of them.

use crate::{SignIn, client, wire};
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
pub(crate) async fn issue<W: SignIn>(mut call: Call<W>, endpoint: Endpoint) -> Result<Answer, Problem> {
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

async fn grant<W: SignIn>(call: &Call<W>, endpoint: Endpoint, form: &Query) -> Result<IssuedToken, OauthRefusal> {
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

#[cfg(test)]
mod tests {
    use crate::testing::{House, json, object};
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    use serde_json::{Value, json};
    use tenantry_directory::token_verify;
    use tenantry_http::StatusCode;

    const V1: &str = "/contoso.example.test/oauth2/token";
    const V2: &str = "/contoso.example.test/oauth2/v2.0/token";
    const PARTNER_CENTER: &str = "https%3A%2F%2Fapi.partnercenter.microsoft.com";

    #[tokio::test]
    async fn version_1_answers_in_text() {
        let house = House::open().await;
        let (app, secret) = (house.app.to_string(), house.secret.reveal());
        let form =
            format!("grant_type=client_credentials&client_id={app}&client_secret={secret}&resource={PARTNER_CENTER}");
        let answer = house.post(V1, &[], &form).await;
        assert_eq!(answer.status, StatusCode::OK);
        for (name, value) in [("cache-control", "no-store, no-cache"), ("pragma", "no-cache")] {
            assert_eq!(answer.headers[name], value);
        }
        assert!(answer.headers.contains_key("x-ms-request-id"));
        let mut body = json(&answer);
        let token = object(&mut body).remove("access_token").unwrap();
        let now = house.now().seconds();
        assert_eq!(
            body,
            json!({
                "token_type": "Bearer", "expires_in": "3599", "ext_expires_in": "3599",
                "expires_on": (now + 3599).to_string(), "not_before": (now - 300).to_string(),
                "resource": "https://api.partnercenter.microsoft.com",
            })
        );
        let audiences = ["https://api.partnercenter.microsoft.com"];
        let ctx = house.ctx();
        let caller = token_verify(&ctx, house.db(), house.keys(), token.as_str().unwrap(), &audiences).await.unwrap();
        assert_eq!((caller.app, caller.tenant), (house.app, house.tenant.id));
    }

    #[tokio::test]
    async fn version_2_answers_in_numbers() {
        let house = House::open().await;
        let (app, secret) = (house.app.to_string(), house.secret.reveal());
        let basic = format!("Basic {}", STANDARD.encode(format!("{app}:{secret}")));
        let scope = format!("grant_type=client_credentials&scope={PARTNER_CENTER}%2F.default+openid");
        let in_body = format!("{scope}&client_id={app}&client_secret={secret}");
        // What Node clients add to it.
        let extra = "&client_info=1&x-client-SKU=node&claims=%7B%7D&response_type=id_token";
        for (path, headers, form) in [
            (V2.to_owned(), vec![], in_body.clone()),
            (V2.to_owned(), vec![("authorization", basic.as_str())], scope),
            (format!("{V2}?client-request-id=1&api-version=1.0"), vec![], format!("{in_body}{extra}")),
            (format!("/{}/oauth2/v2.0/token", house.tenant.id).to_uppercase(), vec![], in_body.clone()),
            ("/organizations/oauth2/v2.0/token".to_owned(), vec![], in_body),
        ] {
            let answer = house.post(&path, &headers, &form).await;
            let mut body = json(&answer);
            let removed = object(&mut body).remove("access_token");
            assert!(removed.is_some_and(|token| token.is_string()), "{path}: {body}");
            assert_eq!(body, json!({"token_type": "Bearer", "expires_in": 3599, "ext_expires_in": 3599}), "{path}");
        }
    }

    #[tokio::test]
    async fn a_refusal_has_the_whole_body_clients_read() {
        let house = House::open().await;
        let app = house.app;
        let form =
            format!("grant_type=client_credentials&client_id={app}&client_secret=guess&resource={PARTNER_CENTER}");
        let correlation = "AAAAAAAA-0000-4000-8000-00000000000F";
        let answer = house.post(V1, &[("client-request-id", correlation)], &form).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        assert_eq!(answer.headers["cache-control"], "no-store, no-cache");
        assert_eq!(answer.headers["client-request-id"], correlation);
        let trace = answer.headers["x-ms-request-id"].to_str().unwrap();
        let correlation = correlation.to_lowercase();
        let text = format!(
            "AADSTS7000215: Invalid client secret provided. Ensure the secret being sent in the request is the client \
             secret value, not the client secret ID, for a secret added to app '{app}'. Trace ID: {trace} Correlation \
             ID: {correlation} Timestamp: 2026-01-10 16:00:00Z"
        );
        assert_eq!(
            json(&answer),
            json!({
                "error": "invalid_client", "error_description": text, "error_codes": [7000215],
                "timestamp": "2026-01-10 16:00:00Z", "trace_id": trace, "correlation_id": correlation,
                "error_uri": "https://login.microsoftonline.com/error?code=7000215",
            })
        );
    }

    #[tokio::test]
    async fn every_refusal_has_its_status_and_code() {
        let house = House::open().await;
        let (app, secret) = (house.app.to_string(), house.secret.reveal());
        let good = format!("grant_type=client_credentials&client_id={app}&client_secret={secret}");
        let v1 = format!("{good}&resource={PARTNER_CENTER}");
        let scope = format!("&scope={PARTNER_CENTER}");
        for (path, form, status, error, code) in [
            ("/adatum.example.test/oauth2/token", v1.clone(), 400, "invalid_request", 90_002),
            ("/no%20name/oauth2/token", v1.clone(), 400, "invalid_request", 900_023),
            (V1, String::new(), 400, "invalid_request", 900_144),
            (V1, good.clone(), 400, "invalid_request", 900_144),
            (V2, good.clone(), 400, "invalid_request", 900_144),
            (V1, v1.replace("client_credentials", "password"), 400, "unsupported_grant_type", 70_003),
            (V1, v1.replace("client_id", "id"), 400, "invalid_request", 900_144),
            (V1, v1.replace(&app, "00000000-0000-0000-0000-000000000009"), 400, "unauthorized_client", 700_016),
            (V1, v1.replace("client_secret", "secret"), 401, "invalid_client", 7_000_218),
            (V1, v1.replace("client_secret", "client_assertion"), 401, "invalid_client", 700_027),
            (V1, v1.replace(secret, "guess"), 401, "invalid_client", 7_000_215),
            (V1, v1.replace("api.partner", "api.other"), 400, "invalid_resource", 500_011),
            (V2, format!("{good}{scope}%2Fuser_impersonation"), 400, "invalid_scope", 1_002_012),
            (V2, format!("{good}&scope=https%3A%2F%2Fa.test%2F.default+b%2F.default"), 400, "invalid_scope", 70_011),
            (V1, "grant_type=%FF".to_owned(), 400, "invalid_grant", 9_002_313),
            (V1, "a".repeat(65 << 10), 413, "invalid_request", 9_002_313),
        ] {
            let answer = house.post(path, &[], &form).await;
            let body = json(&answer);
            let seen =
                (answer.status.as_u16(), body["error"].as_str().unwrap(), body["error_codes"][0].as_u64().unwrap());
            assert_eq!(seen, (status, error, code), "{path} {form}: {body}");
            let description = body["error_description"].as_str().unwrap();
            assert!(description.starts_with(&format!("AADSTS{code}: ")), "{description}");
            assert!(!body.to_string().contains(secret), "the secret came back: {body}");
        }
    }

    #[tokio::test]
    async fn the_token_endpoint_takes_posts_only() {
        let house = House::open().await;
        let answer = house.get(V1).await;
        assert_eq!((answer.status, &json(&answer)["error_codes"]), (StatusCode::METHOD_NOT_ALLOWED, &json!([900_561])));
    }

    #[tokio::test]
    async fn the_id_of_the_call_may_stand_in_the_body() {
        let house = House::open().await;
        let id = "aaaaaaaa-0000-4000-8000-00000000000f";
        let answer = house.post(V1, &[], &format!("client-request-id={id}")).await;
        assert_eq!(json(&answer)["correlation_id"], Value::from(id));
    }
}
