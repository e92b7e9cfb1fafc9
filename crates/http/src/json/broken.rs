//! Text that is no JSON: where it goes wrong, in which member, and what would be right.

use serde_json::error::Category;
use tenantry_core::{Problem, Reason};

/// The refusal of a text that the syntax of JSON does not have.
pub(super) fn problem(text: &str, error: &serde_json::Error) -> Problem {
    let (line, column) = (error.line(), error.column());
    let at = offset(text, line, column);
    let member = member_at(text, at);
    let inside = if member == WHOLE { String::new() } else { format!(", at {member}") };
    let what = match error.classify() {
        Category::Eof => "it ends too early; was it cut off?".to_owned(),
        _ => plain(&error.to_string()),
    };
    let message = format!("the body is not valid JSON at byte {at} (line {line}, column {column}){inside}: {what}");
    Problem::new(Reason::MalformedBody, message).at(member)
}

/// The name of a body in refusals that are about no member.
pub(super) const WHOLE: &str = "body";

/// What `serde_json` says of a syntax error, and what to do about it. What is not listed is plain enough.
fn plain(said: &str) -> String {
    const WORDS: [(&str, &str); 8] = [
        ("trailing comma", "a comma stands before the end of a list or an object; remove it"),
        ("trailing characters", "there is more after the end of the JSON; send one value"),
        (
            "key must be a string",
            "the name of a member is expected, in double quotes; remove a comma that stands before the end",
        ),
        (
            "expected value",
            "a value is expected: a text in double quotes, a number, true, false, null, a list or an object",
        ),
        (
            "expected ident",
            "a word that is no value; texts stand in double quotes, other words are true, false and null",
        ),
        (
            "control character",
            "a text has a line break or another control character; write it as an escape, such as \\n",
        ),
        ("invalid escape", "a backslash in a text begins no escape; write it twice for a backslash"),
        ("invalid number", "a number is not written as JSON has it, such as 1.07"),
    ];
    let known = WORDS.iter().find(|(start, _)| said.starts_with(start));
    let what = said.rsplit_once(" at line ").map_or(said, |(what, _)| what);
    known.map_or(what, |(_, words)| words).to_owned()
}

/// Bytes before a place. Lines and columns count from 1, columns in bytes.
fn offset(text: &str, line: usize, column: usize) -> usize {
    let before: usize = text.split('\n').take(line.saturating_sub(1)).map(|text| text.len() + 1).sum();
    (before + column.saturating_sub(1)).min(text.len())
}

/// A list or object that is open at a place.
enum Open<'a> {
    List(usize),
    /// With the name that was read last, as it is written.
    Object(Option<&'a str>),
}

/// The path of the member that a byte of a text belongs to, even if the text is no JSON from there on; the whole body
/// outside of any.
pub(super) fn member_at(text: &str, end: usize) -> String {
    let (bytes, mut open, mut at) = (text.as_bytes(), Vec::new(), 0);
    // Whether the next text in an object is a name.
    let mut name_next = false;
    while let Some(byte) = bytes.get(at).filter(|_| at < end) {
        match byte {
            b'{' => open.push(Open::Object(None)),
            b'[' => open.push(Open::List(0)),
            b'}' | b']' => drop(open.pop()),
            b',' => match open.last_mut() {
                Some(Open::List(place)) => *place += 1,
                Some(Open::Object(name)) => *name = None,
                None => {}
            },
            b'"' => {
                let close = closing_quote(bytes, at + 1);
                if let Some(Open::Object(name)) = open.last_mut().filter(|_| name_next) {
                    *name = text.get(at + 1..close);
                }
                at = close;
            }
            _ => {}
        }
        name_next = match byte {
            b'{' => true,
            b',' => matches!(open.last(), Some(Open::Object(_))),
            byte => name_next && byte.is_ascii_whitespace(),
        };
        at += 1;
    }
    path(&open)
}

/// Where a text ends that begins at `at`; the end of all if it does not.
fn closing_quote(bytes: &[u8], mut at: usize) -> usize {
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => return at,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    bytes.len()
}

fn path(open: &[Open<'_>]) -> String {
    let mut path = String::new();
    for step in open {
        match step {
            Open::List(place) => path.push_str(&format!("[{place}]")),
            Open::Object(Some(name)) if path.is_empty() => path.push_str(&super::fault::clip(name)),
            Open::Object(Some(name)) => path.push_str(&format!(".{}", super::fault::clip(name))),
            Open::Object(None) => {}
        }
    }
    if path.is_empty() { WHOLE.to_owned() } else { path }
}
