//! What a body may hold, member by member: enough for a reader of the document to write one.
//!
//! No member is marked as required: which ones are depends on what is asked for, and clients send half-empty objects. All
//! may be `null`, which is the same as absent, and a body may hold more, because clients send back what they read.

use serde_json::{Map, Value, json};

/// The kind of a value.
#[derive(Debug, Clone, Copy)]
pub(super) enum Shape {
    Text,
    Whole,
    /// A decimal number, read digit for digit.
    Decimal,
    Flag,
    /// An instant, ISO 8601.
    Time,
    /// One of these words, in any letter case.
    Word(&'static [&'static str]),
    Object(&'static [Member]),
    ListOf(&'static Shape),
}

/// A named value.
pub(super) type Member = (&'static str, Shape);

impl Shape {
    /// As JSON Schema.
    pub(super) fn schema(&self) -> Value {
        match self {
            Self::Text => json!({"type": ["string", "null"]}),
            Self::Whole => json!({"type": ["integer", "null"]}),
            Self::Decimal => json!({"type": ["number", "null"]}),
            Self::Flag => json!({"type": ["boolean", "null"]}),
            Self::Time => json!({"type": ["string", "null"], "format": "date-time"}),
            Self::Word(words) => json!({"type": ["string", "null"], "examples": words}),
            Self::Object(members) => {
                let properties: Map<_, _> =
                    members.iter().map(|(name, shape)| ((*name).to_owned(), shape.schema())).collect();
                json!({"type": ["object", "null"], "properties": properties})
            }
            Self::ListOf(item) => json!({"type": ["array", "null"], "items": item.schema()}),
        }
    }
}

/// partner-center-v1.md 3.0.
pub(super) const ADDRESS: Shape = Shape::Object(&[
    ("country", Shape::Text),
    ("region", Shape::Text),
    ("city", Shape::Text),
    ("state", Shape::Text),
    ("district", Shape::Text),
    ("addressLine1", Shape::Text),
    ("addressLine2", Shape::Text),
    ("addressLine3", Shape::Text),
    ("postalCode", Shape::Text),
    ("firstName", Shape::Text),
    ("middleName", Shape::Text),
    ("lastName", Shape::Text),
    ("phoneNumber", Shape::Text),
]);

/// The ETag that was read, for clients that send no header.
pub(super) const ATTRIBUTES: Member = ("attributes", Shape::Object(&[("etag", Shape::Text)]));
