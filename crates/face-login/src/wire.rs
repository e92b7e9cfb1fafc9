//! How refusals of the token service look, and the headers all its answers have.
//!
//! Source: directory.md 1.6 (headers), 1.8 (body).

use crate::pages::{self, Refusal};
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
const TOKEN_CODE: u32 = 50_013;
const MALFORMED_CODE: u32 = 9_002_313;
const OUR_FAULT_CODE: u32 = 90_033;

#[derive(Serialize)]
struct Body<'a> {
    error: &'a str,
    error_description: String,
    error_codes: [u32; 1],
    #[serde(skip_serializing_if = "Option::is_none")]
    suberror: Option<&'static str>,
    timestamp: String,
    trace_id: String,
    correlation_id: String,
    error_uri: String,
}

/// Which request, and when, for the answer.
struct Ids {
    trace: Uuid,
    correlation: Uuid,
    at: Timestamp,
}

impl Ids {
    fn of(ctx: &OpContext) -> Self {
        Self { trace: ctx.request_id, correlation: ctx.correlation_id, at: ctx.now() }
    }
}

/// The answer to a refused request. Our own failures go on as problems, so that the frame logs their cause.
pub(crate) fn refused(ctx: &OpContext, refusal: OauthRefusal) -> Result<Answer, Problem> {
    let refusal = told(refusal)?;
    let status = StatusCode::from_u16(refusal.status()).map_err(Problem::internal)?;
    let words = (refusal.error(), refusal.suberror());
    Ok(body(status, words, refusal.code(), &refusal.message(), &Ids::of(ctx)))
}

/// The same, for a person.
pub(crate) fn refused_page(ctx: &OpContext, refusal: OauthRefusal) -> Result<Answer, Problem> {
    let refusal = told(refusal)?;
    let status = StatusCode::from_u16(refusal.status()).map_err(Problem::internal)?;
    Ok(page(status, refusal.code(), &refusal.message(), &Ids::of(ctx)))
}

fn told(refusal: OauthRefusal) -> Result<OauthRefusal, Problem> {
    match refusal {
        OauthRefusal::Failed(problem) => Err(problem),
        refusal => Ok(refusal),
    }
}

/// What the frame refuses (a body too large, a wrong method, no token) or fails at, in the same form: a page for who
/// asks for one.
pub(crate) fn render(problem: &Problem, meta: &CallMeta) -> Answer {
    let status = problem::status(problem.reason());
    let (error, code) = match problem.reason() {
        _ if status.is_server_error() => ("temporarily_unavailable", OUR_FAULT_CODE),
        Reason::MethodNotAllowed => ("invalid_request", METHOD_CODE),
        Reason::TokenMissing | Reason::TokenInvalid | Reason::TokenExpired | Reason::AudienceRefused => {
            ("invalid_token", TOKEN_CODE)
        }
        _ => ("invalid_request", MALFORMED_CODE),
    };
    let ids = Ids { trace: meta.request_id, correlation: meta.correlation_id, at: meta.at };
    if meta.accept.as_deref().is_some_and(|accept| accept.contains("text/html")) {
        return page(status, code, problem.message(), &ids);
    }
    body(status, (error, None), code, problem.message(), &ids)
}

fn body(status: StatusCode, words: (&str, Option<&'static str>), code: u32, message: &str, ids: &Ids) -> Answer {
    let timestamp = Timestamp::from_seconds(ids.at.seconds()).to_string().replace('T', " ");
    let body = Body {
        error: words.0,
        error_description: format!(
            "AADSTS{code}: {message} Trace ID: {} Correlation ID: {} Timestamp: {timestamp}",
            ids.trace, ids.correlation
        ),
        error_codes: [code],
        suberror: words.1,
        timestamp,
        trace_id: ids.trace.to_string(),
        correlation_id: ids.correlation.to_string(),
        error_uri: format!("{ERROR_PAGE}{code}"),
    };
    let answer = Answer::json(status, &body).unwrap_or_else(|_| Answer::empty(status));
    secret(answer, ids.trace)
}

fn page(status: StatusCode, code: u32, message: &str, ids: &Ids) -> Answer {
    let (correlation, trace) = (ids.correlation, ids.trace);
    traced(pages::refusal(&Refusal { status, code, message, correlation, trace, at: ids.at }), trace)
}

/// An answer with the id of its request.
pub(crate) fn traced(answer: Answer, trace: Uuid) -> Answer {
    answer.with(TRACE_ID, trace.to_string())
}

/// An answer that nobody may keep.
pub(crate) fn secret(answer: Answer, trace: Uuid) -> Answer {
    answer.with(CACHE_CONTROL, "no-store, no-cache").with(PRAGMA, "no-cache").with(TRACE_ID, trace.to_string())
}

/// A document for everybody, good for a day.
pub(crate) fn public(answer: Answer, trace: Uuid) -> Answer {
    answer.with(CACHE_CONTROL, "max-age=86400, private").with(TRACE_ID, trace.to_string())
}
