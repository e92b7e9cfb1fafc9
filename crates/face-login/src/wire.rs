//! How refusals of the token service look, and the headers all its answers have.
//!
//! Source: directory.md 1.6 (headers), 1.8 (body).

use serde::Serialize;
use tenantry_core::{OpContext, Problem, Reason, Timestamp};
use tenantry_directory::OauthRefusal;
use tenantry_http::header::{CACHE_CONTROL, PRAGMA};
use tenantry_http::{Answer, CallMeta, HeaderName, StatusCode, problem};
use uuid::Uuid;

const TRACE_ID: HeaderName = HeaderName::from_static("x-ms-request-id");
/// The numbers are the field's, and so is the page that explains them.
const ERROR_PAGE: &str = "https://login.microsoftonline.com/error?code=";

/// Numbers of refusals that come from the frame, before a request reaches the token service.
const METHOD_CODE: u32 = 900_561;
const MALFORMED_CODE: u32 = 9_002_313;
const OUR_FAULT_CODE: u32 = 90_033;

#[derive(Serialize)]
struct Body<'a> {
    error: &'a str,
    error_description: String,
    error_codes: [u32; 1],
    #[serde(skip_serializing_if = "Option::is_none")]
    timestamp: Option<String>,
    trace_id: String,
    correlation_id: String,
    error_uri: String,
}

/// Which request, for the answer.
struct Ids {
    trace: Uuid,
    correlation: Uuid,
    /// Not known where the frame refuses: it has no clock at hand.
    at: Option<Timestamp>,
}

/// The answer to a refused request. Our own failures go on as problems, so that the frame logs their cause.
pub(crate) fn refused(ctx: &OpContext, refusal: OauthRefusal) -> Result<Answer, Problem> {
    let refusal = match refusal {
        OauthRefusal::Failed(problem) => return Err(problem),
        refusal => refusal,
    };
    let status = StatusCode::from_u16(refusal.status()).map_err(Problem::internal)?;
    let ids = Ids { trace: ctx.request_id, correlation: ctx.correlation_id, at: Some(ctx.now()) };
    Ok(body(status, refusal.error(), refusal.code(), &refusal.message(), &ids))
}

/// What the frame refuses (a body too large, a wrong method) or fails at, in the same form.
pub(crate) fn render(problem: &Problem, meta: &CallMeta) -> Answer {
    let status = problem::status(problem.reason());
    let (error, code) = match problem.reason() {
        _ if status.is_server_error() => ("temporarily_unavailable", OUR_FAULT_CODE),
        Reason::MethodNotAllowed => ("invalid_request", METHOD_CODE),
        _ => ("invalid_request", MALFORMED_CODE),
    };
    let ids = Ids { trace: meta.request_id, correlation: meta.correlation_id, at: None };
    body(status, error, code, problem.message(), &ids)
}

fn body(status: StatusCode, error: &str, code: u32, message: &str, ids: &Ids) -> Answer {
    let timestamp = ids.at.map(|at| Timestamp::from_seconds(at.seconds()).to_string().replace('T', " "));
    let mut description =
        format!("AADSTS{code}: {message} Trace ID: {} Correlation ID: {}", ids.trace, ids.correlation);
    if let Some(timestamp) = &timestamp {
        description.push_str(" Timestamp: ");
        description.push_str(timestamp);
    }
    let body = Body {
        error,
        error_description: description,
        error_codes: [code],
        timestamp,
        trace_id: ids.trace.to_string(),
        correlation_id: ids.correlation.to_string(),
        error_uri: format!("{ERROR_PAGE}{code}"),
    };
    let answer = Answer::json(status, &body).unwrap_or_else(|_| Answer::empty(status));
    secret(answer, ids.trace)
}

/// An answer that nobody may keep.
pub(crate) fn secret(answer: Answer, trace: Uuid) -> Answer {
    answer.with(CACHE_CONTROL, "no-store, no-cache").with(PRAGMA, "no-cache").with(TRACE_ID, trace.to_string())
}

/// A document for everybody, good for a day.
pub(crate) fn public(answer: Answer, trace: Uuid) -> Answer {
    answer.with(CACHE_CONTROL, "max-age=86400, private").with(TRACE_ID, trace.to_string())
}
