//! ETags: which version of a thing a client has seen.
//!
//! Orders and subscriptions have base64 of `{"id":"<lower-case id>","version":<n>}`, billing profiles the decimal
//! version (partner-center-v1.md 1.5, vectors in 9.1). Clients should not look inside; some do.

use crate::wire::input::Fields;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use std::fmt::Display;
use tenantry_core::{Problem, Reason};
use tenantry_http::{Call, header};

#[derive(Serialize)]
struct Content {
    id: String,
    version: i64,
}

/// The ETag of a version of a thing.
pub(crate) fn write(id: impl Display, version: i64) -> String {
    let content = Content { id: id.to_string().to_ascii_lowercase(), version };
    // A struct of a text and a number always has a JSON form.
    STANDARD.encode(serde_json::to_vec(&content).unwrap_or_default())
}

/// What `If-Match` holds, with or without quotes: both are sent. `None` if it is absent or `*`, any version.
pub(crate) fn if_match(call: &Call) -> Option<&str> {
    let value = call.header(header::IF_MATCH)?.trim();
    let value = value.strip_prefix("W/").unwrap_or(value).trim_matches('"');
    (!value.is_empty() && value != "*").then_some(value)
}

/// The version a client saw of something whose ETag is a decimal: by header, else by the ETag it carries in the body, else
/// it did not say and the last write wins (partner-center-v1.md 2.1 row 8).
pub(crate) fn decimal_seen(call: &Call, fields: &Fields<'_>) -> Result<Option<i64>, Problem> {
    let carried = match fields.object("attributes")? {
        Some(attributes) => attributes.text("etag")?,
        None => None,
    };
    let Some(tag) = if_match(call).or(carried.as_deref()).map(str::trim).filter(|tag| !tag.is_empty()) else {
        return Ok(None);
    };
    tag.parse().map(Some).map_err(|_| {
        let message = "If-Match: this is no ETag of a profile; read the profile again and send the one it has";
        Problem::new(Reason::Stale, message).at("If-Match")
    })
}

/// The version in an ETag of this very thing.
///
/// An ETag of something else, or one we never wrote, is refused as stale: no version of this thing has it.
pub(crate) fn version(etag: &str, id: impl Display) -> Result<i64, Problem> {
    let stale = || {
        let message = "If-Match: this is no ETag of the resource; read it again and send the ETag it has now";
        Problem::new(Reason::Stale, message).at("If-Match")
    };
    let bytes = STANDARD.decode(etag).map_err(|_| stale())?;
    let content: serde_json::Value = serde_json::from_slice(&bytes).map_err(|_| stale())?;
    let same = content["id"].as_str().is_some_and(|seen| seen.eq_ignore_ascii_case(&id.to_string()));
    content["version"].as_i64().filter(|_| same).ok_or_else(stale)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "1f0c2b9e-4a57-4d0b-9a38-5c2f6f1b7a10";
    const FIRST: &str = "eyJpZCI6IjFmMGMyYjllLTRhNTctNGQwYi05YTM4LTVjMmY2ZjFiN2ExMCIsInZlcnNpb24iOjF9";
    const SECOND: &str = "eyJpZCI6IjFmMGMyYjllLTRhNTctNGQwYi05YTM4LTVjMmY2ZjFiN2ExMCIsInZlcnNpb24iOjJ9";

    #[test]
    fn tags_are_those_of_the_reference() {
        for (id, number, tag) in [(ID.to_owned(), 1, FIRST), (ID.to_uppercase(), 2, SECOND)] {
            assert_eq!(write(&id, number), tag);
            assert_eq!(version(tag, &id).ok(), Some(number));
        }
    }

    #[test]
    fn a_tag_of_something_else_is_stale() {
        for tag in ["", "7", "!!", "e30=", SECOND] {
            let refused = version(tag, "00000000-0000-4000-8000-000000000000").unwrap_err();
            assert_eq!(refused.reason(), Reason::Stale, "{tag}");
        }
    }
}
