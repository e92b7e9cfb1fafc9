//! What a handler is given.

use crate::query::NUL;
use crate::{CallMeta, Params, Query};
use bytes::Bytes;
use http::HeaderMap;
use http::header::AsHeaderName;
use serde::de::DeserializeOwned;
use std::sync::Arc;
use tenantry_core::{OpContext, Problem, Reason};
use tenantry_worlds::World;

/// A request that was routed, whose caller is known, and whose body is read.
#[derive(Debug)]
pub struct Call<W = World> {
    /// The world it is for.
    pub world: Arc<W>,
    /// Who acts, what for, when.
    pub ctx: OpContext,
    /// Method, path and ids.
    pub meta: CallMeta,
    /// The parameters of the path.
    pub params: Params,
    /// The query.
    pub query: Query,
    /// The headers. Routes with a token never see it: `Authorization` is taken out once it is verified.
    pub headers: HeaderMap,
    /// The body, inflated.
    pub body: Bytes,
}

impl<W> Call<W> {
    /// The parameter `{name}` of the route's own pattern, decoded, in the client's spelling.
    ///
    /// A name the pattern does not have is a mistake in the face, and answered as our fault.
    pub fn param(&self, name: &str) -> Result<&str, Problem> {
        self.params
            .get(name)
            .ok_or_else(|| Problem::internal(format!("{:?} has no path parameter {name}", self.meta.operation)))
    }

    /// The first value of a query parameter, by name in any letter case.
    #[must_use]
    pub fn query(&self, name: &str) -> Option<&str> {
        self.query.get(name)
    }

    /// A header as text; `None` when absent or not text.
    #[must_use]
    pub fn header(&self, name: impl AsHeaderName) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The body as JSON.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        read_json(&self.body)
    }

    /// The body as a form (`application/x-www-form-urlencoded`).
    pub fn form(&self) -> Result<Query, Problem> {
        let text = std::str::from_utf8(&self.body)
            .map_err(|error| Problem::new(Reason::MalformedBody, "the form body is not UTF-8").because(error))?;
        Query::parse(text)
    }
}

/// Reads JSON and says where it is wrong. A byte order mark at the start is forgiven.
///
/// Text that is no JSON is [`Reason::MalformedBody`], JSON of another shape [`Reason::InvalidField`], none at
/// all [`Reason::MissingField`]. The character U+0000 in a text is refused here, because one of the databases cannot
/// keep it; unescaped it is no JSON anyway.
pub fn read_json<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    let body = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
    if body.iter().all(u8::is_ascii_whitespace) {
        return Err(
            Problem::new(Reason::MissingField, "this operation needs a JSON body; the body is empty").at("body")
        );
    }
    if escapes_nul(body) {
        return Err(Problem::new(Reason::InvalidField, NUL).at("body"));
    }
    serde_json::from_slice(body).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        let place = format!("line {line}, column {column} (byte {})", offset(body, line, column));
        let full = error.to_string();
        let what = full.rsplit_once(" at line ").map_or(full.as_str(), |(what, _)| what);
        if error.is_data() {
            Problem::new(Reason::InvalidField, format!("the body does not fit at {place}: {what}"))
        } else {
            Problem::new(Reason::MalformedBody, format!("the body is not valid JSON at {place}: {what}"))
        }
    })
}

/// Whether a text in the JSON has U+0000, written as an escape. A backslash takes the next character with it, so that
/// an escaped backslash before `u0000` is told apart.
fn escapes_nul(body: &[u8]) -> bool {
    let mut rest = body;
    while let Some(at) = rest.iter().position(|byte| *byte == b'\\') {
        rest = rest.get(at + 1..).unwrap_or_default();
        if rest.starts_with(b"u0000") {
            return true;
        }
        rest = rest.get(1..).unwrap_or_default();
    }
    false
}

/// Bytes before a place. Lines and columns count from 1, columns in bytes.
fn offset(body: &[u8], line: usize, column: usize) -> usize {
    let before: usize = body.split(|b| *b == b'\n').take(line.saturating_sub(1)).map(|text| text.len() + 1).sum();
    (before + column.saturating_sub(1)).min(body.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Deserialize, PartialEq)]
    struct Order {
        quantity: u32,
    }

    #[test]
    fn bodies_are_read_or_the_place_is_named() {
        for (body, expected) in [
            ("{\"quantity\": 3}", Ok(3)),
            ("\u{feff}{\"quantity\": 3, \"other\": null}", Ok(3)),
            (" \n", Err("this operation needs a JSON body; the body is empty")),
            (
                "{\n  \"quantity\": 3,\n}",
                Err("the body is not valid JSON at line 3, column 1 (byte 19): trailing comma"),
            ),
            ("{", Err("the body is not valid JSON at line 1, column 1 (byte 0): EOF while parsing an object")),
            (
                "{\"quantity\": \"at line 3\"}",
                Err("the body does not fit at line 1, column 24 (byte 23): invalid type: string \"at line 3\", \
                     expected u32"),
            ),
            ("{}", Err("the body does not fit at line 1, column 2 (byte 1): missing field `quantity`")),
        ] {
            let seen = read_json::<Order>(body.as_bytes()).map(|order| order.quantity);
            assert_eq!(seen.as_ref().map_err(|p| p.message()), expected.as_ref().map_err(|m| *m), "{body}");
        }
    }
    #[test]
    fn a_text_with_nul_is_refused_before_it_reaches_a_database() {
        for (body, fine) in [
            (r#"["a b", "c"]"#, true),
            (r#"["a\\u0000b"]"#, true),
            (r#"["a\u0001 \" \u0020"]"#, true),
            (r#"["\\\\u0000", "\u00001"]"#, false),
            (r#"["a\u0000b"]"#, false),
            (r#"["a\\\u0000b"]"#, false),
            (r#"{"a\u0000": 1}"#, false),
            ("[\"a\0b\"]", false),
            ("[\"\\", false),
        ] {
            let read = read_json::<serde_json::Value>(body.as_bytes());
            assert_eq!(read.is_ok(), fine, "{body}");
        }
    }
}
