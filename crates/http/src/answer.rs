//! What a handler returns.

use bytes::Bytes;
use http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
    X_FRAME_OPTIONS,
};
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode};
use http_body_util::Full;
use serde::Serialize;
use tenantry_core::Problem;

/// The content type of JSON answers, as recorded from the original (partner-center-v1.md 1.4). No BOM, ever.
pub const JSON: &str = "application/json; charset=utf-8";

/// A whole answer, in memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Status.
    pub status: StatusCode,
    /// Headers of this answer; the frame adds the ids of the request.
    pub headers: HeaderMap,
    /// Body.
    pub body: Bytes,
}

impl Answer {
    /// No body: 204, or a status that tells the client to read `Location`.
    #[must_use]
    pub fn empty(status: StatusCode) -> Self {
        Self { status, headers: HeaderMap::new(), body: Bytes::new() }
    }

    /// 200 with a JSON body.
    pub fn ok(value: &impl Serialize) -> Result<Self, Problem> {
        Self::json(StatusCode::OK, value)
    }

    /// 201 with a JSON body.
    pub fn created(value: &impl Serialize) -> Result<Self, Problem> {
        Self::json(StatusCode::CREATED, value)
    }

    /// A JSON body of any serializable value.
    pub fn json(status: StatusCode, value: &impl Serialize) -> Result<Self, Problem> {
        let body = serde_json::to_vec(value).map_err(Problem::internal)?;
        Ok(Self::json_bytes(status, body))
    }

    /// A JSON body that is written already.
    #[must_use]
    pub fn json_bytes(status: StatusCode, body: impl Into<Bytes>) -> Self {
        Self::bytes(status, JSON, body)
    }

    /// Plain text.
    #[must_use]
    pub fn text(status: StatusCode, body: impl Into<String>) -> Self {
        Self::bytes(status, "text/plain; charset=utf-8", body.into())
    }

    /// A page for people. Nobody may keep it, frame it or guess another type, and links from it do not say where the
    /// reader came from. `policy` is what the page may do beyond nothing, in the words of Content-Security-Policy:
    /// `style-src 'sha256-..'; form-action 'self'`.
    #[must_use]
    pub fn html(status: StatusCode, body: impl Into<String>, policy: &str) -> Self {
        let policy = format!("default-src 'none'; base-uri 'none'; frame-ancestors 'none'; {policy}");
        Self::bytes(status, "text/html; charset=utf-8", body.into())
            .with(CONTENT_SECURITY_POLICY, policy)
            .with(X_FRAME_OPTIONS, "DENY")
            .with(X_CONTENT_TYPE_OPTIONS, "nosniff")
            .with(REFERRER_POLICY, "no-referrer")
            .with(CACHE_CONTROL, "no-store")
    }

    /// 200 with a PDF document.
    #[must_use]
    pub fn pdf(body: impl Into<Bytes>) -> Self {
        Self::bytes(StatusCode::OK, "application/pdf", body)
    }

    /// Any other kind of content.
    #[must_use]
    pub fn bytes(status: StatusCode, content_type: &str, body: impl Into<Bytes>) -> Self {
        let answer = Self { status, headers: HeaderMap::new(), body: body.into() };
        answer.with(CONTENT_TYPE, content_type)
    }

    /// Asks browsers to save the body under a name.
    #[must_use]
    pub fn saved_as(self, file_name: &str) -> Self {
        let safe: String = file_name.chars().map(|c| if c == '"' || c == '\\' { '_' } else { c }).collect();
        self.with(CONTENT_DISPOSITION, format!("attachment; filename=\"{safe}\""))
    }

    /// Sets a header. Characters that may not stand in one become `?`, so a value cannot smuggle in a header.
    #[must_use]
    pub fn with(mut self, name: HeaderName, value: impl AsRef<str>) -> Self {
        self.headers.insert(name, header_value(value.as_ref()));
        self
    }

    /// As the server sends it.
    #[must_use]
    pub fn into_response(self) -> Response<Full<Bytes>> {
        let mut response = Response::new(Full::new(self.body));
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        response
    }
}

/// The text as a header value; what may not stand in one becomes `?`.
pub(crate) fn header_value(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).unwrap_or_else(|_| {
        let safe: String = text.chars().map(|c| if c == ' ' || c.is_ascii_graphic() { c } else { '?' }).collect();
        HeaderValue::from_str(&safe).unwrap_or(HeaderValue::from_static("?"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::header::LOCATION;

    #[test]
    fn answers_say_what_they_hold() {
        for (answer, status, content_type, body) in [
            (Answer::ok(&[1, 2]).unwrap(), 200, Some(JSON), "[1,2]"),
            (Answer::created(&"x").unwrap(), 201, Some(JSON), "\"x\""),
            (Answer::pdf("%PDF"), 200, Some("application/pdf"), "%PDF"),
            (Answer::empty(StatusCode::NO_CONTENT), 204, None, ""),
        ] {
            assert_eq!(answer.status.as_u16(), status);
            assert_eq!(answer.headers.get(CONTENT_TYPE).and_then(|v| v.to_str().ok()), content_type);
            assert_eq!(&answer.body[..], body.as_bytes());
        }
    }

    #[test]
    fn a_page_may_do_nothing_it_did_not_ask_for() {
        let page = Answer::html(StatusCode::BAD_REQUEST, "<p>no</p>", "form-action 'self'");
        for (name, value) in [
            (CONTENT_TYPE, "text/html; charset=utf-8"),
            (
                CONTENT_SECURITY_POLICY,
                "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'",
            ),
            (X_FRAME_OPTIONS, "DENY"),
            (X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (REFERRER_POLICY, "no-referrer"),
            (CACHE_CONTROL, "no-store"),
        ] {
            assert_eq!(page.headers[&name], value, "{name}");
        }
        assert_eq!((page.status.as_u16(), &page.body[..]), (400, &b"<p>no</p>"[..]));
    }

    #[test]
    fn a_value_cannot_smuggle_in_a_header() {
        let answer = Answer::empty(StatusCode::ACCEPTED).with(LOCATION, "/a\r\nSet-Cookie: x");
        assert_eq!(answer.headers[LOCATION], "/a??Set-Cookie: x");
        let answer = Answer::pdf("").saved_as("inv\"oice.pdf");
        assert_eq!(answer.headers[CONTENT_DISPOSITION], "attachment; filename=\"inv_oice.pdf\"");
    }
}
