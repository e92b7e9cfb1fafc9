//! Reads JSON bodies for all faces, and says of a wrong one what is wrong in the words of its sender.
//!
//! The reader of `serde_json` speaks to the people who wrote the program: "invalid type: floating point `1.07`, expected
//! a string at line 1 column 300" names no member, and "expected struct NewPartnerBody with 12 elements" names one of
//! ours. So its syntax is used here and nothing else: `node` walks the text member by member, knows where it is, what it
//! sees and what the type asks for, and `fault` says these three things.

mod broken;
mod fault;
mod nearest;
mod node;

use crate::query::NUL;
use fault::Fault;
use node::{Node, Path};
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use tenantry_core::{Problem, Reason};

pub use nearest::nearest;

/// Reads JSON into a type. A byte order mark at the start is forgiven.
///
/// Text that is no JSON is [`Reason::MalformedBody`], JSON of another shape [`Reason::InvalidField`], nothing at all and
/// a member that is not there [`Reason::MissingField`]. The field of the problem is the path of the member, such as
/// `lines[2].quantity`, or `body`.
pub fn read_json<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    read_part("", raw_json(body)?.get())
}

/// Checks that a body is JSON, and gives it as it was sent.
///
/// The character U+0000 in a text is refused here, because one of the databases cannot keep it; unescaped it is no JSON
/// anyway.
pub fn raw_json(body: &[u8]) -> Result<&RawValue, Problem> {
    let body = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
    if body.iter().all(u8::is_ascii_whitespace) {
        let message = "this operation needs a JSON body; the body is empty";
        return Err(Problem::new(Reason::MissingField, message).at("body"));
    }
    let text = std::str::from_utf8(body).map_err(|error| {
        let message =
            format!("the body is not UTF-8 text: byte {} begins no character; send UTF-8", error.valid_up_to());
        Problem::new(Reason::MalformedBody, message).at("body")
    })?;
    let raw = serde_json::from_str::<&RawValue>(text).map_err(|error| broken::problem(text, &error))?;
    if let Some(at) = nul_escape(body) {
        return Err(Problem::new(Reason::InvalidField, NUL).at(broken::member_at(text, at)));
    }
    Ok(raw)
}

/// Reads a member that was set aside as JSON text. `at` is its path, for refusals.
pub fn read_part<T: DeserializeOwned>(at: &str, json: &str) -> Result<T, Problem> {
    let root = Path::Root(at);
    T::deserialize(Node::new(json.trim(), &root)).map_err(Fault::into_problem)
}

/// Where a text in the JSON has U+0000, written as an escape. A backslash takes the next character with it, so that an
/// escaped backslash before `u0000` is told apart.
fn nul_escape(body: &[u8]) -> Option<usize> {
    let mut at = 0;
    while let Some(more) = body.get(at..)?.iter().position(|byte| *byte == b'\\') {
        at += more;
        if body.get(at + 1..)?.starts_with(b"u0000") {
            return Some(at);
        }
        at += 2;
    }
    None
}

#[cfg(test)]
mod tests;
