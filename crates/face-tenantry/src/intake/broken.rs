//! Where a text stops being JSON.

use serde_json::error::Category;
use tenantry_core::{Problem, Reason};

/// A place in a text, and what is wrong there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Broken {
    /// Bytes before the place.
    pub(super) byte: usize,
    /// What was expected or found.
    pub(super) what: String,
}

impl Broken {
    /// The place of an error in `text[from..]`, counted from the beginning of `text`.
    pub(super) fn of(text: &str, from: usize, error: &serde_json::Error) -> Self {
        let read = text.get(from..).unwrap_or_default();
        let full = error.to_string();
        let what = full.rsplit_once(" at line ").map_or(full.as_str(), |(what, _)| what).to_owned();
        if error.classify() == Category::Eof {
            return Self { byte: text.len(), what: "it ends too early; was it cut off?".to_owned() };
        }
        let before: usize = read.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
        Self { byte: from + (before + error.column().saturating_sub(1)).min(read.len()), what }
    }

    /// The refusal of the whole body: nothing of it was counted.
    pub(super) fn problem(&self) -> Problem {
        let Self { byte, what } = self;
        Problem::new(
            Reason::MalformedBody,
            format!("the body is not valid JSON at byte {byte}: {what}; nothing of it was counted"),
        )
        .at("body")
    }
}
