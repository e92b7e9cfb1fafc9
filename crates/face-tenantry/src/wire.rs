//! How values are written in our own API.
//!
//! Amounts and quantities are JSON strings of exact decimal text, never JSON numbers: most clients read numbers
//! as binary fractions, and 0.1 is none. Times are ISO 8601 in UTC, months `2017-10`.

use crate::schema;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt::Display;

/// Anything in the text it prints as.
pub(crate) fn text<T: Display, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

/// JSON that a source sent, as it was sent. What was imported from a file and is no JSON is written as a string.
pub(crate) struct Verbatim<'a>(pub(crate) &'a str);

impl Verbatim<'_> {
    /// `None` for nothing.
    pub(crate) fn of(text: &str) -> Option<Verbatim<'_>> {
        if text.is_empty() { None } else { Some(Verbatim(text)) }
    }
}

impl Serialize for Verbatim<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match serde_json::from_str::<&RawValue>(self.0) {
            Ok(raw) => raw.serialize(serializer),
            Err(_) => serializer.serialize_str(self.0),
        }
    }
}

impl JsonSchema for Verbatim<'_> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Verbatim".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        schema::Any::json_schema(generator)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_source_sent_is_written_as_sent() {
        for (sent, written) in
            [(r#"{"a":  0.10}"#, r#"{"a":  0.10}"#), ("cost=7", r#""cost=7""#), (r#"{"a":}"#, r#""{\"a\":}""#)]
        {
            assert_eq!(serde_json::to_string(&Verbatim(sent)).unwrap(), written);
        }
        assert!(Verbatim::of("").is_none());
    }
}
