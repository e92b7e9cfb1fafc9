//! JSON that remembers where it stood.
//!
//! A derived reader would say "invalid type at line 1 column 734". These nodes borrow from the text of the file, so
//! each knows its byte and its path, and numbers stay the text they were.

use super::fault::Place;
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use tenantry_core::{MeterId, Problem, Quantity, Reason, Timestamp};

/// A value of a JSON document.
#[derive(Debug, Clone)]
pub(super) struct Node<'a> {
    file: &'a str,
    /// The whole text, to tell a value's byte.
    text: &'a str,
    raw: &'a RawValue,
    /// From the body of the answer, such as `value[3].properties`.
    path: String,
}

/// The members of a JSON object. A member that is `null` counts as absent.
#[derive(Debug, Clone)]
pub(super) struct Object<'a> {
    node: Node<'a>,
    members: BTreeMap<String, &'a RawValue>,
}

impl<'a> Node<'a> {
    /// The whole document.
    pub(super) fn whole(file: &'a str, text: &'a str) -> Result<Self, Problem> {
        let raw = serde_json::from_str(text).map_err(|error| {
            let place = Place::byte(file, byte_of(text, &error));
            place.refuse(Reason::MalformedBody, format_args!("is not valid JSON ({error}); save the page again"))
        })?;
        Ok(Self { file, text, raw, path: String::new() })
    }

    /// Where in the unpacked file this value stands.
    fn place(&self) -> Place<'a> {
        Place::byte(self.file, self.raw.get().as_ptr().addr().saturating_sub(self.text.as_ptr().addr()))
    }

    /// This value is not what it should be.
    pub(super) fn invalid(&self, expected: &str) -> Problem {
        let seen: String = self.raw.get().chars().take(60).collect();
        self.place().invalid(&self.path, format_args!("`{seen}` is no {expected}"))
    }

    pub(super) fn object(&self) -> Result<Object<'a>, Problem> {
        let members = serde_json::from_str(self.raw.get()).map_err(|_| self.invalid("JSON object"))?;
        Ok(Object { node: self.clone(), members })
    }

    pub(super) fn array(&self) -> Result<Vec<Self>, Problem> {
        let items: Vec<&'a RawValue> = serde_json::from_str(self.raw.get()).map_err(|_| self.invalid("JSON array"))?;
        let node = |(index, raw)| Self { raw, path: format!("{}[{index}]", self.path), ..*self };
        Ok(items.into_iter().enumerate().map(node).collect())
    }

    /// The text of a JSON string.
    pub(super) fn text(&self) -> Result<String, Problem> {
        serde_json::from_str(self.raw.get()).map_err(|_| self.invalid("JSON string"))
    }

    /// JSON kept as it was written, be it in place or, as some services do, inside a string.
    pub(super) fn verbatim(&self) -> Result<String, Problem> {
        let raw = self.raw.get();
        if raw.starts_with('"') { self.text() } else { Ok(raw.to_owned()) }
    }

    pub(super) fn quantity(&self) -> Result<Quantity, Problem> {
        self.place().quantity(&self.path, &self.verbatim()?)
    }

    pub(super) fn time(&self) -> Result<Timestamp, Problem> {
        self.place().time(&self.path, &self.text()?)
    }

    pub(super) fn meter(&self) -> Result<MeterId, Problem> {
        self.place().meter(&self.path, &self.text()?)
    }
}

impl<'a> Object<'a> {
    pub(super) fn get(&self, name: &str) -> Option<Node<'a>> {
        let raw = *self.members.get(name).filter(|raw| raw.get() != "null")?;
        Some(Node { raw, path: self.path_of(name), ..self.node })
    }

    pub(super) fn need(&self, name: &str) -> Result<Node<'a>, Problem> {
        self.get(name).ok_or_else(|| self.node.place().missing(&self.path_of(name)))
    }

    /// The text of a member, empty if it is absent.
    pub(super) fn text(&self, name: &str) -> Result<String, Problem> {
        self.get(name).map_or(Ok(String::new()), |node| node.text())
    }

    /// JSON text of a member as it was written, empty if it is absent.
    pub(super) fn verbatim(&self, name: &str) -> Result<String, Problem> {
        self.get(name).map_or(Ok(String::new()), |node| node.verbatim())
    }

    pub(super) fn names(&self) -> String {
        const SHOWN: usize = 8;
        let mut names: Vec<_> = self.members.keys().take(SHOWN).map(String::as_str).collect();
        if self.members.len() > SHOWN {
            names.push("..");
        }
        names.join(", ")
    }

    fn path_of(&self, name: &str) -> String {
        let within = &self.node.path;
        // Paths of a recorded exchange are told from its body on: that is the page people know.
        if within.is_empty() || name == "body" { name.to_owned() } else { format!("{within}.{name}") }
    }
}

/// serde_json counts lines and columns in bytes; a page is often one line of a megabyte, so say the byte.
fn byte_of(text: &str, error: &serde_json::Error) -> usize {
    let before: usize = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
    (before + error.column().saturating_sub(1)).min(text.len())
}
